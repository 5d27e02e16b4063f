"""Attachments that report: a workbook of visitors, a journey in JSON, a league in HTML."""

import json
from collections.abc import Mapping, Sequence
from html import escape

from ..facts.table import MONTHS, Value, written
from ..writing.xlsx import xlsx
from .draft import Draft, Scene, accepted, attached, extreme

_RULE = "Three points are given for a win and one for a draw."


def visitor_workbook(scene: Scene) -> Draft | None:
    """Ask about monthly visitors and fees of museums, on two sheets."""
    rng = scene.rng
    museums = rng.sample(list(scene.world.names("museum")), rng.randint(3, 6))
    visits = {month: {name: rng.randint(40, 2_500) for name in museums} for month in MONTHS}
    fees = {name: rng.randint(2, 15) for name in museums}
    months = [[month, *row.values()] for month, row in visits.items()]
    sheets = {
        "Visitors": [["Month", *museums], *months],
        "Fees": [["Museum", "Fee in crowns"], *([name, fee] for name, fee in fees.items())],
    }
    found = _on_museums(scene, museums, visits, fees)
    if found is None:
        return None
    level, question, answer = found
    return attached("workbook", level, question, (answer,), {"museums.xlsx": xlsx(sheets)})


def expedition(scene: Scene) -> Draft | None:
    """Ask about the legs of a journey that a JSON file lists."""
    rng = scene.rng
    towns = rng.sample(list(scene.world.names("town")), rng.randint(6, 10))
    lengths = rng.sample(range(20, 400), len(towns) - 1)
    legs = [
        {"from": start, "to": end, "km": km, "days": rng.randint(1, 9)}
        for start, end, km in zip(towns[:-1], towns[1:], lengths, strict=True)
    ]
    leader = rng.choice(list(scene.world.names("person")))
    report = {"leader": leader, "year": rng.randint(1870, 1960), "legs": legs}
    level, asked, answer = _on_journey(scene, towns, lengths, leader)
    data = json.dumps(report, indent=2, ensure_ascii=False).encode()
    question = f"The attached file describes a journey. {asked}"
    return attached("journey", level, question, answer, {"journey.json": data})


def league(scene: Scene) -> Draft | None:
    """Ask about a league whose points are not printed."""
    rng = scene.rng
    teams = rng.sample(list(scene.world.names("town")), rng.randint(6, 9))
    games = len(teams) * 2 - 2
    rows: dict[str, tuple[int, int, int]] = {}
    for team in teams:
        won = rng.randint(0, games)
        drawn = rng.randint(0, games - won)
        rows[team] = (won, drawn, games - won - drawn)
    points = {team: 3 * won + drawn for team, (won, drawn, _) in rows.items()}
    best = max(points.values())
    if list(points.values()).count(best) > 1:
        return None
    champion = next(team for team, each in points.items() if each == best)
    level, asked, answer = _on_league(scene, rows, points, champion)
    page = _page("Final table", ("Team", "Won", "Drawn", "Lost"), [(t, *rows[t]) for t in teams])
    question = f"Going by the attached table of a league, {asked}"
    return attached("league", level, question, (answer,), {"league.html": page})


def _on_museums(
    scene: Scene,
    museums: Sequence[str],
    visits: Mapping[str, Mapping[str, int]],
    fees: Mapping[str, int],
) -> tuple[int, str, str] | None:
    one, month = scene.rng.choice(museums), scene.rng.choice(MONTHS)
    income = {
        each: sum(count * fees[name] for name, count in row.items()) for each, row in visits.items()
    }
    totals = {name: sum(row[name] for row in visits.values()) for name in museums}
    table = scene.world.tables["museum"]
    oldest = extreme(table, table.column("opening"), museums, is_most=False)
    best = max(income, key=lambda each: income[each])
    if list(income.values()).count(income[best]) > 1 or oldest is None:
        return None
    start, visitors = "In the attached workbook, how many visitors did", "in all twelve months?"
    pays = "Every visitor pays the fee."
    return scene.rng.choice(
        [
            (1, f"{start} the {one} have in {month}?", str(visits[month][one])),
            (1, f"{start} the {one} have {visitors}", str(totals[one])),
            (
                2,
                f"{pays} What did all museums of the attached workbook together take in fees in"
                f" {month}, in crowns?",
                str(income[month]),
            ),
            (
                2,
                f"{pays} In which month did all museums of the attached workbook together take the"
                " most in fees?",
                best,
            ),
            (
                3,
                "Of the museums in the attached workbook, take the one that opened first. How many"
                f" visitors did it have {visitors}",
                str(totals[oldest]),
            ),
        ]
    )


def _on_journey(
    scene: Scene, towns: Sequence[str], lengths: Sequence[int], leader: str
) -> tuple[int, str, tuple[str, ...]]:
    far = towns[lengths.index(max(lengths)) + 1]
    bound = sorted(lengths)[len(lengths) // 2]
    region, river = (scene.world.tables["town"].column(name) for name in ("region", "river"))
    home = written(scene.world.value("person", leader, "birthplace"))
    lies: Value = scene.world.value("town", far, "region")
    runs: Value = scene.world.value("town", home, "river")
    longer = sum(each > bound for each in lengths)
    return scene.rng.choice(
        [
            (1, "How many kilometres long was it in all?", (str(sum(lengths)),)),
            (1, f"How many of its legs were longer than {bound} kilometres?", (str(longer),)),
            (1, "Where did the longest leg end?", (far,)),
            (
                2,
                "In which region lies the town where the longest leg ended?",
                accepted(region, lies),
            ),
            (2, "In which town was its leader born?", (home,)),
            (3, "On which river stands the town where its leader was born?", accepted(river, runs)),
        ]
    )


def _on_league(
    scene: Scene,
    rows: Mapping[str, tuple[int, int, int]],
    points: Mapping[str, int],
    champion: str,
) -> tuple[int, str, str]:
    ahead = sum(won > lost for won, _, lost in rows.values())
    some = scene.rng.choice(list(rows))
    founded = str(scene.world.value("town", champion, "founded"))
    return scene.rng.choice(
        [
            (1, "how many teams won more games than they lost?", str(ahead)),
            (1, f"how many points did {some} win? {_RULE}", str(points[some])),
            (2, f"which team came first? {_RULE}", champion),
            (3, f"in which year was the town founded whose team came first? {_RULE}", founded),
        ]
    )


def _page(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    cells = "".join(f"<th>{escape(each)}</th>" for each in head)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>\n" for row in rows)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}'
        f"</title></head>\n<body><h1>{escape(title)}</h1>\n<table>\n<tr>{cells}</tr>\n{body}"
        "</table></body></html>\n"
    ).encode()


def _cell(value: object) -> str:
    return f"<td>{escape(str(value))}</td>"

"""Answers to the questions of `gaia-like` about an attachment, read with the usual packages."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from .corpus_facts import Facts
from .gaia_questions import first_of


def answer_with(facts: Facts, question: str, file: Path) -> str:
    """Return the answer to a question about a file.

    Raises:
        LookupError: The question is not understood.
    """
    readers = {
        ".csv": _orders,
        ".xlsx": _workbook,
        ".json": _journey,
        ".txt": _log,
        ".html": _league,
        ".pdf": _invoice,
        ".zip": _bundle,
    }
    return readers[file.suffix](facts, question, file)


def _orders(facts: Facts, question: str, file: Path) -> str:
    with file.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    goods = re.search(r"how many (\w+) were|the most (\w+) according", question)
    if goods and goods[1]:
        return str(sum(int(row["pieces"]) for row in rows if row["goods"] == goods[1]))
    if goods and goods[2]:
        return _top(_grouped(rows, "town", goods=goods[2]))
    if town := re.search(r"orders from (\w+) in", question):
        return _money(_worth(row) for row in rows if row["town"] == town[1])
    if "In which month" in question:
        month = _top(_grouped(rows, "date"))
        return datetime.strptime(month, "%m").strftime("%B")
    if region := re.search(r"the region of (\w+),", question):
        return str(
            sum(int(r["pieces"]) for r in rows if facts.of(r["town"], "region") == region[1])
        )
    if first := re.search(r"take the one that (.+?)\. What", question):
        winner = first_of(facts, sorted({row["town"] for row in rows}), first[1])
        return _money(_worth(row) for row in rows if row["town"] == winner)
    raise LookupError(question)


def _grouped(rows: list[dict[str, str]], by: str, *, goods: str | None = None) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        key = row["date"].split("-")[1] if by == "date" else row[by]
        if goods in (None, row["goods"]):
            counts[key] = counts.get(key, 0) + int(row["pieces"])
    return counts


def _worth(row: Mapping[str, str]) -> Fraction:
    return int(row["pieces"]) * Fraction(row["price per piece"])


def _workbook(facts: Facts, question: str, file: Path) -> str:
    import openpyxl

    book = openpyxl.load_workbook(file, read_only=True)
    (_, *names), *months = [list(row) for row in book["Visitors"].iter_rows(values_only=True)]
    visits: dict[str, dict[str, int]] = {
        str(month): {str(n): int(str(c)) for n, c in zip(names, counts, strict=True)}
        for month, *counts in months
    }
    fees = {str(n): int(str(f)) for n, f in list(book["Fees"].iter_rows(values_only=True))[1:]}
    book.close()
    income = {m: sum(row[n] * fees[n] for n in row) for m, row in visits.items()}
    if one := re.search(r"did the (.+) have in (\w+)\?", question):
        return str(visits[one[2]][one[1]])
    if "take the one that opened first" in question:
        oldest = first_of(facts, list(fees), "opened first")
        return str(sum(row[oldest] for row in visits.values()))
    if one := re.search(r"did the (.+) have in all twelve months", question):
        return str(sum(row[one[1]] for row in visits.values()))
    if month := re.search(r"take in fees in (\w+), in crowns", question):
        return str(income[month[1]])
    if "take the most in fees" in question:
        return _top(income)
    raise LookupError(question)


def _journey(facts: Facts, question: str, file: Path) -> str:
    report: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    legs: list[dict[str, Any]] = report["legs"]
    end = max(legs, key=lambda leg: leg["km"])["to"]
    if "How many kilometres" in question:
        return str(sum(leg["km"] for leg in legs))
    if bound := re.search(r"longer than (\d+) kilometres", question):
        return str(len([leg for leg in legs if leg["km"] > int(bound[1])]))
    if "Where did the longest leg end" in question:
        return end
    if "In which region" in question:
        return facts.of(end, "region")
    home = facts.of(report["leader"], "birthplace")
    return facts.of(home, "river") if "On which river" in question else home


def _log(facts: Facts, question: str, file: Path) -> str:
    del facts
    lines = re.findall(
        r"(\d{4}-\d\d-\d\d \d\d:\d\d)\s+(arrived|departed) (\w+)", file.read_text(encoding="utf-8")
    )
    times = [datetime.strptime(stamp, "%Y-%m-%d %H:%M") for stamp, _, _ in lines]
    if "from the first departure to the last arrival" in question:
        return str(int((times[-1] - times[0]).total_seconds()) // 60)
    port = re.search(r"passage to (\w+) take", question)
    minutes = 0
    for place, (_, what, where) in enumerate(lines):
        if what == "arrived" and (port is None or where == port[1]):
            minutes += int((times[place] - times[place - 1]).total_seconds()) // 60
    return str(minutes)


class _Cells(HTMLParser):
    """Collects the rows of a table."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._is_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        self._is_cell = tag in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._is_cell:
            self.rows[-1].append(data)
            self._is_cell = False


def _league(facts: Facts, question: str, file: Path) -> str:
    parser = _Cells()
    parser.feed(file.read_text(encoding="utf-8"))
    games = {team: tuple(map(int, counts)) for team, *counts in parser.rows[1:]}
    points = {team: won * 3 + drawn for team, (won, drawn, _) in games.items()}
    if "won more games than they lost" in question:
        return str(len([team for team, (won, _, lost) in games.items() if won > lost]))
    if some := re.search(r"how many points did (\w+) win", question):
        return str(points[some[1]])
    first = _top(points)
    return facts.of(first, "founded") if "town founded" in question else first


def _invoice(facts: Facts, question: str, file: Path) -> str:
    from pypdf import PdfReader

    text = "\n".join(page.extract_text() for page in PdfReader(file).pages)
    lines = re.findall(r"(\d+) x (\w+) at (\d+) crowns each", text)
    sums = {goods: int(count) * int(price) for count, goods, price in lines}
    if "largest sum" in question:
        return _top(sums)
    if "in which town" in question:
        return facts.of(text.splitlines()[1].strip(), "seat")
    total = Fraction(sum(sums.values()))
    if "in the end" in question:
        discount = re.search(r"discount of (\d+) percent", text)
        tax = re.search(r"tax of (\d+) percent", text)
        if discount is None or tax is None:
            raise LookupError(text)
        total -= total * int(discount[1]) / 100
        total += total * int(tax[1]) / 100
    return _money([total])


def _bundle(facts: Facts, question: str, file: Path) -> str:
    del facts, question
    with zipfile.ZipFile(file) as archive:
        stock = list(csv.DictReader(io.StringIO(archive.read("stock.csv").decode())))
        prices: dict[str, int] = json.loads(archive.read("prices.json"))["prices"]
        note = archive.read("note.txt").decode()
    rule = re.search(r"sold at (\d+) percent below the price in the list: (.+?)\.", note)
    if rule is None:
        raise LookupError(note)
    cheap = rule[2].split(", ")
    worth: list[Fraction] = []
    for row in stock:
        price = Fraction(prices[row["goods"]])
        if row["goods"] in cheap:
            price *= 1 - Fraction(int(rule[1]), 100)
        worth.append(price * int(row["count"]))
    return _money(worth)


def _top(counts: Mapping[str, int]) -> str:
    ranked = sorted(counts, key=lambda name: -counts[name])
    if len(ranked) > 1 and counts[ranked[0]] == counts[ranked[1]]:
        raise LookupError(f"{ranked[0]} and {ranked[1]} are level")
    return ranked[0]


def _money(amounts: Iterable[Fraction]) -> str:
    return f"{float(sum(amounts, Fraction(0))):.2f}"

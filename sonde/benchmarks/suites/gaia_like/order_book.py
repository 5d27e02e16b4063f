"""An order book (CSV), and one of workshops in a bundle (ZIP) of stock, prices and a note."""

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ..facts.table import MONTHS
from ..writing.xlsx import packed
from .draft import Draft, Scene, attached, extreme

_GOODS = (
    "barrels blankets bricks candles carpets clocks hinges kettles lamps ropes sacks tiles".split()
)
_FIRST_YEAR, _LAST_YEAR = 1921, 2019


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """One line of the book."""

    day: date
    town: str
    goods: str
    pieces: int
    cents: int

    @property
    def value(self) -> int:
        """Its value in cents."""
        return self.pieces * self.cents


def order_book(scene: Scene) -> Draft | None:
    """Ask for a figure of an order book, alone or together with the corpus."""
    orders = _orders(scene)
    book = {"orders.csv": _as_csv(orders)}
    ask = scene.rng.choice((_pieces, _best_town, _town_value, _best_month, _region, _largest_town))
    found = ask(scene, orders)
    if found is None:
        return None
    level, question, answer = found
    return attached("table", level, question, (answer,), book)


def stock_bundle(scene: Scene) -> Draft | None:
    """Ask for the value of a stock whose counts, prices and reductions stand in three files."""
    rng = scene.rng
    goods = rng.sample(_GOODS, 8)
    counts = {each: rng.randint(3, 90) for each in goods}
    prices = {each: rng.randint(2, 60) for each in goods}
    reduced = sorted(rng.sample(goods, 3))
    percent = rng.choice((10, 20, 25, 40, 50))
    note = (
        f"Note to the stock list\n\nThe following goods are sold at {percent} percent below the "
        f"price in the list: {', '.join(reduced)}.\nAll other goods are sold at the full price.\n"
    )
    table = io.StringIO()
    csv.writer(table, lineterminator="\n").writerows([("goods", "count"), *counts.items()])
    cents = sum(
        counts[each] * prices[each] * ((100 - percent) if each in reduced else 100)
        for each in goods
    )
    files = {
        "stock.csv": table.getvalue().encode(),
        "prices.json": json.dumps({"currency": "crowns", "prices": prices}, indent=1).encode(),
        "note.txt": note.encode(),
    }
    question = (
        "The attached archive holds a stock list, a price list and a note. What is the whole stock "
        "worth at the prices at which it is sold? Give the number of crowns with two decimals, "
        "without thousands separators."
    )
    return attached("bundle", 3, question, (money(cents),), {"stock.zip": packed(files)})


def money(cents: int) -> str:
    """Return cents as an amount with two decimals."""
    return str((Decimal(cents) / 100).quantize(Decimal("0.01")))


def _orders(scene: Scene) -> list[_Order]:
    rng = scene.rng
    year = rng.randint(_FIRST_YEAR, _LAST_YEAR)
    towns = rng.sample(list(scene.world.names("town")), rng.randint(5, 9))
    goods = {each: rng.randint(150, 4_000) for each in rng.sample(_GOODS, rng.randint(4, 7))}
    first = date(year, 1, 1)
    days = sorted(first + timedelta(days=rng.randrange(365)) for _ in range(rng.randint(30, 90)))
    return [
        _Order(
            day=day,
            town=rng.choice(towns),
            goods=(item := rng.choice(list(goods))),
            pieces=rng.randint(1, 60),
            cents=goods[item],
        )
        for day in days
    ]


def _as_csv(orders: Sequence[_Order]) -> bytes:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(("date", "town", "goods", "pieces", "price per piece"))
    for each in orders:
        writer.writerow((each.day, each.town, each.goods, each.pieces, money(each.cents)))
    return table.getvalue().encode()


def _pieces(scene: Scene, orders: Sequence[_Order]) -> tuple[int, str, str]:
    goods = scene.rng.choice(orders).goods
    count = sum(each.pieces for each in orders if each.goods == goods)
    asked = f"According to the attached order book, how many {goods} were ordered in all?"
    return 1, asked, str(count)


def _best_town(scene: Scene, orders: Sequence[_Order]) -> tuple[int, str, str] | None:
    goods = scene.rng.choice(orders).goods
    counts = Counter[str]()
    for each in orders:
        counts[each.town] += each.pieces if each.goods == goods else 0
    winner = _only_first(counts)
    asked = f"Which town ordered the most {goods} according to the attached order book?"
    return None if winner is None else (1, asked, winner)


def _town_value(scene: Scene, orders: Sequence[_Order]) -> tuple[int, str, str]:
    town = scene.rng.choice(orders).town
    asked = (
        f"What was the total value of the orders from {town} in the attached order book? Give it "
        "with two decimals, without thousands separators."
    )
    return 2, asked, money(sum(each.value for each in orders if each.town == town))


def _best_month(scene: Scene, orders: Sequence[_Order]) -> tuple[int, str, str] | None:
    counts = Counter[str]()
    for each in orders:
        counts[MONTHS[each.day.month - 1]] += each.pieces
    winner = _only_first(counts)
    asked = (
        "In which month were the most pieces ordered, all goods together, according to the "
        "attached order book? Give the name of the month."
    )
    return None if winner is None else (2, asked, winner)


def _region(scene: Scene, orders: Sequence[_Order]) -> tuple[int, str, str]:
    region = scene.world.value("town", scene.rng.choice(orders).town, "region")
    count = sum(
        each.pieces for each in orders if scene.world.value("town", each.town, "region") == region
    )
    asked = (
        "How many pieces, whatever the goods, were ordered by towns that lie in the region of "
        f"{region}, going by the attached order book?"
    )
    return 3, asked, str(count)


def _largest_town(scene: Scene, orders: Sequence[_Order]) -> tuple[int, str, str] | None:
    table = scene.world.tables["town"]
    towns = sorted({each.town for each in orders})
    column = scene.rng.choice([each for each in table.columns if each.most])
    winner = extreme(table, column, towns, is_most=True)
    if winner is None or column.most is None:
        return None
    asked = (
        f"Of the towns in the attached order book, take the one that {column.most[0]}. What is the "
        "total value of its orders, with two decimals and without thousands separators?"
    )
    return 3, asked, money(sum(each.value for each in orders if each.town == winner))


def _only_first(counts: Counter[str]) -> str | None:
    """Return the name with the highest count; None where two share it."""
    ranked = counts.most_common(2)
    if len(ranked) == 2 and ranked[0][1] == ranked[1][1]:
        return None
    return ranked[0][0]

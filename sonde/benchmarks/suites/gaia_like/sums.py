"""Arithmetic over facts of the corpus: differences, sums, days and ages."""

from datetime import date

from ..facts.table import listed, sentence
from .draft import Cell, Draft, Scene

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_YOUNGEST, _OLDEST = 10, 90


def difference(scene: Scene) -> Draft | None:
    """Ask for the difference of two numbers of one sort, or of two years."""
    cells = _two(scene, ("number", "year"))
    if cells is None:
        return None
    left, right = cells
    if left.column.kind != right.column.kind or left.value == right.value:
        return None
    if left.column.kind == "number" and left.column.name != right.column.name:
        return None
    asked = (
        f"How many years lie between {left.phrase} and {right.phrase}?"
        if left.column.kind == "year"
        else f"What is the difference between {left.phrase} and {right.phrase}?"
    )
    gap = abs(_number(left) - _number(right))
    return _worked_out("difference", asked, str(gap), cells)


def sum_of_three(scene: Scene) -> Draft | None:
    """Ask for the sum of three numbers of one sort."""
    table = scene.rng.choice(list(scene.world.tables.values()))
    columns = [column for column in table.columns if column.kind == "number"]
    if not columns:
        return None
    column = scene.rng.choice(columns)
    cells = [
        Cell(table=table, name=name, column=column, words=table.called(name))
        for name in scene.rng.sample(list(table.rows), 3)
    ]
    asked = f"What is the sum of {listed([cell.phrase for cell in cells])}?"
    return _worked_out("sum", asked, str(sum(map(_number, cells))), cells)


def days_between(scene: Scene) -> Draft | None:
    """Ask how many days lie between two dates."""
    cells = _two(scene, ("day",))
    if cells is None:
        return None
    left, right = cells
    gap = abs((_day(left) - _day(right)).days)
    asked = f"How many days lie between {left.phrase} and {right.phrase}?"
    return _worked_out("dates", asked, str(gap), cells)


def day_of_the_week(scene: Scene) -> Draft | None:
    """Ask on which day of the week a date fell."""
    cell = scene.cell(hops=scene.rng.choice((0, 0, 1)), kinds=("day",))
    if cell is None:
        return None
    asked = f"On which day of the week did {cell.phrase} fall?"
    return _worked_out("dates", asked, _DAYS[_day(cell).weekday()], [cell])


def age_at(scene: Scene) -> Draft | None:
    """Ask how old somebody was on the day on which something was opened."""
    cells = _two(scene, ("day",))
    if cells is None:
        return None
    born, opened = sorted(cells, key=lambda cell: cell.column.name)
    if (born.column.name, opened.column.name) != ("born", "opened") or _day(born) >= _day(opened):
        return None
    first, then = _day(born), _day(opened)
    age = then.year - first.year - ((then.month, then.day) < (first.month, first.day))
    if not _YOUNGEST <= age <= _OLDEST:
        return None
    asked = sentence("how old was {x}, in full years, on {v}?", x=born.words, v=opened.phrase)
    return _worked_out("dates", asked, str(age), cells)


def _two(scene: Scene, kinds: tuple[str, ...]) -> tuple[Cell, Cell] | None:
    left = scene.cell(hops=scene.rng.choice((0, 0, 1)), kinds=kinds)
    right = scene.cell(hops=scene.rng.choice((0, 0, 1)), kinds=kinds)
    if left is None or right is None or (left.table, left.name) == (right.table, right.name):
        return None
    return left, right


def _worked_out(
    kind: str, question: str, answer: str, cells: tuple[Cell, ...] | list[Cell]
) -> Draft:
    hops = sum(1 + cell.hops for cell in cells)
    level = 1 if hops == 1 else 2 if hops <= 3 else 3
    return Draft(kind=kind, level=level, question=question, target=(answer,), hops=hops)


def _number(cell: Cell) -> int:
    return int(str(cell.value))


def _day(cell: Cell) -> date:
    value = cell.value
    if not isinstance(value, date):
        raise TypeError(f"{cell.column.name} is no date")
    return value

"""Questions for one fact: named outright, or behind other rows of the corpus."""

from ..facts.table import sentence
from .draft import Cell, Draft, Scene, accepted

_FAMILY_NAME_WORDS = 2


def look_up(scene: Scene) -> Draft | None:
    """Ask for a fact of a thing that is named."""
    cell = scene.cell()
    return None if cell is None else _asked(scene, cell, kind="look-up", level=1)


def hop(scene: Scene) -> Draft | None:
    """Ask for a fact behind one or two rows."""
    cell = scene.cell(hops=scene.rng.choice((1, 1, 2)))
    return None if cell is None else _asked(scene, cell, kind="multi-hop", level=2)


def long_hop(scene: Scene) -> Draft | None:
    """Ask for a fact behind three rows or more."""
    cell = scene.cell(hops=scene.rng.choice((3, 3, 4)))
    return None if cell is None else _asked(scene, cell, kind="multi-hop", level=3)


def formatted(scene: Scene) -> Draft | None:
    """Ask for a fact in a form of its own."""
    cell = scene.cell(hops=scene.rng.choice((0, 1)))
    if cell is None:
        return None
    form = _form_of(cell)
    if form is None:
        return None
    instruction, answer = form
    return Draft(
        kind="format",
        level=1 + cell.hops,
        question=f"{sentence(scene.rng.choice(cell.column.asks), x=cell.words)} {instruction}",
        target=(answer,),
        hops=1 + cell.hops,
    )


def _asked(scene: Scene, cell: Cell, *, kind: str, level: int) -> Draft:
    return Draft(
        kind=kind,
        level=level,
        question=sentence(scene.rng.choice(cell.column.asks), x=cell.words),
        target=accepted(cell.column, cell.value),
        hops=1 + cell.hops,
    )


def _form_of(cell: Cell) -> tuple[str, str] | None:
    """Return what is said of the form, and the answer in it; None where no form fits."""
    value = cell.value
    if cell.column.kind == "day":
        return "Write the date as YYYY-MM-DD.", str(value)
    if cell.column.refers == "person" and str(value).count(" ") == _FAMILY_NAME_WORDS - 1:
        return "Give the family name only.", str(value).split()[-1]
    if cell.column.kind == "number" and isinstance(value, int) and value > 2_000:
        if value % 1_000 == 500:
            return None
        return "Round it to the nearest thousand, and write it without commas.", str(
            (value + 500) // 1_000 * 1_000
        )
    if cell.column.kind == "name" and cell.column.refers == "town":
        return "Spell the name backwards, in lower case.", str(value)[::-1].lower()
    return None

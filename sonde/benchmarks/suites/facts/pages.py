"""Pages that tell the facts of a table, in varied words."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .table import Table, World, sentence, written

_ASIDES = (
    "Much more could be said of this.",
    "The archive keeps a thick folder of letters about it.",
    "Older accounts disagree on the details.",
    "A short film was made of the story.",
    "Local guides like to tell it at length.",
    "Little else has come down to us.",
    "Several books treat the matter more fully.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a corpus."""

    doc_id: str
    """Its id."""
    title: str
    """What it is about."""
    text: str
    """What it says."""


def pages_of(world: World, rng: random.Random) -> Iterator[Page]:
    """Yield a page for each row; what the row is stands first, the rest in any order."""
    for table in world.tables.values():
        for number, name in enumerate(table.rows, start=1):
            yield Page(
                doc_id=f"{table.noun}-{number}", title=_title(name), text=_text(table, name, rng)
            )


def write_corpus(path: Path, pages: list[Page]) -> None:
    """Write pages as JSON lines of doc_id, title and text."""
    rows = ({"doc_id": p.doc_id, "title": p.title, "text": p.text} for p in pages)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8")


def _text(table: Table, name: str, rng: random.Random) -> str:
    called = table.called(name)
    told = [
        sentence(rng.choice(column.says), x=called, v=written(table.rows[name][column.name]))
        for column in table.columns
        if column.name in table.rows[name]
    ]
    rest = told[1:]
    if rng.random() < 0.5:
        rest.append(rng.choice(_ASIDES))
    rng.shuffle(rest)
    return " ".join([told[0], *rest])


def _title(name: str) -> str:
    return name[:1].upper() + name[1:]

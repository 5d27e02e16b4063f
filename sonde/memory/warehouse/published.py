"""Figures that others have published, beside runs of our own: agent, accuracy, cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .taking_in import forget
from .warehouse import Warehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFigure:
    """A row of a published table. None is unknown."""

    agent: str
    """Its name."""
    accuracy: float | None
    """Share of tasks passed, 0 to 1."""
    cost_usd: float | None
    """Dollars, as the table counts them."""
    tasks: int | None
    """Tasks of the suite."""


def take_in_figures(warehouse: Warehouse, path: Path, figures: Sequence[PublishedFigure]) -> None:
    """Write figures into `runs` as the kind `published`, in place of what the file had before.

    Raises:
        SetupError: They cannot be written.
    """
    place, suite = str(path.absolute()), path.stem
    forget(warehouse, path)
    rows = [
        [
            f"{suite}/{row.agent}",
            place,
            row.agent,
            suite,
            row.tasks,
            row.accuracy,
            row.cost_usd,
        ]
        for row in figures
    ]
    with warehouse.writing() as connection:
        connection.executemany(
            "INSERT INTO runs (run_id, folder, kind, agent, suite, tasks, accuracy, cost_usd) "
            "VALUES (?, ?, 'published', ?, ?, ?, ?, ?)",
            rows,
        )
        connection.execute(
            "INSERT INTO sources VALUES (?, 'published', NULL, ?, now()::TIMESTAMP)",
            [place, len(rows)],
        )

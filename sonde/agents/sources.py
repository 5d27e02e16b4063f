"""What an agent works from, as a team sees it: what to call a member, and whether it can work."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Sources(NamedTuple):
    """What an agent works from, and with what."""

    are_own: bool
    """Whether it can work without notes of others: it has a corpus, a tool or a model."""
    corpus_name: str
    """Name of the first folder or file of its corpus, as far as it can be one; else empty."""
    model_name: str
    """The reasoner's or the model's name."""


def corpus_name(paths: Sequence[Path]) -> str:
    """Return the name of the first folder or file, as far as a member can be called by it.

    >>> corpus_name([Path("/data/1 ship logs.md"), Path("/data/b")]), corpus_name([])
    ('ship-logs', '')
    """
    stem = paths[0].resolve().stem if paths else ""
    name = "".join(c if c.isalnum() or c in "-_" else "-" for c in stem)
    return name.lstrip("-_0123456789")

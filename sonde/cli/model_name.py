"""Which model answers, by name."""

from collections.abc import Mapping

from ..agents.brain_making import EXTRACTIVE


def model_of(name: str | None, environ: Mapping[str, str]) -> str:
    """Return the model's name: as given, else as SONDE_MODEL says, else the reader's."""
    return name or environ.get("SONDE_MODEL", "").strip() or EXTRACTIVE

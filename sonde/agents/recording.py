"""Runs that can be had again without paying: a recording behind a model, or in its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..models.chat_model import ChatModel
from ..models.recorded import RecordedModel
from ..models.redaction import redactor_of
from ..records.errors import SetupError


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A folder of recorded calls."""

    folder: Path
    """Where they stand."""
    is_replay: bool
    """Whether nothing is asked that is not recorded."""

    def of_model(
        self,
        name: str,
        model: ChatModel | None,
        *,
        environ: Mapping[str, str],
        base_url: str,
    ) -> RecordedModel:
        """Return the model as it is recorded, or the recording in its place.

        Args:
            name: The model's name.
            model: What is asked for the calls that are not recorded; None where only replaying.
            environ: Its secrets are taken out of what is written.
            base_url: Its host is taken out as well.
        """
        return RecordedModel(
            self.folder,
            name=name,
            model=None if self.is_replay else model,
            redactor=redactor_of(environ, base_urls=[base_url]),
        )


def recording_of(record: str | Path | None, replay: str | Path | None) -> Recording | None:
    """Return the recording that a builder or a person wants, or None.

    Raises:
        SetupError: Both are given, or there is nothing to replay.
    """
    if record is not None and replay is not None:
        raise SetupError("record and replay exclude each other; give one of them")
    if record is not None:
        return Recording(folder=Path(record).expanduser(), is_replay=False)
    if replay is None:
        return None
    folder = Path(replay).expanduser()
    if not any(folder.glob("*.json")):
        raise SetupError(f"no recorded call in {str(folder)!r}; record a run first (`record=...`)")
    return Recording(folder=folder, is_replay=True)

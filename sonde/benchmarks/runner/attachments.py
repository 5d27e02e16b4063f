"""Which attachments of a task can be searched as they are."""

from collections.abc import Sequence
from pathlib import Path

from ...tools.corpus.decoding import survey
from ...tools.corpus.file_kind import Unreadable, file_kind


def searchable(files: Sequence[Path]) -> tuple[Path, ...]:
    """Return the attachments that a corpus can take in; workbooks and archives are left out.

    What is left out fails no attempt: an agent that has a tool for such files reads them with it.
    """
    return tuple(file for file in files if _is_searchable(file))


def _is_searchable(file: Path) -> bool:
    with file.open("rb") as handle:
        found = survey(handle)
    try:
        file_kind(file.name, found)
    except Unreadable:
        return False
    return True

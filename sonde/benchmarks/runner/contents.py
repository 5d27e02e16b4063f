"""What an agent's files hold: digests by which a run that is gone on with tells a change."""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from io import BufferedReader
from pathlib import Path
from typing import TypeAlias

from ...agents.brain_making import EXACT
from ...records.errors import SetupError
from ...tools.corpus.listing import list_files, resolve_roots
from .agent_config import AgentConfig

_READ_WHOLE = 64 * 2**20
"""Bytes up to which a file is read whole."""
_AT_EACH_END = 8 * 2**20
"""Bytes read at each end of a longer one, beside its length."""

Contents: TypeAlias = Mapping[str, str]
"""SHA-256 of what stands behind each setting that names files, such as `prompts` or
`team.reader.corpus`."""


def contents_of(config: AgentConfig, *, leave_out: Path) -> dict[str, str]:
    """Return the digests of all files that a configuration names, by the setting that names them.

    A path counts by what stands there, not by its name. Code that is named (`tools`, `factory`),
    a model's weights and pages of the web are not covered.

    Args:
        config: The agent.
        leave_out: A folder whose files are no part of a corpus: that of the run.

    Raises:
        SetupError: A path is missing or cannot be read.
    """
    return {
        name: _digest(paths, leave_out.resolve()) for name, paths in named_files(config).items()
    }


def named_files(config: AgentConfig) -> dict[str, tuple[Path, ...]]:
    """Return the files and folders that a configuration names, by the setting that names them."""
    return {
        name: tuple(path.absolute() for path in paths) for name, paths in _named(config) if paths
    }


def check_contents(name: str, found: Contents, wanted: Contents, *, folder: Path | str) -> None:
    """Refuse to go on with attempts that were made from other files.

    Args:
        name: The agent's, for people.
        found: Digests from when the run began.
        wanted: Those of today.
        folder: Where the run stands.

    Raises:
        SetupError: A setting's files hold something else now.
    """
    changed = sorted(
        key for key in found.keys() | wanted.keys() if found.get(key) != wanted.get(key)
    )
    if changed:
        raise SetupError(
            f"{folder} holds attempts of agent {name!r} with other files behind "
            f"{', '.join(changed)}; put the files back as they were, or give another --out"
        )


def _named(config: AgentConfig) -> Iterator[tuple[str, Sequence[Path]]]:
    """Give each setting that names files with the paths that it names."""
    for setting in ("prompts", "calibration"):
        path = config.path_of(getattr(config, setting))
        yield setting, () if path is None else (path,)
    yield "corpus", config.corpus_paths
    if config.model is not None and config.model.startswith(EXACT):
        yield "model", (Path(config.model.removeprefix(EXACT)),)
    if config.team is None:
        return
    gate = config.team.gate_of(config.folder)
    yield "team.gate", (gate,) if isinstance(gate, Path) else ()
    for member in config.team.members:
        for setting, paths in _named(member):
            yield f"team.{member.name}.{setting}", paths


def _digest(paths: Sequence[Path], leave_out: Path) -> str:
    """Return the digest of files and folders: which files there are, and what each holds."""
    marks = hashlib.sha256()
    for path in paths:
        listed = list_files(resolve_roots([path]), without=leave_out)
        for file in sorted(listed.files, key=lambda each: each.relative):
            marks.update(os.fsencode(file.relative) + b"\0")
            marks.update(_file_digest(Path(file.path)))
        marks.update(b"\0")
    return marks.hexdigest()


def _file_digest(path: Path) -> bytes:
    """Return the digest of a file's bytes; of a long one's length and both its ends."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            return _of_long(file, size) if size > _READ_WHOLE else _of_whole(file)
    except OSError as err:
        raise SetupError(f"cannot read {path}: {err.strerror or err}") from err


def _of_whole(file: BufferedReader) -> bytes:
    return hashlib.file_digest(file, "sha256").digest()


def _of_long(file: BufferedReader, size: int) -> bytes:
    marks = hashlib.sha256(f"{size}\0".encode())
    marks.update(file.read(_AT_EACH_END))
    file.seek(size - _AT_EACH_END)
    marks.update(file.read(_AT_EACH_END))
    return marks.digest()

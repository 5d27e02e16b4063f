"""Opening the corpus of a command: the home is looked at first, and progress is shown."""

import os
from collections.abc import Sequence
from pathlib import Path

from ..memory.home import Home
from ..records.errors import SetupError
from ..tools.corpus.corpus import Corpus
from ..tools.corpus.hybrid import TextEmbedder
from .progress import Progress


def open_corpus(
    paths: Sequence[Path], *, progress: Progress, embedder: TextEmbedder | None = None
) -> Corpus:
    """Bring the index of these paths up to date, and open it.

    Args:
        paths: Folders and files.
        progress: Shows how far it is.
        embedder: Makes vectors of what has none yet; None leaves search to words alone.

    Raises:
        SetupError: A path is missing or holds nothing to read, or the home cannot be written.
        ModelError: The embedder failed.
    """
    home = Home.of(os.environ)
    _check_home(home)
    corpus = Corpus.open(
        _checked_paths(paths),
        index_root=home.indexes,
        leave_out=home.path,
        on_progress=progress.show_indexing,
        embedder=embedder,
        on_embedded=progress.show_embedding,
    )
    progress.show_corpus(corpus.stats())
    return corpus


def _check_home(home: Home) -> None:
    try:
        home.path.mkdir(parents=True, exist_ok=True)
        why = None if os.access(home.path, os.W_OK | os.X_OK) else "it is read-only"
    except OSError as err:
        why = err.strerror or str(err)
    if why is not None:
        raise SetupError(
            f"cannot write to the home {str(home.path)!r}: {why}; "
            "set SONDE_HOME to a folder that you may write to"
        )


def _checked_paths(paths: Sequence[Path]) -> list[Path]:
    """Refuse a path that cannot be written down, since it is not UTF-8."""
    for path in paths:
        try:
            str(path).encode()
        except UnicodeEncodeError as err:
            raise SetupError(
                f"the path {os.fsencode(path)!r} is not valid UTF-8; rename it, or give the "
                "folder that holds it"
            ) from err
    return list(paths)

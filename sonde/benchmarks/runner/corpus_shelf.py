"""Open corpora of one worker: shared ones to the end, those of single tasks while they are used."""

from collections import Counter
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ...tools.corpus.corpus import Corpus

_MOST_IDLE = 8
"""Corpora of tasks that stay open unused, for the next agent: each takes about 2 MiB."""

Paths = tuple[Path, ...]
"""What a corpus is made of."""


@dataclass(slots=True, kw_only=True)
class CorpusShelf:
    """Opens each corpus once; not for several threads."""

    indexes: Path
    """Folder of the indexes."""
    leave_out: Path
    """A folder that is never read."""
    _open: dict[Paths, Corpus] = field(default_factory=dict[Paths, Corpus])
    _users: Counter[Paths] = field(default_factory=Counter[Paths])
    _idle: list[Paths] = field(default_factory=list[Paths])

    def __len__(self) -> int:
        """Return how many corpora are open."""
        return len(self._open)

    def corpus(self, paths: Paths) -> Corpus | None:
        """Return the corpus of these paths, opened on first use; None where there are none.

        Raises:
            SetupError: A path is missing, or holds nothing that can be read.
        """
        if not paths:
            return None
        if paths not in self._open:
            self._open[paths] = Corpus.open(
                paths, index_root=self.indexes, leave_out=self.leave_out
            )
        return self._open[paths]

    @contextmanager
    def lent(self, wanted: Iterable[Paths]) -> Generator[None]:
        """Keep corpora open within; afterwards those that nobody uses may be closed."""
        keys = {paths for paths in wanted if paths}
        self._users.update(keys)
        self._idle = [paths for paths in self._idle if paths not in keys]
        try:
            yield
        finally:
            self._users.subtract(keys)
            self._idle += [paths for paths in keys if not self._users[paths]]
            self._close_idle()

    def _close_idle(self) -> None:
        while len(self._idle) > _MOST_IDLE:
            paths = self._idle.pop(0)
            del self._users[paths]
            if paths in self._open:
                self._open.pop(paths).close()

    def close(self) -> None:
        """Close all."""
        for corpus in self._open.values():
            corpus.close()
        self._open.clear()

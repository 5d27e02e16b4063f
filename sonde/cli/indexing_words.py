"""Indexing in words: how far it is, and what it came to."""

from ..tools.corpus.summary import CorpusStats, IndexProgress
from .figures import count
from .printable import shortened

_LONGEST_PATH = 60


def indexing_in_words(progress: IndexProgress) -> str:
    """Return how far indexing is."""
    of = f"{progress.files_done:,} of {count(progress.files_total, 'file')}"
    words = f"indexing: {of}, {count(progress.documents, 'document')}"
    path = "" if progress.path is None else f", {shortened(progress.path, _LONGEST_PATH)}"
    return words + path


def corpus_in_words(stats: CorpusStats) -> str:
    """Return what a corpus holds, and that files were left out."""
    read = f" ({count(stats.read_now, 'new or changed file')})" if stats.read_now else ""
    words = (
        f"corpus: {count(stats.documents, 'document')}, {count(stats.passages, 'passage')}{read}"
    )
    if stats.skipped:
        words += (
            f"; {count(len(stats.skipped), 'file')} left out, `sonde index stats PATH` tells why"
        )
    return words

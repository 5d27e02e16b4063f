"""`index add` and `index stats`: an index is brought up to date, and told about."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from ..records.json_types import JsonValue
from ..tools.corpus.summary import CorpusStats
from .corpus_opening import open_corpus
from .exits import Interrupted
from .figures import count, seconds
from .printable import one_line
from .progress import choose_progress
from .screen import write_out

_MOST_SHOWN = 20


def index_paths(paths: Sequence[Path], *, is_quiet: bool, as_json: bool) -> None:
    """Bring the index of these paths up to date and write what it holds.

    Raises:
        SetupError: A path is missing or holds nothing to read, or the home cannot be written.
    """
    start = time.perf_counter()
    progress = choose_progress(is_quiet=is_quiet, is_verbose=False)
    try:
        with (
            progress,
            open_corpus(paths, progress=progress) as corpus,
        ):
            stats = corpus.stats()
    except KeyboardInterrupt as err:
        raise Interrupted("interrupted; run it again to go on") from err
    wall_s = time.perf_counter() - start
    if as_json:
        write_out(json.dumps(_object(stats, wall_s), ensure_ascii=False, indent=2))
    else:
        write_out("\n".join(_lines(stats, wall_s)))


def _object(stats: CorpusStats, wall_s: float) -> dict[str, JsonValue]:
    return {**asdict(stats), "wall_s": round(wall_s, 3)}


def _lines(stats: CorpusStats, wall_s: float) -> Iterator[str]:
    yield (
        f"{count(stats.documents, 'document')}, {count(stats.passages, 'passage')}, "
        f"{count(stats.characters, 'character')} in {count(stats.files, 'file')}; "
        f"{stats.read_now:,} read now, {seconds(wall_s)}"
    )
    skipped = [f"skipped {each.path}: {each.reason}" for each in stats.skipped]
    notes = [f"note on {each.path}: {each.note}" for each in stats.notes]
    yield from _some(skipped)
    yield from _some(notes)


def _some(lines: Sequence[str]) -> Iterator[str]:
    yield from (one_line(each) for each in lines[:_MOST_SHOWN])
    if len(lines) > _MOST_SHOWN:
        yield f"... and {len(lines) - _MOST_SHOWN:,} more; --json lists all"

"""How fast the corpus index is: 100,000 synthetic passages, built, searched and opened again.

Run: python scripts/index_speed.py [passages]
"""

import json
import random
import sys
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from sonde.tools.corpus.corpus import Corpus

_PASSAGES = 100_000
_QUERIES = 500
_VOCABULARY = 60_000
_SEED = 11
_SYLLABLES = [consonant + vowel for consonant in "bcdfghklmnprstv" for vowel in "aeiou"]
_ENDINGS = ["", "", "", "s", "ed", "ing", "ation", "ly", "er", "ness"]
_SMALL = (
    "the of and to in a is that was for on with as by it at from his her an are were which".split()
)


def main() -> None:
    """Print one table of times."""
    passages = int(sys.argv[1]) if len(sys.argv) > 1 else _PASSAGES
    with TemporaryDirectory() as folder:
        source = Path(folder) / "passages.jsonl"
        speaker = _Speaker(random.Random(_SEED))
        _write(source, passages, speaker)
        print(f"{passages:,} passages, {source.stat().st_size / 1e6:.0f} MB")
        corpus = _timed("index them", lambda: _opened(source))
        corpus.close()
        corpus = _timed("open again, unchanged", lambda: _opened(source))
        with corpus:
            _time_queries(corpus, speaker)
    with TemporaryDirectory() as folder:
        _time_folder(Path(folder), speaker)


class _Speaker:
    """Makes sentences whose words are as unevenly frequent as those of a language."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        made = {self._word() for _ in range(_VOCABULARY)}
        self._words = [*_SMALL, *sorted(made)]
        self._weights = list(accumulate(1 / rank for rank in range(1, len(self._words) + 1)))

    def sentence(self, length: int) -> str:
        """Return so many words, by Zipf's law."""
        chosen = self._rng.choices(self._words, cum_weights=self._weights, k=length)
        return " ".join(chosen).capitalize() + "."

    def passage(self) -> str:
        """Return sentences of about a hundred words."""
        return " ".join(self.sentence(self._rng.randint(8, 30)) for _ in range(5))

    def _word(self) -> str:
        stem = "".join(self._rng.choices(_SYLLABLES, k=self._rng.randint(2, 4)))
        return stem + self._rng.choice(_ENDINGS)


def _write(path: Path, passages: int, speaker: _Speaker) -> None:
    with path.open("w", encoding="utf-8") as handle:
        for number in range(passages):
            record = {
                "doc_id": f"d{number}",
                "title": speaker.sentence(3),
                "text": speaker.passage(),
            }
            handle.write(json.dumps(record) + "\n")


def _opened(source: Path) -> Corpus:
    return Corpus.open([source], index_root=source.parent / ".index")


def _timed(what: str, deed: Callable[[], Corpus]) -> Corpus:
    wall, cpu = perf_counter(), process_time()
    corpus = deed()
    print(f"{what:<32}{perf_counter() - wall:8.3f} s wall {process_time() - cpu:8.3f} s CPU")
    return corpus


def _time_queries(corpus: Corpus, speaker: _Speaker) -> None:
    times: list[float] = []
    for _ in range(_QUERIES):
        query = speaker.sentence(10)
        start = perf_counter()
        corpus.search(query)
        times.append((perf_counter() - start) * 1e3)
    slow = quantiles(times, n=20)[-1]
    print(f"{'query':<32}{median(times):7.2f} ms median {slow:7.2f} ms 95 of 100")


def _time_folder(folder: Path, speaker: _Speaker) -> None:
    for number in range(1_000):
        (folder / f"page{number}.txt").write_text(speaker.passage(), encoding="utf-8")
    for what in ("index a folder of 1,000 files", "open it again, unchanged"):
        _timed(what, lambda: Corpus.open([folder], index_root=folder / ".index")).close()


if __name__ == "__main__":
    main()

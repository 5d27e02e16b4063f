"""Two at once: processes that index the same corpus, and threads that search it."""

import json
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from sonde.records.errors import SetupError
from sonde.tools.corpus.corpus import Corpus
from sonde.tools.corpus.locking import exclusive

SEARCHER = """
import json, sys
from pathlib import Path
from sonde.tools.corpus.corpus import Corpus

with Corpus.open([Path(sys.argv[1])], index_root=Path(sys.argv[2])) as corpus:
    hits = corpus.search("dive trench", limit=50)
    sound = all(corpus.document_text(h.doc_id)[h.start:h.end] == h.text for h in hits)
    print(json.dumps([corpus.stats().read_now, sorted(h.doc_id for h in hits), sound]))
"""


def test_two_processes_index_a_corpus_once_and_both_search_it(
    folder: Path, index_root: Path
) -> None:
    for number in range(40):
        (folder / f"{number:02}.txt").write_text(f"Dive {number} into the trench.", "utf-8")
    command = [sys.executable, "-c", SEARCHER, str(folder), str(index_root)]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)
    ]
    replies: list[tuple[int, list[str], bool]] = []
    for process in running:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err.decode()
        replies.append(json.loads(out))
    assert sorted(read for read, _, _ in replies) == [0, 40]
    for _, found, sound in replies:
        assert found == [f"{number:02}.txt" for number in range(40)]
        assert sound


def test_threads_may_share_a_corpus(folder: Path, index_root: Path) -> None:
    for number in range(30):
        (folder / f"{number}.txt").write_text(f"Dive with number{number}.", "utf-8")
    with (
        Corpus.open([folder], index_root=index_root) as corpus,
        ThreadPoolExecutor(max_workers=8) as pool,
    ):
        queries = [f"number{number % 30}" for number in range(300)]
        results = list(pool.map(corpus.search, queries))
    assert [[hit.doc_id for hit in hits] for hits in results] == [
        [f"{number % 30}.txt"] for number in range(300)
    ]


def test_waiting_for_another_process_has_an_end(tmp_path: Path) -> None:
    path = tmp_path / "lock.sqlite"
    ticks = iter(range(0, 1_000, 100))
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        with (
            pytest.raises(SetupError, match=r"another process has been indexing .* for 150 s"),
            exclusive(path, wait_s=150, clock=lambda: float(next(ticks))),
        ):
            pytest.fail("the lock was given twice")
    with exclusive(path, wait_s=0):
        pass

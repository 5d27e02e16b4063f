"""What did not change is not read again; what did is replaced; a crash leaves nothing wrong."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from sonde.tools.corpus.corpus import Corpus
from sonde.tools.corpus.summary import IndexProgress

KILLED = """
import os, signal, sys
from pathlib import Path
from sonde.tools.corpus.corpus import Corpus

def die(progress):
    if (progress.phase, progress.files_done) == (sys.argv[3], int(sys.argv[4])):
        os.kill(os.getpid(), signal.SIGKILL)

Corpus.open([Path(sys.argv[1])], index_root=Path(sys.argv[2]), on_progress=die)
"""


def _write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")


def _found(folder: Path, index_root: Path, query: str = "dive") -> tuple[int, dict[str, str]]:
    with Corpus.open([folder], index_root=index_root) as corpus:
        hits = corpus.search(query, limit=50)
        return corpus.stats().read_now, {hit.doc_id: hit.text for hit in hits}


def test_only_what_changed_is_read_again(folder: Path, index_root: Path) -> None:
    _write(folder, a="Dive one.", b="Dive two.", c="Dive three.")
    assert _found(folder, index_root)[0] == 3
    assert _found(folder, index_root)[0] == 0
    _write(folder, b="Dive number two.", d="Dive four.")
    (folder / "c.txt").unlink()
    assert _found(folder, index_root) == (
        2,
        {"a.txt": "Dive one.", "b.txt": "Dive number two.", "d.txt": "Dive four."},
    )
    assert _found(folder, index_root)[0] == 0


def test_a_file_that_was_only_touched_is_not_indexed_again(folder: Path, index_root: Path) -> None:
    _write(folder, a="Dive one.")
    before = _found(folder, index_root)
    (index,) = index_root.glob("*/index/words/meta.json")
    commits = index.read_bytes()
    os.utime(folder / "a.txt", ns=(10**18, 10**18))
    assert _found(folder, index_root) == before
    assert index.read_bytes() == commits
    assert _found(folder, index_root)[0] == 0


def test_a_file_that_cannot_be_indexed_is_not_read_again(folder: Path, index_root: Path) -> None:
    _write(folder, a="Dive one.", b="zero \0 byte")
    assert _found(folder, index_root)[0] == 2
    assert _found(folder, index_root)[0] == 0
    _write(folder, b="A dive, and no zero byte.")
    assert set(_found(folder, index_root)[1]) == {"a.txt", "b.txt"}


def test_records_leave_and_come_with_their_file(folder: Path, index_root: Path) -> None:
    path = folder / "all.jsonl"
    path.write_text('{"id": "a", "text": "dive a"}\n{"id": "b", "text": "dive b"}', "utf-8")
    assert set(_found(folder, index_root)[1]) == {"a", "b"}
    path.write_text('{"id": "b", "text": "dive b again"}\n{"id": "c", "text": "dive c"}', "utf-8")
    assert _found(folder, index_root)[1] == {"b": "dive b again", "c": "dive c"}


def test_a_file_that_vanishes_while_the_corpus_is_read_is_noted(
    folder: Path, index_root: Path
) -> None:
    _write(folder, a="Dive one.", b="Dive two.")

    def remove(progress: IndexProgress) -> None:
        if progress.path == "b.txt":
            (folder / "b.txt").unlink()

    with Corpus.open([folder], index_root=index_root, on_progress=remove) as corpus:
        assert [hit.doc_id for hit in corpus.search("dive")] == ["a.txt"]
        (skipped,) = corpus.stats().skipped
    assert skipped.reason == "it vanished while the corpus was read"
    assert _found(folder, index_root) == (0, {"a.txt": "Dive one."})


def test_a_file_that_grows_after_it_was_listed_is_read_as_it_is(
    folder: Path, index_root: Path
) -> None:
    _write(folder, a="Dive one.", b="Dive two.")

    def grow(progress: IndexProgress) -> None:
        if progress.path == "b.txt":
            _write(folder, b="Dive two, and more.")

    with Corpus.open([folder], index_root=index_root, on_progress=grow) as corpus:
        assert corpus.document_text("b.txt") == "Dive two, and more."
    assert _found(folder, index_root)[0] == 0


def test_an_open_corpus_keeps_its_view_while_another_opening_changes_the_index(
    folder: Path, index_root: Path
) -> None:
    _write(folder, a="Dive one.", b="Dive two.")
    with Corpus.open([folder], index_root=index_root) as old:
        _write(folder, a="Nothing of the kind.", c="Dive three.")
        assert set(_found(folder, index_root)[1]) == {"b.txt", "c.txt"}
        assert {hit.doc_id for hit in old.search("dive")} == {"a.txt", "b.txt"}
        assert old.document_text("a.txt") == "Dive one."


def test_progress_tells_files_and_documents(folder: Path, index_root: Path) -> None:
    (folder / "all.jsonl").write_text(
        "\n".join(f'{{"id": "{n}", "text": "dive {n}"}}' for n in range(2_500)), "utf-8"
    )
    told: list[IndexProgress] = []
    Corpus.open([folder], index_root=index_root, on_progress=told.append).close()
    assert [(each.phase, each.files_done, each.documents) for each in told] == [
        ("reading", 0, 0),
        ("reading", 0, 1_000),
        ("reading", 0, 2_000),
        ("saving", 1, 2_500),
        ("ready", 1, 2_500),
    ]


def test_an_interrupted_update_leaves_the_old_index(folder: Path, index_root: Path) -> None:
    _write(folder, a="Dive one.")
    _found(folder, index_root)
    _write(folder, a="Dive changed.", b="Dive two.")

    def interrupt(progress: IndexProgress) -> None:
        if progress.path == "b.txt":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Corpus.open([folder], index_root=index_root, on_progress=interrupt)
    assert _found(folder, index_root) == (2, {"a.txt": "Dive changed.", "b.txt": "Dive two."})


@pytest.mark.parametrize(("phase", "files_done"), [("reading", 0), ("reading", 2), ("saving", 3)])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_process_killed_while_indexing_leaves_nothing_wrong(
    folder: Path, index_root: Path, phase: str, files_done: int, is_first: bool
) -> None:
    if not is_first:
        _write(folder, a="Old dive.", b="Old dive too.", z="An old dive that will be gone.")
        _found(folder, index_root)
        (folder / "z.txt").unlink()
    _write(folder, a="Dive number one.", b="Dive number two.", c="Dive number three.")
    arguments = [str(folder), str(index_root), phase, str(files_done)]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, *arguments], timeout=60, check=False, capture_output=True
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert _found(folder, index_root)[1] == {
        "a.txt": "Dive number one.",
        "b.txt": "Dive number two.",
        "c.txt": "Dive number three.",
    }
    assert _found(folder, index_root)[0] == 0


def test_halves_that_do_not_belong_together_are_never_served(
    folder: Path, index_root: Path
) -> None:
    _write(folder, a="Dive one.")
    _found(folder, index_root)
    (index,) = index_root.glob("*/index")
    shutil.copytree(index / "words", index_root / "old words")
    _write(folder, a="Dive changed.")
    _found(folder, index_root)
    shutil.rmtree(index / "words")
    shutil.copytree(index_root / "old words", index / "words")
    assert _found(folder, index_root) == (1, {"a.txt": "Dive changed."})


@pytest.mark.parametrize("name", ["texts.sqlite", "words/meta.json"])
@pytest.mark.parametrize("content", [b"", b"garbage " * 2_000])
def test_a_damaged_index_is_built_anew(
    folder: Path, index_root: Path, name: str, content: bytes
) -> None:
    _write(folder, a="Dive one.")
    _found(folder, index_root)
    (index,) = index_root.glob("*/index")
    (index / name).write_bytes(content)
    assert _found(folder, index_root) == (1, {"a.txt": "Dive one."})


def test_an_index_of_another_format_is_built_anew(folder: Path, index_root: Path) -> None:
    _write(folder, a="Dive one.")
    _found(folder, index_root)
    (path,) = index_root.glob("*/index/texts.sqlite")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE state SET format = 0")
        connection.commit()
    assert _found(folder, index_root) == (1, {"a.txt": "Dive one."})

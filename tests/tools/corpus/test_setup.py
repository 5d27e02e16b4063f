"""What the user must mend is told in one line, with the next step."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sonde.records.errors import SetupError
from sonde.tools.corpus.corpus import Corpus

FULL = """
import resource, sys
from pathlib import Path
from sonde.records.errors import SetupError
from sonde.tools.corpus.corpus import Corpus

resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    Corpus.open([Path(sys.argv[1])], index_root=Path(sys.argv[2]))
except SetupError as err:
    print(err)
"""


def _message(folder: Path, index_root: Path) -> str:
    with pytest.raises(SetupError) as caught:
        Corpus.open([folder], index_root=index_root)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_an_empty_folder_is_told(folder: Path, index_root: Path) -> None:
    assert _message(folder, index_root) == (
        f"'{folder}' holds no readable document; put text, PDF, CSV or HTML files there"
    )


def test_a_folder_of_images_is_told_with_the_first_of_them(folder: Path, index_root: Path) -> None:
    (folder / "a.png").write_bytes(b"\x89PNG")
    (folder / "b.png").write_bytes(b"\x89PNG")
    assert _message(folder, index_root) == (
        f"'{folder}' holds no readable document; 2 were left out, the first is"
        f" '{folder / 'a.png'}': the PNG image is broken: its size cannot be read"
    )
    assert "2 were left out" in _message(folder, index_root)


def test_a_single_file_that_cannot_be_read_is_told(folder: Path, index_root: Path) -> None:
    (folder / "a.bin").write_bytes(b"\0")
    assert _message(folder / "a.bin", index_root) == (
        f"'{folder / 'a.bin'}' cannot be searched: not text: it holds binary data;"
        " if it is text, save it as UTF-8"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
def test_a_file_without_permission_is_told(folder: Path, index_root: Path) -> None:
    (folder / "a.txt").write_text("Dive.", "utf-8")
    (folder / "a.txt").chmod(0)
    assert "permission denied" in _message(folder / "a.txt", index_root)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
def test_a_read_only_place_for_the_index_is_told(folder: Path, index_root: Path) -> None:
    (folder / "a.txt").write_text("Dive.", "utf-8")
    index_root.mkdir(mode=0o500)
    assert "Permission denied; free space, or give another" in _message(folder, index_root)


def test_a_place_for_the_index_that_is_a_file_is_told(folder: Path, index_root: Path) -> None:
    (folder / "a.txt").write_text("Dive.", "utf-8")
    index_root.write_text("in the way", "utf-8")
    assert _message(folder, index_root) == (
        f"the index cannot be kept in '{index_root}': Not a directory;"
        " free space, or give another folder for it"
    )


@pytest.mark.parametrize("most_bytes", [0, 2_000, 60_000, 300_000])
def test_a_full_disk_is_told_and_the_index_recovers(
    folder: Path, index_root: Path, most_bytes: int
) -> None:
    text = " ".join(f"dive{number}" for number in range(150_000))
    (folder / "a.txt").write_text(text, "utf-8")
    command = [sys.executable, "-c", FULL, str(folder), str(index_root), str(most_bytes)]
    full = subprocess.run(command, timeout=100, check=False, capture_output=True, text=True)
    assert full.stdout.startswith(f"the index cannot be kept in '{index_root}'"), full
    with Corpus.open([folder], index_root=index_root) as corpus:
        assert corpus.document_text("a.txt") == text
        assert len(corpus.search("dive77")) == 1


def test_a_path_within_another_brings_nothing_and_does_no_harm(
    folder: Path, index_root: Path
) -> None:
    (folder / "a.txt").write_text("Dive.", "utf-8")
    with Corpus.open([folder, folder / "a.txt"], index_root=index_root) as corpus:
        assert [hit.doc_id for hit in corpus.search("dive")] == ["a.txt"]


def test_parsers_are_imported_when_a_file_needs_them_and_not_before() -> None:
    code = "import sys, sonde.tools.corpus.corpus; print({'trafilatura', 'pypdf'} & {*sys.modules})"
    ran = subprocess.run(
        [sys.executable, "-c", code], timeout=60, check=True, capture_output=True, text=True
    )
    assert ran.stdout == "set()\n"

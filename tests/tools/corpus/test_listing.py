"""Which files are read: not hidden ones, none outside, each once."""

import os
from pathlib import Path

import pytest

from sonde.records.errors import SetupError
from sonde.tools.corpus.listing import digest_of, list_files, resolve_roots


def _listed(*paths: Path, without: Path = Path("/nowhere")) -> list[str]:
    return [file.shown for file in list_files(resolve_roots(paths), without=without).files]


def _fill(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text", encoding="utf-8")


def test_folders_are_read_with_all_folders_in_them(tmp_path: Path) -> None:
    _fill(tmp_path, "b.txt", "a.txt", "deep/er/c.txt")
    names = ["a.txt", "b.txt", "deep/er/c.txt"]
    assert _listed(tmp_path) == [str(tmp_path / name) for name in names]


def test_hidden_files_are_passed_over_unless_named(tmp_path: Path) -> None:
    _fill(tmp_path, ".hidden.txt", ".git/config", "seen.txt")
    assert _listed(tmp_path) == [str(tmp_path / "seen.txt")]
    assert _listed(tmp_path / ".hidden.txt") == [str(tmp_path / ".hidden.txt")]


def test_the_index_does_not_read_itself(tmp_path: Path) -> None:
    _fill(tmp_path, "a.txt", "index/words.txt")
    assert _listed(tmp_path, without=tmp_path / "index") == [str(tmp_path / "a.txt")]


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    _fill(tmp_path, "in/a.txt", "out/secret.txt")
    (tmp_path / "in/link.txt").symlink_to(tmp_path / "out/secret.txt")
    (tmp_path / "in/folder").symlink_to(tmp_path / "out")
    (tmp_path / "in/nothing.txt").symlink_to(tmp_path / "out/nothing.txt")
    listing = list_files(resolve_roots([tmp_path / "in"]), without=tmp_path / "index")
    assert [file.relative for file in listing.files] == ["a.txt"]
    assert [Path(each.path).name for each in listing.skipped] == [
        "folder",
        "link.txt",
        "nothing.txt",
    ]


def test_a_ring_of_links_ends(tmp_path: Path) -> None:
    _fill(tmp_path, "a.txt")
    (tmp_path / "again").symlink_to(tmp_path)
    (tmp_path / "ring").symlink_to(tmp_path / "ring")
    listing = list_files(resolve_roots([tmp_path]), without=tmp_path / "index")
    assert [file.relative for file in listing.files] == ["a.txt"]


def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    _fill(tmp_path, "a.txt")
    os.mkfifo(tmp_path / "pipe")
    listing = list_files(resolve_roots([tmp_path]), without=tmp_path / "index")
    assert [each.reason for each in listing.skipped] == ["not a regular file"]
    with pytest.raises(SetupError, match="neither a file nor a folder"):
        resolve_roots([tmp_path / "pipe"])


def test_a_file_under_two_paths_is_listed_once(tmp_path: Path) -> None:
    _fill(tmp_path, "a.txt", "b.txt")
    assert len(_listed(tmp_path, tmp_path / "a.txt", tmp_path / "." / "b.txt")) == 2


def test_the_same_paths_in_another_spelling_share_an_index(tmp_path: Path) -> None:
    _fill(tmp_path, "a/x.txt", "b/x.txt")
    one = resolve_roots([tmp_path / "a", tmp_path / "b"])
    other = resolve_roots([tmp_path / "b" / ".." / "b", tmp_path / "a", tmp_path / "a"])
    assert digest_of(one) == digest_of(other)
    assert digest_of(one) != digest_of(resolve_roots([tmp_path / "a"]))


def test_a_missing_path_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"no file or folder '.*absent'; check the path"):
        resolve_roots([tmp_path / "absent"])


def test_no_path_at_all_is_told() -> None:
    with pytest.raises(SetupError, match="at least one path"):
        resolve_roots([])

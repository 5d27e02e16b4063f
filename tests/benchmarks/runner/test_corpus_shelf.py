"""Corpora of single tasks are open while they are used, and few of them afterwards."""

from pathlib import Path

from sonde.benchmarks.runner.corpus_shelf import CorpusShelf


def texts(tmp_path: Path, count: int) -> list[tuple[Path, ...]]:
    (tmp_path / "files").mkdir()
    found: list[tuple[Path, ...]] = []
    for number in range(count):
        file = tmp_path / "files" / f"{number}.txt"
        file.write_text(f"The lighthouse of number {number}.", encoding="utf-8")
        found.append((file,))
    return found


def test_few_corpora_of_tasks_stay_open_once_they_are_given_back(tmp_path: Path) -> None:
    shelf = CorpusShelf(indexes=tmp_path / "index", leave_out=tmp_path / "home")
    shared, *own = texts(tmp_path, 13)
    first = shelf.corpus(shared)
    for paths in own:
        with shelf.lent([paths, ()]):
            assert shelf.corpus(paths) is not None
    assert len(shelf) == 9
    assert shelf.corpus(shared) is first
    with shelf.lent([own[0]]):
        again = shelf.corpus(own[0])
        assert again is not None
        assert len(again.search("lighthouse")) == 1
    shelf.close()
    assert len(shelf) == 0


def test_a_corpus_in_use_is_not_closed_when_another_gives_it_back(tmp_path: Path) -> None:
    shelf = CorpusShelf(indexes=tmp_path / "index", leave_out=tmp_path / "home")
    kept, *others = texts(tmp_path, 12)
    with shelf.lent([kept]):
        corpus = shelf.corpus(kept)
        with shelf.lent([kept]):
            assert shelf.corpus(kept) is corpus
        for paths in others:
            with shelf.lent([paths]):
                shelf.corpus(paths)
        assert corpus is not None
        assert len(corpus.search("lighthouse")) == 1
        assert shelf.corpus(kept) is corpus
    shelf.close()

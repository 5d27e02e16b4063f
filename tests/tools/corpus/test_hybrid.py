"""Search by words and by meaning: what shares no word is found, and nothing is embedded twice."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from sonde.records.errors import ModelUnreachable
from sonde.tools.corpus.corpus import Corpus
from sonde.tools.corpus.hybrid import MeaningIndex, Vectors, fused

DEEP, HIGH = ("sea", "ocean", "diver", "trench"), ("sky", "balloon", "cloud", "air")
PAGES = {
    "one.txt": "The diver went down into the trench.",
    "two.txt": "A balloon rose above the cloud.",
    "three.txt": "Rope and iron were bought in spring.",
}


class TwoTopics:
    """An embedder that knows two topics and nothing else."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.identity = "two topics"

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked.extend(texts)
        rows = [
            [sum(word in text.lower() for word in topic) + 0.1 for topic in (DEEP, HIGH)]
            for text in texts
        ]
        table = np.array(rows, np.float32)
        return (table / np.linalg.norm(table, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, text in PAGES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_passage_is_found_that_shares_no_word_with_the_question(pages: Path) -> None:
    root = pages.parent / "index"
    with Corpus.open([pages], index_root=root) as plain:
        assert plain.search("ocean sea", limit=1) == []
    with Corpus.open([pages], index_root=root, embedder=TwoTopics()) as corpus:
        assert corpus.search("ocean sea", limit=1)[0].doc_id == "one.txt"


def test_words_still_count_beside_meaning(pages: Path) -> None:
    with Corpus.open([pages], index_root=pages.parent / "i", embedder=TwoTopics()) as corpus:
        assert corpus.search("rope iron", limit=1)[0].doc_id == "three.txt"


def test_only_new_passages_are_embedded(pages: Path) -> None:
    root = pages.parent / "index"
    first, second = TwoTopics(), TwoTopics()
    told: list[tuple[int, int]] = []
    Corpus.open([pages], index_root=root, embedder=first).close()
    (pages / "four.txt").write_text("An air ship crossed the sky.", encoding="utf-8")
    Corpus.open(
        [pages],
        index_root=root,
        embedder=second,
        on_embedded=lambda done, total: told.append((done, total)),
    ).close()
    assert len(first.asked) == 3
    assert second.asked == ["four\nAn air ship crossed the sky."]
    assert told == [(1, 1)]


def test_a_query_is_embedded_once(pages: Path) -> None:
    embedder = TwoTopics()
    with Corpus.open([pages], index_root=pages.parent / "i", embedder=embedder) as corpus:
        corpus.search("ocean", limit=1)
        corpus.search("ocean", limit=2)
    assert embedder.asked.count("ocean") == 1


def test_vectors_of_another_model_are_not_mixed_in(pages: Path) -> None:
    root = pages.parent / "index"
    other = TwoTopics()
    other.identity = "another"
    Corpus.open([pages], index_root=root, embedder=TwoTopics()).close()
    Corpus.open([pages], index_root=root, embedder=other).close()
    assert len(other.asked) == 3


def test_what_was_embedded_before_a_failure_is_kept(tmp_path: Path) -> None:
    passages = [(number, f"sea {number}") for number in range(600)]
    embedder = TwoTopics()

    class Failing(TwoTopics):
        def embed(self, texts: Sequence[str]) -> Vectors:
            if self.asked:
                raise ModelUnreachable("gone")
            return super().embed(texts)

    with pytest.raises(ModelUnreachable):
        MeaningIndex.open(tmp_path / "v.sqlite", passages, Failing())
    index = MeaningIndex.open(tmp_path / "v.sqlite", passages, embedder)
    assert len(embedder.asked) == 600 - 512
    assert len(index.search("sea", limit=5)) == 5


def test_fusion_prefers_what_both_rankings_hold() -> None:
    assert next(thing for thing, _ in fused([[7, 8], [9, 8]])) == 8
    assert fused([]) == []


def test_no_passage_finds_nothing(tmp_path: Path) -> None:
    assert MeaningIndex.open(tmp_path / "v.sqlite", [], TwoTopics()).search("sea", limit=3) == []

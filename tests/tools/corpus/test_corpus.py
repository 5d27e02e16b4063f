"""A corpus finds passages, and each passage is the very characters of its document."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.records.errors import ToolError
from sonde.tools.corpus.corpus import Corpus

WORDS = ["dive", "trench", "ship", "the", "of", "Zürich", "😀", "deep.", "Sea!", "№5", "\t", "\r\n"]
TEXTS = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=90).map(" ".join), max_size=12
).map("\n\n".join)


def _opened(folder: Path, index_root: Path, **texts: str) -> Corpus:
    for name, text in texts.items():
        (folder / name.replace("__", ".")).write_bytes(text.encode())
    return Corpus.open([folder], index_root=index_root)


def _write_records(path: Path, records: Sequence[dict[str, str]]) -> None:
    lines = [json.dumps(record) for record in records]
    path.write_text("\n".join(lines), encoding="utf-8")


@settings(max_examples=25, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_every_passage_stands_in_its_document(plain: str, heading: str, record: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "a.txt").write_bytes((plain + "\n\nA dive.").encode())
        (folder / "b.md").write_bytes(f"\n# Trench\n{heading}".encode())
        (folder / "c.csv").write_bytes(f'k,v\n1,"{plain}"\n'.encode())
        _write_records(folder / "d.jsonl", [{"id": "r", "text": record}, {"id": "s", "text": "x"}])
        with Corpus.open([folder], index_root=folder / ".index") as corpus:
            for query in ("dive", "trench ship", "Zürich", "deep sea", "the", "v"):
                for hit in corpus.search(query, limit=30):
                    whole = corpus.document_text(hit.doc_id)
                    assert whole[hit.start : hit.end] == hit.text == hit.text.strip() != ""
            assert corpus.document_text("a.txt") == plain + "\n\nA dive."
            assert corpus.document_text("b.md") == f"\n# Trench\n{heading}"


def test_the_best_passage_comes_first_and_says_where_it_is(folder: Path, index_root: Path) -> None:
    with _opened(
        folder,
        index_root,
        one__txt="The Trieste dived into the Mariana Trench in 1960.",
        two__txt="A ship sailed. The trench was far away, and so was everything else that day.",
        three__txt="Bread is baked from flour.",
    ) as corpus:
        hits = corpus.search("Who dived into the Mariana trench?")
    assert [hit.doc_id for hit in hits] == ["one.txt", "two.txt"]
    assert hits[0].source == str(folder / "one.txt")
    assert hits[0].title == "one"
    assert hits[0].score is not None
    assert hits[1].score is not None
    assert hits[0].score > hits[1].score > 0


def test_no_more_passages_than_asked_for(folder: Path, index_root: Path) -> None:
    texts = {f"n{number}__txt": f"Dive number {number}." for number in range(60)}
    with _opened(folder, index_root, **texts) as corpus:
        assert [len(corpus.search("dive", limit=limit)) for limit in (1, 8, 50)] == [1, 8, 50]


def test_the_same_words_in_two_documents_appear_once(folder: Path, index_root: Path) -> None:
    same = {f"n{number}__txt": "A dive,  into the sea." for number in range(100)}
    same |= {"other__txt": "a DIVE into the sea\n", "digit__txt": "A dive into the sea in 1960."}
    with _opened(folder, index_root, **same) as corpus:
        texts = [hit.text for hit in corpus.search("dive sea", limit=8)]
    assert len(texts) == 2
    assert "A dive into the sea in 1960." in texts


def test_a_source_is_spelled_as_the_path_was_given(
    folder: Path, index_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write_records(folder / "all.jsonl", [{"doc_id": "d7", "title": "T", "text": "A dive."}])
    Corpus.open([folder], index_root=index_root).close()
    monkeypatch.chdir(folder.parent)
    with Corpus.open([Path(folder.name)], index_root=index_root) as corpus:
        (hit,) = corpus.search("dive")
        assert corpus.stats().read_now == 0
    assert (hit.source, hit.doc_id, hit.title) == (f"{folder.name}/all.jsonl#d7", "d7", "T")


def test_ids_that_clash_get_a_prefix(folder: Path, index_root: Path) -> None:
    for name in ("a", "b"):
        (folder / name).mkdir()
        (folder / name / "notes.txt").write_text(f"Dive {name}.", encoding="utf-8")
        _write_records(
            folder / name / "all.jsonl", [{"id": "x", "text": f"Dive {name}{n}."} for n in (1, 2)]
        )
    with Corpus.open([folder / "a", folder / "b"], index_root=index_root) as corpus:
        texts = {hit.doc_id: hit.text for hit in corpus.search("dive", limit=20)}
    assert texts == {
        "notes.txt": "Dive a.",
        "b/notes.txt": "Dive b.",
        "x": "Dive a1.",
        "all.jsonl#x": "Dive a2.",
        "all.jsonl#x~2": "Dive b1.",
        "all.jsonl#x~3": "Dive b2.",
    }


def test_a_document_is_read_by_stretches(folder: Path, index_root: Path) -> None:
    text = " ".join(f"Sentence number {number}." for number in range(2_000))
    with _opened(folder, index_root, long__txt=text) as corpus:
        assert corpus.document_text("long.txt") == text
        for start, length in ((0, 100), (1_234, 5_000), (len(text) - 10, 4_000), (0, 10**6)):
            stretch = corpus.read("long.txt", start=start, length=length)
            assert stretch.text == text[start : start + length]
            assert (stretch.start, stretch.title) == (start, "long")


@pytest.mark.parametrize(("start", "length"), [(-1, 10), (11, 10), (0, 0)])
def test_a_place_outside_a_document_is_told(
    folder: Path, index_root: Path, start: int, length: int
) -> None:
    with (
        _opened(folder, index_root, a__txt="Short dive.") as corpus,
        pytest.raises(ToolError, match=r"'a\.txt' has 11 characters"),
    ):
        corpus.read("a.txt", start=start, length=length)


@pytest.mark.parametrize("wrong", ["trieste-dive.md", "Trieste", "what the bathyscaphe did"])
def test_an_unknown_id_is_told_with_those_near_it(
    folder: Path, index_root: Path, wrong: str
) -> None:
    with _opened(
        folder, index_root, **{"trieste-dive__txt": "The bathyscaphe.", "bread__txt": "Flour."}
    ) as corpus:
        with pytest.raises(ToolError, match=r"near it: 'trieste-dive\.txt'; search"):
            corpus.read(wrong)
        with pytest.raises(ToolError, match="there is no document 'qqq'; search"):
            corpus.document_text("qqq")


def test_stats_tell_what_was_read_and_what_not(folder: Path, index_root: Path) -> None:
    _write_records(folder / "all.jsonl", [{"id": str(n), "text": "One dive."} for n in range(3)])
    (folder / "latin.txt").write_bytes("façade".encode("latin-1"))
    with _opened(folder, index_root, empty__txt=" \n", a__py="print('dive')\n") as corpus:
        stats = corpus.stats()
    assert (stats.documents, stats.passages, stats.files, stats.read_now) == (5, 5, 3, 4)
    assert stats.characters == 3 * 9 + 6 + 14
    assert [(Path(each.path).name, each.reason) for each in stats.skipped] == [
        ("empty.txt", "it holds no text")
    ]
    assert [(Path(each.path).name, each.note) for each in stats.notes] == [
        ("latin.txt", "not UTF-8; read as Windows-1252")
    ]


def test_zero_bytes_and_lone_surrogates_of_records_do_no_harm(
    folder: Path, index_root: Path
) -> None:
    lines = ['{"id": "a", "text": "dive \\u0000 deep"}', '{"id": "b", "text": "dive \\ud800"}']
    (folder / "odd.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with Corpus.open([folder], index_root=index_root) as corpus:
        assert [hit.text for hit in corpus.search("dive")] == ["dive \0 deep"]
        assert corpus.document_text("a") == "dive \0 deep"
        assert corpus.stats().notes[0].note.startswith("1 lines hold no record")

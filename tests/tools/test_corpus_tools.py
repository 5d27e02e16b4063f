"""The two tools over a corpus."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from sonde.records.errors import ToolError
from sonde.records.json_types import JsonObject
from sonde.records.tooling import ToolKind
from sonde.tools.corpus.corpus import Corpus
from sonde.tools.corpus_tools import open_document, search_corpus


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "dive.txt").write_text("The dive went deep. The deep dive ended.", "utf-8")
    (folder / "deep.txt").write_text("Deep is the sea, and the dive is long and slow.", "utf-8")
    (folder / "bread.txt").write_text("Bread is baked.", "utf-8")
    (folder / "copy.txt").write_text("bread is BAKED", "utf-8")
    (folder / "long.txt").write_text("0123456789" * 1_000, "utf-8")
    with Corpus.open([folder], index_root=tmp_path / "index") as opened:
        yield opened


def test_specs_say_what_the_tools_take(corpus: Corpus) -> None:
    search, reading = search_corpus(corpus).spec, open_document(corpus).spec
    assert (search.name, search.kind) == ("search_corpus", ToolKind.SEARCH)
    assert (reading.name, reading.kind) == ("open_document", ToolKind.OPEN)
    assert search.parameters["required"] == ["queries"]
    assert reading.parameters["required"] == ["doc_id"]


def test_several_queries_take_turns_and_a_passage_comes_once(corpus: Corpus) -> None:
    tool = search_corpus(corpus)
    result = asyncio.run(tool.call({"queries": ["dive", "bread", "deep dive"], "limit": 8}))
    assert [passage.doc_id for passage in result.passages] == ["dive.txt", "bread.txt", "deep.txt"]
    assert result.text == "3 passages of 3 documents fit 'dive', 'bread', 'deep dive'."
    assert not result.is_error


def test_the_limit_holds_over_all_queries(corpus: Corpus) -> None:
    result = asyncio.run(search_corpus(corpus).call({"queries": ["dive", "bread"], "limit": 2}))
    assert [passage.doc_id for passage in result.passages] == ["dive.txt", "bread.txt"]


def test_finding_nothing_is_no_failure(corpus: Corpus) -> None:
    result = asyncio.run(search_corpus(corpus).call({"queries": ["zeppelin"]}))
    assert (result.text, result.passages) == ("No passage fits 'zeppelin'. Try other words.", ())


def test_a_document_is_opened_where_asked(corpus: Corpus) -> None:
    tool = open_document(corpus)
    first = asyncio.run(tool.call({"doc_id": "long.txt"}))
    assert first.text == "Characters 0 to 4000 of 10000 of 'long.txt'. It goes on at start 4000."
    last = asyncio.run(tool.call({"doc_id": "long.txt", "start": 8_005}))
    assert last.text == "Characters 8005 to 10000 of 10000 of 'long.txt'."
    assert [passage.start for passage in last.passages] == [8_005]
    assert last.passages[0].text.startswith("56789")


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"queries": []},
        {"queries": "dive"},
        {"queries": ["dive", " "]},
        {"queries": ["dive", 3]},
        {"queries": ["dive"] * 9},
        {"queries": ["dive"], "limit": 0},
        {"queries": ["dive"], "limit": 51},
        {"queries": ["dive"], "limit": "8"},
        {"queries": ["dive"], "limit": True},
    ],
)
def test_a_search_that_makes_no_sense_is_refused(corpus: Corpus, arguments: JsonObject) -> None:
    with pytest.raises(ToolError, match=r"^(queries|limit) must "):
        asyncio.run(search_corpus(corpus).call(arguments))


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"doc_id": 3},
        {"doc_id": "dive.txt", "start": -1},
        {"doc_id": "dive.txt", "start": 1.5},
        {"doc_id": "dive.txt", "start": 40},
        {"doc_id": "unknown"},
    ],
)
def test_an_opening_that_makes_no_sense_is_refused(corpus: Corpus, arguments: JsonObject) -> None:
    with pytest.raises(ToolError):
        asyncio.run(open_document(corpus).call(arguments))

"""The index on real paragraphs: a thousand of HotpotQA's, with a hundred questions."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import pytest

from sonde.tools.corpus.corpus import Corpus

SHARED = Path(os.environ.get("SONDE_SHARED_DATA") or Path(__file__).parents[4] / "shared" / "data")
CORPUS = SHARED / "suites" / "hotpot_dev100_corpus.jsonl"
QUESTIONS = SHARED / "suites" / "hotpot_dev100.jsonl"

pytestmark = pytest.mark.skipif(
    not CORPUS.is_file(), reason="needs the shared data; set SONDE_SHARED_DATA to its folder"
)


class _Metadata(TypedDict):
    gold_titles: list[str]


class _Question(TypedDict):
    input: str
    metadata: _Metadata


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with Corpus.open([CORPUS], index_root=tmp_path) as opened:
        yield opened


def _questions() -> list[_Question]:
    with QUESTIONS.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def test_every_passage_stands_in_its_record(corpus: Corpus) -> None:
    with CORPUS.open(encoding="utf-8") as lines:
        texts = {record["doc_id"]: record["text"] for record in map(json.loads, lines)}
    assert corpus.stats().documents == len(texts) == 1_000
    for question in _questions():
        for hit in corpus.search(question["input"], limit=20):
            assert texts[hit.doc_id][hit.start : hit.end] == hit.text
            assert hit.source == f"{CORPUS}#{hit.doc_id}"


def test_most_gold_pages_are_among_the_first_eight(corpus: Corpus) -> None:
    found = wanted = 0
    for question in _questions():
        titles = {hit.title for hit in corpus.search(question["input"], limit=8)}
        gold = question["metadata"]["gold_titles"]
        found += sum(title in titles for title in gold)
        wanted += len(gold)
    assert found / wanted > 0.82

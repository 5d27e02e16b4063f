"""The example corpus and its questions fit together."""

import re
from html import unescape
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ARTICLES = sorted((EXAMPLES / "sounding").iterdir())
_TAG = re.compile(r"<[^>]+>")
_HTML_TITLE = re.compile(r"<title>(.+?)</title>")


class Question(BaseModel):
    """One line of `questions.jsonl`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: str
    question: str
    answer: str | None
    aliases: list[str]
    hops: int
    documents: list[str]


def _questions() -> list[Question]:
    lines = (EXAMPLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [Question.model_validate_json(line) for line in lines]


QUESTIONS = _questions()


def _text(article: Path) -> str:
    raw = article.read_text(encoding="utf-8")
    return unescape(_TAG.sub(" ", raw)) if article.suffix == ".html" else raw


def _title(article: Path) -> str:
    raw = article.read_text(encoding="utf-8")
    if article.suffix == ".csv":
        return article.stem
    if article.suffix == ".html":
        match = _HTML_TITLE.search(raw)
        return match.group(1) if match else ""
    return raw.splitlines()[0].removeprefix("# ").strip()


def _stands_in(answer: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text) is not None


def test_there_are_articles_of_every_kind() -> None:
    assert len(ARTICLES) >= 40
    assert {article.suffix for article in ARTICLES} == {".md", ".txt", ".html", ".csv"}


def test_every_article_has_a_title_of_its_own() -> None:
    titles = [_title(article) for article in ARTICLES]
    assert all(titles)
    assert len(set(titles)) == len(titles)


def test_every_markdown_article_begins_with_a_heading() -> None:
    for article in ARTICLES:
        if article.suffix == ".md":
            assert article.read_text(encoding="utf-8").startswith("# "), article.name


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.name)
def test_an_article_is_neither_a_stub_nor_a_treatise(article: Path) -> None:
    count = len(_text(article).replace(",", " ").split())
    assert 120 <= count <= 300


def test_every_question_has_an_id_and_a_wording_of_its_own() -> None:
    assert len(QUESTIONS) == 40
    assert len({question.id for question in QUESTIONS}) == len(QUESTIONS)
    assert len({question.question for question in QUESTIONS}) == len(QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_the_documents_of_a_question_exist_and_match_its_hops(question: Question) -> None:
    names = {article.name for article in ARTICLES}
    assert set(question.documents) <= names
    assert len(set(question.documents)) == len(question.documents) == question.hops


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_an_answer_stands_in_one_of_its_documents(question: Question) -> None:
    if question.answer is None:
        assert question.hops == 0
        assert question.aliases == []
        return
    assert question.hops >= 1
    if question.answer in {"yes", "no"}:
        return
    texts = [_text(EXAMPLES / "sounding" / name) for name in question.documents]
    accepted = [question.answer, *question.aliases]
    assert any(_stands_in(answer, text) for answer in accepted for text in texts)


def test_questions_of_one_two_and_three_hops_and_unanswerable_ones_are_there() -> None:
    assert {question.hops for question in QUESTIONS} == {0, 1, 2, 3}

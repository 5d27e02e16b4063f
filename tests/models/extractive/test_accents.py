"""Accents do not matter to a search or to the reader, and quotes keep those of the page."""

import unicodedata
from pathlib import Path
from typing import Literal

import pytest

from sonde import Agent

PAGES = {
    "plain.txt": "Jose Fuentes founded the Merida museum in 1921.\n",
    "accented.txt": "The survey of the Galápagos vents was led by Ana Peña in 1977.\n",
    "other.txt": "The survey of the harbour was led by Tom Reed in 1950.\n",
}


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("question", "answer", "quoted"),
    [
        ("Who led the survey of the Galapagos vents?", "Ana Peña", "Galápagos"),
        ("Who led the survey of the Galápagos vents?", "Ana Peña", "Galápagos"),
        ("Who founded the Mérida museum?", "Jose Fuentes", "Merida"),
    ],
)
def test_a_question_finds_the_name_however_it_is_accented(
    question: str, answer: str, quoted: str, form: Literal["NFC", "NFD"], tmp_path: Path
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    texts = {name: unicodedata.normalize(form, text) for name, text in PAGES.items()}
    for name, text in texts.items():
        (pages / name).write_text(text, encoding="utf-8")
    other = "NFC" if form == "NFD" else "NFD"
    asked = unicodedata.normalize(other, question)
    result = Agent(corpus=[pages], home=tmp_path / "home").run(asked)
    assert unicodedata.normalize("NFC", result.answer or "") == answer
    cited = result.citations[0]
    page = next(text for text in texts.values() if cited.quote in text)
    assert unicodedata.normalize(form, quoted) in cited.quote
    assert page[cited.start : cited.end] == cited.quote

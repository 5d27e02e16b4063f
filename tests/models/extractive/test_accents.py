"""Accents do not matter to a search or to the reader, and quotes keep those of the page."""

from pathlib import Path

import pytest

from sonde import Agent

PAGES = {
    "plain.txt": "Jose Fuentes founded the Merida museum in 1921.\n",
    "accented.txt": "The survey of the Galápagos vents was led by Ana Peña in 1977.\n",
    "other.txt": "The survey of the harbour was led by Tom Reed in 1950.\n",
}


@pytest.mark.parametrize(
    ("question", "answer", "quoted"),
    [
        ("Who led the survey of the Galapagos vents?", "Ana Peña", "Galápagos"),
        ("Who led the survey of the Galápagos vents?", "Ana Peña", "Galápagos"),
        ("Who founded the Mérida museum?", "Jose Fuentes", "Merida"),
    ],
)
def test_a_question_finds_the_name_however_it_is_accented(
    question: str, answer: str, quoted: str, tmp_path: Path
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for name, text in PAGES.items():
        (pages / name).write_text(text, encoding="utf-8")
    result = Agent(corpus=[pages], home=tmp_path / "home").run(question)
    assert result.answer == answer
    cited = result.citations[0]
    page = next(text for text in PAGES.values() if cited.quote in text)
    assert quoted in cited.quote
    assert page[cited.start : cited.end] == cited.quote

"""XML as text: rows of plain fields, prose as it stands, and nothing that could blow up."""

from pathlib import Path

import pytest

from sonde import Agent
from sonde.tools.corpus.xml_file import xml_pieces


@pytest.mark.parametrize(
    ("xml", "pieces"),
    [
        (
            '<?xml version="1.0"?><line><name>Skarvik</name><closed>1962</closed></line>',
            ["name: Skarvik; closed: 1962\n"],
        ),
        (
            '<ships><ship name="Vega" built="1932"/><ship name="Nora">Kallholm</ship></ships>',
            ["name: Vega; built: 1932\n", "name: Nora; ship: Kallholm\n"],
        ),
        (
            "<doc><title>Dives</title><p>The <b>Trieste</b>\n dived.</p><p>It was old.</p></doc>",
            ["Dives\n", "The Trieste dived.\n", "It was old.\n"],
        ),
        (
            '<rss xmlns:dc="u"><item><title>A</title><dc:date>2020</dc:date></item></rss>',
            ["title: A; date: 2020\n"],
        ),
        ("<a>only</a>", ["a: only\n"]),
        ("<a><b/></a>", []),
    ],
)
def test_elements_are_rows_and_prose(xml: str, pieces: list[str]) -> None:
    assert xml_pieces(xml.encode()) == pieces


@pytest.mark.parametrize(
    "xml",
    [
        "<a><b></a>",
        "no xml at all",
        '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        "<a>" * 300 + "</a>" * 300,
    ],
)
def test_what_is_broken_declares_entities_or_is_too_deep_is_not_read_as_xml(xml: str) -> None:
    assert xml_pieces(xml.encode()) is None


def test_a_question_is_answered_from_an_element_and_no_tag_is_cited(tmp_path: Path) -> None:
    text = '<?xml version="1.0"?><railway><name>Skarvik line</name><closed>1962</closed></railway>'
    (tmp_path / "railway.xml").write_text(text, encoding="utf-8")
    (tmp_path / "broken.xml").write_text("<a>The mast is 70 metres tall.", encoding="utf-8")

    agent = Agent(corpus=tmp_path, home=tmp_path / "home")
    result = agent.run("When was the railway Skarvik line closed?")

    assert result.answer == "1962"
    assert [citation.quote for citation in result.citations] == ["name: Skarvik line; closed: 1962"]
    assert agent.run("How tall is the mast?").answer in ("70 metres", "70 metres tall")

"""Pictures of a team are well-formed, and tell what is sent."""

from xml.etree import ElementTree

from sonde.agents.team.picture import Panel, team_mermaid, team_svg

_NAMES = ("lead", "w1", "a<b & co")
_SENDS = {("w1", "lead"): 2.0, ("a<b & co", "w1"): 0.5, ("lead", "w1"): 0.0}
_SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_is_valid_and_has_a_line_for_each_link_that_is_used() -> None:
    panels = [Panel(title="before", sends=_SENDS), Panel(title="after & now", sends={})]
    root = ElementTree.fromstring(team_svg(_NAMES, panels, decider="lead"))
    assert len(root.findall(f"{_SVG}path")) == 2
    assert len(root.findall(f".//{_SVG}circle")) == 6
    titles = [each.text for each in root.findall(f".//{_SVG}path/{_SVG}title")]
    assert titles == ["a<b & co to w1: 0.50 a task", "w1 to lead: 2.00 a task"]


def test_more_messages_make_a_thicker_line() -> None:
    root = ElementTree.fromstring(
        team_svg(_NAMES, [Panel(title="t", sends=_SENDS)], decider="lead")
    )
    widths = [float(each.get("stroke-width", "0")) for each in root.findall(f"{_SVG}path")]
    assert widths[1] > 2 * widths[0]


def test_mermaid_has_a_line_for_each_link_that_is_used() -> None:
    text = team_mermaid(("lead", "w1"), {("w1", "lead"): 1.25, ("lead", "w1"): 0}, decider="lead")
    assert text.splitlines() == [
        "graph LR",
        '  lead(["lead"])',
        '  w1["w1"]',
        "  w1 -->|1.25| lead",
        "  linkStyle 0 stroke-width:5.0px",
    ]

"""A view as messages."""

from datetime import date

from sonde.models.chat.prompts import Prompts
from sonde.models.chat.rendering import Renderer, ToolProtocol
from sonde.models.token_estimate import estimate_tokens
from sonde.records.report import Report
from sonde.records.tooling import Action, ToolSpec
from sonde.records.view import Turn, View

_TOOLS = [
    ToolSpec(
        name="search",
        description="Search the corpus.",
        parameters={"type": "object", "properties": {"queries": {"type": "array"}}},
    )
]


def _renderer(tool_protocol: ToolProtocol = "text") -> Renderer:
    return Renderer(
        Prompts.load(),
        count_tokens=estimate_tokens,
        max_output_tokens=800,
        today=date(2026, 3, 4),
        tool_protocol=tool_protocol,
    )


def _view(observation: str = "[e1] A page.", *, turns: int = 1, report: str = "R [e0]") -> View:
    action = Action(tool="search", arguments={"queries": ["x"]})
    view = View(
        question="Which ship?",
        report=Report(prose=report),
        turns=(Turn(action=action, observation=observation),) * turns,
        tokens=0,
        notes=("2 rounds are left.",),
    )
    return View(
        question=view.question,
        report=view.report,
        turns=view.turns,
        tokens=estimate_tokens(view.text),
        notes=view.notes,
    )


def test_what_changes_least_stands_first() -> None:
    system, user = _renderer().pair(_view(), _TOOLS)
    text = system.content + user.content
    order = ['"name":"search"', "Which ship?", "2026-03-04", "R [e0]", "A page.", "2 rounds"]
    places = [text.index(piece) for piece in order]
    assert places == sorted(places)
    assert '"name":"search"' in system.content


def test_only_the_part_after_the_question_changes_from_round_to_round() -> None:
    renderer = _renderer()
    one = renderer.pair(_view("[e1] A page."), _TOOLS)
    two = renderer.pair(_view("[e2] Another page.", report="S"), _TOOLS)
    assert one[0] == two[0]
    shared = one[1].content.index("# Your report")
    assert one[1].content[:shared] == two[1].content[:shared]


def test_turns_that_stay_are_rendered_the_same_in_every_round() -> None:
    renderer = _renderer()
    few = renderer.pair(_view(turns=2), _TOOLS)[1].content
    more = renderer.pair(_view(turns=3), _TOOLS)[1].content
    assert more.startswith(few[: few.index("2 rounds are left.")].rstrip())


def test_the_report_is_asked_to_fit_into_half_of_a_reply() -> None:
    assert "at most 300 words" in _renderer().pair(_view(), _TOOLS)[0].content


def test_the_first_round_shows_no_report_and_the_last_no_tools() -> None:
    first = _renderer().pair(View(question="Q?", report=Report(), tokens=1), _TOOLS)
    assert "first round" in first[1].content
    final = _renderer().pair(_view(), _TOOLS, is_final=True)
    assert "search the corpus" not in final[0].content.lower()
    assert "no tool can be called" in final[0].content


def test_native_tools_are_not_listed_in_the_text() -> None:
    system, _ = _renderer("native").pair(_view(), _TOOLS)
    assert "Search the corpus." not in system.content
    assert "by the means that you were given" in system.content


def test_the_same_view_gives_the_same_prompt() -> None:
    assert _renderer().pair(_view(), _TOOLS) == _renderer().pair(_view(), _TOOLS)


def test_view_and_overhead_bound_every_prompt() -> None:
    renderer = _renderer()
    pages = ["", "short", "A long page about ships. " * 400, "<answer>x</answer> é " * 300]
    for page in pages:
        for turns in (0, 1, 5):
            view = _view(page, turns=turns)
            cap = view.tokens + renderer.overhead_tokens(_TOOLS, turns=turns)
            for is_final in (False, True):
                messages = (
                    *renderer.pair(view, _TOOLS, is_final=is_final),
                    *renderer.repair("a faulty reply " * 900, ["a problem " * 900] * 3),
                )
                assert sum(estimate_tokens(one.content) for one in messages) <= cap


def test_a_repair_shows_both_ends_of_a_long_reply_and_names_each_fault() -> None:
    reply, request = _renderer().repair("START " + "x " * 5_000 + "END", ["first", "second"])
    assert (reply.role, request.role) == ("assistant", "user")
    assert reply.content.startswith("START")
    assert reply.content.endswith("END")
    assert "left out" in reply.content
    assert "- first\n- second" in request.content


def test_a_repair_of_an_empty_reply_says_that_it_was_empty() -> None:
    assert _renderer().repair("", ["x"])[0].content == "(empty)"

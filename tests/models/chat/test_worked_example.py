"""Three rounds on a small question: search, open, answer with two citations."""

import asyncio
from datetime import date

from sonde.models.chat.reasoner import ChatReasoner
from sonde.models.scripted import ScriptedModel
from sonde.models.token_estimate import estimate_tokens
from sonde.records.evidence import Quote
from sonde.records.report import Report
from sonde.records.tooling import Action, ToolSpec
from sonde.records.view import Turn, View

_QUESTION = "Who piloted the first crewed vessel to reach the deepest point of the oceans?"
_TOOLS = [
    ToolSpec(name="search", description="Search.", parameters={"type": "object"}),
    ToolSpec(name="open", description="Open a page.", parameters={"type": "object"}),
]
_ROUND_1 = """<report>
Confirmed facts: none yet.
Hypotheses: the vessel is a bathyscaphe; the place is the Challenger Deep.
Tried: nothing.
Next: search for the first crewed descent.
</report>
<belief>Jacques Piccard: 60%
Don Walsh: 20%</belief>
<tool_call>{"name": "search", "arguments": {"queries": ["first crewed dive Challenger Deep"]}}
</tool_call>"""
_ROUND_2 = """The page names the vessel but not who steered it.
<report>
Confirmed facts: the Trieste reached the Challenger Deep on 23 January 1960 [e1].
Inferences: it was the first crewed vessel there, from "no crew before" in [e1].
Hypotheses: Piccard piloted it.
Tried: search "first crewed dive Challenger Deep": found e1.
Next: open the page on the crew.
</report>
<tool_call>{"name": "open", "arguments": {"doc_id": "crew", "start": 0}}</tool_call>"""
_ROUND_3 = """<report>
Confirmed facts: Trieste, 23 January 1960 [e1]; Jacques Piccard was its pilot [e2].
Tried: search: found e1; open "crew": found e2.
</report>
<belief>Jacques Piccard: 97%</belief>
<answer>Jacques Piccard [e2: "Jacques Piccard as pilot"], who took the Trieste down on
23 January 1960 [e1: "reached the Challenger Deep on 23 January 1960"].</answer>"""
_PAGE_1 = "[e1] The Trieste reached the Challenger Deep on 23 January 1960; no crew before it had."
_PAGE_2 = "[e2] Aboard were Jacques Piccard as pilot and Lieutenant Don Walsh of the US Navy."


def _view(report: Report, *turns: Turn) -> View:
    view = View(question=_QUESTION, report=report, turns=turns, tokens=0, round=len(turns) + 1)
    return View(question=_QUESTION, report=report, turns=turns, tokens=estimate_tokens(view.text))


async def _run(reasoner: ChatReasoner, pages: list[str]) -> tuple[list[Action], str, list[Quote]]:
    actions: list[Action] = []
    view = _view(Report())
    for _ in range(len(pages) + 1):
        decision = await reasoner.decide(view, _TOOLS)
        if decision.draft is not None:
            return actions, decision.draft.text, list(decision.draft.quotes)
        actions.append(decision.actions[0])
        turn = Turn(action=actions[-1], observation=pages[len(actions) - 1])
        view = _view(decision.report, turn)
    raise AssertionError("no answer in three rounds")


def test_three_rounds_lead_to_an_answer_with_two_citations() -> None:
    model = ScriptedModel([_ROUND_1, _ROUND_2, _ROUND_3])
    reasoner = ChatReasoner(model, count_tokens=estimate_tokens, today=date(2026, 3, 4))
    actions, text, quotes = asyncio.run(_run(reasoner, [_PAGE_1, _PAGE_2]))

    assert [action.tool for action in actions] == ["search", "open"]
    assert text == ("Jacques Piccard [e2], who took the Trieste down on\n23 January 1960 [e1].")
    assert quotes == [
        Quote(evidence_id="e2", text="Jacques Piccard as pilot"),
        Quote(evidence_id="e1", text="reached the Challenger Deep on 23 January 1960"),
    ]
    assert all(quote.text in _PAGE_1 + _PAGE_2 for quote in quotes if quote.text)

    first, second, third = (request.messages[1].content for request in model.requests)
    assert "first round" in first
    assert "Hypotheses: the vessel is a bathyscaphe" in second
    assert _PAGE_1 in second
    assert _PAGE_2 in third
    assert _PAGE_1 not in third  # it left the prompt; what the report kept of it stays
    assert "the Trieste reached the Challenger Deep on 23 January 1960 [e1]" in third

"""A reply in the text-tag protocol, read tolerantly: a typed reply, or what is wrong with it.

No text makes the parser raise. What stands before the report is reasoning and is never read for
actions or answers, so a page that the model repeats while it thinks cannot act in its name.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ...records.belief import AnswerBelief
from ...records.decision import Draft
from ...records.tooling import Action
from .belief import read_belief
from .citations import read_answer
from .tags import (
    MOST_PARTS,
    Tag,
    find_tags,
    next_part,
    outside_parts,
    region_of,
    split_report,
    unfenced,
    without_thinking,
)
from .tolerant_json import clean_text, lenient_values, strict_values
from .tool_calls import Calls, check_tool, read_calls


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedReply:
    """A reply that can be acted on: either actions or a draft."""

    report: str | None = None
    """The rewritten report; None where the reply has none."""
    belief: AnswerBelief | None = None
    """The candidate answers with probabilities; None where the reply tells none."""
    actions: tuple[Action, ...] = ()
    """Tool calls, the model's favourite first."""
    draft: Draft | None = None
    """The answer, when the model is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultyReply:
    """A reply that cannot be acted on."""

    problems: tuple[str, ...]
    """What is wrong, each in one sentence for the model to read."""
    is_cut: bool = False
    """Whether the reply reached its limit of tokens before its end."""


@dataclass(slots=True)
class _Found:
    """What was met in a reply so far."""

    actions: list[Action] = field(default_factory=list[Action])
    answers: list[str] = field(default_factory=list[str])
    remark: str = ""
    belief: str = ""
    problems: list[str] = field(default_factory=list[str])

    def add(self, calls: Calls) -> None:
        self.actions += calls.actions
        self.problems += calls.problems


def parse_reply(
    text: str,
    *,
    tools: Collection[str],
    calls: Sequence[Action] = (),
    is_final: bool = False,
    needs_report: bool = True,
    has_report: bool = True,
) -> ParsedReply | FaultyReply:
    """Return what a reply says, or what is wrong with it. Never raises.

    Args:
        text: The reply as the model wrote it.
        tools: Names of the tools that may be called.
        calls: Native tool calls; where there are any, those in the text are not read.
        is_final: Whether an answer must stand; tool calls beside it are passed over.
        needs_report: Whether a tool call without a report is a fault.
        has_report: Whether a report was asked for at all.
    """
    report, rest, is_ambiguous = split_report(without_thinking(_sealed(clean_text(text))))
    found = _scan(rest, tools, has_report=report is not None)
    if calls:
        found.actions, found.problems = [], []
        for call in calls:
            found.add(check_tool(call, tools))
    if is_final and found.answers:
        found.actions, found.problems = [], []
    if is_ambiguous:
        found.problems.append("there are several <report> parts; write one, and write it first")
    problems = [*found.problems, *_outcome_problems(found, is_final=is_final)]
    if found.actions and not report and has_report:
        problems += _report_problems(found, is_needed=needs_report, is_native=bool(calls))
    if problems:
        return FaultyReply(problems=tuple(dict.fromkeys(problems)))
    return ParsedReply(
        report=report or None,
        belief=read_belief(found.belief),
        actions=tuple({action.key: action for action in found.actions}.values()),
        draft=read_answer(found.answers[-1], remark=found.remark) if found.answers else None,
    )


def salvage_answer(text: str, *, is_cut: bool = False) -> Draft | None:
    """Return the best answer that an unreadable reply holds, or None where it holds none.

    That is what stands in its last `<answer>`; else, of a reply that is whole, its text outside
    the other parts.
    """
    _, rest, is_ambiguous = split_report(without_thinking(_sealed(clean_text(text))))
    if is_ambiguous:
        return None  # one of the reports may be a page's, and the answer after it too
    answers = _scan(rest, (), has_report=True).answers
    if answers and answers[-1]:
        said = f"{answers[-1]} […]" if is_cut else answers[-1]
    else:
        said = "" if is_cut else outside_parts(rest)
    return replace(read_answer(said), is_salvaged=True) if said else None


def visible_text(text: str) -> str:
    """Return a reply without the reasoning that some models show in `<think>`.

    Reasoning that never ends leaves nothing.
    """
    visible = without_thinking(clean_text(text)).strip()
    return "" if visible.lower().startswith("<think") else visible


def _sealed(text: str) -> str:
    """Write the `<` inside the JSON of tool calls as an escape: no tag in an argument is one."""
    pieces: list[str] = []
    at = 0
    for tag in find_tags(text, "tool_call"):
        if tag.is_closing or tag.start < at or len(pieces) >= 2 * MOST_PARTS:
            continue
        end = strict_values(text, tag.end).end
        pieces += [text[at : tag.end], text[tag.end : end].replace("<", "\\u003c")]
        at = end
    return "".join([*pieces, text[at:]])


def _outcome_problems(found: _Found, *, is_final: bool) -> Iterator[str]:
    if found.actions and found.answers:
        yield "there are both a tool call and an <answer>; exactly one of them may stand"
    if len(set(found.answers)) > 1:
        yield "there are several different <answer> parts; exactly one may stand"
    if found.answers and not found.answers[-1]:
        yield "the <answer> is empty"
    if is_final and not found.answers:
        yield "there is no <answer>; no tool can be called any more, so answer or abstain"
    elif not found.actions and not found.answers and not found.problems:
        yield "there is neither a tool call nor an <answer> after the report"


def _report_problems(found: _Found, *, is_needed: bool, is_native: bool) -> Iterator[str]:
    if is_needed:
        yield "there is no <report>; it is all that is kept of this round"
    elif len(found.actions) > 1 and not is_native:
        yield "there are several tool calls and no <report> before them"


def _scan(text: str, tools: Collection[str], *, has_report: bool) -> _Found:
    """Walk over the parts after the report, each read once, from its opening to its end."""
    found = _Found()
    at = 0
    for _ in range(MOST_PARTS):
        opening = next_part(text, at)
        if opening is None:
            break
        at = _take(text, opening, tools, found)
    found.answers = [answer for answer in found.answers if answer] or found.answers[:1]
    if has_report and not (found.actions or found.answers or found.problems):
        values = strict_values(text)  # a call right after the report, without its tags
        if values.values and values.is_whole:
            found.add(read_calls(values.values, is_whole=True, tools=tools))
    return found


def _take(text: str, opening: Tag, tools: Collection[str], found: _Found) -> int:
    """Add one part to what was found; return where it ends."""
    if opening.name == "tool_call":
        return _take_call(text, opening, tools, found)
    inner, end, _ = region_of(text, opening)
    if opening.name == "belief":
        found.belief = inner
    elif opening.name == "answer":
        found.answers.append(unfenced(inner))
        following = next_part(text, end)
        found.remark = text[end : following.start if following else len(text)]
    return end


def _take_call(text: str, opening: Tag, tools: Collection[str], found: _Found) -> int:
    """Read a call: JSON that can be read ends where it ends, whatever tags stand in its texts."""
    values, end, is_whole = strict_values(text, opening.end)
    if not values or not is_whole:
        inner, end, _ = region_of(text, opening)
        values, _, is_whole = lenient_values(inner)
    found.add(read_calls(values, is_whole=is_whole, tools=tools))
    return end

"""Rendering a workspace within a hard cap of tokens, whatever it holds."""

from collections.abc import Sequence
from dataclasses import replace

from ..records.json_types import JsonValue
from ..records.report import Report
from ..records.tooling import Action, ToolResult
from ..records.view import Turn, View
from .cutting import CountTokens, clip, clip_middle, cut_text, fit_result

SMALLEST_CAP = 32
_QUESTION_SHARE, _REPORT_SHARE, _ACTION_SHARE = 0.30, 0.40, 0.10
_REPORT_NOTE = "The report was cut to fit: keep what matters and write less."
_QUESTION_NOTE = "The question was cut in its middle to fit."
_TURNS_NOTE = "Older turns were left out; their pages can be recalled by id."
_TRIES = 16


def render_view(
    *,
    question: str,
    report: Report,
    turns: Sequence[tuple[Action, ToolResult]],
    max_tokens: int,
    count_tokens: CountTokens,
    round_number: int,
) -> View:
    """Render question, report and turns into at most `max_tokens` tokens of `View.text`.

    The question stands whole unless it alone takes more than 30% of the cap; the report is bounded
    to 40%, an action to 10%; observations share the rest, the newest first. Each cut is marked in
    the text where it was made, and the notes say what was cut.

    Raises:
        ValueError: The cap is under 32 tokens.
    """
    if max_tokens < SMALLEST_CAP:
        raise ValueError(f"a workspace needs {SMALLEST_CAP} tokens or more, not {max_tokens}")
    room = max_tokens
    for _ in range(_TRIES):
        view = _attempt(question, report, turns, room, count_tokens, round_number)
        if view.tokens <= max_tokens:
            return view
        room -= max(1, view.tokens - max_tokens)
        if room < SMALLEST_CAP // 2:
            break
    return _view(
        clip(question, max_tokens, count_tokens), Report(), (), (), count_tokens, round_number
    )


def _attempt(
    question: str,
    report: Report,
    turns: Sequence[tuple[Action, ToolResult]],
    room: int,
    count_tokens: CountTokens,
    round_number: int,
) -> View:
    asked = clip_middle(question, int(room * _QUESTION_SHARE), count_tokens)
    bounded = bound_report(
        report, query=question, max_tokens=int(room * _REPORT_SHARE), count_tokens=count_tokens
    )
    notes = [_QUESTION_NOTE] if asked != question else []
    notes += [_REPORT_NOTE] if bounded != report else []
    first = [asked, bounded.text, *notes]  # counted one by one: each was counted just before
    left = room - sum(map(count_tokens, first)) - len(first)
    kept: list[Turn] = []
    for action, result in reversed(turns):
        turn = _fit_turn(action, result, query=question, room=left, count_tokens=count_tokens)
        if turn is None:
            notes.append(_TURNS_NOTE)
            break
        kept.insert(0, turn)
        left -= count_tokens(turn.action.key) + count_tokens(turn.observation) + 2
    return _view(asked, bounded, tuple(kept), tuple(notes), count_tokens, round_number)


def _view(
    question: str,
    report: Report,
    turns: tuple[Turn, ...],
    notes: tuple[str, ...],
    count_tokens: CountTokens,
    round_number: int,
) -> View:
    view = View(
        question=question, report=report, turns=turns, notes=notes, tokens=0, round=round_number
    )
    return replace(view, tokens=count_tokens(view.text))


def _fit_turn(
    action: Action, result: ToolResult, *, query: str, room: int, count_tokens: CountTokens
) -> Turn | None:
    bounded = _bound_action(action, int(room * _ACTION_SHARE) + 8, count_tokens)
    left = room - count_tokens(bounded.key) - 1
    if left <= 0:
        return None
    fitted = fit_result(result, query=query, max_tokens=left, count_tokens=count_tokens)
    if fitted.is_cut and not fitted.text:
        return None
    return Turn(action=bounded, observation=fitted.text, result=fitted.result)


def bound_report(
    report: Report, *, query: str, max_tokens: int, count_tokens: CountTokens
) -> Report:
    """Return the report cut to at most `max_tokens` tokens of `Report.text`, by importance.

    Findings are kept from the first on; of the prose, the sentences most relevant to the query;
    of what was tried, the newest.
    """
    if count_tokens(report.text) <= max_tokens:
        return report
    tried = _newest(report.tried, max_tokens // 4, count_tokens)
    left = max_tokens - count_tokens("Tried: " + "; ".join(tried)) - 2
    share = left if not report.findings else left // 2
    prose = cut_text(report.prose, query=query, max_tokens=max(0, share), count_tokens=count_tokens)
    bounded = Report(prose=prose, tried=tried)
    for finding in report.findings:
        longer = replace(bounded, findings=(*bounded.findings, finding))
        if count_tokens(longer.text) > max_tokens:
            break
        bounded = longer
    return bounded if count_tokens(bounded.text) <= max_tokens else Report()


def _newest(tried: Sequence[str], max_tokens: int, count_tokens: CountTokens) -> tuple[str, ...]:
    kept: list[str] = []
    for phrase in reversed(tried):
        if count_tokens("; ".join([phrase, *kept])) > max_tokens:
            break
        kept.insert(0, phrase)
    return tuple(kept)


def _bound_action(action: Action, max_tokens: int, count_tokens: CountTokens) -> Action:
    """Return the action with its texts cut until it fits; without arguments, where none does."""
    size = max_tokens
    while count_tokens(action.key) > max_tokens and size > 1:
        size //= 2
        cut = {key: _shorten(value, size, count_tokens) for key, value in action.arguments.items()}
        if count_tokens(replace(action, arguments=cut).key) <= max_tokens:
            return replace(action, arguments=cut)
    return action if count_tokens(action.key) <= max_tokens else replace(action, arguments={})


def _shorten(value: JsonValue, max_tokens: int, count_tokens: CountTokens) -> JsonValue:
    if isinstance(value, str):
        return clip_middle(value, max_tokens, count_tokens)
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    return clip_middle(str(value), max_tokens, count_tokens)

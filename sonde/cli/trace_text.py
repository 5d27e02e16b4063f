"""The story of a run as text."""

from collections.abc import Iterator

from .figures import count, seconds
from .printable import one_line
from .render_text import render_text
from .trace_story import RoundStory, Story

_LEGEND = (
    "(believes: how likely each answer found is held to be, and that none of those found is right; "
    "a bit\nof uncertainty is worth a yes-or-no question; workspace: all that a round is shown)\n"
)
_VERB = 11
_MARK = 5


def trace_text(story: Story) -> str:
    """Return a run's story as text for a terminal."""
    return "\n".join(_lines(story)) + "\n"


def round_in_words(story: RoundStory) -> str:
    """Return the head of a round: its number, its workspace, its seconds."""
    parts = [f"round {story.number}" if story.number else "before the first round"]
    if story.workspace_tokens is not None:
        parts.append(f"workspace of {count(story.workspace_tokens, 'token')}")
    return " · ".join([*parts, seconds(story.wall_s)])


def _lines(story: Story) -> Iterator[str]:
    yield f"run {story.run_id}"
    yield f"question: {one_line(story.question)}"
    yield f"asked {story.started_at:%Y-%m-%d %H:%M:%S}; {', '.join(story.settings)}"
    if story.journal_note is not None:
        yield f"note: {story.journal_note}"
    for each in story.rounds:
        yield ""
        yield round_in_words(each)
        yield from _steps(each)
    yield ""
    if any(step.verb == "believes" for each in story.rounds for step in each.steps):
        yield _LEGEND
    if story.result is None:
        yield f"no result yet; {story.way_on}"
    else:
        yield "result"
        yield from (f"  {line}" if line else "" for line in _result(story))


def _steps(story: RoundStory) -> Iterator[str]:
    for step in story.steps:
        yield f"  {step.verb:<{_VERB}}{step.words}"
        for mark, words in step.items:
            yield f"  {'':<{_VERB}}{mark:<{_MARK}} {words}".rstrip()


def _result(story: Story) -> list[str]:
    return [] if story.result is None else render_text(story.result).rstrip().split("\n")

"""The story of a run as a self-contained page."""

from collections.abc import Iterator

from .page import meter, page, text
from .printable import shortened
from .render_html import result_parts
from .trace_steps import Step
from .trace_story import RoundStory, Story
from .trace_text import round_in_words

_LONGEST_REPORT = 6_000


def trace_html(story: Story) -> str:
    """Return a run's story as one page, for light and dark screens."""
    return page(f"Trace: {shortened(story.question, 100)}", "\n".join(_parts(story)))


def _parts(story: Story) -> Iterator[str]:
    if story.result is None:
        yield f"<h1>{text(story.question)}</h1>"
        yield '<p class="answer none">This run has not ended.</p>'
        yield f"<p>{text(story.way_on[:1].upper() + story.way_on[1:])}</p>"
    else:
        yield from result_parts(story.result)
    yield "<h2>Rounds</h2>"
    yield from (_round(each) for each in story.rounds)
    asked = f"Asked {story.started_at:%Y-%m-%d %H:%M:%S}; {', '.join(story.settings)}."
    note = f" Note: {story.journal_note}." if story.journal_note else ""
    yield f"<footer>{text(asked + note)}</footer>"


def _round(story: RoundStory) -> str:
    name, *figures = round_in_words(story).split(" · ")
    head = f"<b>{text(name.capitalize())}</b><span>{text(' · '.join(figures))}</span>"
    bar = "" if story.probability is None else meter(story.probability)
    steps = "".join(_step(step) for step in story.steps)
    return (
        f'<section class="round"><header>{head}</header>{bar}<dl>{steps}</dl>'
        f"{_report(story)}</section>"
    )


def _step(step: Step) -> str:
    items = "".join(
        f"<li><code>{text(mark)}</code> {text(words)}</li>" for mark, words in step.items
    )
    listed = f"<ul>{items}</ul>" if items else ""
    trouble = ' class="trouble"' if step.is_trouble else ""
    return f"<dt{trouble}>{text(step.verb)}</dt><dd>{text(step.words)}{listed}</dd>"


def _report(story: RoundStory) -> str:
    if not story.report.strip():
        return ""
    cut = story.report[:_LONGEST_REPORT]
    more = "…" if len(story.report) > _LONGEST_REPORT else ""
    return f"<details><summary>Report</summary><pre>{text(cut)}{more}</pre></details>"

"""A result as a self-contained page."""

from collections.abc import Iterator

from ..records.evidence import Citation
from ..records.result import Result
from .figures import percent, seconds, tokens
from .page import link, meter, page, text
from .quoting import from_here, quote_parts
from .wording import (
    FEW,
    chain_in_words,
    confidence_in_words,
    end_in_words,
    headline_without_answer,
    is_partial,
    price_in_words,
    promise_in_words,
    rivals,
    warnings_in_words,
)

_SHORT_ANSWER = 160


def render_html(result: Result) -> str:
    """Return a result as one page, for light and dark screens."""
    return page(result.question[:120], "\n".join(result_parts(result)))


def result_parts(result: Result) -> Iterator[str]:
    """Yield the body of the page, piece by piece."""
    yield f"<h1>{text(result.question)}</h1>"
    yield from _answer(result)
    if result.citations:
        title = "Evidence" if result.answer is not None else "The closest passages"
        yield f"<h2>{title}</h2>"
        yield from _citations(result)
        steps = chain_in_words(result)
        if steps is not None:
            yield f'<p class="note">Steps: {text(steps)}</p>'
    yield from _rivals(result)
    if warnings := warnings_in_words(result):
        yield "<h2>Warnings</h2>"
        yield from (f'<p class="warning">{text(each)}</p>' for each in warnings)
    yield "<h2>Bill</h2>"
    yield from _bill(result)


def _answer(result: Result) -> Iterator[str]:
    if result.answer is None:
        yield f'<p class="answer none">{text(headline_without_answer(result))}</p>'
        return
    size = "answer" if len(result.answer) <= _SHORT_ANSWER else "answer long"
    yield f'<p class="{size}">{text(result.answer)}</p>'
    if result.confidence is not None:
        yield meter(result.confidence)
    yield f'<p class="sure">{text(confidence_in_words(result))}</p>'
    if is_partial(result):
        yield '<p class="note">This is the best answer so far, not a finished one.</p>'


def _citations(result: Result) -> Iterator[str]:
    tag = ("<ol class='steps'>", "</ol>") if len(result.citations) > 1 else ("<ul>", "</ul>")
    yield tag[0]
    yield from (f'<li class="card">{_citation(each)}</li>' for each in result.citations)
    yield tag[1]


def _citation(citation: Citation) -> str:
    before, answer, after = (text(part) for part in quote_parts(citation))
    marked = f"<mark>{answer}</mark>" if answer else ""
    title = f"<b>{text(citation.title)}</b> · " if citation.title.strip() else ""
    return (
        f"<blockquote>{before}{marked}{after}</blockquote>"
        f"<cite>{title}{link(from_here(citation.source))} · {text(citation.id)}</cite>"
    )


def _rivals(result: Result) -> Iterator[str]:
    members, told = result.confidence_set, rivals(result)
    if told is None:
        return
    yield "<h2>Possible answers</h2>"
    if not 1 < len(members) <= FEW:
        yield f'<p class="note">{text(told.capitalize())}.</p>'
        return
    yield "<table>"
    for each in members:
        share = f"{meter(each.probability)}{percent(each.probability)}"
        yield f'<tr><td>{text(each.text)}</td><td class="share">{share}</td></tr>'
    yield "</table>"
    if result.set_rule is not None:
        yield f'<p class="note">{text(promise_in_words(result.set_rule).capitalize())}.</p>'


def _bill(result: Result) -> Iterator[str]:
    reading = "" if result.cpu_s is None else f" ({seconds(result.cpu_s)} reading)"
    rows = {
        "Ended": end_in_words(result.stop_reason),
        "Rounds, steps": f"{result.rounds:,}, {result.steps:,}",
        "Tokens": tokens(result.usage) if result.cpu_s is None else "no model tokens",
        "Time": seconds(result.wall_s) + reading,
        "Price": price_in_words(result),
        "Model": result.model or "unknown",
        "Run": result.run_id,
    }
    yield "<table>"
    yield from (f"<tr><th>{text(k)}</th><td>{text(v)}</td></tr>" for k, v in rows.items())
    yield "</table>"

"""A result for the eye: as the Markdown, with bold words and lines that break between words."""

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from ..records.evidence import Citation
from ..records.result import Result
from .printable import one_line, printable
from .quoting import place_in_words, quote_parts
from .render_markdown import lead_without_answer
from .wording import (
    bill,
    chain_in_words,
    confidence_in_words,
    is_partial,
    rivals,
    warnings_in_words,
)


def print_result(result: Result, console: Console) -> None:
    """Print a result on a terminal."""
    console.print(Group(*_parts(result)))


def _parts(result: Result) -> Iterator[RenderableType]:
    if result.answer is None:
        yield Text(lead_without_answer(result), style="bold")
    else:
        yield Text(printable(result.answer), style="bold")
        if is_partial(result):
            yield Text("This is the best answer so far, not a finished one.", style="yellow")
    numbered = len(result.citations) > 1
    for number, citation in enumerate(result.citations, start=1):
        yield Text()
        yield from _citation(citation, f"{number}. " if numbered else "")
    yield Text()
    steps = chain_in_words(result)
    if steps is not None:
        yield Text(f"Steps: {one_line(steps)}")
    if result.answer is not None:
        yield Text(f"Confidence: {one_line(confidence_in_words(result))}")
    others = rivals(result)
    if others is not None:
        yield Text(f"Possible answers: {one_line(others)}")
    for warning in warnings_in_words(result):
        yield Text(f"Warning: {one_line(warning)}", style="yellow")
    yield Text(" · ".join(bill(result)), style="dim")


def _citation(citation: Citation, head: str) -> Iterator[RenderableType]:
    before, answer, after = quote_parts(citation)
    quote = Text.assemble(head, "“", before, (answer, "bold green"), after, "”")
    indent = len(head) or 2
    yield Padding(quote, (0, 0, 0, 0 if head else indent))
    yield Padding(Text(place_in_words(citation), style="dim"), (0, 0, 0, indent))

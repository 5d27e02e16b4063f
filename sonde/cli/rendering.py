"""A result written where and how the person wishes."""

import sys

from rich.console import Console

from ..records.errors import SetupError
from ..records.result import Result
from .render_html import render_html
from .render_json import render_json
from .render_markdown import render_markdown
from .render_terminal import print_result
from .render_text import render_text
from .request import ScreenWishes
from .screen import say, write_file, write_out

_RENDERERS = {
    "text": render_text,
    "md": render_markdown,
    "html": render_html,
    "json": render_json,
}


def write_result(result: Result, wishes: ScreenWishes) -> None:
    """Write a result to stdout, or to the file that was named.

    Raises:
        SetupError: It cannot be written; the run is kept.
    """
    if wishes.is_for_the_eye and sys.stdout.isatty():
        print_result(result, Console(highlight=False, emoji=False))
        return
    text = _RENDERERS[wishes.chosen_format](result)
    if wishes.output is None:
        write_out(text)
        return
    try:
        write_file(wishes.output, text)
    except SetupError as err:
        raise SetupError(f"{err}; the answer is kept: sonde runs show {result.run_id}") from err
    if not wishes.is_quiet:
        say(f"written to {wishes.output}")

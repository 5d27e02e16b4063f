"""`trace`: the story of a run, as text or as a page."""

import os
from pathlib import Path

from ..memory.home import Home
from .screen import check_can_write, say, write_file, write_out
from .trace_html import trace_html
from .trace_story import story_of
from .trace_text import trace_text


def trace_stored(run_id: str | None, *, html: Path | None) -> None:
    """Write the story of a run to stdout, or as a page into a file.

    Raises:
        SetupError: There is no such run, or it cannot be read.
    """
    if html is not None:
        check_can_write(html)
    story = story_of(Home.of(os.environ).run(run_id))
    if html is None:
        write_out(trace_text(story))
        return
    write_file(html, trace_html(story))
    say(f"written to {html}")

"""A self-contained page: one file, no script, nothing fetched; strangers' text is only text."""

from functools import cache
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from .printable import printable


def page(title: str, body: str) -> str:
    """Return a page.

    Args:
        title: Plain text.
        body: HTML whose texts are escaped.
    """
    return _template().substitute(title=text(title), body=body)


def text(words: str) -> str:
    """Return plain text as HTML.

    >>> text("a < b & c")
    'a &lt; b &amp; c'
    """
    return escape(printable(words), quote=True)


def link(source: str) -> str:
    """Return a source as HTML: a link where it is a web address, else its text."""
    shown = text(source)
    try:
        is_web = urlsplit(source).scheme in ("http", "https")
    except ValueError:
        is_web = False
    return f'<a href="{shown}" rel="noreferrer nofollow">{shown}</a>' if is_web else shown


def meter(share: float) -> str:
    """Return a bar that is filled to a share between 0 and 1."""
    width = max(0.0, min(1.0, share))
    return f'<span class="meter"><i style="width:{width:.1%}"></i></span>'


@cache
def _template() -> Template:
    return Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))

"""Text without markup."""

import re
from html import unescape

_TAG = re.compile(r"<[^<>]{0,300}>")


def plain_text(markup: str) -> str:
    """Return a text without tags and character references, on one line.

    >>> plain_text("the <b>Trieste</b>&#39;s\\n dive")
    "the Trieste's dive"
    """
    return " ".join(unescape(_TAG.sub("", markup)).split())

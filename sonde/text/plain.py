"""Text without markup."""

import re
from html import unescape

_TAG = re.compile(r"<[A-Za-z/!?][^<>]{0,300}>")  # no "x < 5 and y > 3"


def plain_text(markup: str) -> str:
    """Return a text without tags and character references, on one line.

    >>> plain_text("the <b>Trieste</b>&#39;s\\n dive")
    "the Trieste's dive"
    >>> plain_text("where x < 5 and y > 3<br/>")
    'where x < 5 and y > 3'
    """
    return " ".join(unescape(_TAG.sub("", markup)).split())

"""The parts of a reply: where a tag opens, where it ends, and what stands outside all of them."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

PARTS = ("belief", "tool_call", "answer", "think")
"""What may follow the report; `think` is reasoning that some models put anywhere."""
MOST_PARTS = 32
"""More parts than this in one reply are not read."""
_TAG = re.compile(
    r"<\s{0,8}(?P<slash>/?)\s{0,8}(?P<name>report|belief|tool_call|answer|think(?:ing)?)\b"
    r"[^<>]{0,80}>",
    re.IGNORECASE,
)
_FENCED = re.compile(r"\A\s*```[ \t]*\w*[ \t]*\n(?P<inner>.*?)\n?[ \t]*```\s*\Z", re.S)
_FENCE_LINE = re.compile(r"^[ \t]*```[ \t]*\w*[ \t]*$", re.M)


class Tag(NamedTuple):
    """One tag in a text: `text[start:end]`."""

    name: str
    """Its name in lower case."""
    is_closing: bool
    """Whether it ends a part."""
    start: int
    """Offset of its first character."""
    end: int
    """Offset after its last character."""


class Region(NamedTuple):
    """What an opening tag opens."""

    inner: str
    """What stands inside, without white space around it."""
    end: int
    """Offset after the end tag."""
    is_closed: bool
    """Whether it has an end tag."""


class Split(NamedTuple):
    """A reply as its report and what follows it."""

    report: str | None
    """The report; None where there is none."""
    rest: str
    """What follows it; the whole text where there is none."""
    is_ambiguous: bool = False
    """Whether several reports stand there with other parts between them."""


def find_tags(text: str, *names: str, start: int = 0) -> Iterator[Tag]:
    """Return the tags of these names from an offset on, in order."""
    tags = _all_tags(text)
    first = bisect_left(tags, start, key=lambda tag: tag.start)
    return (tags[i] for i in range(first, len(tags)) if tags[i].name in names)


@lru_cache(maxsize=8)
def _all_tags(text: str) -> tuple[Tag, ...]:
    """Return all tags of a text, found once for the many looks at one reply."""
    return tuple(
        Tag(
            name=match["name"].lower().replace("thinking", "think"),
            is_closing=bool(match["slash"]),
            start=match.start(),
            end=match.end(),
        )
        for match in _TAG.finditer(text)
    )


def next_part(text: str, start: int) -> Tag | None:
    """Return the first opening tag of a part, or None."""
    return next((tag for tag in find_tags(text, *PARTS, start=start) if not tag.is_closing), None)


def region_of(text: str, opening: Tag) -> Region:
    """Return what a tag opens: up to its end tag, else to the next part or the end."""
    depth = 1
    for tag in find_tags(text, opening.name, start=opening.end):
        depth += -1 if tag.is_closing else 1
        if depth == 0:
            return Region(text[opening.end : tag.start].strip(), tag.end, is_closed=True)
    following = None
    if opening.name != "think":
        following = next(find_tags(text, *PARTS, start=opening.end), None)
    end = following.start if following else len(text)
    return Region(text[opening.end : end].strip(), end, is_closed=False)


def without_thinking(text: str) -> str:
    """Drop the reasoning that stands before the report, or before the answer without a report.

    It ends at the last `</think>` there: an earlier one may be repeated from a page. Some servers
    send the end tag alone.
    """
    tags = list(find_tags(text, "think", "report"))
    reports = [tag.start for tag in tags if tag.name == "report" and not tag.is_closing]
    last_report = max(reports, default=len(text))
    thinks = [tag for tag in tags if tag.name == "think"]
    ends = [tag for tag in thinks if tag.is_closing and tag.start < last_report]
    if not ends and any(tag.start < last_report for tag in thinks):
        ends = [tag for tag in thinks if tag.is_closing]  # a report was drafted while thinking
    return text[ends[-1].end :] if ends else text


def split_report(text: str) -> Split:
    """Return the last whole report, and what follows it.

    Openings and ends are paired from the end backwards, so a page that is repeated inside the
    report, tags and all, stays inside it; so does one that is repeated inside the answer.
    """
    tags = _own_report_tags(text)
    ends = [tag for tag in tags if tag.is_closing]
    openings = [tag for tag in tags if not tag.is_closing]
    if not openings:
        return Split(None, text)
    part = next_part(text, ends[0].end) if ends else None
    is_ambiguous = part is not None and part.start < openings[-1].start
    if not ends or openings[-1].start > ends[-1].start:
        return _open_report(text, openings[-1], is_ambiguous=is_ambiguous)
    depth, opening = 0, openings[0]
    for tag in reversed(tags):
        depth += 1 if tag.is_closing else -1
        if depth == 0:
            opening = tag
            break
    report = text[opening.end : ends[-1].start].strip()
    return Split(report, text[ends[-1].end :], is_ambiguous)


def _own_report_tags(text: str) -> list[Tag]:
    """Return the tags of reports, without those that an answer or another part quotes."""
    tags = list(find_tags(text, "report"))
    at = next((tag.end for tag in tags if tag.is_closing), len(text))
    for _ in range(MOST_PARTS):
        opening = next_part(text, at)
        if opening is None:
            break
        _, end, is_closed = region_of(text, opening)
        if is_closed:
            tags = [tag for tag in tags if not opening.start < tag.start < end]
        at = end if is_closed else opening.end
    return tags


def outside_parts(text: str) -> str:
    """Return what stands outside every part, without fences and stray tags."""
    kept: list[str] = []
    at = 0
    for _ in range(MOST_PARTS):
        opening = next_part(text, at)
        if opening is None:
            break
        kept.append(text[at : opening.start])
        at = region_of(text, opening).end
    kept.append(text[at:])
    return _FENCE_LINE.sub("", _TAG.sub("", "".join(kept))).strip()


def unfenced(text: str) -> str:
    """Return a text without the code fence that stands around the whole of it."""
    fenced = _FENCED.match(text)
    return fenced["inner"].strip() if fenced and "```" not in fenced["inner"] else text.strip()


def _open_report(text: str, opening: Tag, *, is_ambiguous: bool) -> Split:
    """Split at a report without an end tag: it reaches to the next part."""
    following = next(find_tags(text, *PARTS, start=opening.end), None)
    end = following.start if following else len(text)
    return Split(text[opening.end : end].strip(), text[end:], is_ambiguous)

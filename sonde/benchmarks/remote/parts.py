"""Parts of journals: a stretch of whole lines, named by where it starts and how long it is.

A journal only grows, so a part never changes: the same name is the same bytes. Parts may overlap,
where a process died between sending one and knowing of it; whoever joins them skips what it has. A
part that is shorter than its name says was broken off, and counts for nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ...records.errors import SetupError

MOST_BYTES = 8 * 2**20
"""Bytes after which a part ends with the line, so that one call sends no more than this."""
_PATH = re.compile(
    r"(?P<writer>[0-9a-f]{8})/journal-(?P<name>[^/]+)/(?P<start>\d{12})-(?P<length>\d+)\.jsonl"
)


class Part(NamedTuple):
    """A stretch of a journal."""

    start: int
    """Where it begins, in bytes of the journal."""
    length: int
    """How many bytes it has."""
    path: str
    """Where it stands."""

    @property
    def end(self) -> int:
        """Where the next one begins."""
        return self.start + self.length


class Source(NamedTuple):
    """A journal of somebody's."""

    writer: str
    """Whose: the mirror of one machine."""
    name: str
    """The worker that writes it."""


class Missing(NamedTuple):
    """A part, and how much of it is there already."""

    part: Part
    """The part."""
    skip: int
    """So many of its bytes are there."""


def part_path(source: Source, start: int, length: int) -> str:
    """Return where a part stands.

    >>> part_path(Source("0a1b2c3d", "main"), 512, 80)
    '0a1b2c3d/journal-main/000000000512-80.jsonl'
    """
    return f"{source.writer}/journal-{source.name}/{start:012d}-{length}.jsonl"


def parts_of(sizes: Mapping[str, int]) -> dict[Source, list[Part]]:
    """Return the whole parts of every journal, first ones first.

    Args:
        sizes: Bytes of everything that stands there, by path.
    """
    found: dict[Source, list[Part]] = defaultdict(list)
    for path, size in sizes.items():
        match = _PATH.fullmatch(path)
        if match is not None and int(match["length"]) == size:
            part = Part(int(match["start"]), size, path)
            found[Source(match["writer"], match["name"])].append(part)
    return {source: sorted(parts) for source, parts in found.items()}


def end_of(parts: Iterable[Part]) -> int:
    """Return how many bytes of a journal its parts hold without a gap."""
    at = 0
    for part in parts:
        if part.start > at:
            break
        at = max(at, part.end)
    return at


def missing(parts: Iterable[Part], have: int) -> Iterator[Missing]:
    """Yield the parts that go beyond what is there.

    Args:
        parts: Parts of one journal, first ones first.
        have: Bytes that are there.

    Raises:
        SetupError: A part in between is gone.
    """
    for part in parts:
        if part.start > have:
            raise SetupError(
                f"bytes {have:,} to {part.start:,} before {part.path} are missing; put back the "
                "part that was removed"
            )
        if part.end > have:
            yield Missing(part, have - part.start)
            have = part.end


def whole_lines(content: bytes) -> bytes:
    """Return the whole lines of what was read of a journal.

    >>> whole_lines(b"one\\ntwo\\nthr")
    b'one\\ntwo\\n'
    """
    return content[: content.rfind(b"\n") + 1]

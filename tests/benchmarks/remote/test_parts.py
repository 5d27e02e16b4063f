"""Parts of journals, joined whatever way they came to be."""

import random

import pytest

from sonde.benchmarks.remote.parts import (
    Part,
    Source,
    end_of,
    missing,
    part_path,
    parts_of,
    whole_lines,
)
from sonde.records.errors import SetupError

_SOURCE = Source("0a1b2c3d", "main")


def _sizes(*stretches: tuple[int, int]) -> dict[str, int]:
    return {part_path(_SOURCE, start, length): length for start, length in stretches}


def test_parts_are_read_from_their_names_in_the_order_of_the_journal() -> None:
    sizes = _sizes((80, 20), (0, 80))
    other = {"0a1b2c3d/bench.json": 5, "0a1b2c3d/journal-main/notes.txt": 3}
    assert parts_of({**sizes, **other}) == {
        _SOURCE: [
            Part(0, 80, "0a1b2c3d/journal-main/000000000000-80.jsonl"),
            Part(80, 20, "0a1b2c3d/journal-main/000000000080-20.jsonl"),
        ]
    }


def test_a_part_that_was_broken_off_counts_for_nothing() -> None:
    sizes = {**_sizes((0, 80)), part_path(_SOURCE, 80, 40): 12}
    assert end_of(parts_of(sizes)[_SOURCE]) == 80


def test_a_part_that_is_gone_is_an_error_and_not_a_shorter_journal() -> None:
    parts = parts_of(_sizes((0, 80), (120, 20)))[_SOURCE]
    assert end_of(parts) == 80
    with pytest.raises(SetupError, match=r"bytes 80 to 120 before .* are missing; put back"):
        list(missing(parts, 0))


def test_parts_that_overlap_join_into_the_journal_from_wherever_one_stands() -> None:
    rng = random.Random(6)
    for _ in range(200):
        journal = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 60)))
        stretches = [(0, rng.randint(1, len(journal)))]
        while (end := max(start + length for start, length in stretches)) < len(journal):
            start = rng.randint(0, end)
            stretches.append((start, rng.randint(1, len(journal) - start)))
        rng.shuffle(stretches)
        parts = parts_of(_sizes(*stretches))[_SOURCE]
        have = rng.randint(0, len(journal))
        joined = journal[:have]
        for part, skip in missing(parts, have):
            joined += journal[part.start : part.end][skip:]
        assert joined == journal
        assert end_of(parts) == len(journal)


def test_only_whole_lines_are_sent() -> None:
    assert whole_lines(b"") == b""
    assert whole_lines(b"half a line") == b""
    assert whole_lines(b"one\n") == b"one\n"

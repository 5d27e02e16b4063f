"""The journal: one line an event, flushed, and read back whatever happened to its end."""

import subprocess
import sys
from pathlib import Path

import pytest

from sonde.memory.journal import Journal, read_journal
from sonde.records.errors import SetupError
from sonde.records.events import ModelCalled, RoundStarted, RunStarted, ToolCalled, Warned
from sonde.records.usage import Usage


def _events() -> list[RunStarted | RoundStarted | ModelCalled]:
    return [
        RunStarted(at=1.0, run_id="r1", question="Größe?", settings={"budget": {"usd": None}}),
        RoundStarted(at=2.0, round=1, tokens=12, kept_turns=0),
        ModelCalled(
            at=3.0,
            round=1,
            call_id="c1",
            model="m",
            usage=Usage(uncached_input=3, output=None),
            cost_usd=None,
            wall_s=0.5,
        ),
    ]


def test_events_come_back_as_they_went_in(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        for event in _events():
            journal.append(event)
        assert list(read_journal(path).events) == _events()  # flushed, before it is closed
    contents = read_journal(path)
    assert contents.unreadable_lines == 0
    assert contents.torn_bytes == 0


def test_unknown_stays_unknown_on_its_way_through_the_file(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        journal.append(_events()[2])
    (event,) = read_journal(path).events
    assert isinstance(event, ModelCalled)
    assert event.usage.output is None
    assert event.cost_usd is None


@pytest.mark.parametrize("kept", range(1, 40, 3))
def test_a_torn_tail_is_reported_and_the_rest_is_read(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        for event in _events():
            journal.append(event)
    whole = path.read_bytes()
    last = whole.rstrip(b"\n").rfind(b"\n") + 1
    path.write_bytes(whole[: last + kept])
    contents = read_journal(path)
    assert list(contents.events) == _events()[:2]
    assert contents.torn_bytes == kept


def test_writing_goes_on_behind_a_torn_tail_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        journal.append(_events()[0])
    torn = path.read_bytes() + b'{"at": 2.0, "round'
    path.write_bytes(torn)
    with Journal(path) as journal:
        journal.append(_events()[1])
    assert path.read_bytes().startswith(torn)
    contents = read_journal(path)
    assert list(contents.events) == _events()[:2]
    assert contents.unreadable_lines == 1


def test_an_event_that_lacks_only_its_line_end_counts(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        for event in _events():
            journal.append(event)
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    contents = read_journal(path)
    assert list(contents.events) == _events()
    assert contents.unreadable_lines == 0


def test_lines_of_a_newer_version_are_passed_over_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b'{"type": "comet.seen", "at": 1.0}\n\xff\xfe\n')
    with Journal(path) as journal:
        journal.append(Warned(at=1.0, message="late"))
    contents = read_journal(path)
    assert [event.type for event in contents.events] == ["warning"]
    assert contents.unreadable_lines == 2


def test_a_full_disk_says_what_to_do(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    path = tmp_path / "journal.jsonl"
    path.symlink_to(full)
    with (
        Journal(path) as journal,
        pytest.raises(SetupError, match=r"[Nn]o space.*free some\s+space"),
    ):
        journal.append(_events()[0])


def test_a_missing_journal_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="cannot read the journal"):
        read_journal(tmp_path / "none.jsonl")


def test_half_a_character_becomes_a_question_mark(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        journal.append(Warned(at=1.0, message="cannot read b\udcff\u00f6se.txt"))
        journal.append(ToolCalled(at=2.0, tool="look", arguments={"at": ["\ud800", None, 1.5]}))
    contents = read_journal(path)
    assert [event.at for event in contents.events] == [1.0, 2.0]
    assert isinstance(contents.events[0], Warned)
    assert contents.events[0].message == "cannot read b?\u00f6se.txt"


def test_what_comes_after_a_full_disk_stands_on_a_line_of_its_own(tmp_path: Path) -> None:
    """A file may grow to so many bytes only: as on a full disk, half a line is written."""
    path = tmp_path / "journal.jsonl"
    code = f"""
import resource, signal
from pathlib import Path
from sonde.memory.journal import Journal
from sonde.records.errors import SetupError
from sonde.records.events import Warned
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
journal = Journal(Path({str(path)!r}))
journal.append(Warned(at=1.0, message="first"))
resource.setrlimit(resource.RLIMIT_FSIZE, (100, most))
for _ in range(2):
    try:
        journal.append(Warned(at=2.0, message="x" * 200))
    except SetupError:
        continue
    raise SystemExit("the disk was not full")
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
journal.append(Warned(at=3.0, message="last"))
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    contents = read_journal(path)
    assert [event.at for event in contents.events] == [1.0, 3.0]
    assert contents.unreadable_lines == 1

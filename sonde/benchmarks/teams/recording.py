"""A recording: which runs of a team answered which tasks, and whether rightly."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from ...agents.team.traces import TeamTrace, read_trace
from ...memory.home import Home
from ...records.errors import SetupError
from .playing import Played


class RecordingHead(BaseModel):
    """First line of a recording."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: Literal["recording"] = "recording"
    suite: str
    """The suite, as it was named."""
    team: str | None = None
    """The team's file, as it was named; None where the suite brings its own."""
    suite_sha256: str
    """Its content."""
    team_hash: str
    """The team."""
    gate: str
    """Gate that it was recorded under."""


class RecordedRun(BaseModel):
    """One run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: Literal["run"] = "run"
    task_id: str
    """The task that was played."""
    run_id: str
    """Where the team's journal stands, in the home."""
    is_right: bool | None
    """None where the truth is withheld."""
    is_answered: bool = True
    """Whether there was an answer; older recordings do not tell, and are taken to have one."""
    message_tokens: int
    """Tokens of all messages."""
    member_calls: int
    """Times that a member was called."""
    cost_usd: float | None
    """What it cost in dollars; None where a part is unknown."""

    @property
    def is_lesson(self) -> bool:
        """Whether it was answered right, or, where no truth is known, at all."""
        return self.is_answered if self.is_right is None else self.is_right


_LINE: TypeAdapter[RecordingHead | RecordedRun] = TypeAdapter(
    Annotated[RecordingHead | RecordedRun, Field(discriminator="type")]
)


class Recording(BaseModel):
    """A recording as it was read."""

    model_config = ConfigDict(frozen=True)

    path: Path
    """Its file."""
    head: RecordingHead
    """What was recorded, and of whom."""
    runs: tuple[RecordedRun, ...]
    """The runs, in the order in which they were played."""

    @property
    def task_ids(self) -> frozenset[str]:
        """Tasks that were played."""
        return frozenset(run.task_id for run in self.runs)

    @property
    def right(self) -> tuple[RecordedRun, ...]:
        """Runs to learn from: answered right, or, where no truth is known, answered at all."""
        return tuple(run for run in self.runs if run.is_lesson)


def recordings_folder(home: Home) -> Path:
    """Return the folder of a home's recordings."""
    return home.path / "teams" / "recordings"


def new_recording(home: Home, head: RecordingHead, *, path: Path | None = None) -> Path:
    """Begin a recording and return its file.

    Raises:
        SetupError: The file cannot be written, or there is one already: what it holds was paid for.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    file = path or recordings_folder(home) / f"{stamp}.jsonl"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as lines:
            lines.write(head.model_dump_json() + "\n")
    except FileExistsError as err:
        raise SetupError(f"{file} is there already; name another file, or remove it") from err
    except OSError as err:
        raise SetupError(f"cannot write the recording {file}: {err.strerror or err}") from err
    return file


def add_run(file: Path, played: Played) -> RecordedRun:
    """Add a run to a recording; every line stands for itself.

    Raises:
        SetupError: The file cannot be written.
    """
    result = played.result
    run = RecordedRun(
        task_id=played.task.id,
        run_id=result.run_id,
        is_right=played.is_right,
        is_answered=bool(result.answer),
        message_tokens=result.message_tokens,
        member_calls=result.member_calls,
        cost_usd=result.cost_usd,
    )
    try:
        with file.open("a", encoding="utf-8") as lines:
            lines.write(run.model_dump_json() + "\n")
    except OSError as err:
        raise SetupError(
            f"cannot write the recording {file}: {err.strerror or err}; free some space, then "
            "record what is missing"
        ) from err
    return run


def read_recording(path: Path) -> Recording:
    """Read a recording.

    Raises:
        SetupError: There is no such file, or it is no recording.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as err:
        raise SetupError(f"cannot read the recording {path}: {err.strerror or err}") from err
    except UnicodeDecodeError as err:
        raise SetupError(f"{path} is no recording; make one with `sonde team record`") from err
    try:
        found = [_LINE.validate_json(line) for line in lines if line.endswith("}")]
    except ValidationError as err:
        raise SetupError(f"{path} is no recording; make one with `sonde team record`") from err
    heads = [line for line in found if isinstance(line, RecordingHead)]
    if len(heads) != 1:
        raise SetupError(f"{path} is no recording; make one with `sonde team record`")
    runs = tuple(line for line in found if isinstance(line, RecordedRun))
    return Recording(path=path, head=heads[0], runs=runs)


def latest_recording(home: Home) -> Recording:
    """Return the latest recording of a home.

    Raises:
        SetupError: There is none.
    """
    files = sorted(recordings_folder(home).glob("*.jsonl"))
    if not files:
        raise SetupError("nothing is recorded yet; begin with `sonde team record --tasks SUITE`")
    return read_recording(files[-1])


def recorded_tasks(home: Home, *, suite_sha256: str) -> frozenset[str]:
    """Return the tasks of a suite that any recording of a home has played."""
    found: set[str] = set()
    for file in sorted(recordings_folder(home).glob("*.jsonl")):
        recording = read_recording(file)
        if recording.head.suite_sha256 == suite_sha256:
            found |= recording.task_ids
    return frozenset(found)


def traces_of(recording: Recording, home: Home) -> Iterator[TeamTrace]:
    """Yield the runs of a recording that there is something to learn from.

    Raises:
        SetupError: A run is gone, or cannot be read.
    """
    for run in recording.right:
        yield read_trace(home.run(run.run_id).journal)

"""How a command ends: exit codes, and the one line that tells of a failure."""

import errno
from enum import IntEnum
from typing import NamedTuple

import typer

from ..records.errors import (
    BudgetExceeded,
    ModelError,
    SetupError,
    SondeError,
    SuiteError,
    ToolError,
)
from ..records.stopping import StopReason
from .flag_words import in_flags
from .printable import shortened

_LONGEST_LINE = 1_000
_LONGEST_BUG = 200
_PYDANTIC_PREFIX = "Value error, "
_NEXT_STEP = {
    errno.ENOSPC: "free some space, or set SONDE_HOME to another disk",
    errno.EFBIG: "raise the limit on file sizes, or set SONDE_HOME to another disk",
    errno.EROFS: "set SONDE_HOME to a folder that you may write to",
    errno.EACCES: "check its permissions",
    errno.EPERM: "check its permissions",
    errno.EMFILE: "raise the limit on open files (ulimit -n)",
}


class ExitCode(IntEnum):
    """What a command tells its caller."""

    ANSWERED = 0
    BUG = 1
    USAGE = 2
    BUDGET = 3
    REGRESSION = 3
    ABSTAINED = 4
    PROVIDER = 5
    INTERRUPTED = 130
    BROKEN_PIPE = 141


class Interrupted(Exception):
    """The person, or the system, asked the command to stop."""


class OutputClosed(Exception):
    """Whoever read stdout has gone; there is nobody to tell."""


class RunBroke(Exception):
    """A run came to no end; its cause is the error, and the run can be resumed."""

    def __init__(self, run_id: str) -> None:
        super().__init__(run_id)
        self.run_id = run_id


class Failure(NamedTuple):
    """How a failure is told."""

    line: str
    """One line for the person."""
    code: ExitCode
    """The exit code."""
    is_bug: bool = False
    """Whether it is a bug of sonde itself."""


_CODES = {
    StopReason.ANSWERED: ExitCode.ANSWERED,
    StopReason.ABSTAINED: ExitCode.ABSTAINED,
    StopReason.NO_GAIN: ExitCode.BUDGET,
    StopReason.INTERRUPTED: ExitCode.INTERRUPTED,
    StopReason.PROVIDER_ERROR: ExitCode.PROVIDER,
}


def code_of(reason: StopReason, *, has_answer: bool) -> ExitCode:
    """Return the exit code of a run; every limit has the same.

    A search that ended because it brought nothing new, and without an answer, is an abstention.
    """
    if reason is StopReason.NO_GAIN and not has_answer:
        return ExitCode.ABSTAINED
    return _CODES.get(reason, ExitCode.BUDGET)


def failure_of(err: BaseException) -> Failure:
    """Return how an error is told: what happened and the next step, on one line."""
    if isinstance(err, RunBroke) and err.__cause__ is not None:
        failure = failure_of(err.__cause__)
        return failure._replace(line=f"{failure.line} [sonde resume {err.run_id}]")
    words = _words(err)
    if words is None:
        return _failure_of_bug(err)
    return Failure(line=f"sonde: {shortened(words, _LONGEST_LINE)}", code=_code(err))


def _failure_of_bug(err: BaseException) -> Failure:
    what = shortened(f"{type(err).__name__}: {err}", _LONGEST_BUG)
    line = f"sonde: a bug: {what}; run the same command with -v for the traceback, and report it"
    return Failure(line=line, code=ExitCode.BUG, is_bug=True)


def _words(err: BaseException) -> str | None:
    if isinstance(err, typer.TyperException):
        message = err.format_message().replace(_PYDANTIC_PREFIX, "").rstrip(".")
        return f"{message}; see `{_command(err)} --help`"
    if isinstance(err, (SondeError, Interrupted)):
        return in_flags(str(err))
    if isinstance(err, OSError):
        return _words_of_system(err)
    if isinstance(err, MemoryError):
        return "out of memory; give a smaller corpus, or a smaller --workspace-tokens"
    return _words_of_database(err)


def _words_of_database(err: BaseException) -> str | None:
    import sqlite3  # here, because `sonde --help` does not need it

    if isinstance(err, sqlite3.OperationalError) or type(err) is sqlite3.DatabaseError:
        return (
            f"a database of sonde cannot be used: {err}; check permissions and free space, "
            "or set SONDE_HOME to another folder"
        )
    return None


def _words_of_system(err: OSError) -> str:
    what = err.strerror or str(err) or type(err).__name__
    where = f"{err.filename!r}: " if err.filename else ""
    step = _NEXT_STEP.get(err.errno or 0, "check the path")
    return f"{where}{what}; {step}"


def _command(err: typer.TyperException) -> str:
    context: object = getattr(err, "ctx", None)
    return str(getattr(context, "command_path", "sonde"))


def _code(err: BaseException) -> ExitCode:
    if isinstance(err, ModelError):
        return ExitCode.PROVIDER
    if isinstance(err, BudgetExceeded):
        return ExitCode.BUDGET
    if isinstance(err, Interrupted):
        return ExitCode.INTERRUPTED
    if isinstance(err, MemoryError):
        return ExitCode.BUG
    is_usage = isinstance(err, (SetupError, ToolError, SuiteError))
    is_sonde = isinstance(err, SondeError)
    return ExitCode.BUG if is_sonde and not is_usage else ExitCode.USAGE

"""The command as a whole: version, help, how failures are told."""

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import sonde as package
from sonde.cli.exits import ExitCode, RunBroke, code_of, failure_of
from sonde.records.errors import BudgetExceeded, ModelUnreachable, SetupError, SondeError
from sonde.records.stopping import Limit, StopReason

if TYPE_CHECKING:
    from .conftest import Sonde

HEAVY = ("langgraph", "openai", "duckdb", "tiktoken", "tantivy", "numpy")
COMMANDS = ("ask", "resume", "runs", "trace", "index", "doctor", "config")


def _python(code: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)


def test_the_version_is_that_of_the_package(sonde: "Sonde") -> None:
    assert sonde("--version") == (0, f"sonde {package.__version__}\n", "")


def test_the_help_names_every_command(sonde: "Sonde") -> None:
    code, out, err = sonde("--help")

    assert (code, err) == (0, "")
    assert all(f"\n  {name} " in out for name in COMMANDS)


@pytest.mark.parametrize("group", [(), ("runs",), ("index",), ("config",)])
def test_a_group_without_a_command_shows_its_help_and_is_a_usage_error(
    sonde: "Sonde", group: tuple[str, ...]
) -> None:
    code, out, err = sonde(*group)

    assert (code, err) == (2, "")
    assert out.startswith(f"Usage: {' '.join(['sonde', *group])} ")


@pytest.mark.parametrize(
    "code", ["import sonde", "from sonde.cli.main import main; main(['--help'])"]
)
def test_neither_the_package_nor_the_help_loads_anything_heavy(code: str) -> None:
    seen = f"import sys; print([m for m in {HEAVY!r} if m in sys.modules])"

    assert _python(f"{code}\n{seen}").stdout.splitlines()[-1] == "[]"


def test_a_bug_is_one_line_and_with_v_a_traceback() -> None:
    code = (
        "import sys; from sonde.cli.main import app, main\n"
        "@app.command()\n"
        "def fail(v: bool = False): [][1]\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    run = [sys.executable, "-c", code]
    plain = subprocess.run([*run, "fail"], capture_output=True, text=True, timeout=60)
    loud = subprocess.run([*run, "-v", "fail"], capture_output=True, text=True, timeout=60)

    assert plain.returncode == loud.returncode == ExitCode.BUG
    assert plain.stderr.count("\n") == 1
    assert "sonde: a bug: IndexError: list index out of range; run the same" in plain.stderr
    assert "Traceback" in loud.stderr


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (SetupError("no corpus\nhere"), ExitCode.USAGE, "sonde: no corpus here"),
        (ModelUnreachable("no answer"), ExitCode.PROVIDER, "sonde: no answer"),
        (BudgetExceeded("over", limit=Limit.USD), ExitCode.BUDGET, "sonde: over"),
        (SondeError("report this"), ExitCode.BUG, "sonde: report this"),
        (OSError(28, "No space left on device", "/x"), ExitCode.USAGE, "free some space"),
        (PermissionError(13, "Permission denied", "/x"), ExitCode.USAGE, "check its permissions"),
        (SetupError("a\x1b[2Jb"), ExitCode.USAGE, "sonde: a\ufffd[2Jb"),
    ],
)
def test_an_error_is_told_in_one_line_with_its_code(
    error: Exception, code: ExitCode, says: str
) -> None:
    failure = failure_of(error)

    assert (failure.code, failure.is_bug) == (code, False)
    assert says in failure.line
    assert "\n" not in failure.line


def test_a_broken_run_is_told_with_the_way_to_go_on() -> None:
    err = RunBroke("20260101-000000-abcdef")
    err.__cause__ = SetupError("the disk is full")

    failure = failure_of(err)

    assert failure.line == "sonde: the disk is full [sonde resume 20260101-000000-abcdef]"
    assert failure.code is ExitCode.USAGE


def test_every_stop_reason_has_its_exit_code() -> None:
    codes = {reason: int(code_of(reason, has_answer=True)) for reason in StopReason}

    assert codes == {
        StopReason.ANSWERED: 0,
        StopReason.ABSTAINED: 4,
        StopReason.BUDGET_USD: 3,
        StopReason.BUDGET_TOKENS: 3,
        StopReason.BUDGET_ROUNDS: 3,
        StopReason.BUDGET_CALLS: 3,
        StopReason.DEADLINE: 3,
        StopReason.NO_GAIN: 3,
        StopReason.INTERRUPTED: 130,
        StopReason.PROVIDER_ERROR: 5,
    }


def test_an_interrupt_before_a_command_is_under_way_is_told() -> None:
    done = _python(
        "import sys; from sonde.cli import main\n"
        "def hasty(): raise KeyboardInterrupt\n"
        "main.app.command('hasty')(hasty)\n"
        "sys.exit(main.main(['hasty']))"
    )
    assert (done.returncode, done.stderr.strip()) == (130, "sonde: stopped")

"""Asking a table in a process of its own, whose memory and time the system itself bounds.

DuckDB keeps to its own limit for tables, but not for a value that a function makes grow; and such
a function cannot be interrupted. The process can be ended, and takes what it holds with it.
"""

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import cast

from ...records.errors import ToolError
from .tables import Rows, ask_table

_LOADING_S = 20.0
_MOST_BYTES = 2 << 30
_LONGEST_WHY = 300
_KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "LC_ALL")


def ask_table_apart(path: Path, sql: str, *, seconds: float = 10.0) -> Rows:
    """Load a file's tables and ask them one question, as `ask_table` does, in another process.

    Args:
        path: The file.
        sql: One SELECT.
        seconds: How long the question may take; loading has 20 s besides.

    Raises:
        ToolError: The file is no table or a hostile one, the question is not one SELECT, or it
            needs too much time or memory.
    """
    order = json.dumps({"path": str(path.absolute()), "sql": sql, "seconds": seconds})
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", __name__],
            input=order.encode(),
            capture_output=True,
            timeout=seconds + _LOADING_S,
            env=_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired as err:
        raise ToolError(f"the query took over {seconds:g} s; ask for less") from err
    return _rows(done)


def _environment() -> dict[str, str]:
    """Return what the other process needs to find the same packages; no key is among it."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"}


def _rows(done: subprocess.CompletedProcess[bytes]) -> Rows:
    if done.returncode or not done.stdout:
        why = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:_LONGEST_WHY]
        raise ToolError(f"the query broke its process, mostly by too much memory ({why}); ask less")
    told = cast(dict[str, object], json.loads(done.stdout))
    if "fault" in told:
        raise ToolError(str(told["fault"]))
    rows = cast(list[list[str]], told["rows"])
    return Rows(
        columns=tuple(cast(list[str], told["columns"])),
        rows=tuple(tuple(row) for row in rows),
        is_cut=bool(told["is_cut"]),
        tables=tuple(cast(list[str], told["tables"])),
    )


def _bound_memory() -> None:
    """Let the system refuse more memory, where it can; what a process may hold is set for good."""
    try:
        import resource  # not on every system
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = _MOST_BYTES if hard == resource.RLIM_INFINITY else min(_MOST_BYTES, hard)
    with suppress(OSError, ValueError):  # some systems know the limit and set none
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _main() -> None:
    _bound_memory()
    order = cast(dict[str, str], json.loads(sys.stdin.buffer.read()))
    try:
        rows = ask_table(Path(order["path"]), order["sql"], seconds=float(order["seconds"]))
        told: dict[str, object] = asdict(rows)
    except ToolError as err:
        told = {"fault": str(err)}
    sys.stdout.buffer.write(json.dumps(told).encode())


if __name__ == "__main__":
    _main()

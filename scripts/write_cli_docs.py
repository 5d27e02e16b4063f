"""Write docs/cli.md from the own help of each command; `--check` compares, and fails if it differs.

Usage: python scripts/write_cli_docs.py [--check]
"""

import io
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path

from typer.main import get_command

from sonde.cli.main import app
from sonde.cli.main import main as run_command

_FILE = Path(__file__).resolve().parents[1] / "docs" / "cli.md"
_HEAD = """# The command line

Made by `python scripts/write_cli_docs.py` from the commands' own help; a test compares.

Answers go to stdout, everything else to stderr. Exit codes: 0 answered, 2 something must be mended
(usage, paths, keys, disk), 3 a limit or the lack of gain ended the search (the answer so far is
printed), 4 abstained, 5 the model or its provider failed, 130 interrupted (the run can be resumed).
State lives in `SONDE_HOME`, else in the platform's folder for user data. `SONDE_MODEL` names a
default model, `SONDE_READER` the weights of the offline reader (`sonde train-reader`);
`OPENAI_API_KEY` and `OPENAI_BASE_URL` are honoured. Prices of your own stand in
`prices.toml` there.
"""


def main() -> int:
    """Write the page, or compare it."""
    page = cli_page()
    if "--check" not in sys.argv[1:]:
        _FILE.write_text(page, encoding="utf-8")
        return 0
    if _FILE.read_text(encoding="utf-8") == page:
        return 0
    print("docs/cli.md is out of date; run: python scripts/write_cli_docs.py", file=sys.stderr)
    return 1


def cli_page() -> str:
    """Return the page."""
    os.environ.update(COLUMNS="98", TERM="dumb", NO_COLOR="1")
    sections = [_HEAD]
    for command in _commands(get_command(app)):
        name = " ".join(("sonde", *command))
        sections.append(f"## `{name}`\n\n```\n{_help(command)}\n```\n")
    return "\n".join(sections)


def _commands(command: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the whole command, then each of its commands that does something, in their order."""
    found: Mapping[str, object] | None = getattr(command, "commands", None)
    if found is None or not path:
        yield path
    for name, each in (found or {}).items():
        if not getattr(each, "hidden", False):
            yield from _commands(each, (*path, name))


def _help(command: Sequence[str]) -> str:
    """Return a help page; all are asked of one process, since each import takes half a second."""
    out = io.StringIO()
    with redirect_stdout(out):
        code = run_command([*command, "--help"])
    if code:
        raise SystemExit(f"`sonde {' '.join(command)} --help` ends with {code}")
    return "\n".join(line.rstrip() for line in out.getvalue().strip().splitlines())


if __name__ == "__main__":
    raise SystemExit(main())

"""Settings of the library in a message, told as the flags of the command line.

What the library raises and warns of speaks Python, with each setting between backticks:
`Budget(tokens=900)`, `corpus="docs/"`. A terminal's person reads the flag in its place.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple


class _Flag(NamedTuple):
    """A setting at the command line."""

    name: str
    """The flag."""
    metavar: str = ""
    """What stands for a value that the message leaves open; empty for a flag without one."""


_FLAGS: Mapping[str, _Flag] = {
    "allow_hosts": _Flag("--allow-host", "HOST[:PORT]"),
    "base_url": _Flag("--base-url", "URL"),
    "belief": _Flag("--belief", "stated"),
    "calibration": _Flag("--calibration", "FILE"),
    "call_timeout_s": _Flag("--call-timeout", "SECONDS"),
    "calls": _Flag("--max-calls", "N"),
    "clarify": _Flag("--clarify", "auto"),
    "corpus": _Flag("--corpus", "PATH"),
    "is_polite": _Flag("--ignore-robots"),
    "model": _Flag("-m", "NAME"),
    "record": _Flag("--record", "DIR"),
    "replay": _Flag("--replay", "DIR"),
    "rounds": _Flag("--max-rounds", "N"),
    "seconds": _Flag("--timeout", "SECONDS"),
    "tokens": _Flag("--max-tokens", "N"),
    "tools": _Flag("--search", "auto"),
    "usd": _Flag("--max-usd", "USD"),
    "workspace_tokens": _Flag("--workspace-tokens", "N"),
}
_SETTING = re.compile(r"`(?:budget=)?(?:Budget\()?(\w+)=((?:[^`()]|\([^`()]*\))*)\)?`")


def in_flags(message: str) -> str:
    """Return a message with each setting as its flag; what has none stays as it is.

    >>> in_flags("too small: give `Budget(tokens=900)`, or another `corpus=...`")
    'too small: give --max-tokens 900, or another --corpus PATH'
    """
    return _SETTING.sub(_flag, message)


def _flag(found: re.Match[str]) -> str:
    flag = _FLAGS.get(found[1])
    if flag is None:
        return found[0]
    value = found[2].strip("[]").strip("\"'")
    if not flag.metavar:
        return flag.name
    return f"{flag.name} {flag.metavar if '...' in value else value}"

"""What a site's robots.txt allows, by RFC 9309."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

MOST_BYTES = 500 << 10
"""What is read of a file; the RFC asks for no more."""
_SAFE = "/*$?&=:;,@!~'()+"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a group."""

    path: str
    """What it is about; `*` stands for anything, a last `$` for the end."""
    is_allowed: bool
    """What it says."""

    def fits(self, path: str) -> bool:
        """Return whether it is about a path."""
        is_whole = self.path.endswith("$")
        first, *parts = (self.path[:-1] if is_whole else self.path).split("*")
        if not path.startswith(first):
            return False
        at = len(first)
        last = parts.pop() if parts and is_whole else ""
        for part in parts:
            found = path.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        if not is_whole:
            return True
        has_star = "*" in self.path
        return path.endswith(last) and len(path) - len(last) >= at if has_star else path == first


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules that hold for one agent on one site."""

    rules: tuple[Rule, ...] = ()
    """The rules; the longest that fits decides, and of two as long the kinder one."""

    @classmethod
    def parse(cls, text: str, *, agent: str) -> "Robots":
        """Return the rules for an agent: those of its own groups, else those of `*`."""
        own: list[Rule] = []
        general: list[Rule] = []
        has_own = False
        for agents, rules in _groups(text):
            if agent.lower() in agents:
                has_own = True
                own.extend(rules)
            elif "*" in agents:
                general.extend(rules)
        return cls(tuple(own if has_own else general))

    @classmethod
    def closed(cls) -> "Robots":
        """Return what holds where the file cannot be had for a fault of the server."""
        return cls((Rule("/", is_allowed=False),))

    def allows(self, url: str) -> bool:
        """Return whether a URL may be fetched.

        >>> robots = Robots.parse("User-agent: *\\nDisallow: /a\\nAllow: /a/b", agent="sonde")
        >>> [robots.allows(f"http://x.org/{path}") for path in ("a/c", "a/b/c", "d")]
        [False, True, True]
        """
        parts = urlsplit(url)
        path = _plain(parts.path or "/") + (f"?{_plain(parts.query)}" if parts.query else "")
        if path == "/robots.txt":
            return True
        fitting = [rule for rule in self.rules if rule.fits(path)]
        best = max(fitting, key=lambda rule: (len(rule.path), rule.is_allowed), default=None)
        return best is None or best.is_allowed


def _groups(text: str) -> Iterator[tuple[set[str], list[Rule]]]:
    """Yield the agents and the rules of each group."""
    agents: set[str] = set()
    rules: list[Rule] = []
    is_naming = False
    for line in text.removeprefix("\ufeff").splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            if not is_naming:
                yield agents, rules
                agents, rules = set(), []
            agents.add(value.partition("/")[0].strip().lower())
            is_naming = True
        elif key in ("allow", "disallow"):
            is_naming = False
            if value:
                rules.append(Rule(_plain(value), is_allowed=key == "allow"))
    yield agents, rules


def _plain(path: str) -> str:
    return quote(unquote(path, errors="replace"), safe=_SAFE)

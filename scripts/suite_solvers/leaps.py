"""Answers to the questions of `web-leaps`, from its pages and the words of the question."""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from sonde.benchmarks.suites.suite import Suite, Task

_TOLD = {
    "country": r"(?P<x>.+) came from (?P<v>.+)"
    r"|(?P<v2>.+) was the country that (?P<x2>.+) came from",
    "subject": r"(?P<x>.+) worked on (?P<v>.+)|The main work of (?P<x2>.+) was on (?P<v2>.+)",
    "school": r"(?P<x>.+) studied at the (?P<v>.+) School"
    r"|The (?P<v2>.+) School counts (?P<x2>.+) among its students",
    "town": r"(?P<x>.+) lived in (?P<v>.+)"
    r"|For most of the time (?P<x2>.+) had a house in (?P<v2>.+)",
    "year": r"(?P<x>.+) was born in (?P<v>\d+)"
    r"|The birth of (?P<x2>.+) fell in the year (?P<v2>\d+)",
}
_LISTED = re.compile(
    r"(.+) won the prize in \d+|In \d+ the prize went to (.+)|(.+) was elected in \d+"
    r"|The academy admitted (.+) in \d+|(.+) joined it in \d+|From \d+ on (.+) was with it"
    r"|Work by (.+) was hung there in \d+|In \d+ it showed work by (.+)"
)
_IS = {
    "country": r"came from (\w+)",
    "subject": r"worked on (\w+)",
    "school": r"studied at the (\w+) School",
    "town": r"lived in (\w+)",
    "year": r"(?:was|were) born in (\d+)",
}
_SAME = {
    "country": r"came from the same country as this person",
    "subject": r"worked on the same subject as this person",
    "school": r"studied at the same school as this person",
    "town": r"lived in the same town as this person",
    "year": r"were born in the same year as this person",
}
_NAME_ALL = "; the person of the first sentence counts too, if that person fits."


class _Pages:
    """Who stands on which list, and what is told of whom."""

    def __init__(self, corpus: Path) -> None:
        self.lists: dict[str, set[str]] = {}
        self.told: dict[str, dict[str, str]] = {}
        for line in corpus.read_text(encoding="utf-8").splitlines():
            page = json.loads(line)
            first, *rest = re.split(r"(?<=\.) ", page["text"])
            if match := re.fullmatch(r"This page lists everybody who (.+)\.", first):
                self.lists[match[1]] = {_named(sentence) for sentence in rest}
            else:
                self.told[page["title"]] = dict(map(_told, [first, *rest]))

    def those(self, condition: str, people: set[str]) -> set[str]:
        """Return those of some people whom a condition holds of: "came from X"."""
        for relation, pattern in _IS.items():
            if match := re.fullmatch(pattern, condition):
                return {p for p in people if self.told[p].get(relation) == match[1]}
        raise LookupError(condition)

    def gathered(self, deeds: str) -> set[str]:
        """Return who did both of two things, or either: "both won the X and took part in the Y"."""
        is_both = deeds.startswith("both ")
        parts = deeds.removeprefix("both ").split(" and " if is_both else " or ")
        first, second = (self.lists[part] for part in parts)
        return first & second if is_both else first | second


def leaps_solver(suite: Suite) -> Callable[[Task], str]:
    """Return what answers the questions of this suite."""
    pages = _Pages(suite.corpus[0])

    def solve(task: Task) -> str:
        question = task.input.replace(" Name all of them.", "").replace(
            f" Name all of them{_NAME_ALL}", ""
        )
        for pattern, answer in _QUESTIONS:
            if match := re.fullmatch(pattern, question):
                return answer(pages, match.groups())
        raise LookupError(question)

    return solve


def _named(sentence: str) -> str:
    match = _LISTED.fullmatch(sentence.removesuffix("."))
    if match is None:
        raise LookupError(sentence)
    return next(group for group in match.groups() if group)


def _told(sentence: str) -> tuple[str, str]:
    for relation, pattern in _TOLD.items():
        if match := re.fullmatch(pattern, sentence.removesuffix(".")):
            return relation, match["v"] or match["v2"]
    raise LookupError(sentence)


def _all(pages: _Pages, groups: Sequence[str]) -> str:
    return ", ".join(pages.lists[groups[0]])


def _split(pages: _Pages, words: str) -> set[str]:
    """Return those meant by "won the X Prize came from Y", wherever the deed ends."""
    for deed, people in pages.lists.items():
        if words.startswith(f"{deed} "):
            return pages.those(words.removeprefix(f"{deed} "), people)
    raise LookupError(words)


def _some(pages: _Pages, groups: Sequence[str]) -> str:
    return ", ".join(_split(pages, groups[0]))


def _count(pages: _Pages, groups: Sequence[str]) -> str:
    return str(len(_split(pages, groups[0])))


def _union(pages: _Pages, groups: Sequence[str]) -> str:
    """Try every place where the condition may end and the deeds begin."""
    words = groups[0].split(" ")
    for place in range(2, len(words)):
        condition, deeds = " ".join(words[:place]), " ".join(words[place:])
        try:
            return ", ".join(pages.those(condition, pages.gathered(deeds)))
        except (LookupError, ValueError):
            continue
    raise LookupError(groups[0])


def _reverse(pages: _Pages, groups: Sequence[str]) -> str:
    home, clues, rest = groups
    alike = pages.lists[home]
    for clue in clues.split(" and "):
        alike = pages.those(clue, alike)
    (anchor,) = alike
    for relation, pattern in _SAME.items():
        if match := re.fullmatch(rf"{pattern} and (.+)", rest):
            value = pages.told[anchor][relation]
            found = pages.gathered(match[1])
            return ", ".join(p for p in found if pages.told[p].get(relation) == value)
    raise LookupError(rest)


_QUESTIONS: list[tuple[str, Callable[[_Pages, Sequence[str]], str]]] = [
    (r"Among those who (.+?), one person (.+?)\. Which people (.+)\?", _reverse),
    (r"How many of the people who (.+)\?", _count),
    (r"Which of the people who (.+)\?", _some),
    (r"Which people who (.+)\?", _union),
    (r"Who (.+)\?", _all),
]

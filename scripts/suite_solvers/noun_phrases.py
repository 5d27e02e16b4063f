"""What a noun phrase of a question stands for: "the town where the author of X was born"."""

import re

from .corpus_facts import Facts

_PHRASES = {
    "region": (r"the region to which (.+) belongs",),
    "river": (r"the river that flows through (.+)",),
    "population": (r"the population of (.+)",),
    "founded": (r"the year in which (.+) was founded",),
    "height": (r"the elevation of (.+) in metres",),
    "born on": (r"the date of birth of (.+)",),
    "birthplace": (r"the (?:town|place) where (.+) was born",),
    "birth year": (r"the year in which (.+) was born",),
    "profession": (r"the profession of (.+)",),
    "seat": (r"the town where (.+) is based",),
    "founder": (r"the founder of (.+)",),
    "staff": (r"the number of employees of (.+)",),
    "author": (r"the author of (.+)",),
    "published": (r"the year in which (.+) was published",),
    "pages": (r"the number of pages of (.+)",),
    "publisher": (r"the publisher of (.+)",),
    "town": (r"the town in which (.+) stands", r"the town that is home to (.+)"),
    "opened on": (r"the date on which (.+) was opened",),
    "length": (r"the length of (.+) in metres",),
    "designer": (r"the designer of (.+)",),
    "opened": (r"the year in which (.+) opened",),
    "visitors": (r"the number of visitors of (.+) last year",),
    "symbol": (r"the chemical symbol of (.+)",),
    "protons": (r"the atomic number of (.+)",),
    "family": (r"the family of elements to which (.+) belongs",),
    "continent": (r"the continent to which (.+) belongs",),
    "capital": (r"the capital of (.+)",),
    "currency": (r"the currency of (.+)",),
    "mouth": (r"the water into which (.+) flows",),
    "death year": (r"the year in which (.+) died",),
    "composer": (r"the composer of (.+)",),
    "premiere": (r"the year in which (.+) was first performed",),
}
_READ = [
    (relation, re.compile(pattern))
    for relation, patterns in _PHRASES.items()
    for pattern in patterns
]


def meaning(facts: Facts, phrase: str) -> str:
    """Return the thing or value that a phrase stands for.

    Raises:
        LookupError: No reading of it is told by the pages.
    """
    try:
        return facts.title(phrase)
    except KeyError:
        pass
    for relation, pattern in _READ:
        if match := pattern.fullmatch(phrase):
            try:
                return facts.of(meaning(facts, match[1]), relation)
            except LookupError:
                continue
    raise LookupError(f"nothing is known of {phrase!r}")


def relation_of(phrase: str) -> str:
    """Return the relation that a phrase such as "the length of that bridge" names."""
    for relation, pattern in _READ:
        if pattern.fullmatch(phrase):
            return relation
    raise LookupError(f"no relation is named by {phrase!r}")

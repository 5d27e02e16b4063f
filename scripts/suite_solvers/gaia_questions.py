"""Answers to the questions of `gaia-like` that need no attachment."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from .corpus_facts import Facts, as_day, as_number
from .noun_phrases import meaning, relation_of

_ASKED = {
    "region": (r"In which region does (.+) lie\?", r"To which region does (.+) belong\?"),
    "river": (r"On which river does (.+) stand\?", r"Which river flows through (.+)\?"),
    "population": (r"How many people live in (.+)\?", r"What is the population of (.+)\?"),
    "founded": (r"In which year was (.+) founded\?", r"When was (.+) founded\?"),
    "height": (
        r"How many metres above the sea does (.+) lie\?",
        r"At how many metres above the sea is (.+)\?",
    ),
    "born on": (r"On which date was (.+) born\?", r"What is the date of birth of (.+)\?"),
    "birthplace": (
        r"In which (?:town|place) was (.+) born\?",
        r"Where was (.+) born\?",
        r"Of which place was (.+) a native\?",
    ),
    "birth year": (r"In which year was (.+) born\?",),
    "profession": (
        r"What was the profession of (.+)\?",
        r"What was (.+) by profession, in one word\?",
    ),
    "seat": (r"In which town does (.+) have its seat\?", r"Where is (.+) based\?"),
    "founder": (r"Who founded (.+)\?", r"Who was the founder of (.+)\?"),
    "staff": (r"How many people does (.+) employ\?", r"How many employees does (.+) have\?"),
    "author": (r"Who wrote the novel (.+)\?", r"Who wrote (.+)\?", r"Who is the author of (.+)\?"),
    "published": (r"In which year was (.+) published\?", r"When did (.+) first appear\?"),
    "pages": (r"How many pages does (.+) have\?", r"How many pages long is (.+)\?"),
    "publisher": (r"Which company published (.+)\?", r"Who was the publisher of (.+)\?"),
    "town": (
        r"In which town does (.+) stand\?",
        r"In which town is (.+)\?",
        r"Which town is home to (.+)\?",
    ),
    "opened on": (
        r"On which date was (.+) opened\?",
        r"What is the date on which (.+) was opened\?",
    ),
    "length": (r"How many metres long is (.+)\?", r"What is the length of (.+) in metres\?"),
    "designer": (r"Who designed (.+)\?", r"Who was the designer of (.+)\?"),
    "opened": (r"In which year did (.+) open\?", r"Since which year has (.+) been open\?"),
    "visitors": (r"How many visitors did (.+) have last year\?",),
    "symbol": (
        r"What is the chemical symbol of (.+)\?",
        r"Which symbol do chemists write for (.+)\?",
    ),
    "protons": (r"What is the atomic number of (.+)\?", r"How many protons has an atom of (.+)\?"),
    "family": (r"To which family of elements does (.+) belong\?",),
    "continent": (
        r"On which continent does (.+) lie\?",
        r"To which continent does (.+) belong\?",
    ),
    "capital": (r"What is the capital of (.+)\?", r"Which city is the capital of (.+)\?"),
    "currency": (
        r"What is the currency of (.+)\?",
        r"With which currency do people in (.+) pay\?",
    ),
    "mouth": (r"Into which water does (.+) flow\?", r"In which water does (.+) end\?"),
    "death year": (r"In which year did (.+) die\?",),
    "composer": (r"Who composed (.+)\?", r"Who is the composer of (.+)\?"),
    "premiere": (r"In which year was (.+) first performed\?",),
}
_FIRST = {
    "has the most inhabitants": ("population", max),
    "has the fewest inhabitants": ("population", min),
    "was founded last": ("founded", max),
    "was founded first": ("founded", min),
    "lies highest above the sea": ("height", max),
    "lies lowest above the sea": ("height", min),
    "was born last": ("born on", max),
    "was born first": ("born on", min),
    "employs the most people": ("staff", max),
    "employs the fewest people": ("staff", min),
    "has the most pages": ("pages", max),
    "has the fewest pages": ("pages", min),
    "was opened last": ("opened on", max),
    "was opened first": ("opened on", min),
    "is the longest": ("length", max),
    "is the shortest": ("length", min),
    "opened last": ("opened", max),
    "opened first": ("opened", min),
    "had the most visitors last year": ("visitors", max),
    "had the fewest visitors last year": ("visitors", min),
    "has the highest atomic number": ("protons", max),
    "has the lowest atomic number": ("protons", min),
    "died last": ("death year", max),
    "died first": ("death year", min),
    "was first performed last": ("premiere", max),
    "was first performed before all others": ("premiere", min),
}
_SHARE = {
    r"lie in the region of (.+)": "region",
    r"stand on the river (.+)": "river",
    r"were born in (.+)": "birthplace",
    r"are based in (.+)": "seat",
    r"were published by (.+)": "publisher",
    r"stand in (.+)": "town",
    r"are in (.+)": "town",
    r"were designed by (.+)": "designer",
    r"belong to the (.+)": "family",
    r"flow into the (.+)": "mouth",
    r"were composed by (.+)": "composer",
}
_EXCEED = {
    r"have more than (\d+) inhabitants": "population",
    r"were founded after (\d+)": "founded",
    r"lie more than (\d+) metres above the sea": "height",
    r"employ more than (\d+) people": "staff",
    r"have more than (\d+) pages": "pages",
    r"are longer than (\d+) metres": "length",
    r"opened after (\d+)": "opened",
    r"had more than (\d+) visitors last year": "visitors",
    r"were first performed after (\d+)": "premiere",
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_KINDS = (
    "towns|people|companies|novels|bridges|museums|chemical elements|countries|capitals|rivers"
    "|composers|operas"
)


def answer(facts: Facts, question: str) -> str:
    """Return the answer to a question.

    Raises:
        LookupError: It is not understood.
    """
    for pattern, solve in _KNOWN:
        if match := re.fullmatch(pattern, question):
            try:
                return solve(facts, match)
            except LookupError:
                continue
    return _plain(facts, question)


def first_of(facts: Facts, names: Sequence[str], superlative: str) -> str:
    """Return the thing that is first in the sense of a superlative."""
    relation, better = _FIRST[superlative]
    if relation == "born on" and "born on" not in facts.told[facts.title(names[0])]:
        relation = "birth year"
    ranks = {name: as_number(facts.of(name, relation)) for name in names}
    best = better(ranks.values())
    (winner,) = (name for name, rank in ranks.items() if rank == best)
    return facts.title(winner)


def _plain(facts: Facts, question: str) -> str:
    for relation, patterns in _ASKED.items():
        for pattern in patterns:
            if match := re.fullmatch(pattern, question):
                try:
                    return facts.of(meaning(facts, match[1]), relation)
                except LookupError:
                    continue
    raise LookupError(f"the question {question!r} is not understood")


def _which_of_these(facts: Facts, match: re.Match[str]) -> str:
    names = re.split(r", | or ", match[2])
    return first_of(facts, names, match[1])


def _sharing(facts: Facts, kind: str, words: str) -> list[str]:
    for pattern, relation in _SHARE.items():
        if match := re.fullmatch(pattern, words):
            value = match[1]
            return [n for n in facts.members(kind) if facts.told[n].get(relation) == value]
    raise LookupError(words)


def _count(facts: Facts, match: re.Match[str]) -> str:
    return str(len(_sharing(facts, match[1], match[2])))


def _list(facts: Facts, match: re.Match[str]) -> str:
    return ", ".join(sorted(_sharing(facts, match[1], match[2])))


def _count_above(facts: Facts, match: re.Match[str]) -> str:
    for pattern, relation in _EXCEED.items():
        if found := re.fullmatch(rf"(.+?) {pattern}", match[2]):
            names = _sharing(facts, match[1], found[1])
            return str(sum(as_number(facts.of(n, relation)) > int(found[2]) for n in names))
    raise LookupError(match[2])


def _best(facts: Facts, match: re.Match[str]) -> str:
    return first_of(facts, _sharing(facts, match[1], match[2]), match[3])


def _fact_of_best(facts: Facts, match: re.Match[str]) -> str:
    winner = _best(facts, match)
    return _plain(facts, re.sub(r"that (?:town|person|company|novel|bridge|museum|element|country"
                                r"|capital|river|composer|opera)\b", winner, match[4]))  # fmt: skip


def _sum_of_set(facts: Facts, match: re.Match[str]) -> str:
    relation = relation_of(match[3])
    names = _sharing(facts, match[1], match[2])
    return str(sum(as_number(facts.of(name, relation)) for name in names))


def _sum(facts: Facts, match: re.Match[str]) -> str:
    return str(sum(as_number(meaning(facts, each)) for each in match.groups()))


def _gap(facts: Facts, match: re.Match[str]) -> str:
    left, right = (as_number(meaning(facts, each)) for each in match.groups())
    return str(abs(left - right))


def _weekday(facts: Facts, match: re.Match[str]) -> str:
    return _DAYS[as_day(meaning(facts, match[1])).isoweekday() - 1]


def _age(facts: Facts, match: re.Match[str]) -> str:
    born = as_day(facts.of(meaning(facts, match[1]), "born on"))
    then = as_day(meaning(facts, match[2]))
    years = 0
    while _birthday(born, years + 1) <= then:
        years += 1
    return str(years)


def _birthday(born: date, years: int) -> date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:  # 29 February
        return date(born.year + years, 3, 1)


def _iso(facts: Facts, match: re.Match[str]) -> str:
    return as_day(answer(facts, match[1])).isoformat()


def _family_name(facts: Facts, match: re.Match[str]) -> str:
    return answer(facts, match[1]).rpartition(" ")[2]


def _thousand(facts: Facts, match: re.Match[str]) -> str:
    return str(1_000 * round(int(answer(facts, match[1])) / 1_000))


def _backwards(facts: Facts, match: re.Match[str]) -> str:
    return "".join(reversed(answer(facts, match[1]))).lower()


_KNOWN: list[tuple[str, Callable[[Facts, re.Match[str]], str]]] = [
    (r"(.+\?) Write the date as YYYY-MM-DD\.", _iso),
    (r"(.+\?) Give the family name only\.", _family_name),
    (r"(.+\?) Round it to the nearest thousand, and write it without commas\.", _thousand),
    (r"(.+\?) Spell the name backwards, in lower case\.", _backwards),
    (rf"Which of these (?:{_KINDS}) (.+?): (.+)\?", _which_of_these),
    (rf"How many of the ({_KINDS}) that (.+)\?", _count_above),
    (rf"How many ({_KINDS}) (.+)\?", _count),
    (
        rf"Which ({_KINDS}) (.+)\? List their names in alphabetical order, separated by commas\.",
        _list,
    ),
    (rf"Of all ({_KINDS}) that (.+), which one (.+)\?", _best),
    (rf"Among all ({_KINDS}) that (.+), take the one that (.+?)\. (.+\?)", _fact_of_best),
    (
        rf"For each of the ({_KINDS}) that (.+), note (.+)\. What is the sum of these numbers\?",
        _sum_of_set,
    ),
    (r"What is the sum of (.+), (.+) and (.+)\?", _sum),
    (r"What is the difference between (.+) and (.+)\?", _gap),
    (r"How many (?:years|days) lie between (.+) and (.+)\?", _gap),
    (r"On which day of the week did (.+) fall\?", _weekday),
    (r"How old was (.+), in full years, on (the .+)\?", _age),
]

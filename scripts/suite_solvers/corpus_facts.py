"""Facts read off the pages of a corpus, sentence by sentence.

In the patterns `§` is the thing that the page is about, and `@` the value.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

_SENTENCES = {
    "region": (
        "§ is a town in the region of @",
        "§ lies in @",
        "The town belongs to the region of @",
    ),
    "river": (
        *("The river @ flows through the town", "The river @ flows through the city"),
        "§ stands on the river @",
    ),
    "population": (
        *("§ has @ inhabitants", "Its population is @"),
        "The last census counted @ inhabitants",
    ),
    "height": ("It lies @ metres above the sea", "The market square is @ metres above the sea"),
    "founded": (
        *("§ was founded in @", "It was founded in @"),
        *("Settlers founded the town in @", "§ goes back to @"),
    ),
    "born on": ("§ was born on @", "The date of birth in the register is @"),
    "birth year": ("§ was born in the year @", "The composer was born in the year @"),
    "birthplace": (
        *("§ was born in @", "The family lived in @, where § was born"),
        *("The place of birth is @", "§ was a native of @"),
    ),
    "profession": (
        *("§ worked as a @ for many years", "§ worked as an @ for many years"),
        *("By profession § was a @", "By profession § was an @"),
    ),
    "seat": ("§ has its seat in @", "The company is based in @"),
    "founder": ("@ founded §", "The company was founded by @"),
    "staff": ("§ employs @ people", "It has @ employees"),
    "author": ("§ is a novel by @", "@ wrote the novel §"),
    "published": ("It was published in @", "The novel first appeared in @"),
    "pages": ("It has @ pages", "The first edition runs to @ pages"),
    "publisher": ("@ published §", "The publisher was @"),
    "town": (
        *("§ stands in @", "The people of @ built the bridge in their town"),
        *("§ is in @", "The collection is shown in @"),
    ),
    "opened on": ("It was opened to traffic on @", "§ was opened on @"),
    "length": ("It is @ metres long", "Its length is @ metres"),
    "designer": ("@ designed §", "The plans were drawn by @"),
    "opened": ("§ opened its doors in @", "The museum has been open since @"),
    "visitors": ("@ people visited it last year", "Last year § had @ visitors"),
    "symbol": ("The chemical symbol of § is @", "Chemists write @ for §"),
    "protons": ("The atomic number of § is @", "An atom of § has @ protons"),
    "family": ("It is one of the @", "§ belongs to the @"),
    "continent": ("§ is a country in @", "The country is part of @"),
    "capital": ("The capital of § is @", "@ is the capital"),
    "currency": ("People pay with the @", "The currency of § is the @"),
    "mouth": ("§ is a river that flows into the @", "§ ends in the @"),
    "death year": ("§ died in @", "The composer died in @"),
    "composer": ("§ is an opera by @", "@ composed the opera §"),
    "premiere": ("It was first performed in @", "The first performance was in @"),
}
_READ = [
    (relation, re.compile(re.escape(pattern).replace("@", "(.+?)") + r"\."))
    for relation, patterns in _SENTENCES.items()
    for pattern in patterns
]
_KINDS = {
    "population": "towns",
    "born on": "people",
    "staff": "companies",
    "author": "novels",
    "length": "bridges",
    "visitors": "museums",
    "protons": "chemical elements",
    "currency": "countries",
    "mouth": "rivers",
    "death year": "composers",
    "premiere": "operas",
}


@dataclass
class Facts:
    """What a corpus says: by name of the page, and of the relation."""

    told: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    kinds: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def read(cls, corpus: Path) -> "Facts":
        """Return the facts of a file of pages."""
        facts = cls()
        for line in corpus.read_text(encoding="utf-8").splitlines():
            page = json.loads(line)
            facts._read_page(page["title"], page["text"])
        return facts

    def of(self, name: str, relation: str) -> str:
        """Return a fact of a thing.

        Raises:
            KeyError: The pages do not tell it.
        """
        return self.told[self.title(name)][relation]

    def title(self, name: str) -> str:
        """Return the title of a thing's page.

        Raises:
            KeyError: There is no page on it.
        """
        for form in (name, name.removeprefix("the "), name[:1].upper() + name[1:]):
            if form in self.told:
                return form
        raise KeyError(name)

    def members(self, kind: str) -> list[str]:
        """Return all things of a kind."""
        return [name for name, each in self.kinds.items() if each == kind]

    def _read_page(self, title: str, text: str) -> None:
        this = re.compile(rf"\b(?:the )?{re.escape(title)}(?!\w)", re.IGNORECASE)
        found: dict[str, str] = {}
        for sentence in re.split(r"(?<=\.) ", text):
            marked = this.sub("§", sentence)
            for relation, pattern in _READ:
                match = pattern.fullmatch(marked)
                if match and relation not in found:
                    found[relation] = match[1].replace("§", title)
                    break
        self.told[title] = found
        self.kinds[title] = next((kind for key, kind in _KINDS.items() if key in found), "capitals")


def as_day(text: str) -> date:
    """Return a date from "3 May 1931"."""
    return datetime.strptime(text, "%d %B %Y").date()


def as_number(text: str) -> int:
    """Return a whole number, or a date as the number of its day."""
    return int(text) if text.isdecimal() else as_day(text).toordinal()

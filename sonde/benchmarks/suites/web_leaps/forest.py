"""Trees of entities: lists of people, each with the relations that its pages tell."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ..facts.names import Names
from ..facts.pages import Page
from ..facts.public import public_world

Person: TypeAlias = Mapping[str, str]
"""What is known of somebody, by relation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """One attribute of people, in the words of pages and questions."""

    name: str
    """Its name."""
    says: tuple[str, ...]
    """Sentences for pages: `{x}` is the person, `{v}` the value."""
    who: str
    """A condition on several people: "were born in {v}"."""
    same: str
    """A condition by another person: "came from the same country as this person"."""

    @property
    def who_one(self) -> str:
        """The condition on one person: "was born in {v}"."""
        return self.who.replace("were ", "was ")


RELATIONS = (
    Relation(
        name="country",
        says=("{x} came from {v}.", "{v} was the country that {x} came from."),
        who="came from {v}",
        same="came from the same country as this person",
    ),
    Relation(
        name="subject",
        says=("{x} worked on {v}.", "The main work of {x} was on {v}."),
        who="worked on {v}",
        same="worked on the same subject as this person",
    ),
    Relation(
        name="school",
        says=("{x} studied at the {v} School.", "The {v} School counts {x} among its students."),
        who="studied at the {v} School",
        same="studied at the same school as this person",
    ),
    Relation(
        name="town",
        says=("{x} lived in {v}.", "For most of the time {x} had a house in {v}."),
        who="lived in {v}",
        same="lived in the same town as this person",
    ),
    Relation(
        name="year",
        says=("{x} was born in {v}.", "The birth of {x} fell in the year {v}."),
        who="were born in {v}",
        same="were born in the same year as this person",
    ),
)
_KINDS = {
    "Prize": ("won the {t}", ("{x} won the prize in {y}.", "In {y} the prize went to {x}.")),
    "Academy": (
        "belonged to the {t}",
        ("{x} was elected in {y}.", "The academy admitted {x} in {y}."),
    ),
    "Expedition": (
        "took part in the {t}",
        ("{x} joined it in {y}.", "From {y} on {x} was with it."),
    ),
    "Exhibition": (
        "showed work at the {t}",
        ("Work by {x} was hung there in {y}.", "In {y} it showed work by {x}."),
    ),
}
_SUBJECTS = (
    "acoustics botany ceramics geometry glaciers magnetism optics printing tides weaving".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A list of people: its root is the list, below it the people, below them what is told."""

    name: str
    """Name of what they have in common: "Kofa Prize"."""
    deed: str
    """What they did: "won the Kofa Prize"."""
    told_in: tuple[str, ...]
    """Sentences that tell who belongs to it: `{x}` the person, `{y}` a year."""
    members: tuple[str, ...]
    """The people, in the order of the list."""
    relations: frozenset[str]
    """What is told of every one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """Trees that share people."""

    people: Mapping[str, Person]
    """What is true of each person."""
    trees: tuple[Tree, ...]
    """The lists."""

    def value(self, person: str, relation: str) -> str:
        """Return what is true of a person."""
        return self.people[person][relation]

    def told_of(self, person: str) -> frozenset[str]:
        """Return the relations that a person's page tells."""
        lists = (tree.relations for tree in self.trees if person in tree.members)
        return frozenset[str]().union(*lists)


def forest(rng: random.Random, *, trees: int) -> Forest:
    """Return a forest of so many trees, each with 6 to 14 people out of four times as many."""
    public = public_world().tables.values()
    names = Names(rng, real=(name for table in public for name in table.rows))
    people = _people(rng, names, count=4 * trees + 16)
    everyone = list(people)
    kinds = list(_KINDS)
    made: list[Tree] = []
    for number in range(trees):
        kind = kinds[number % len(kinds)]
        name = f"{names.word()} {kind}"
        deed, told_in = _KINDS[kind]
        middle = rng.randrange(len(everyone))
        near = [everyone[(middle + step) % len(everyone)] for step in range(24)]
        made.append(
            Tree(
                name=name,
                deed=deed.format(t=name),
                told_in=told_in,
                members=tuple(rng.sample(near, rng.randint(6, 14))),
                relations=frozenset(
                    each.name for each in rng.sample(RELATIONS, rng.choice((2, 3, 3, 4)))
                ),
            )
        )
    return Forest(people=people, trees=tuple(made))


def pages_of_forest(found: Forest, rng: random.Random) -> Iterator[Page]:
    """Yield a page for each list, which tells its people, and one for each person."""
    for number, tree in enumerate(found.trees, start=1):
        years = sorted(rng.sample(range(1880, 1990), len(tree.members)))
        told = [
            rng.choice(tree.told_in).format(x=person, y=year)
            for person, year in zip(tree.members, years, strict=True)
        ]
        text = f"This page lists everybody who {tree.deed}. {' '.join(told)}"
        yield Page(doc_id=f"list-{number}", title=tree.name, text=text)
    for number, (name, person) in enumerate(found.people.items(), start=1):
        told_of = found.told_of(name)
        if not told_of:
            continue
        told = [
            rng.choice(relation.says).format(x=name, v=person[relation.name])
            for relation in RELATIONS
            if relation.name in told_of
        ]
        rng.shuffle(told)
        yield Page(doc_id=f"person-{number}", title=name, text=" ".join(told))


def _people(rng: random.Random, names: Names, *, count: int) -> dict[str, Person]:
    countries, towns = _words(names, 5), _words(names, 9)
    schools = _words(names, 6)
    return {
        names.person(): {
            "country": rng.choice(countries),
            "subject": rng.choice(_SUBJECTS),
            "school": rng.choice(schools),
            "town": rng.choice(towns),
            "year": str(rng.randint(1850, 1862)),
        }
        for _ in range(count)
    }


def _words(names: Names, count: int) -> Sequence[str]:
    return [names.word() for _ in range(count)]

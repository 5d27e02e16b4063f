"""Questions over trees: Basic, Union and Reverse-Union, with the entities that each requires."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from .bicliques import Biclique
from .forest import RELATIONS, Forest, Relation, Tree

_MOST_ANSWERS = 10
_CLUES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Leap:
    """A question for a set of people."""

    kind: str
    """basic, union or reverse-union."""
    question: str
    """What is asked."""
    answers: tuple[str, ...]
    """The people, or one number."""
    required: tuple[tuple[str, ...], ...]
    """Entities that must be obtained: people, and people with what is asked of them."""
    tree: str
    """The first list that it is about."""


def basic(found: Forest, rng: random.Random) -> Leap | None:
    """Ask for the people of one list, all of them or those with an attribute."""
    tree = rng.choice(found.trees)
    form = rng.choice(("all", "some", "count"))
    if form == "all":
        question = f"Who {tree.deed}? Name all of them."
        return _leap("basic", question, tree.members, [tree], found)
    relation = _relation(rng, tree.relations)
    value = found.value(rng.choice(tree.members), relation.name)
    fitting = _fitting(found, tree.members, relation, value)
    condition = relation.who.format(v=value)
    if form == "some":
        question = f"Which of the people who {tree.deed} {condition}? Name all of them."
        return _leap("basic", question, fitting, [tree], found, relation)
    question = f"How many of the people who {tree.deed} {condition}?"
    return _leap("basic", question, (str(len(fitting)),), [tree], found, relation)


def union(found: Forest, rng: random.Random, groups: Sequence[Biclique]) -> Leap | None:
    """Ask for the people of two lists, of both or of either, with an attribute that both tell."""
    drawn = _two_lists(found, rng, groups)
    if drawn is None:
        return None
    trees, relation = drawn
    is_both = rng.random() < 0.5
    people = _joined(trees, is_both=is_both)
    if not people:
        return None
    value = found.value(rng.choice(people), relation.name)
    question = (
        f"Which people who {relation.who.format(v=value)} {_deeds(trees, is_both=is_both)}? "
        "Name all of them."
    )
    fitting = _fitting(found, people, relation, value)
    return _leap("union", question, fitting, trees, found, relation)


def reverse_union(found: Forest, rng: random.Random, groups: Sequence[Biclique]) -> Leap | None:
    """Hide a person behind clues, and ask for those of two lists who are like that person."""
    drawn = _two_lists(found, rng, groups)
    if drawn is None:
        return None
    trees, pivot = drawn
    home = rng.choice([tree for tree in found.trees if pivot.name in tree.relations])
    clues = [each for each in RELATIONS if each.name in home.relations and each != pivot]
    if len(clues) < _CLUES:
        return None
    clues = rng.sample(clues, _CLUES)
    anchor = rng.choice(home.members)
    alike = [p for p in home.members if all(_same(found, p, anchor, each) for each in clues)]
    is_both = rng.random() < 0.5
    fitting = _fitting(
        found, _joined(trees, is_both=is_both), pivot, found.value(anchor, pivot.name)
    )
    if len(alike) > 1:
        return None
    told = " and ".join(each.who_one.format(v=found.value(anchor, each.name)) for each in clues)
    question = (
        f"Among those who {home.deed}, one person {told}. Which people {pivot.same} and "
        f"{_deeds(trees, is_both=is_both)}? Name all of them; the person of the first sentence "
        "counts too, if that person fits."
    )
    bridge = [(anchor,), *((anchor, found.value(anchor, each.name)) for each in (*clues, pivot))]
    return _leap("reverse-union", question, fitting, trees, found, pivot, bridge=bridge)


def _leap(
    kind: str,
    question: str,
    answers: Sequence[str],
    trees: Sequence[Tree],
    found: Forest,
    relation: Relation | None = None,
    *,
    bridge: Sequence[tuple[str, ...]] = (),
) -> Leap | None:
    if not 1 <= len(answers) <= (_MOST_ANSWERS if relation else 99):
        return None
    people = dict.fromkeys(person for tree in trees for person in tree.members)
    required = [*bridge, *((person,) for person in people)]
    if relation is not None:
        required += [(person, found.value(person, relation.name)) for person in people]
    return Leap(
        kind=kind,
        question=question,
        answers=tuple(answers),
        required=tuple(dict.fromkeys(required)),
        tree=trees[0].name,
    )


def _two_lists(
    found: Forest, rng: random.Random, groups: Sequence[Biclique]
) -> tuple[list[Tree], Relation] | None:
    """Return two lists out of a maximal biclique, and a relation that both tell."""
    group = rng.choice(groups)
    by_name = {tree.name: tree for tree in found.trees}
    if len(group.trees) < 2:
        return None
    names = sorted(rng.sample(sorted(group.trees), 2))
    return [by_name[name] for name in names], _relation(rng, group.relations)


def _joined(trees: Sequence[Tree], *, is_both: bool) -> list[str]:
    first, second = trees
    if is_both:
        return [person for person in first.members if person in second.members]
    return list(dict.fromkeys((*first.members, *second.members)))


def _deeds(trees: Sequence[Tree], *, is_both: bool) -> str:
    first, second = trees
    if is_both:
        return f"both {first.deed} and {second.deed}"
    return f"{first.deed} or {second.deed}"


def _fitting(
    found: Forest, people: Sequence[str], relation: Relation, value: str
) -> tuple[str, ...]:
    return tuple(person for person in people if found.value(person, relation.name) == value)


def _same(found: Forest, one: str, other: str, relation: Relation) -> bool:
    return found.value(one, relation.name) == found.value(other, relation.name)


def _relation(rng: random.Random, names: frozenset[str]) -> Relation:
    return rng.choice([relation for relation in RELATIONS if relation.name in names])

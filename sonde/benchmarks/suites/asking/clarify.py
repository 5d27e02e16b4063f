"""The suite `clarify`: a wish that leaves things open, over slots that depend on one another."""

import csv
import io
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..facts.names import Names
from ..facts.table import listed
from ..folder import NewTask, write_suite

SIZE = 60
"""Tasks of the suite as it ships."""
_ITEMS = 36
_FAMILIES = 5
_PATIENCE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Domain:
    """Something that one chooses from a catalogue."""

    noun: str
    slots: Mapping[str, tuple[str, ...]]


_DOMAINS = (
    _Domain(
        noun="lamp",
        slots={
            "place": ("desk", "floor", "ceiling", "wall"),
            "material": ("brass", "glass", "paper", "steel", "wood"),
            "shade colour": ("amber", "black", "green", "white"),
            "light": ("cold", "neutral", "warm"),
            "switch": ("cord", "dimmer", "remote control", "touch"),
            "height": ("low", "medium", "tall"),
        },
    ),
    _Domain(
        noun="bicycle",
        slots={
            "use": ("city", "mountain", "racing", "touring"),
            "frame": ("aluminium", "carbon", "steel", "titanium"),
            "gears": ("one", "three", "eleven", "twenty-two"),
            "brakes": ("disc", "drum", "rim"),
            "tyres": ("narrow", "knobbly", "smooth"),
            "colour": ("blue", "grey", "orange", "red", "silver"),
        },
    ),
    _Domain(
        noun="tent",
        slots={
            "sleepers": ("one person", "two people", "four people", "six people"),
            "shape": ("dome", "geodesic", "ridge", "tunnel"),
            "season": ("summer", "three seasons", "winter"),
            "cloth": ("canvas", "nylon", "polyester"),
            "entrances": ("single door", "double door"),
            "poles": ("bamboo", "fibreglass", "light alloy"),
        },
    ),
    _Domain(
        noun="room",
        slots={
            "floor": ("ground", "first", "second", "attic"),
            "bed": ("bunk", "double", "single", "twin"),
            "view": ("courtyard", "garden", "harbour", "street"),
            "bath": ("private", "shared"),
            "meals": ("breakfast", "full board", "half board", "nothing"),
            "heating": ("fireplace", "radiator", "stove"),
        },
    ),
)


def write_clarify(folder: Path, seed: int, size: int) -> None:
    """Write the suite into a folder: catalogues of four domains, each as long as it lasts."""
    rng = random.Random(f"clarify {seed}")
    names = Names(rng)
    hands: dict[str, list[tuple[str, Mapping[str, Mapping[str, str]], str]]] = {}
    catalogues: dict[str, bytes] = {}
    tasks: list[NewTask] = []
    for number in range(size):
        domain = _DOMAINS[number % len(_DOMAINS)]
        hand = hands.setdefault(domain.noun, [])
        if not hand:
            file = f"{domain.noun}s-{len(catalogues) + 1}.csv"
            rows = _catalogue(rng, names, domain)
            catalogues[file] = _as_csv(domain, rows)
            hand.extend((file, rows, item) for item in rng.sample(list(rows), len(rows)))
        file, rows, item = hand.pop()
        tasks.append(_task(rng, domain, file, rows, item, f"clarify-{number + 1:04}"))
    write_suite(
        folder,
        name="clarify",
        scorer="gaia",
        tasks=tasks,
        shared=catalogues,
        answerer="knows-table",
    )


def _task(
    rng: random.Random,
    domain: _Domain,
    file: str,
    rows: Mapping[str, Mapping[str, str]],
    item: str,
    task_id: str,
) -> NewTask:
    given = rng.sample(list(domain.slots), rng.choice((0, 1, 1, 2)))
    wish = listed([f"{slot}: {rows[item][slot]}" for slot in given])
    said = f"I am looking for a {domain.noun}" + (f" ({wish})." if wish else ".")
    return NewTask(
        id=task_id,
        input=(
            f"The attached catalogue lists {len(rows)} {domain.noun}s. A customer writes: “{said}” "
            "The customer knows exactly which one is wanted, by everything but its name. Ask for "
            f"what the wish leaves open, one question at a time and at most {_PATIENCE} of them. "
            f"Which {domain.noun} does the customer want? Answer with its name."
        ),
        target=(item,),
        level=str(3 - len(given)),
        cluster=file,
        shared=(file,),
        metadata={
            "kind": domain.noun,
            "patience": _PATIENCE,
            "given": given,
            "slots": dict(rows[item]),
        },
    )


def _catalogue(
    rng: random.Random, names: Names, domain: _Domain
) -> Mapping[str, Mapping[str, str]]:
    """Return items of a few families; a family allows only some values of each slot."""
    families = [
        {
            slot: rng.sample(values, rng.choice((1, 1, 2, 2)))
            for slot, values in domain.slots.items()
        }
        for _ in range(_FAMILIES)
    ]
    rows: dict[str, Mapping[str, str]] = {}
    seen: set[tuple[str, ...]] = set()
    while len(rows) < _ITEMS:
        family = rng.choice(families)
        row = {slot: _value(rng, family, domain, slot) for slot in domain.slots}
        if tuple(row.values()) not in seen:
            seen.add(tuple(row.values()))
            rows[names.word()] = row
    return rows


def _value(
    rng: random.Random, family: Mapping[str, Sequence[str]], domain: _Domain, slot: str
) -> str:
    """Return a value that the family allows, and now and then any other."""
    return rng.choice(domain.slots[slot] if rng.random() < 0.1 else family[slot])


def _as_csv(domain: _Domain, rows: Mapping[str, Mapping[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((domain.noun, *domain.slots))
    writer.writerows((name, *row.values()) for name, row in rows.items())
    return text.getvalue().encode()

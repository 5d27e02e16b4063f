"""The suite `web-leaps`: a forest from a seed, and questions of three sorts over it."""

import random
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path

from ..folder import NewTask, write_suite
from .bicliques import Biclique, maximal_bicliques
from .forest import Forest, forest, pages_of_forest
from .questions import Leap, basic, reverse_union, union

SIZE = 90
"""Tasks of the suite as it ships."""
_TASKS_A_TREE = 6
_FEWEST_TREES = 16
_MOST_DRAWS = 10_000
_LEVELS = {"basic": "1", "union": "2", "reverse-union": "3"}


def write_web_leaps(folder: Path, seed: int, size: int) -> None:
    """Write the suite into a folder."""
    rng = random.Random(f"web-leaps {seed}")
    found = forest(rng, trees=max(_FEWEST_TREES, size // _TASKS_A_TREE))
    groups = maximal_bicliques({tree.name: tree.relations for tree in found.trees})
    pages = list(pages_of_forest(found, rng))
    rng.shuffle(pages)
    tasks = [
        NewTask(
            id=f"web-leaps-{number:04}",
            input=leap.question,
            target=leap.answers,
            level=_LEVELS[leap.kind],
            cluster=leap.tree,
            metadata={
                "kind": leap.kind,
                "required": [list(names) for names in leap.required],
            },
        )
        for number, leap in enumerate(_leaps(found, rng, groups, size), start=1)
    ]
    write_suite(folder, name="web-leaps", scorer="set", tasks=tasks, pages=pages)


def _leaps(found: Forest, rng: random.Random, groups: Sequence[Biclique], size: int) -> list[Leap]:
    """Return questions that all differ, the three sorts in turn."""
    makers: tuple[Callable[[], Leap | None], ...] = (
        lambda: basic(found, rng),
        lambda: union(found, rng, groups),
        lambda: reverse_union(found, rng, groups),
    )
    made: dict[str, Leap] = {}
    for maker in islice(cycle(makers), size):
        for _ in range(_MOST_DRAWS):
            leap = maker()
            if leap is not None and leap.question not in made:
                made[leap.question] = leap
                break
        else:
            raise RuntimeError("no further question can be asked of this forest")
    return list(made.values())

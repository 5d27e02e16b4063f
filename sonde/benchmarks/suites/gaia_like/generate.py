"""The suite `gaia-like`: which questions it has, how many of each, and how they are drawn."""

import random
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path

from ..facts.invented import invented_world
from ..facts.pages import pages_of
from ..facts.public import public_world
from ..folder import NewTask, write_suite
from .draft import Draft, Scene
from .look_ups import formatted, hop, long_hop, look_up
from .order_book import order_book, stock_bundle
from .papers import invoice, ships_log
from .reports import expedition, league, visitor_workbook
from .sets import (
    fact_of_the_first,
    first_of_all,
    how_many,
    listing,
    sum_over_a_set,
    which_of_these,
)
from .sums import age_at, day_of_the_week, days_between, difference, sum_of_three

SIZE = 165
"""As many tasks as GAIA's validation split has."""
_PUBLIC_SHARE = 0.25
"""How many of the questions that need no attachment are of the world as it is."""
_USUAL_SIZE = 165
"""Size for which the invented world has its smallest extent."""
_MOST_DRAWS = 10_000

_MAKERS: dict[int, Sequence[Callable[[Scene], Draft | None]]] = {
    1: (look_up, which_of_these, look_up, order_book, visitor_workbook, day_of_the_week, league,
        look_up, expedition, formatted, ships_log, invoice),
    2: (hop, how_many, first_of_all, listing, difference, order_book, days_between, hop,
        visitor_workbook, expedition, age_at, which_of_these, invoice, sum_of_three, ships_log,
        formatted, hop, league, day_of_the_week),
    3: (long_hop, fact_of_the_first, stock_bundle, sum_over_a_set, order_book, visitor_workbook,
        difference, invoice, expedition, league, days_between),
}  # fmt: skip
_LEVELS = (1, 2, 1, 2, 3, 2)
"""Levels in turn: a third of the tasks, half of them, a sixth, about as in GAIA."""
_NEEDS_ATTACHMENT = frozenset(
    (order_book, stock_bundle, visitor_workbook, expedition, ships_log, league, invoice)
)


def write_gaia_like(folder: Path, seed: int, size: int) -> None:
    """Write the suite into a folder."""
    rng = random.Random(f"gaia-like {seed}")
    invented = Scene(rng=rng, world=invented_world(rng, scale=size / _USUAL_SIZE))
    public = Scene(rng=rng, world=public_world())
    pages = [*pages_of(invented.world, rng), *pages_of(public.world, rng)]
    rng.shuffle(pages)
    drafts = _drafts(invented, public, size)
    tasks = [
        NewTask(
            id=f"gaia-like-{number:04}",
            input=draft.question,
            target=draft.target,
            level=str(draft.level),
            files=draft.files,
            metadata={"kind": draft.kind, "hops": draft.hops},
        )
        for number, draft in enumerate(drafts, start=1)
    ]
    write_suite(folder, name="gaia-like", scorer="gaia", tasks=tasks, pages=pages)


def _drafts(invented: Scene, public: Scene, size: int) -> list[Draft]:
    """Return drafts whose questions all differ, each maker in its turn."""
    turns = {level: cycle(makers) for level, makers in _MAKERS.items()}
    asked: set[str] = set()
    found: list[Draft] = []
    for level in islice(cycle(_LEVELS), size):
        maker = next(turns[level])
        is_public = maker not in _NEEDS_ATTACHMENT and invented.rng.random() < _PUBLIC_SHARE
        draft = _drawn(maker, level, (public, invented) if is_public else (invented,), asked)
        if not draft.files:  # the same question about another file is another question
            asked.add(draft.question)
        found.append(draft)
    return found


def _drawn(
    maker: Callable[[Scene], Draft | None], level: int, scenes: Sequence[Scene], asked: set[str]
) -> Draft:
    """Return a question of this maker and level that was not asked yet.

    A world that has none left gives way to the next one.
    """
    for scene in scenes:
        for _ in range(_MOST_DRAWS if scene is scenes[-1] else _MOST_DRAWS // 100):
            draft = maker(scene)
            if draft is not None and draft.level == level and draft.question not in asked:
                return draft
    raise RuntimeError(f"{maker.__name__} finds no question of level {level} in this world")

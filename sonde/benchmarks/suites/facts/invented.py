"""A world that never was: towns, people, books, bridges, companies and museums from a seed."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from .invented_words import BOOK, BRIDGE, COMPANY, MUSEUM, PERSON, TOWN
from .names import Names
from .public import public_world
from .table import Table, Value, World

_PROFESSIONS = (
    *"architect botanist chemist clockmaker conductor engineer geologist glassblower".split(),
    *"historian journalist lawyer mathematician notary painter physician printer sailor".split(),
    *"sculptor surveyor teacher translator weaver".split(),
)
_COMPANY_KINDS = ("Mills", "Works", "Brothers", "Press", "Foundry", "Trading", "Yards", "Optics")
_FIRST_DAY, _LAST_DAY = date(1840, 1, 1), date(1930, 12, 31)


def invented_world(rng: random.Random, *, scale: float = 1.0) -> World:
    """Return a world of about 250 things at scale 1; numbers that are compared never tie.

    Args:
        rng: The only source of chance: the same state gives the same world.
        scale: How much larger it is.
    """
    maker = _Maker(rng, scale)
    towns = maker.towns()
    people = maker.people(towns)
    companies = maker.companies(towns, people)
    tables = (
        towns,
        people,
        companies,
        maker.books(people, companies),
        maker.bridges(towns, people),
        maker.museums(towns),
    )
    return World(tables={table.noun: table for table in tables})


class _Maker:
    """Makes tables one after the other, with names that are all different."""

    def __init__(self, rng: random.Random, scale: float) -> None:
        self._rng = rng
        self._scale = scale
        public = public_world().tables.values()
        self._names = Names(rng, real=(name for table in public for name in table.rows))

    def towns(self) -> Table:
        count = self._count(40)
        regions = [self._names.word() for _ in range(max(4, count // 7))]
        rivers = [self._names.word() for _ in range(max(4, count // 6))]
        homes = {river: self._rng.choice(regions) for river in rivers}
        populations = self._different(count, 1_200, 98_000)
        elevations = self._different(count, 4, 1_900)
        founded = self._different(count, 1050, 1790)
        rows: dict[str, Mapping[str, Value]] = {}
        for number in range(count):
            river = self._rng.choice(rivers)
            rows[self._names.word(syllables=self._rng.choice((1, 2)))] = {
                "region": homes[river] if self._rng.random() < 0.6 else self._rng.choice(regions),
                "river": river,
                "population": populations[number],
                "founded": founded[number],
                "elevation": elevations[number],
            }
        return replace(TOWN, rows=rows)

    def people(self, towns: Table) -> Table:
        count = self._count(60)
        return replace(
            PERSON,
            rows={
                self._names.person(): {
                    "born": day,
                    "birthplace": self._rng.choice(list(towns.rows)),
                    "profession": self._rng.choice(_PROFESSIONS),
                }
                for day in self._days(count, _FIRST_DAY, _LAST_DAY)
            },
        )

    def companies(self, towns: Table, people: Table) -> Table:
        count = self._count(30)
        employees = self._different(count, 25, 4_800)
        since = self._different(count, 1860, 1985)
        return replace(
            COMPANY,
            rows={
                f"{self._names.word()} {self._rng.choice(_COMPANY_KINDS)}": {
                    "seat": self._rng.choice(list(towns.rows)),
                    "founder": self._rng.choice(list(people.rows)),
                    "since": since[number],
                    "employees": employees[number],
                }
                for number in range(count)
            },
        )

    def books(self, people: Table, companies: Table) -> Table:
        count = self._count(50)
        pages = self._different(count, 96, 940)
        return replace(
            BOOK,
            rows={
                self._names.title(): {
                    "author": self._rng.choice(list(people.rows)),
                    "year": self._rng.randint(1865, 1990),
                    "pages": pages[number],
                    "publisher": self._rng.choice(list(companies.rows)),
                }
                for number in range(count)
            },
        )

    def bridges(self, towns: Table, people: Table) -> Table:
        count = self._count(40)
        lengths = self._different(count, 30, 2_600)
        days = self._days(count, date(1865, 1, 1), date(1999, 12, 31))
        return replace(
            BRIDGE,
            rows={
                f"{self._names.word()} Bridge": {
                    "town": self._rng.choice(list(towns.rows)),
                    "opened": days[number],
                    "length": lengths[number],
                    "designer": self._rng.choice(list(people.rows)),
                }
                for number in range(count)
            },
        )

    def museums(self, towns: Table) -> Table:
        count = self._count(30)
        visitors = self._different(count, 900, 240_000)
        opened = self._different(count, 1850, 2015)
        return replace(
            MUSEUM,
            rows={
                f"{self._names.word()} Museum": {
                    "town": self._rng.choice(list(towns.rows)),
                    "opening": opened[number],
                    "visitors": visitors[number],
                }
                for number in range(count)
            },
        )

    def _count(self, usual: int) -> int:
        return max(usual, round(usual * self._scale))

    def _different(self, count: int, low: int, high: int) -> list[int]:
        """Return numbers that are all different, so that "the most" is one row."""
        span = range(low, max(high, low + 2 * count))
        return self._rng.sample(span, count)

    def _days(self, count: int, first: date, last: date) -> list[date]:
        span = range((last - first).days)
        return [first + timedelta(days=each) for each in self._rng.sample(span, count)]

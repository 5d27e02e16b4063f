"""Answers to the tasks whose agent must ask, by asking everything, without regard to the price."""

import csv
import re
from collections.abc import Callable
from math import exp, log

from sonde.benchmarks.suites.asking.person import Person, person_for
from sonde.benchmarks.suites.suite import Suite, Task

_ENDLESS = 1_000_000
_HERDS = 600
_CHOICES = 1_500


def table_solver(suite: Suite) -> Callable[[Task], str]:
    """Return what asks for every heading of the table, and names the row that fits best."""

    def solve(task: Task) -> str:
        person = _person(suite, task)
        with task.files[0].open(encoding="utf-8", newline="") as handle:
            (_, *headings), *rows = list(csv.reader(handle))
        said = [person(f"Please tell me: {heading}") for heading in headings]
        misses = {
            name: sum(a != b for a, b in zip(cells, said, strict=True)) for name, *cells in rows
        }
        best, second = sorted(misses, key=lambda name: misses[name])[:2]
        if misses[best] == misses[second]:
            raise LookupError(f"{best} and {second} fit alike")
        return best

    return solve


def experiment_solver(suite: Suite) -> Callable[[Task], str]:
    """Return what repeats experiments until the mean says it all."""

    def solve(task: Task) -> str:
        person = _person(suite, task)
        if herd := re.search(r"infected by time (\d\.?\d*) on average", task.input):
            counts = [int(person(f"count at time {herd[1]}")) for _ in range(_HERDS)]
            return f"{sum(counts) / len(counts):.3f}"
        if later := re.search(r"100 crowns in (\d+) days\?", task.input):
            return f"{_worth(person, int(later[1])):.3f}"
        raise LookupError(task.input)

    return solve


def _worth(person: Person, days: int) -> float:
    """Return the amount at which both are taken alike often.

    Walks towards it by steps that become smaller (Robbins and Monro), then takes the mean of the
    second half of the walk (Polyak and Ruppert). Amounts beyond what may be asked are reached
    through another delay.
    """
    asked = _delay_in_reach(person, days)
    level, total = 0.0, 0.0
    for step in range(1, _CHOICES + 1):
        amount = 5 + 90 / (1 + exp(-level))
        takes_now = person(f"{amount:.4f} now or 100 in {asked} days?").endswith("now")
        level += (-1 if takes_now else 1) * 2 / step**0.6
        total += amount if step > _CHOICES // 2 else 0
    worth = total / (_CHOICES - _CHOICES // 2)
    rate = (100 / worth - 1) / asked
    return 100 / (1 + rate * days)


def _delay_in_reach(person: Person, days: int) -> int:
    """Return a delay near the one asked for whose worth lies well within the amounts allowed."""
    for factor in (1.0, 0.5, 2.0, 0.25, 4.0):
        delay = max(1, min(730, round(days * factor)))
        low = [person(f"15 now or 100 in {delay} days?") for _ in range(25)]
        high = [person(f"88 now or 100 in {delay} days?") for _ in range(25)]
        if sum(a.endswith("now") for a in low) < 5 and sum(a.endswith("now") for a in high) > 20:
            return delay
    raise LookupError(f"no delay near {days} days can be judged ({log(days):.1f})")


def _person(suite: Suite, task: Task) -> Person:
    person = person_for(suite, task, patience=_ENDLESS)
    if person is None:
        raise LookupError(f"nobody answers the questions of {suite.name}")
    return person

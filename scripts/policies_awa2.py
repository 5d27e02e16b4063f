"""Twenty questions on Animals with Attributes 2: exact trees, noise, over-confidence, slots.

Run: python scripts/policies_awa2.py [--seeds N]

Takes a few minutes on one core. Accuracies are of the likeliest animal after so many questions,
with no credit for having been right earlier.
"""

import argparse
import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from policy_tables import Animals, print_table, read_animals
from threadpoolctl import threadpool_limits

from sonde.policies.conformal import LengthThresholds
from sonde.policies.conformal_pursuit import ConformalPursuit, EmptySets, Objective
from sonde.policies.factored_belief import FactoredBelief
from sonde.policies.look_ahead import LookAhead
from sonde.policies.query_policy import InformationGain, MaximumEntropy, QueryPolicy
from sonde.policies.rehearsal import (
    GameScores,
    Labels,
    by_chance,
    by_entropy,
    by_gain,
    by_set_size,
    draw_answers,
    rehearse,
)
from sonde.policies.slots import Factor, Slot
from sonde.policies.table import Table
from sonde.policies.table_belief import TableBelief
from sonde.policies.temperature import TemperatureByLength
from sonde.policies.uncertainty_of_thoughts import UncertaintyOfThoughts

_ROUNDS = 20
_ALPHA = 0.1
_GAMES = 10
_CALIBRATION = 200
_WRONG_FACTS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class World:
    """Where answers come from, what the belief thinks of them, and how it reports."""

    title: str
    truth: Table
    belief: Table
    exponent: float = 1.0


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description="Twenty questions on AwA2.")
    parser.add_argument("--seeds", type=int, default=3)
    seeds = parser.parse_args().seeds
    animals = read_animals()
    with threadpool_limits(limits=1):
        _print_trees(animals)
        _print_collapse(animals)
        for world in _worlds(animals):
            _print_accuracies(world, seeds=seeds)
        _print_slots(animals)


def _print_trees(animals: Animals) -> None:
    rows: list[tuple[object, ...]] = []
    for name, matrix in (("AwA2-20", animals.first_20), ("AwA2-50", animals.all_50)):
        table = Table.binary(matrix)
        rows.append((name, "Huffman bound", _huffman(len(matrix)), ""))
        for policy in _exact_policies(table):
            depths = _depths(TableBelief.start(table), policy)
            rows.append((name, policy.description.split(", thresholds")[0], np.mean(depths).item(),
                         max(depths)))  # fmt: skip
    print_table("Questions without noise", ["table", "policy", "mean", "most"], rows)


def _exact_policies(table: Table) -> list[QueryPolicy]:
    levels = _random_thresholds(table, np.random.default_rng(0), exponent=1.0)
    objectives: tuple[Objective, ...] = ("log of mean", "mean of log")
    return [
        InformationGain(),
        MaximumEntropy(),
        UncertaintyOfThoughts(),
        UncertaintyOfThoughts(depth=2),
        LookAhead(),
        *(ConformalPursuit(thresholds=levels, objective=each) for each in objectives),
    ]


def _depths(belief: TableBelief, policy: QueryPolicy) -> list[int]:
    if belief.probs.max() > 1 - 1e-9:
        return [len(belief.asked)]
    query = policy.score(belief, range(len(belief.queries))).choice
    if query is None:
        raise SystemExit("two animals cannot be told apart")
    return [
        depth
        for answer, chance in enumerate(belief.predictive(query))
        if chance > 0
        for depth in _depths(belief.update(query, answer), policy)
    ]


def _huffman(count: int) -> float:
    weights, total = [1 / count] * count, 0.0
    while len(weights) > 1:
        merged = heapq.heappop(weights) + heapq.heappop(weights)
        total += merged
        heapq.heappush(weights, merged)
    return total


def _print_collapse(animals: Animals) -> None:
    forms: tuple[EmptySets, ...] = ("full", "literal")
    rows: list[tuple[object, ...]] = []
    for name, matrix in (("AwA2-20", animals.first_20), ("AwA2-50", animals.all_50)):
        for noise in (0.0, 1e-6):
            table = Table.binary(matrix, noise=noise)
            levels = _random_thresholds(table, np.random.default_rng(0), exponent=1.0)
            truths = np.arange(len(matrix))
            answers = draw_answers(table, truths, np.random.default_rng(1))
            for empty in forms:
                score = by_set_size(ConformalPursuit(thresholds=levels, empty=empty))
                games = rehearse(table, score, answers, rounds=_ROUNDS)
                right = games.is_right(truths).mean(axis=0)
                covered = (games.true_probs(truths) >= np.array(levels[: _ROUNDS + 1])).mean(axis=0)
                rows.append((name, f"{noise:g}", empty, *_at(right, (6, 10, 20)),
                             covered[_ROUNDS].item()))  # fmt: skip
    columns = ["table", "noise", "an empty set counts", "after 6", "after 10", "after 20",
               "truth in the set after 20"]  # fmt: skip
    print_table("C-IP and empty sets, no wrong answers: accuracy", columns, rows)


def _worlds(animals: Animals) -> list[World]:
    exact = Table.binary(animals.all_50)
    noisy = exact.with_noise(0.1)
    is_wrong = np.random.default_rng(123).random(animals.all_50.shape) < _WRONG_FACTS
    mistaken = Table.binary(np.where(is_wrong, 1 - animals.all_50, animals.all_50), noise=0.01)
    return [
        World(title="10 % wrong answers, exact reports", truth=noisy, belief=noisy),
        World(title="the same, over-confident: exponent 3", truth=noisy, belief=noisy, exponent=3),
        World(title="the same, timid: exponent 0.3", truth=noisy, belief=noisy, exponent=0.3),
        World(title="10 % of the belief's facts wrong", truth=exact, belief=mistaken),
    ]


def _print_accuracies(world: World, *, seeds: int) -> None:
    found: dict[str, list[NDArray[np.float64]]] = {}
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        truths = np.repeat(np.arange(len(world.truth.hypotheses)), _GAMES)
        answers = draw_answers(world.truth, truths, rng)
        for name, play in _players(world, rng).items():
            found.setdefault(name, []).append(play(answers, truths))
    rows = [
        (
            name,
            *_at(np.mean(curves, axis=0), (5, 10, 20)),
            np.mean(curves, axis=0)[1:].mean().item(),
        )
        for name, curves in found.items()
    ]
    columns = ["policy", "after 5", "after 10", "after 20", "mean of 1 to 20"]
    print_table(f"AwA2-50, {world.title} ({seeds} seeds)", columns, rows)


Play = Callable[[Labels, Labels], NDArray[np.float64]]


def _players(world: World, rng: np.random.Generator) -> Mapping[str, Play]:
    """Return a way to play, by policy, that gives the accuracy after each question."""
    plain = (world.exponent,)
    levels = _random_thresholds(
        world.belief, rng, exponent=world.exponent, truth=world.truth, rounds=_ROUNDS + 1
    )
    forms: tuple[tuple[EmptySets, Objective], ...] = (
        ("full", "log of mean"),
        ("full", "mean of log"),
        ("literal", "log of mean"),
    )
    pursuits = {
        f"C-IP, empty {empty}, {objective}": ConformalPursuit(
            thresholds=levels, empty=empty, objective=objective
        )
        for empty, objective in forms
    }
    return {
        "random": _player(world, by_chance(rng), plain),
        "maximum entropy": _player(world, by_entropy, plain),
        "gain": _player(world, by_gain, plain),
        "gain, temperature by length": _player(world, by_gain, _mended(world, rng)),
        **{name: _player(world, by_set_size(each), plain) for name, each in pursuits.items()},
    }


def _player(world: World, score: GameScores, exponents: Sequence[float]) -> Play:
    def play(answers: Labels, truths: Labels) -> NDArray[np.float64]:
        games = rehearse(world.belief, score, answers, rounds=_ROUNDS, exponents=exponents)
        return games.is_right(truths).mean(axis=0)

    return play


def _mended(world: World, rng: np.random.Generator) -> tuple[float, ...]:
    """Return exponents after a temperature fitted on the policy's own episodes."""
    truths = rng.integers(len(world.truth.hypotheses), size=_CALIBRATION)
    answers = draw_answers(world.truth, truths, rng)
    games = rehearse(world.belief, by_gain, answers, rounds=_ROUNDS, exponents=(world.exponent,))
    heats = TemperatureByLength.fit(world.exponent * games.log_weights, truths).temperatures
    return tuple(world.exponent / heat for heat in heats)


def _random_thresholds(
    table: Table,
    rng: np.random.Generator,
    *,
    exponent: float,
    truth: Table | None = None,
    rounds: int = _ROUNDS,
) -> tuple[float, ...]:
    source = truth or table
    truths = rng.integers(len(table.hypotheses), size=100)
    answers = draw_answers(source, truths, rng)
    games = rehearse(table, by_chance(rng), answers, rounds=rounds, exponents=(exponent,))
    return LengthThresholds.fit(games.true_probs(truths), alpha=_ALPHA).values


def _print_slots(animals: Animals) -> None:
    matrix = animals.all_50
    bits = np.log(2)
    slots = [Slot(name=str(each), values=("no", "yes")) for each in range(85)]
    free = FactoredBelief.start(slots, priors=[[1 - p, p] for p in matrix.mean(axis=0)])
    order = np.argsort(-InformationGain().score(free, range(85)).values, kind="stable")
    joint = TableBelief.start(Table.binary(matrix))
    depths = _depths(joint, InformationGain())
    slot_depths = _fixed_order_depths(matrix, order)
    rows: list[tuple[object, ...]] = [
        ("50 animals, 85 independent slots", free.entropy / bits, np.mean(slot_depths).item(),
         max(slot_depths)),
        ("50 animals, jointly", joint.entropy / bits, np.mean(depths).item(), max(depths)),
        *_tied_rows(matrix),
    ]  # fmt: skip
    print_table("Slots against the joint belief", ["belief", "bits", "questions", "most"], rows)


def _fixed_order_depths(matrix: NDArray[np.float64], order: NDArray[np.int64]) -> list[int]:
    depths: list[int] = []
    for row in matrix:
        is_same = np.equal(matrix[:, order], row[order]).astype(np.int64)
        alike: list[int] = np.cumprod(is_same, axis=1).sum(axis=0).tolist()
        depths.append(alike.index(1) + 1)
    return depths


def _tied_rows(matrix: NDArray[np.float64]) -> list[tuple[object, ...]]:
    """Return the same for eight animals by ten attributes, where the joint can be enumerated."""
    small = matrix[:8]
    varied = np.argsort(np.abs(small.mean(axis=0) - 0.5), kind="stable")[:10]
    small = small[:, varied].astype(np.int64)
    slots = [Slot(name=str(each), values=("no", "yes")) for each in range(10)]
    free = FactoredBelief.start(slots, priors=[[1 - p, p] for p in small.mean(axis=0)])
    factor = Factor.of_rows(range(10), small, sizes=[2] * 10)
    tied = FactoredBelief.start(slots, factors=[factor])
    rows: list[tuple[object, ...]] = []
    for name, start in (("8 animals, 10 independent slots", free), ("8 animals, tied", tied)):
        depths = [_until_no_slot_is_open(start, row) for row in small]
        rows.append((name, start.entropy / np.log(2), np.mean(depths).item(), max(depths)))
    return rows


def _until_no_slot_is_open(belief: FactoredBelief, row: NDArray[np.int64]) -> int:
    while belief.entropy > 1e-9:
        query = InformationGain().score(belief, range(len(row))).choice
        if query is None:
            break
        belief = belief.update(query, int(row[query]))
    return len(belief.asked)


def _at(curve: NDArray[np.float64], places: Sequence[int]) -> list[float]:
    return [float(curve[place]) for place in places]


if __name__ == "__main__":
    main()

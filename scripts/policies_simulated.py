"""Where each policy pays in the research loop: a SIMULATION, in which no model takes part.

Run: python scripts/policies_simulated.py [--games N]

Twenty questions on AwA2-50 through the agent's own loop, by a reasoner with faults that are written
down. Needs the folder that SONDE_SHARED_DATA names.
"""

import argparse
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from policy_tables import SHARED, print_table, read_animals
from threadpoolctl import threadpool_limits

from sonde import Agent, Budget
from sonde.models.exact.fact_table import Column, FactTable
from sonde.models.simulated.reasoner import SimulatedReasoner
from sonde.policies.conformal import LengthThresholds
from sonde.policies.conformal_pursuit import ConformalPursuit
from sonde.policies.query_policy import QueryPolicy
from sonde.policies.rehearsal import by_chance, draw_answers, rehearse
from sonde.policies.table import Table

_ROUNDS = 20


def main() -> None:
    """Print a table a world."""
    parser = argparse.ArgumentParser(description="Policies in a simulation.")
    parser.add_argument("--games", type=int, default=25)
    games = parser.parse_args().games
    with tempfile.TemporaryDirectory() as folder, threadpool_limits(limits=1):
        _print_simulation(Path(folder), games)


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedWorld:
    """A simulated reasoner, and an answerer who is wrong now and then."""

    title: str
    wrong_facts: float
    noise: float
    answers_wrong: float
    exponents: tuple[float, ...]


def _print_simulation(folder: Path, games: int) -> None:
    animals = read_animals()
    table = FactTable(
        name="AwA2-50",
        items=tuple(animals.names),
        columns=tuple(Column(name=f"attribute {n}", values=("no", "yes")) for n in range(85)),
        cells=animals.all_50.astype(np.int64),
    )
    measured = _measured_exponents(animals.first_20)
    print("exponents that give the thresholds measured on Llama-3.1-8B:",
          " ".join(f"{each:.2f}" for each in measured))  # fmt: skip
    worlds = [
        SimulatedWorld(title="exact, 10 % of the answers wrong", wrong_facts=0.0, noise=0.1,
                       answers_wrong=0.1, exponents=(1.0,)),
        SimulatedWorld(title="the same, over-confident: exponent 3", wrong_facts=0.0, noise=0.1,
                       answers_wrong=0.1, exponents=(3.0,)),
        SimulatedWorld(title="10 % of its facts wrong", wrong_facts=0.1, noise=0.01,
                       answers_wrong=0.0, exponents=(1.0,)),
        SimulatedWorld(title="10 % of its facts wrong, confidence as measured on Llama-3.1-8B",
                       wrong_facts=0.1, noise=0.01, answers_wrong=0.0, exponents=measured),
    ]  # fmt: skip
    for number, world in enumerate(worlds):
        rows = _simulated_rows(world, table, folder / str(number), games)
        columns = ["policy", "after 5", "after 10", "after 20", "mean of 1 to 20"]
        print_table(f"SIMULATION: {world.title} ({games} games)", columns, rows)


def _simulated_rows(
    world: SimulatedWorld, table: FactTable, folder: Path, games: int
) -> list[tuple[object, ...]]:
    truths = np.random.default_rng(7).permutation(len(table.items))[:games]
    pursuit = _simulated_pursuit(world, table)
    rows: list[tuple[object, ...]] = []
    for name, policy in (("model", "model"), ("gain", "gain"), ("cip", pursuit),
                         ("random", "random")):  # fmt: skip
        curves = [_simulated_game(world, table, int(truth), policy, folder) for truth in truths]
        mean = np.array(curves).mean(axis=0)
        rows.append((name, float(mean[5]), float(mean[10]), float(mean[20]),
                     float(mean[1:].mean())))  # fmt: skip
    return rows


def _reasoner(world: SimulatedWorld, table: FactTable) -> SimulatedReasoner:
    return SimulatedReasoner(
        table, wrong_facts=world.wrong_facts, noise=world.noise, exponents=world.exponents,
        sure_at=2.0, seed=123,
    )  # fmt: skip


def _simulated_game(
    world: SimulatedWorld, table: FactTable, truth: int, policy: str | QueryPolicy, folder: Path
) -> list[float]:
    """Return whether the likeliest item is right after 0, 1 ... questions."""
    luck = np.random.default_rng([truth, 5]).random(len(table.columns))

    def answer(question: str) -> str:
        column = table.column_of(question)
        if column is None:
            raise SystemExit(f"unknown question {question!r}")
        value = int(table.cells[truth, column])
        return ("no", "yes")[1 - value if luck[column] < world.answers_wrong else value]

    agent = Agent(
        _reasoner(world, table), policy=policy, ask_user=answer, seed=truth, home=folder,
        budget=Budget(rounds=_ROUNDS + 1), environ={},
    )  # fmt: skip
    result = agent.run("Which animal is meant?")
    right = [float(each.belief[0].text == table.items[truth]) for each in result.trail]
    return [*right, *[right[-1]] * (_ROUNDS + 1)][: _ROUNDS + 1]


def _simulated_pursuit(world: SimulatedWorld, table: FactTable) -> ConformalPursuit:
    rng = np.random.default_rng(3)
    truth = table.likelihoods(world.answers_wrong)
    belief = _reasoner(world, table).table.likelihoods(world.noise)
    truths = rng.integers(len(table.items), size=100)
    games = rehearse(
        belief, by_chance(rng), draw_answers(truth, truths, rng), rounds=_ROUNDS,
        exponents=world.exponents,
    )  # fmt: skip
    found = LengthThresholds.fit(games.true_probs(truths), alpha=0.1)
    return ConformalPursuit(thresholds=found.values)


def _measured_exponents(matrix: NDArray[np.float64]) -> tuple[float, ...]:
    """Return the power, by number of answers, that gives the quantiles measured on Llama-3.1-8B.

    Simulated: the twenty animals of C-IP, a tenth of the facts wrong, histories at random. For each
    length the power is taken that comes nearest, in squared logarithms, to the measured 10, 30 and
    45 % quantiles of the probability of the truth.
    """
    rng = np.random.default_rng(0)
    is_wrong = rng.random(matrix.shape) < 0.1
    belief = Table.binary(np.where(is_wrong, 1 - matrix, matrix), noise=0.01)
    truths = np.repeat(np.arange(len(matrix)), 20)
    answers = draw_answers(Table.binary(matrix), truths, rng)
    games = rehearse(belief, by_chance(rng), answers, rounds=_ROUNDS)
    measured = _measured_quantiles()
    found = [1.0]
    for length in range(1, _ROUNDS + 1):
        weights = games.log_weights[:, length]
        costs: dict[float, float] = {}
        for power in np.geomspace(0.02, 3, 60).tolist():
            scaled = power * weights
            probs = np.exp(scaled - scaled.max(axis=1, keepdims=True))
            probs /= probs.sum(axis=1, keepdims=True)
            own = probs[np.arange(len(truths)), truths]
            gaps = [
                np.log(max(float(np.quantile(own, level)), 1e-9)) - np.log(value)
                for level, value in measured[length].items()
            ]
            costs[power] = float(np.square(gaps).sum())
        found.append(min(costs, key=costs.__getitem__))
    return tuple(found)


def _measured_quantiles() -> Mapping[int, Mapping[float, float]]:
    folder = SHARED / "cip_thresholds" / "20q" / "llama-3.1-8b" / "closed_binary"
    files = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    return {
        length: {
            level: float(np.mean([-each[str(length)][str(level)] for each in files]))
            for level in (0.1, 0.3, 0.45)
        }
        for length in range(1, _ROUNDS + 1)
    }


if __name__ == "__main__":
    main()

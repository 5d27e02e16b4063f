"""How long it takes to choose a query, on one thread.

Run: python scripts/policies_speed.py
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from policy_tables import print_table
from threadpoolctl import threadpool_limits

from sonde.policies.conformal_pursuit import ConformalPursuit
from sonde.policies.look_ahead import LookAhead
from sonde.policies.query_policy import InformationGain, QueryPolicy
from sonde.policies.rehearsal import Games, by_gain
from sonde.policies.table import Table
from sonde.policies.table_belief import TableBelief
from sonde.policies.uncertainty_of_thoughts import UncertaintyOfThoughts

_SIZES = ((20, 85, "float64", 0.1), (50, 85, "float64", 0.1), (1_000, 1_000, "float32", 1.0),
          (10_000, 1_000, "float32", 15.0))  # fmt: skip
_SEED = 0
_GAMES = 256


def main() -> None:
    """Print the times of all policies, and what the memory allows."""
    with threadpool_limits(limits=1):
        bandwidth = _read_gb_per_s()
        print(f"memory read: {bandwidth:.1f} GB/s")
        rows: list[tuple[object, ...]] = []
        for hypotheses, queries, precision, bar in _SIZES:
            belief = _belief(hypotheses, queries, np.dtype(precision))
            least = 2 * belief.table.likelihood[1].nbytes / bandwidth / 1e6
            for policy in _policies(hypotheses):
                deed = _selection(policy, belief, queries)
                times = _times(deed, repeats=_repeats(hypotheses, policy))
                size = f"{hypotheses:,} x {queries:,}"
                name = policy.description.split(", thresholds")[0]
                limit = bar if isinstance(policy, InformationGain) else "-"
                rows.append((size, precision, name, median(times), min(times), limit, least))
        columns = ["table", "numbers", "policy", "median ms", "least ms", "bar ms",
                   "two reads of the table, ms"]  # fmt: skip
        print_table("One selection", columns, rows)
        _print_batch()


def _belief(hypotheses: int, queries: int, precision: np.dtype[np.generic]) -> TableBelief:
    rng = np.random.default_rng(_SEED)
    yes = np.clip(rng.beta(0.5, 0.5, (hypotheses, queries)), 0.02, 0.98).astype(precision)
    return TableBelief.start(Table.binary(yes), prior=rng.dirichlet(np.full(hypotheses, 0.1)))


def _policies(hypotheses: int) -> list[QueryPolicy]:
    plain: list[QueryPolicy] = [InformationGain(), ConformalPursuit(thresholds=(0.01,))]
    if hypotheses > 100:
        return plain
    return [*plain, UncertaintyOfThoughts(), UncertaintyOfThoughts(depth=2), LookAhead()]


def _selection(policy: QueryPolicy, belief: TableBelief, queries: int) -> Callable[[], object]:
    every = range(queries)
    return lambda: policy.score(belief, every).choice


def _repeats(hypotheses: int, policy: QueryPolicy) -> int:
    if isinstance(policy, UncertaintyOfThoughts | LookAhead):
        return 10
    return 300 if hypotheses <= 100 else 30


def _times(deed: Callable[[], object], *, repeats: int) -> list[float]:
    deed()
    times: list[float] = []
    for _ in range(repeats):
        start = perf_counter()
        deed()
        times.append((perf_counter() - start) * 1e3)
    return times


def _read_gb_per_s() -> float:
    block = np.ones(64 << 20, dtype=np.float32)
    times = _times(lambda: block.sum(), repeats=5)
    return block.nbytes / min(times) / 1e6


def _print_batch() -> None:
    rows: list[tuple[object, ...]] = []
    for hypotheses, queries, precision in ((50, 85, "float64"), (1_000, 1_000, "float32")):
        table = _belief(hypotheses, queries, np.dtype(precision)).table
        rng = np.random.default_rng(1)
        weights = np.log(rng.dirichlet(np.full(hypotheses, 0.5), size=_GAMES))
        times = _times(_choices(table, weights), repeats=10)
        rows.append((f"{hypotheses:,} x {queries:,}", _GAMES, median(times) / _GAMES * 1e3))
    print_table("Games side by side", ["table", "games", "microseconds a selection"], rows)


def _choices(table: Table, log_weights: NDArray[np.float64]) -> Callable[[], object]:
    def choose() -> object:
        games = Games(
            table=table, log_weights=log_weights, answered=0, exponent=1.0, next_exponent=1.0
        )
        return by_gain(games).argmax(axis=1)

    return choose


if __name__ == "__main__":
    main()

"""Learned gates on the shards world: the tables of docs/teams.md, from ten fresh seeds.

OPENBLAS_NUM_THREADS=1 python scripts/teams_table.py [--seeds 10] [--tasks 1500]
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean

import numpy as np

from sonde.benchmarks.shards.polishing import polish_gate
from sonde.benchmarks.shards.questions import Questions, make_questions
from sonde.benchmarks.shards.rollout import Outcome, Recording, calibrate, record, roll
from sonde.benchmarks.shards.world import World, make_world
from sonde.policies.gating.fitting import fit_gate
from sonde.policies.gating.gates import (
    ClosedGate,
    Gate,
    HandGate,
    NoveltyGate,
    OpenGate,
    StaticGate,
)
from sonde.policies.gating.graphs import chain, prune_by_usage, random_graph, star
from sonde.policies.gating.learned import LearnedGate
from sonde.policies.gating.links import FEATURES

FIRST_SEED = 101
N_TRACES, N_DEV, N_TRANSFER = 100, 300, 200
N_POLISH = 1_000
ALPHAS = (0.02, 0.05, 0.10)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One world with its questions, and what the open team makes of them."""

    world: World
    dev: Questions
    test: Questions
    open_dev: Outcome
    open_test: Outcome
    recording: Recording
    gate: LearnedGate
    fit_s: float


@dataclass
class Rows:
    """Figures by name, one entry a seed."""

    accuracy: list[float] = field(default_factory=list[float])
    tokens: list[float] = field(default_factory=list[float])
    loss: list[float] = field(default_factory=list[float])
    calls: list[float] = field(default_factory=list[float])
    escalated: list[float] = field(default_factory=list[float])

    def add(self, outcome: Outcome, against: Outcome) -> None:
        self.accuracy.append(100 * outcome.accuracy / against.accuracy)
        self.tokens.append(100 * outcome.mean_tokens / against.mean_tokens)
        self.loss.append(float((against.is_right & ~outcome.is_right).mean()))
        self.calls.append(100 * float(outcome.calls.mean() / against.calls.mean()))
        self.escalated.append(float(outcome.is_escalated.mean()))


class Table:
    """Rows by name, printed as markdown."""

    def __init__(self) -> None:
        self.rows: dict[str, Rows] = {}

    def add(self, name: str, outcome: Outcome, against: Outcome) -> None:
        self.rows.setdefault(name, Rows()).add(outcome, against)

    def show(self, title: str) -> None:
        print(f"\n### {title}\n")
        print(
            "| | accuracy, % of open: mean (least) | tokens, % of open: mean (most) "
            "| paired loss: mean (most) | calls % | escalated |"
        )
        print("|---|---|---|---|---|---|")
        for name, row in self.rows.items():
            print(
                f"| {name} | {fmean(row.accuracy):.1f} ({min(row.accuracy):.1f}) "
                f"| {fmean(row.tokens):.1f} ({max(row.tokens):.1f}) "
                f"| {fmean(row.loss):.3f} ({max(row.loss):.3f}) "
                f"| {fmean(row.calls):.0f} | {fmean(row.escalated):.2f} |"
            )


def make_field(seed: int, n_test: int) -> Field:
    """Return one world, recorded and learned from."""
    world = make_world(seed)
    dev = make_questions(world, N_DEV, seed=seed + 20_000)
    test = make_questions(world, n_test, seed=seed + 30_000)
    recording = record(world, make_questions(world, N_TRACES, seed=seed + 10_000), OpenGate())
    start = time.perf_counter()
    gate = fit_gate(recording.lesson)
    fit_s = time.perf_counter() - start
    return Field(
        world=world,
        dev=dev,
        test=test,
        open_dev=roll(world, dev, OpenGate()),
        open_test=roll(world, test, OpenGate()),
        recording=recording,
        gate=gate,
        fit_s=fit_s,
    )


def calibrated(field_: Field, gate: Gate, alpha: float, *, most: int | None = None) -> Outcome:
    """Return the outcome of a gate with its own fail-open threshold."""
    world, against = field_.world, field_.open_dev
    found = calibrate(world, field_.dev, gate, against, alpha=alpha, claims_a_message=most)
    return roll(world, field_.test, gate, tau=found.tau, claims_a_message=most)


def gates_table(fields: Sequence[Field]) -> Table:
    """Return gates side by side, broken ones too."""
    table = Table()
    for each in fields:
        rng = np.random.default_rng(each.world.seed)
        plain: dict[str, Gate] = {
            "open": OpenGate(),
            "open, saying only what is new": OpenGate(repeats=False),
            "novelty rule": NoveltyGate(),
            "hand rule, no fail-open": HandGate(),
            "learned, no fail-open": each.gate,
        }
        for name, gate in plain.items():
            table.add(name, roll(each.world, each.test, gate), each.open_test)
        shut = LearnedGate(weights=np.array([-9.0] + [0.0] * (len(FEATURES) - 1)))
        noise = LearnedGate(weights=rng.normal(0, 1.5, len(FEATURES)))
        promised: list[tuple[str, Gate, float]] = [
            ("hand rule, fail-open at .02", HandGate(), 0.02),
            *((learned_row(alpha), each.gate, alpha) for alpha in ALPHAS),
            ("closed gate, fail-open at .02", ClosedGate(), 0.02),
            ("weights that close it, fail-open at .02", shut, 0.02),
            ("random weights, fail-open at .02", noise, 0.02),
        ]
        for name, gate, alpha in promised:
            table.add(name, calibrated(each, gate, alpha), each.open_test)
        polished = polish_gate(
            each.world,
            make_questions(each.world, N_POLISH, seed=each.world.seed + 60_000),
            each.gate,
            open_tokens=each.recording.outcome.mean_tokens,
            rng=rng,
        )
        name = "learned, 1,920 trials of polish, fail-open at .02"
        table.add(name, calibrated(each, polished, 0.02), each.open_test)
        for most in (1, 2):
            name = f"{learned_row(0.02)}, messages of at most {most}"
            table.add(name, calibrated(each, each.gate, 0.02, most=most), each.open_test)
    return table


def learned_row(alpha: float) -> str:
    """Return the name of the learned gate's row at an alpha."""
    return f"learned, fail-open at {alpha:.2f}".replace("0.", ".")


def static_table(fields: Sequence[Field]) -> Table:
    """Return fixed graphs at equal density."""
    table = Table()
    for each in fields:
        world, test, against = each.world, each.test, each.open_test
        rng = np.random.default_rng(each.world.seed)
        size = world.n_members
        for n_links in (6, 12, 21):
            kept = prune_by_usage(each.recording.usage, n_links, decider=0)
            table.add(
                f"pruned by provenance, {n_links} links",
                roll(world, test, StaticGate(graph=kept)),
                against,
            )
            drawn = [random_graph(size, n_links, rng=rng) for _ in range(5)]
            for graph in drawn:
                table.add(
                    f"random, {n_links} links (5 a seed)",
                    roll(world, test, StaticGate(graph=graph)),
                    against,
                )
        table.add("chain, 6 links", roll(world, test, StaticGate(graph=chain(size))), against)
        table.add("star, 12 links", roll(world, test, StaticGate(graph=star(size))), against)
    return table


def transfer_table(fields: Sequence[Field], n_test: int) -> Table:
    """Return the gate's weights under other teams in other worlds, tau found anew."""
    table = Table()
    for each in fields:
        for n_workers in (4, 9, 14):
            world = make_world(each.world.seed * 100 + n_workers, n_workers=n_workers)
            dev = make_questions(world, N_TRANSFER, seed=each.world.seed + 40_000)
            test = make_questions(world, n_test, seed=each.world.seed + 50_000)
            gate = replace(each.gate, biases={}, known_roles=None)
            tau = calibrate(world, dev, gate, roll(world, dev, OpenGate()), alpha=0.02).tau
            against = roll(world, test, OpenGate())
            table.add(f"{n_workers} workers", roll(world, test, gate, tau=tau), against)
    return table


def show_bars(gates: Table, static: Table, transfer: Table, fields: Sequence[Field]) -> None:
    """Print what was asked for beside what was measured."""
    learned, rows = gates.rows["learned, fail-open at .02"], gates.rows
    hand, novelty = rows["hand rule, fail-open at .02"], rows["novelty rule"]
    of_hand = fmean(learned.tokens) / fmean(hand.tokens)
    of_novelty = fmean(learned.tokens) / fmean(novelty.tokens)
    alphas = [rows[learned_row(a)] for a in ALPHAS]
    gain = [
        fmean(static.rows[f"pruned by provenance, {n} links"].accuracy)
        - fmean(static.rows[f"random, {n} links (5 a seed)"].accuracy)
        for n in (6, 12, 21)
    ]
    moved = [transfer.rows[f"{n} workers"] for n in (4, 9, 14)]
    carried = ", ".join(f"{fmean(m.accuracy):.1f} @ {fmean(m.tokens):.1f}" for m in moved)
    print(f"""
open: accuracy {fmean(f.open_test.accuracy for f in fields):.3f}, \
{fmean(f.open_test.mean_tokens for f in fields):.0f} tokens, \
{fmean(float(f.open_test.calls.mean()) for f in fields):.0f} calls
1 accuracy {fmean(learned.accuracy):.1f} (>= 98), least {min(learned.accuracy):.1f} (>= 96.5); \
tokens {fmean(learned.tokens):.1f} (<= 22), most {max(learned.tokens):.1f} (<= 27); \
calls {fmean(learned.calls):.0f} (<= 55)
2 of the hand rule {of_hand:.2f} (<= .6), of the novelty rule {of_novelty:.2f} (<= .35)
3 over random at 6, 12, 21: {", ".join(f"{each:+.1f}" for each in gain)} (>= +20); at 21: \
{fmean(static.rows["pruned by provenance, 21 links"].accuracy):.1f} (>= 97)
4 transfer to 4, 9, 14: {carried} (>= 97 @ 40, 32, 25)
5 closed {fmean(rows["closed gate, fail-open at .02"].accuracy):.1f}, random \
{fmean(rows["random weights, fail-open at .02"].accuracy):.1f} (>= 96)
6 paired loss {", ".join(f"{fmean(a.loss):.3f}" for a in alphas)} (<= .02, .05, .10); \
tokens {", ".join(f"{fmean(a.tokens):.2f}" for a in alphas)} (falling)
7 fit {max(f.fit_s for f in fields):.2f} s at most; torch imported: {"torch" in sys.modules}""")


def main() -> None:
    """Play everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--tasks", type=int, default=1500)
    given = parser.parse_args()
    fields = [make_field(FIRST_SEED + i, given.tasks) for i in range(given.seeds)]
    gates, static = gates_table(fields), static_table(fields)
    transfer = transfer_table(fields, given.tasks)
    gates.show("Gates")
    static.show("Fixed graphs")
    transfer.show("The same weights under other teams, tau from 200 tasks")
    show_bars(gates, static, transfer, fields)


if __name__ == "__main__":
    main()

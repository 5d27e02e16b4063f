"""The shards world, and what a learned gate does in it; the full figures are in docs/teams.md."""

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

from sonde.benchmarks.shards.questions import make_questions
from sonde.benchmarks.shards.rollout import calibrate, record, roll
from sonde.benchmarks.shards.world import make_world
from sonde.policies.gating.fitting import fit_gate
from sonde.policies.gating.gates import ClosedGate, NoveltyGate, OpenGate, StaticGate
from sonde.policies.gating.graphs import prune_by_usage

from .conftest import Shards


def test_a_world_has_two_owned_relations_a_worker_and_one_stale_copy_each() -> None:
    world = make_world(3)
    assert (world.n_members, world.n_relations, world.n_entities) == (7, 12, 300)
    assert ((world.ownership == 2).sum(axis=1) == [0, 2, 2, 2, 2, 2, 2]).all()
    assert ((world.ownership == 2).sum(axis=0) == 1).all()
    assert ((world.ownership == 1).sum(axis=0) == 1).all()
    owners = world.ownership.argmax(axis=0)
    assert (world.table[owners, np.arange(12)] == world.truth).all()


def test_the_stale_copies_are_as_stale_as_they_should_be() -> None:
    found = [make_world(seed) for seed in range(6)]
    stale = np.concatenate([w.table[w.ownership == 1] for w in found])
    truth = np.concatenate([w.truth[np.nonzero(w.ownership == 1)[1]] for w in found])
    there = stale >= 0
    assert there.mean() == pytest.approx(0.6, abs=0.02)
    assert (stale[there] != truth[there]).mean() == pytest.approx(0.35, abs=0.02)


def test_hops_and_inventions_have_their_shares() -> None:
    questions = make_questions(make_world(1), 20_000, seed=1)
    shares = np.bincount(questions.hops, minlength=4)[1:] / len(questions)
    assert shares.tolist() == pytest.approx([0.35, 0.40, 0.25], abs=0.015)
    used = np.arange(1, 4) <= questions.hops[:, None]
    assert questions.is_invented.transpose(0, 2, 1)[used].mean() == pytest.approx(0.05, abs=0.005)


def test_the_same_seed_gives_the_same_figures_bit_by_bit(shards: Shards) -> None:
    again = make_world(5)
    assert again.confidence.tobytes() == shards.world.confidence.tobytes()
    recording = record(again, make_questions(again, 100, seed=1), OpenGate())
    gate = fit_gate(recording.lesson)
    assert gate.weights.tobytes() == shards.gate.weights.tobytes()
    one = roll(again, make_questions(again, 600, seed=3), gate, tau=0.5)
    other = roll(shards.world, shards.test, shards.gate, tau=0.5)
    assert one.tokens.tobytes() == other.tokens.tobytes()
    assert one.is_right.tobytes() == other.is_right.tobytes()


def test_the_learned_gate_keeps_the_accuracy_for_a_fraction_of_the_tokens(shards: Shards) -> None:
    world = shards.world
    against = roll(world, shards.test, OpenGate())
    dev = roll(world, shards.dev, OpenGate())
    tau = calibrate(world, shards.dev, shards.gate, dev, alpha=0.02).tau
    gated = roll(world, shards.test, shards.gate, tau=tau)
    assert against.accuracy > 0.9
    assert gated.accuracy >= 0.96 * against.accuracy
    assert gated.mean_tokens <= 0.27 * against.mean_tokens
    assert gated.calls.mean() <= 0.6 * against.calls.mean()
    novelty = roll(world, shards.test, NoveltyGate())
    assert novelty.accuracy == pytest.approx(against.accuracy, abs=0.01)
    assert gated.mean_tokens <= 0.5 * novelty.mean_tokens


def test_a_gate_that_says_nothing_is_saved_by_the_fail_open(shards: Shards) -> None:
    world = shards.world
    dev, against = roll(world, shards.dev, OpenGate()), roll(world, shards.test, OpenGate())
    tau = calibrate(world, shards.dev, ClosedGate(), dev, alpha=0.02).tau
    saved = roll(world, shards.test, ClosedGate(), tau=tau)
    assert roll(world, shards.test, ClosedGate()).accuracy < 0.3
    assert saved.accuracy >= 0.94 * against.accuracy
    assert saved.is_escalated.mean() > 0.9


def test_more_allowed_losses_mean_fewer_tokens(shards: Shards) -> None:
    dev = roll(shards.world, shards.dev, OpenGate())
    tokens: list[float] = []
    for alpha in (0.01, 0.02, 0.05, 0.1):
        tau = calibrate(shards.world, shards.dev, shards.gate, dev, alpha=alpha).tau
        tokens.append(roll(shards.world, shards.test, shards.gate, tau=tau).mean_tokens)
    assert all(more >= less for more, less in pairwise(tokens))
    assert tokens[0] > 1.2 * tokens[-1]


def test_links_that_answers_rested_on_beat_as_many_others(shards: Shards) -> None:
    kept = prune_by_usage(shards.recording.usage, 12, decider=0)
    others = prune_by_usage(-shards.recording.usage, 12, decider=0)
    good = roll(shards.world, shards.test, StaticGate(graph=kept))
    bad = roll(shards.world, shards.test, StaticGate(graph=others))
    assert good.accuracy > bad.accuracy + 0.2


def test_only_what_is_new_costs_less_and_loses_nothing(shards: Shards) -> None:
    whole = roll(shards.world, shards.test, OpenGate())
    news = roll(shards.world, shards.test, OpenGate(repeats=False))
    assert news.mean_tokens < whole.mean_tokens
    assert (news.is_right == whole.is_right).all()


def test_a_message_budget_sends_the_most_telling_claims(shards: Shards) -> None:
    whole = roll(shards.world, shards.test, NoveltyGate())
    short = roll(shards.world, shards.test, NoveltyGate(), claims_a_message=1)
    assert short.tokens.sum() < whole.tokens.sum() * 1.2
    assert short.accuracy > 0.9 * whole.accuracy


def test_needed_messages_lead_from_somewhere_to_the_coordinator(shards: Shards) -> None:
    needed = shards.recording.lesson.is_needed.sum(axis=0)  # over rounds: runs x N x N
    in_all, to_lead = needed.sum(axis=(1, 2)), needed[:, :, 0].sum(axis=1)
    assert np.count_nonzero(in_all) > 0.9 * len(in_all)
    assert (to_lead[in_all > 0] == 1).all()
    assert in_all.max() <= 8


def test_no_torch_comes_with_it() -> None:
    code = (
        "import sys, sonde.benchmarks.shards.rollout, sonde.agents.team.team; "
        "print('torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "False"

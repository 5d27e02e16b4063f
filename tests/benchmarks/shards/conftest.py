"""One small field of the shards world, shared by its tests."""

from dataclasses import dataclass

import pytest

from sonde.benchmarks.shards.questions import Questions, make_questions
from sonde.benchmarks.shards.rollout import Recording, record
from sonde.benchmarks.shards.world import World, make_world
from sonde.policies.gating.fitting import fit_gate
from sonde.policies.gating.gates import OpenGate
from sonde.policies.gating.learned import LearnedGate


@dataclass(frozen=True)
class Shards:
    """A world with questions, a recording, and the gate that was learned from it."""

    world: World
    dev: Questions
    test: Questions
    recording: Recording
    gate: LearnedGate


@pytest.fixture(scope="session")
def shards() -> Shards:
    world = make_world(5)
    recording = record(world, make_questions(world, 100, seed=1), OpenGate())
    return Shards(
        world=world,
        dev=make_questions(world, 300, seed=2),
        test=make_questions(world, 600, seed=3),
        recording=recording,
        gate=fit_gate(recording.lesson),
    )

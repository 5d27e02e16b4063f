"""A gate polished in the shards world: trials of it, paid for in accuracy and in tokens."""

import numpy as np

from ...policies.gating.learned import LearnedGate
from ...policies.gating.polish import ExploringGate, Polisher, leave_one_out
from .questions import Questions
from .rollout import roll
from .world import World


def polish_gate(
    world: World,
    questions: Questions,
    gate: LearnedGate,
    *,
    open_tokens: float,
    rng: np.random.Generator,
    steps: int = 60,
    questions_a_step: int = 8,
    trials: int = 4,
    price: float = 1.0,
) -> LearnedGate:
    """Return a gate after so many steps of REINFORCE with a leave-one-out baseline.

    The utility of a trial is 1 if it was right, less the price of the open team's tokens times the
    share of them that it took. It takes steps x questions_a_step x trials runs: 1,920 by default.

    Args:
        world: Where it is tried.
        questions: What is asked.
        gate: Where it begins; a gate fitted to recorded runs.
        open_tokens: Message tokens a question of the open team.
        rng: Which questions, and what is tried.
        steps: Steps.
        questions_a_step: Different questions of a step.
        trials: Trials of each.
        price: What the open team's tokens count, against one right answer.
    """
    polisher = Polisher(roles=world.roles)
    for _ in range(steps):
        rows = rng.choice(len(questions), questions_a_step, replace=False)
        batch = questions.take(np.repeat(rows, trials))
        tried = ExploringGate(gate, rng)
        outcome = roll(world, batch, tried)
        utility = outcome.is_right - price * outcome.tokens / open_tokens
        advantage = leave_one_out(utility.reshape(questions_a_step, trials))
        gate = polisher.step(tried, advantage.ravel())
    return gate

"""Twenty questions over a table of facts: one game, and many at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ...policies.conformal import LengthThresholds
from ...policies.conformal_pursuit import ConformalPursuit
from ...policies.distributions import Floats
from ...policies.query_policy import (
    TIE_NATS,
    InformationGain,
    MaximumEntropy,
    QueryPolicy,
    RandomQuery,
    Scores,
)
from ...policies.rehearsal import (
    GameScores,
    by_chance,
    by_entropy,
    by_gain,
    by_set_size,
    draw_answers,
    rehearse,
)
from ...policies.table import Table
from ...policies.table_belief import TableBelief
from ...records.errors import SetupError
from .fact_table import FactTable

MOST_QUESTIONS = 20
SURE_AT = 0.95
"""Probability from which an item is named."""
POLICIES = ("gain", "cip", "entropy", "random")
"""Query policies of a game, by name."""
_CALIBRATION_GAMES = 200
_LEVEL = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What to ask next, and why."""

    column: int
    """The attribute."""
    gain: float
    """Expected fall of the entropy in nats."""
    next_gain: float | None
    """The gain of the second best by gain; None where there is none."""
    chances: tuple[float, ...]
    """Expected share of each answer."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Game:
    """A game under way. It never changes: an answer gives the next one."""

    table: FactTable
    """The facts."""
    policy: QueryPolicy
    """What chooses the questions."""
    belief: TableBelief
    """What is held likely."""
    entropies: tuple[float, ...]
    """Entropy after each question, in nats, from the start on."""
    asked: tuple[tuple[int, int | None], ...] = ()
    """Attributes and answers; None where the answer was not known."""

    @classmethod
    def start(cls, table: FactTable, policy: QueryPolicy, *, noise: float) -> Self:
        """Return a game before the first question.

        Raises:
            SetupError: The noise is no share below one.
        """
        belief = TableBelief.start(likelihoods(table, noise))
        return cls(table=table, policy=policy, belief=belief, entropies=(belief.entropy,))

    @property
    def best(self) -> tuple[str, float]:
        """The likeliest item and its probability."""
        top = int(self.belief.probs.argmax())
        return self.belief.support[top], float(self.belief.probs[top])

    @property
    def in_play(self) -> int:
        """Items that are at least a hundredth as likely as the likeliest."""
        return int((self.belief.probs >= self.belief.probs.max() / 100).sum())

    def leaders(self, most: int) -> list[tuple[str, float]]:
        """Return the likeliest items with their probabilities."""
        order: list[int] = np.argsort(-self.belief.probs, kind="stable")[:most].tolist()
        return [(self.belief.support[i], float(self.belief.probs[i])) for i in order]

    def next_question(self) -> Question | None:
        """Return what to ask; None once an item is likely enough, or no question tells anything."""
        if self.best[1] >= SURE_AT or len(self.asked) >= MOST_QUESTIONS:
            return None
        done = {column for column, _ in self.asked}
        left = [i for i in range(len(self.table.columns)) if i not in done]
        gains = InformationGain().score(self.belief, left) if left else None
        if gains is None or gains.values.max() <= TIE_NATS:
            return None
        scores = self.policy.score(self.belief, left)
        place = scores.best or 0
        column = left[place]
        count = len(self.table.columns[column].values)
        return Question(
            column=column,
            gain=float(gains.values[place]),
            next_gain=_second(gains, place),
            chances=tuple(self.belief.predictive(column)[:count].tolist()),
        )

    def answered(self, column: int, value: int | None) -> Self:
        """Return the game after an answer; None stands for one that is not known."""
        belief = self.belief if value is None else self.belief.update(column, value)
        return replace(
            self,
            belief=belief,
            entropies=(*self.entropies, belief.entropy),
            asked=(*self.asked, (column, value)),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcomes:
    """Many games of one policy."""

    policy: str
    """The policy by name."""
    questions: NDArray[np.int64]
    """Questions of each game until an item was likely enough, or the most."""
    is_right: NDArray[np.bool_]
    """Whether the item named at the stop is the right one."""
    confidence: Floats
    """Its probability."""
    accuracy: Floats
    """Share of games whose likeliest item is right, after 0, 1, 2 ... questions."""


def likelihoods(table: FactTable, noise: float) -> Table:
    """Return the table's likelihoods.

    Raises:
        SetupError: The noise is no share below one.
    """
    try:
        return table.likelihoods(noise)
    except ValueError as err:
        raise SetupError(str(err)) from err


def game_policy(name: str, table: FactTable, *, noise: float, seed: int) -> QueryPolicy:
    """Return a policy by its name; the thresholds of C-IP come from games at random.

    Raises:
        SetupError: There is none of that name.
    """
    rng = np.random.default_rng(seed)
    if name == "gain":
        return InformationGain()
    if name == "entropy":
        return MaximumEntropy()
    if name == "random":
        return RandomQuery(rng=rng)
    if name == "cip":
        return _pursuit(likelihoods(table, noise), rng)
    raise SetupError(f"no policy {name!r}; there are: {', '.join(POLICIES)}")


def simulate(
    table: FactTable, policies: Sequence[str], *, games: int, noise: float, seed: int
) -> list[Outcomes]:
    """Return the outcomes of as many games under each policy; all see the same answers.

    Raises:
        SetupError: There is no such policy, or the noise is no share below one.
    """
    chances = likelihoods(table, noise)
    rng = np.random.default_rng(seed)
    truths = np.concatenate(
        [rng.permutation(len(table.items)) for _ in range(-(-games // len(table.items)))]
    )[:games]
    answers = draw_answers(chances, truths, rng)
    return [
        _outcomes(name, _game_scores(name, chances, seed), chances, truths, answers)
        for name in policies
    ]


def _game_scores(name: str, chances: Table, seed: int) -> GameScores:
    rng = np.random.default_rng(seed)
    scores: dict[str, GameScores] = {"gain": by_gain, "entropy": by_entropy}
    if name in scores:
        return scores[name]
    if name == "random":
        return by_chance(rng)
    if name == "cip":
        return by_set_size(_pursuit(chances, rng))
    raise SetupError(f"no policy {name!r}; there are: {', '.join(POLICIES)}")


def _outcomes(
    name: str,
    score: GameScores,
    chances: Table,
    truths: NDArray[np.int64],
    answers: NDArray[np.int64],
) -> Outcomes:
    rounds = min(MOST_QUESTIONS, len(chances.queries))
    played = rehearse(chances, score, answers, rounds=rounds)
    confidences, right = played.confidences, played.is_right(truths)
    is_sure = confidences >= SURE_AT
    stops = np.where(is_sure.any(axis=1), is_sure.argmax(axis=1), rounds)
    rows = np.arange(len(truths))
    return Outcomes(
        policy=name,
        questions=stops,
        is_right=right[rows, stops],
        confidence=confidences[rows, stops],
        accuracy=right.mean(axis=0),
    )


def _pursuit(chances: Table, rng: np.random.Generator) -> ConformalPursuit:
    """Return C-IP with thresholds from games at random, as arXiv 2507.03279 finds them."""
    truths = rng.integers(len(chances.hypotheses), size=_CALIBRATION_GAMES)
    rounds = min(MOST_QUESTIONS, len(chances.queries))
    played = rehearse(chances, by_chance(rng), draw_answers(chances, truths, rng), rounds=rounds)
    found = LengthThresholds.fit(played.true_probs(truths), alpha=_LEVEL)
    return ConformalPursuit(thresholds=found.values)


def _second(gains: Scores, place: int) -> float | None:
    others = np.delete(gains.values, place)
    return float(others.max()) if others.size else None

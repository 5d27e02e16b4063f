"""From beliefs to episodes, temperatures and levels: the numbers are those that a run will meet."""

import numpy as np
import pytest

from sonde.benchmarks.calibration.fitting import (
    confidence_grid,
    grid_of,
    temperature_of,
    true_probs_of,
)
from sonde.benchmarks.calibration.playing import Look, Played, look_at
from sonde.benchmarks.scorers.registry import scorer
from sonde.benchmarks.suites.suite import Task
from sonde.policies.calibration import Calibration
from sonde.policies.certificate import Certificate, Setup
from sonde.policies.conformal import SetThreshold
from sonde.policies.distributions import normalised
from sonde.policies.learn_then_test import CONFIDENCES
from sonde.policies.temperature import TemperatureByLength
from sonde.records.belief import AnswerBelief, Candidate
from sonde.records.result import Result
from sonde.records.stopping import StopReason
from sonde.records.usage import Usage

TASK = Task(id="t", input="How deep?", target=("10916",))
SETUP = Setup(policy="gain", stop_rule="none", source="table", model="m")
RESULT = Result(
    run_id="r",
    question="How deep?",
    answer=None,
    confidence=None,
    confidence_set=(),
    certificate=None,
    citations=(),
    stop_reason=StopReason.ABSTAINED,
    rounds=1,
    steps=0,
    usage=Usage.zero(),
    cost_usd=0.0,
    wall_s=0.0,
)


def belief(chances: dict[str, float], none_of_these: float) -> AnswerBelief:
    candidates = tuple(Candidate(text=text, probability=p) for text, p in chances.items())
    return AnswerBelief(candidates=candidates, none_of_these=none_of_these, source="exact")


def look(*probabilities: float, held: float | None = None) -> Look:
    """Return a look whose first entry is the truth; the highest of all but the last is held."""
    top = max(probabilities[:-1]) if held is None else held
    return Look(probabilities=probabilities, confidence=top, is_right=probabilities[0] == top)


def played(*looks: Look, number: int = 0) -> Played:
    task = Task(id=f"t{number}", input="How deep?", target=("10916",))
    return Played(task=task, looks=looks, result=RESULT)


def calibration(episodes: list[Played]) -> Calibration:
    return Calibration(
        setup=SETUP,
        suite="s",
        suite_sha256="0",
        delta=0.1,
        population="answered",
        episodes=tuple(each.episode("set") for each in episodes),
    )


def test_of_several_right_candidates_the_likeliest_is_the_truth() -> None:
    found = look_at(
        belief({"10,916 m": 0.4, "300": 0.3, "10916": 0.2}, 0.1), TASK, scorer("numeric")
    )
    assert found.probabilities == (0.4, 0.3, 0.2, 0.1)
    assert (found.confidence, found.is_right) == (0.4, True)


def test_where_no_candidate_is_right_none_of_these_is_the_truth() -> None:
    found = look_at(belief({"300": 0.4}, 0.6), TASK, scorer("numeric"))
    assert found.probabilities == (0.6, 0.4)
    assert (found.confidence, found.is_right) == (0.0, False)
    nothing = look_at(belief({}, 1.0), TASK, scorer("numeric"))
    assert nothing.probabilities == (1.0,)


def test_a_set_holds_the_truth_of_the_very_episodes_that_it_was_calibrated_on() -> None:
    """Two thirds, rounded up anywhere on the way, would leave every one of these sets empty."""
    chances = (2 / 3, 1 / 3, 0.0)
    found = calibration([played(look(*chances), number=n) for n in range(40)]).terminal_set(
        alpha=0.1
    )
    assert isinstance(found, Certificate)
    threshold = SetThreshold(value=found.threshold, alpha=0.1, n=found.n)
    assert threshold.members(chances) == [0]


def test_the_set_at_the_stop_covers_where_candidates_say_the_same() -> None:
    """Coverage over fresh beliefs that name the truth twice, entry by entry as a run tells them."""
    rng = np.random.default_rng(3)
    rows = normalised(rng.normal(size=(2_000, 4)) / 2 + np.array([1.5, 1.5, 0.0, 0.0]))
    names = ("10,916 m", "10916", "300")
    judge = scorer("numeric")
    looks = [
        look_at(belief(dict(zip(names, row[:3].tolist(), strict=True)), float(row[3])), TASK, judge)
        for row in rows
    ]
    half = [played(each, number=n) for n, each in enumerate(looks[:1_000])]
    found = calibration(half).terminal_set(alpha=0.1)
    assert isinstance(found, Certificate)
    threshold = SetThreshold(value=found.threshold, alpha=0.1, n=found.n)
    covered = [bool({0, 1} & set(threshold.members(row))) for row in rows[1_000:]]
    assert np.mean(covered) >= 0.9 - 3 * (0.09 / 1_000) ** 0.5


def test_an_episode_without_a_belief_was_missed() -> None:
    episode = played().episode("set")
    assert (episode.confidences, episode.true_probs, episode.is_right) == ((0.0,), (0.0,), (False,))
    seen = [played(look(0.8, 0.1, 0.1), number=n) for n in range(40)]
    blind = [played(number=100 + n) for n in range(3)]
    assert isinstance(calibration([*seen, *blind]).terminal_set(alpha=0.1), Certificate)
    blind += [played(number=200 + n) for n in range(4)]
    assert not isinstance(calibration([*seen, *blind]).terminal_set(alpha=0.1), Certificate)


def test_a_temperature_hangs_neither_on_padding_nor_on_episodes_without_a_belief() -> None:
    sure = [played(look(0.98, 0.01, 0.01), number=n) for n in range(20)]
    wrong = [played(look(0.01, 0.98, 0.01), number=20 + n) for n in range(15)]
    alone = temperature_of([*sure, *wrong])
    assert alone is not None
    wide = played(look(*[1 / 400] * 400), number=99)  # uniform: no temperature changes it
    other = temperature_of([*sure, *wrong, wide, played(), played()])
    assert other is not None
    assert other.pooled == pytest.approx(alone.pooled, rel=1e-5)
    assert other.n == 36
    assert temperature_of([played(), played()]) is None


def test_the_levels_lie_just_under_what_the_episodes_reached() -> None:
    held = [value for value in (1 / 3, 2 / 3, 0.9, 1.0) for _ in range(20)]
    grid = confidence_grid(held)
    assert list(grid) == sorted(grid, reverse=True)
    for each in held:
        assert any(each - 2e-6 < level < each for level in grid)
    assert confidence_grid([0.0, 0.0]) == CONFIDENCES
    assert min(confidence_grid([1e-9])) > 0


def test_the_levels_are_those_of_corrected_confidences() -> None:
    heat = TemperatureByLength(temperatures=(2.0,), pooled=2.0, n=9)
    one = played(look(0.2, 0.7, 0.1))
    expected = 0.7**0.5 / sum(p**0.5 for p in (0.2, 0.7, 0.1))
    assert max(grid_of([one], heat)) == pytest.approx(expected, abs=2e-6)
    assert max(grid_of([one], None)) == pytest.approx(0.7, abs=2e-6)
    unsure = played(look(0.2, 0.1, 0.7, held=0.0))
    assert grid_of([unsure], heat) == CONFIDENCES


def test_thresholds_see_every_episode_drawn_out_to_the_longest() -> None:
    rows = true_probs_of([played(look(0.5, 0.5), look(0.7, 0.3)), played(look(0.2, 0.8)), played()])
    assert rows.tolist() == [[0.5, 0.7], [0.2, 0.2], [0.0, 0.0]]

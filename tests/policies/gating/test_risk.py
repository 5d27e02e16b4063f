"""The fail-open threshold: hand-worked, refused below its n, and honest over many draws."""

import numpy as np
import pytest
from scipy.special import bdtr

from sonde.policies.gating.risk import (
    NEVER_SURE,
    TooFewTasks,
    allowed_losses,
    clopper_pearson_lower,
    clopper_pearson_upper,
    escalates,
    fail_open_threshold,
)


def test_the_smallest_threshold_is_worked_by_hand() -> None:
    lost = np.array([True, True, True] + [False] * 96)
    sure = np.array([0.42, 0.61, 0.78] + [0.9] * 96)
    # 99 tasks at alpha .02: (1 + 1) / 100 is the most, so one loss may stay.
    found = fail_open_threshold(lost, [False] * 99, sure, alpha=0.02)
    assert (found.tau, found.losses, found.n) == (0.65, 1, 99)
    exact = fail_open_threshold(lost, [False] * 99, sure, alpha=0.02, step=0)
    assert 0.61 < exact.tau < 0.6101


def test_no_loss_needs_no_threshold_and_abstentions_are_never_kept() -> None:
    assert fail_open_threshold([False] * 60, [False] * 60, [0.1] * 60, alpha=0.02).tau == 0
    lost, sure = [True] * 10 + [False] * 50, [np.nan] * 10 + [0.9] * 50
    found = fail_open_threshold(lost, [False] * 60, sure, alpha=0.02)
    assert (found.tau, found.losses) == (0, 0)


def test_losses_of_the_surest_leave_no_threshold_but_always() -> None:
    found = fail_open_threshold([True] * 60, [False] * 60, [1.0] * 60, alpha=0.02)
    assert found.tau == NEVER_SURE
    assert escalates(np.array([1.0, 0.2]), found.tau).all()


def test_what_full_communication_loses_counts_at_every_threshold() -> None:
    lost = np.array([True, True, False] + [False] * 96)
    after = np.array([False, False, True] + [False] * 96)
    sure = np.array([0.42, 0.61, 0.3] + [0.9] * 96)
    # One loss of 99 may stay at alpha .02, and the one of full communication takes it.
    found = fail_open_threshold(lost, after, sure, alpha=0.02)
    assert (found.tau, found.losses, found.is_kept) == (0.65, 1, True)
    spoilt = fail_open_threshold(lost, [True, True, True] + [False] * 96, sure, alpha=0.02)
    assert (spoilt.tau, spoilt.losses, spoilt.is_kept) == (NEVER_SURE, 3, False)


def test_too_few_tasks_are_refused_with_the_smallest_alpha_possible() -> None:
    assert allowed_losses(49, alpha=0.02) == 0
    with pytest.raises(
        TooFewTasks, match=r"needs 49; the smallest alpha that 48 can promise is 0\.0205"
    ):
        allowed_losses(48, alpha=0.02)
    with pytest.raises(TooFewTasks, match="can promise is none"):
        fail_open_threshold([], [], [], alpha=0.5)


@pytest.mark.parametrize("alpha", [0.0, 1.0, -0.1])
def test_an_alpha_that_is_no_share_is_refused(alpha: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        allowed_losses(100, alpha=alpha)


def test_low_confidences_and_abstentions_escalate() -> None:
    sure = np.array([0.2, 0.5, 0.9, np.nan])
    assert escalates(sure, 0.5).tolist() == [True, False, False, True]


def test_the_bounds_are_clopper_and_pearsons() -> None:
    """At the upper end so few losses, at the lower so many, come about in one case of twenty."""
    assert bdtr(3, 100, clopper_pearson_upper(3, 100)) == pytest.approx(0.05)
    assert bdtr(2, 100, clopper_pearson_lower(3, 100)) == pytest.approx(0.95)
    assert clopper_pearson_upper(0, 0) == 1.0
    assert clopper_pearson_lower(0, 50) == 0.0


def test_the_promise_holds_over_fresh_draws() -> None:
    """Mean loss on fresh tasks, over 400 calibrations of 99 tasks, is at most alpha."""
    rng = np.random.default_rng(7)
    alpha, losses = 0.05, list[float]()
    for _ in range(400):
        sure, fresh = rng.random(99), rng.random(2_000)
        lost, fresh_lost = rng.random(99) > sure, rng.random(2_000) > fresh
        after, fresh_after = rng.random(99) < 0.01, rng.random(2_000) < 0.01
        tau = fail_open_threshold(lost, after, sure, alpha=alpha).tau
        losses.append(float(np.where(escalates(fresh, tau), fresh_after, fresh_lost).mean()))
    assert float(np.mean(losses)) <= alpha

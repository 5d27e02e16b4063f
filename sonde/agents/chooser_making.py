"""Making the chooser of a run that has a policy or a calibration."""

from collections.abc import Sequence
from dataclasses import replace

from ..models.reasoner import Reasoner
from ..policies.calibration import Calibration
from ..policies.certificate import Setup
from ..policies.conformal_pursuit import ConformalPursuit
from ..policies.query_policy import InformationGain, QueryPolicy
from .believing import STATED
from .certifying import Certifying
from .chooser import CIP, GAIN, Chooser
from .settings import RunSettings


def make_chooser(
    settings: RunSettings,
    *,
    reasoner: Reasoner,
    query_policy: QueryPolicy | None = None,
    calibration: Calibration | None = None,
    earlier: Sequence[float] = (),
) -> Chooser:
    """Return the chooser of a run.

    Args:
        settings: How the run is made, fitted to its budget.
        reasoner: What decides.
        query_policy: A policy of the builder's own, where one was given.
        calibration: What was calibrated, where anything was.
        earlier: Confidences with which earlier runs under this calibration ended.

    Raises:
        ValueError: C-IP was named without thresholds; `check_policy` refuses that.
    """
    plain = Chooser(
        name=settings.policy,
        policy=query_policy or _named_policy(settings.policy, calibration),
        ask_price=settings.ask_price,
        seed=settings.seed or 0,
    )
    if calibration is None:
        return plain
    certifying = Certifying.of(
        calibration,
        setup=setup_of(plain, settings, reasoner=reasoner, calibration=calibration),
        alpha=settings.alpha,
        earlier=tuple(earlier),
    )
    return replace(plain, certifying=certifying)


def setup_of(
    chooser: Chooser, settings: RunSettings, *, reasoner: Reasoner, calibration: Calibration
) -> Setup:
    """Return all that a promise depends on, in words."""
    heats = calibration.temperature.temperatures if calibration.temperature else ()
    told = ", ".join(f"{heat:.6g}" for heat in heats) or "none"
    version = getattr(reasoner, "version", "")
    return Setup(
        policy=chooser.description,
        stop_rule=f"the reasoner's own, no gain, at most {settings.budget.rounds} rounds",
        source=f"{_beliefs(settings.belief)}, temperatures by decision: {told}",
        model=(
            f"{reasoner.name} {version}".strip()
            + f", memory {settings.memory}, {settings.workspace_tokens} tokens"
        ),
    )


def _beliefs(source: str) -> str:
    return "beliefs of the reasoner" if source == STATED else f"beliefs from {source}"


def _named_policy(name: str, calibration: Calibration | None) -> QueryPolicy | None:
    if name == GAIN:
        return InformationGain()
    if name != CIP:
        return None
    return ConformalPursuit(thresholds=calibration.set_thresholds if calibration else ())

"""What a run may promise: its calibration, checked against how the run is really set up."""

from dataclasses import dataclass, replace

import numpy as np

from ..policies.calibration import Calibration
from ..policies.certificate import Certificate as Promise
from ..policies.certificate import Setup, Standing, Verdict, verdict
from ..policies.conformal import SetThreshold
from ..policies.drift import Drift, measure_drift
from ..policies.learn_then_test import Refusal
from ..policies.model_belief import NONE_OF_THESE, ModelBelief
from ..policies.stop_rules import CertifiedStop
from ..records.belief import AnswerBelief, Candidate, SetMember
from ..records.result import Certificate
from ..records.stopping import StopReason
from ..text.words import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Certifying:
    """A calibration as one run uses it."""

    calibration: Calibration
    """What was learned."""
    setup: Setup
    """How this run is set up."""
    alpha: float
    """Error level."""
    stop: Promise | Refusal
    """The proved stop, or why there is none."""
    terminal_set: Promise | Refusal
    """The calibrated set at the stop, or why there is none."""
    drift: Drift | None = None
    """How far the confidences of earlier runs are from those of the calibration."""

    @classmethod
    def of(
        cls,
        calibration: Calibration,
        *,
        setup: Setup,
        alpha: float,
        earlier: tuple[float, ...] = (),
    ) -> "Certifying":
        """Return what a calibration is worth in a run.

        Args:
            calibration: The calibration.
            setup: How the run is set up.
            alpha: Error level.
            earlier: Confidences with which earlier runs under this calibration ended.
        """
        before = calibration.final_confidences(alpha=alpha)
        return cls(
            calibration=calibration,
            setup=setup,
            alpha=alpha,
            stop=calibration.stop(alpha=alpha),
            terminal_set=calibration.terminal_set(alpha=alpha),
            drift=measure_drift(before, earlier) if earlier and before.size else None,
        )

    def corrected(self, belief: AnswerBelief, *, length: int) -> AnswerBelief:
        """Return a belief at its calibrated temperature; of another setup's it stays as it is."""
        temperature = self.calibration.temperature
        if temperature is None or self.calibration.setup.fingerprint != self.setup.fingerprint:
            return belief
        chances = [each.probability for each in belief.candidates]
        found = temperature.apply([*chances, belief.none_of_these], length=length).tolist()
        candidates = tuple(
            replace(each, probability=chance)
            for each, chance in zip(belief.candidates, found[:-1], strict=True)
        )
        return replace(
            belief,
            candidates=candidates,
            none_of_these=found[-1],
            is_calibrated=True,
            set_rule=None,  # it was fitted to the probabilities as they were
        )

    def stop_verdict(self, belief: AnswerBelief) -> Verdict | None:
        """Return the promise under which the search may end now; None where it goes on."""
        rule = CertifiedStop(certificate=self.stop, setup=self.setup, drift=self.drift)
        if belief.held == 0:
            return None  # the likeliest entry is that no candidate is right: nothing to answer
        decision = rule.decide(ModelBelief.of_answers(belief), None)
        return decision.verdict if decision.stop else None

    def answer_certificate(
        self, belief: AnswerBelief | None, *, answer: str | None, stop: StopReason
    ) -> Certificate:
        """Return what may be claimed of an answer.

        Args:
            belief: The belief at the end.
            answer: The answer in words; None where there is none.
            stop: Why the run ended.
        """
        found = verdict(self.stop, setup=self.setup, drift=self.drift)
        if found.standing is Standing.CERTIFIED:
            found = self._at_the_end(found, belief, answer, stop)
        return self._told("stop error", self.stop, found)

    def set_certificate(self, belief: AnswerBelief | None, *, stop: StopReason) -> Certificate:
        """Return what may be claimed of the confidence set.

        Args:
            belief: The belief at the end.
            stop: Why the run ended.
        """
        found = verdict(self.terminal_set, setup=self.setup, drift=self.drift)
        if found.standing is Standing.CERTIFIED and stop.is_cut_short:
            found = _uncertified(_CUT_SHORT)
        elif found.standing is Standing.CERTIFIED and belief is None:
            found = _uncertified("the run ended without a belief, so there is no set to promise")
        return self._told("terminal set", self.terminal_set, found)

    def members(self, belief: AnswerBelief) -> tuple[SetMember, ...] | None:
        """Return the conformal set at the stop; None where no set is promised."""
        promise = self.terminal_set
        if isinstance(promise, Refusal):
            return None
        entries = [
            *belief.candidates,
            Candidate(text=NONE_OF_THESE, probability=belief.none_of_these),
        ]
        threshold = SetThreshold(value=promise.threshold, alpha=promise.alpha, n=promise.n)
        inside = threshold.members(np.array([each.probability for each in entries]))
        return tuple(
            SetMember(text=entries[i].text, probability=round(entries[i].probability, 4))
            for i in inside
        )

    def _at_the_end(
        self, found: Verdict, belief: AnswerBelief | None, answer: str | None, stop: StopReason
    ) -> Verdict:
        """Return the verdict where the promise stands, but this run's end may not be under it."""
        if isinstance(self.stop, Refusal):
            return found
        if stop.is_cut_short:
            return _uncertified(_CUT_SHORT)
        top = belief.top if belief else None
        if belief is None or top is None or answer is None:
            return _uncertified("there is no answer, so there is no error to promise")
        if not is_named(top.text, answer):
            return _uncertified(
                f"the answer is not the likeliest candidate of the belief, {top.text!r}, and the "
                "promise is about that one"
            )
        if self.stop.population == "answered" and belief.held < self.stop.threshold:
            return _uncertified(
                f"its probability {belief.held:.4g} is below the certified "
                f"{self.stop.threshold:.4g}"
            )
        return found

    def _told(self, kind: str, promise: Promise | Refusal, found: Verdict) -> Certificate:
        is_made = isinstance(promise, Promise)
        return Certificate(
            kind=kind,
            alpha=self.alpha,
            calibrated_on=self.calibration.setup.fingerprint,
            standing=found.standing.value,
            reason=found.reason,
            delta=promise.delta if is_made else None,
            n=promise.n,
            threshold=promise.threshold if is_made else None,
        )


_CUT_SHORT = "a limit or a failure cut the run short, and the promise is about whole runs"


def is_named(candidate: str, answer: str) -> bool:
    """Return whether an answer in a sentence names a candidate, in its very words."""
    named, said = words(candidate), words(answer)
    starts = range(len(said) - len(named) + 1)
    return bool(named) and any(said[i : i + len(named)] == named for i in starts)


def _uncertified(reason: str) -> Verdict:
    return Verdict(standing=Standing.UNCERTIFIED, reason=reason)

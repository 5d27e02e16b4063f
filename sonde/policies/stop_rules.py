"""When to stop asking: by count, confidence, entropy, gain, or a certificate."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from .belief import Belief
from .certificate import Certificate, Setup, Standing, Verdict, verdict
from .drift import Drift
from .learn_then_test import Refusal
from .query_policy import TIE_NATS, Scores


@dataclass(frozen=True, slots=True, kw_only=True)
class StopDecision:
    """Whether to stop, and why."""

    stop: bool
    """Whether to stop."""
    reason: str
    """Why or why not, with the values."""
    verdict: Verdict | None = None
    """What the run may claim, where a certificate was asked about."""


class StopRule(Protocol):
    """A way to tell that enough was asked."""

    @property
    def description(self) -> str:
        """The rule and its settings in words; part of a certificate's fingerprint."""
        ...

    def decide(self, belief: Belief, scores: Scores | None) -> StopDecision:
        """Decide before the next query; scores are None where no query was scored."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MaximumQueries:
    """Stop after a number of queries."""

    limit: int
    """Queries at most."""

    @property
    def description(self) -> str:
        """The rule in words."""
        return f"at most {self.limit} queries"

    def decide(self, belief: Belief, scores: Scores | None) -> StopDecision:
        """Stop where as many queries were answered."""
        del scores
        asked = len(belief.asked)
        return StopDecision(stop=asked >= self.limit, reason=f"{asked} of {self.limit} queries")


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """Stop where one entry is likely enough."""

    threshold: float
    """Probability from which to stop."""

    def __post_init__(self) -> None:
        if not 0 < self.threshold <= 1:
            raise ValueError(f"a confidence must lie between 0 and 1, not {self.threshold}")

    @property
    def description(self) -> str:
        """The rule in words."""
        return f"confidence {self.threshold!r}"

    def decide(self, belief: Belief, scores: Scores | None) -> StopDecision:
        """Stop where the highest probability reaches the threshold."""
        del scores
        top = float(belief.probs.max())
        return StopDecision(
            stop=top >= self.threshold,
            reason=f"highest probability {top:.4g}, threshold {self.threshold:.4g}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LowEntropy:
    """Stop where little uncertainty is left."""

    nats: float
    """Entropy up to which to stop."""

    def __post_init__(self) -> None:
        if not self.nats >= 0:
            raise ValueError(f"an entropy must be 0 or more, not {self.nats}")

    @property
    def description(self) -> str:
        """The rule in words."""
        return f"entropy {self.nats!r} nats"

    def decide(self, belief: Belief, scores: Scores | None) -> StopDecision:
        """Stop where the entropy is no higher than that."""
        del scores
        left = belief.entropy
        return StopDecision(
            stop=left <= self.nats, reason=f"entropy {left:.4g} nats, limit {self.nats:.4g}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumGain:
    """Stop where the best query promises nothing that could be told from zero.

    That is: no query is left, or the best score is no higher than `least` or than its own standard
    error.
    """

    least: float = 0.0
    """Gain up to which a query is not worth its price, in the unit of the scores."""

    def __post_init__(self) -> None:
        if not self.least >= 0:
            raise ValueError(f"a least gain must be 0 or more, not {self.least}")

    @property
    def description(self) -> str:
        """The rule in words."""
        return f"gain above {self.least!r} and above its standard error"

    def decide(self, belief: Belief, scores: Scores | None) -> StopDecision:
        """Stop where the best gain is within its own standard error of zero."""
        del belief
        if scores is None or scores.best is None:
            return StopDecision(stop=True, reason="no query is left to score")
        gain = float(scores.values[scores.best])
        error = float(scores.standard_errors[scores.best])
        return StopDecision(
            stop=gain <= max(self.least, error, TIE_NATS),
            reason=f"best gain {gain:.4g} +- {error:.2g}, least worth asking for {self.least:.4g}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifiedStop:
    """Stop at the confidence that a calibration has proved for this very setup.

    Without a valid certificate it never stops: a promise that cannot be kept is not weakened.
    """

    certificate: Certificate | Refusal | None
    """The promise, the refusal of one, or None."""
    setup: Setup
    """How this run is set up."""
    drift: Drift | None = None
    """How far the run-time scores are from those of the calibration, where measured."""

    def __post_init__(self) -> None:
        if isinstance(self.certificate, Certificate) and self.certificate.kind != "stop error":
            raise ValueError(
                f"a certificate of {self.certificate.kind!r} promises nothing about the error at "
                "the stop; use one of kind 'stop error'"
            )

    @property
    def description(self) -> str:
        """The rule in words."""
        if not isinstance(self.certificate, Certificate):
            return "certified stop without a certificate"
        return f"certified stop, error {self.certificate.alpha} at {self.certificate.delta}"

    def decide(self, belief: Belief, scores: Scores | None) -> StopDecision:
        """Stop where the certificate is valid and its confidence is reached."""
        del scores
        found = verdict(self.certificate, setup=self.setup, drift=self.drift)
        if found.standing is not Standing.CERTIFIED or not isinstance(
            self.certificate, Certificate
        ):
            return StopDecision(stop=False, reason=found.reason, verdict=found)
        top = float(belief.probs.max())
        needed = self.certificate.threshold
        if top < needed:
            open_claim = Verdict(
                standing=Standing.UNCERTIFIED,
                reason=f"highest probability {top:.4g} is below the certified {needed:.4g}",
            )
            return StopDecision(stop=False, reason=open_claim.reason, verdict=open_claim)
        return StopDecision(stop=True, reason=found.reason, verdict=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstOf:
    """Stop where the first of several rules says so; earlier rules give the reason."""

    rules: Sequence[StopRule]
    """The rules, in order."""

    @property
    def description(self) -> str:
        """The rules in words."""
        return "first of: " + "; ".join(rule.description for rule in self.rules)

    def decide(self, belief: Belief, scores: Scores | None) -> StopDecision:
        """Return the first decision to stop, or one to go on with all reasons."""
        decisions = [rule.decide(belief, scores) for rule in self.rules]
        claim = next((each.verdict for each in decisions if each.verdict is not None), None)
        for each in decisions:
            if each.stop:
                return StopDecision(stop=True, reason=each.reason, verdict=each.verdict or claim)
        reasons = "; ".join(each.reason for each in decisions)
        return StopDecision(stop=False, reason=reasons, verdict=claim)

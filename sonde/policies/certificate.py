"""Certificates: a promise, what it rests on, and when it no longer holds."""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from ..records.json_types import JsonObject
from .drift import Drift
from .learn_then_test import Population, Refusal, StoppingConfidence

CertificateKind = Literal["length sets", "terminal set", "stop error"]
"""What is promised: coverage at a fixed length, coverage at the stop, or the error at the stop."""


class Standing(StrEnum):
    """What a certificate is worth in a run."""

    CERTIFIED = "certified"
    """The promise holds for this run."""
    STALE = "stale"
    """The run-time scores no longer look like those of the calibration."""
    UNCERTIFIED = "uncertified"
    """There is no certificate, or it was made for something else."""
    REFUSED = "refused"
    """The promise could not be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """All that a calibration depends on; any change makes its certificates invalid."""

    policy: str
    """The query policy and its settings, in its own words."""
    stop_rule: str
    """The stop rule and its settings, in its own words."""
    source: str
    """Where the probabilities come from."""
    model: str
    """Name and version of the model, or of the table."""

    @property
    def fingerprint(self) -> str:
        """Hash of all parts."""
        parts = [self.policy, self.stop_rule, self.source, self.model]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]

    def changes(self, other: "Setup") -> list[str]:
        """Return the names of the parts in which another setup differs."""
        names = ("policy", "stop_rule", "source", "model")
        return [name for name in names if getattr(self, name) != getattr(other, name)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A promise made from calibration episodes of one setup.

    Raises:
        ValueError: A level is not between 0 and 1, or there were no episodes.
    """

    kind: CertificateKind
    """What is promised."""
    alpha: float
    """Share of runs in which it may fail."""
    delta: float | None
    """Chance over the calibration that the promise is broken; None where it holds on average."""
    n: int
    """Calibration episodes."""
    threshold: float
    """The threshold that carries it: a least probability, or a stopping confidence."""
    setup: Setup
    """What it was made for."""
    population: Population = "all"
    """Of which runs the promise is made: all, or those alone that reached the confidence."""

    def __post_init__(self) -> None:
        levels = [self.alpha] if self.delta is None else [self.alpha, self.delta]
        if not all(0 < level < 1 for level in levels):
            raise ValueError(f"levels must lie between 0 and 1, not {levels}")
        if self.n < 1:
            raise ValueError("a certificate needs calibration episodes")

    @property
    def fingerprint(self) -> str:
        """Hash of what it was made for."""
        return self.setup.fingerprint

    def record(self) -> JsonObject:
        """Return the certificate as JSON that a person can read and compare."""
        return {
            "kind": self.kind,
            "alpha": self.alpha,
            "delta": self.delta,
            "n": self.n,
            "threshold": self.threshold,
            "population": self.population,
            "fingerprint": self.fingerprint,
            "policy": self.setup.policy,
            "stop_rule": self.setup.stop_rule,
            "source": self.setup.source,
            "model": self.setup.model,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a run may claim."""

    standing: Standing
    """The claim."""
    reason: str
    """Why, with the values."""


def stop_certificate(
    found: StoppingConfidence | Refusal, *, setup: Setup
) -> Certificate | Refusal:  # fmt: skip
    """Return the certificate of a stopping confidence; a refusal stays one."""
    if isinstance(found, Refusal):
        return found
    return Certificate(
        kind="stop error",
        alpha=found.alpha,
        delta=found.delta,
        n=found.n,
        threshold=found.value,
        setup=setup,
        population=found.population,
    )


def verdict(
    certificate: Certificate | Refusal | None, *, setup: Setup, drift: Drift | None = None
) -> Verdict:
    """Return what a run with this setup may claim.

    Args:
        certificate: The promise, the refusal of one, or None.
        setup: How the run is set up.
        drift: How far the run-time scores are from those of the calibration, where measured.
    """
    if certificate is None:
        return Verdict(standing=Standing.UNCERTIFIED, reason="no calibration was given")
    if isinstance(certificate, Refusal):
        return Verdict(standing=Standing.REFUSED, reason=certificate.reason)
    if certificate.fingerprint != setup.fingerprint:
        changes = ", ".join(
            f"{name} was {getattr(certificate.setup, name)!r} and is {getattr(setup, name)!r}"
            for name in certificate.setup.changes(setup)
        )
        return Verdict(
            standing=Standing.UNCERTIFIED,
            reason=f"the calibration was made for another setup: {changes}; calibrate again",
        )
    if drift is not None and drift.is_stale:
        return Verdict(standing=Standing.STALE, reason=drift.reason)
    return Verdict(standing=Standing.CERTIFIED, reason=_promise(certificate))


def _promise(certificate: Certificate) -> str:
    words = {
        "length sets": "sets at a fixed length miss the truth in at most",
        "terminal set": "sets at the stop miss the truth in at most",
        "stop error": "answers at the stop are wrong in at most",
    }[certificate.kind]
    odds = "" if certificate.delta is None else f", with confidence {1 - certificate.delta:.3g}"
    runs = "of runs" if certificate.population == "all" else "of the runs that stop so"
    return f"{words} {certificate.alpha:.3g} {runs}{odds} (n = {certificate.n})"

"""What a run gives: the answer, how sure it is, what it rests on, and the bill."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from .belief import SetMember, SetRule
from .choice import RoundBelief
from .evidence import Citation
from .stopping import StopReason
from .usage import Usage

MODEL_FAILED = "the model failed: "
"""What the warning begins with that tells why a model could not go on."""
CertificateStanding: TypeAlias = Literal["certified", "stale", "uncertified", "refused"]
"""What a certificate is worth: the promise holds; the scores have drifted; there is none for this
setup; or it could not be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What is promised of the answer's error rate, and on what ground; or why nothing is."""

    kind: str
    """What is promised: `stop error` (the answer) or `terminal set` (the confidence set)."""
    alpha: float
    """The error level that was asked for."""
    calibrated_on: str
    """Fingerprint of the calibration."""
    standing: CertificateStanding = "certified"
    """What the promise is worth in this run."""
    reason: str = ""
    """The promise, or why there is none, with the figures."""
    delta: float | None = None
    """Chance over the calibration that the promise is broken; None where it holds on average."""
    n: int | None = None
    """Calibration episodes."""
    threshold: float | None = None
    """The probability that carries it; None where no promise could be made."""

    @property
    def is_valid(self) -> bool:
        """Whether the promise holds for this run."""
        return self.standing == "certified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The outcome of one run."""

    run_id: str
    """Id of the run, for `resume`, `trace` and `runs`."""
    question: str
    """What was asked."""
    answer: str | None
    """The answer; None where the run abstained or never came to one."""
    confidence: float | None
    """Probability that the answer is right, as the reasoner holds it; None is unknown."""
    confidence_set: tuple[SetMember, ...]
    """The smallest set of answers that holds 1 - alpha of the belief, empty where none does; with a
    valid set certificate the conformal set, in which `none of these` may stand; with a set rule the
    answers that fulfil it."""
    certificate: Certificate | None
    """What is promised of the error rate; None where no calibration was given."""
    citations: tuple[Citation, ...]
    """Quotes that were found in the stored pages, in the order of the argument."""
    stop_reason: StopReason
    """Why the run ended."""
    rounds: int
    """Decisions of the search; an answer that was asked for once it had ended is none."""
    steps: int
    """Actions carried out: tools used and questions put to a person."""
    usage: Usage
    """Tokens of all model calls, failed ones too."""
    cost_usd: float | None
    """Price of the run; None where a part of it is unknown."""
    wall_s: float
    """Seconds from start to end, over all sittings of a resumed run."""
    cpu_s: float | None = None
    """Processor seconds of a reasoner of our own; None where a model did the work."""
    model: str = ""
    """The reasoner's name on the bill."""
    warnings: tuple[str, ...] = ()
    """What the asker should know: citations dropped, limits that did not bind."""
    stop_detail: str | None = None
    """What exactly ended the run, where the stop reason is `provider_error`: `unreachable`,
    `refused`, `content_filter`, `context_overflow` or `unreadable`."""
    output: object = None
    """The answer as an instance of the output type, where one was given; where it does not fit, the
    model's JSON as it is, or None where there is none, and a warning says so."""
    set_certificate: Certificate | None = None
    """What is promised of the confidence set; None where no calibration was given."""
    set_rule: SetRule | None = None
    """What the confidence set rests on where the reasoner has a rule of its own for it; None where
    it has none, or a calibration took its place."""
    trail: tuple[RoundBelief, ...] = ()
    """The belief of each round, and what a policy made of it; read from the journal."""

    @property
    def failure(self) -> str | None:
        """What of the model failed, with the next step; None where nothing did."""
        told = (each for each in self.warnings if each.startswith(MODEL_FAILED))
        return next(told, "").removeprefix(MODEL_FAILED) or None

    @property
    def cost_known(self) -> bool:
        """Whether every part of the price is known."""
        return self.cost_usd is not None

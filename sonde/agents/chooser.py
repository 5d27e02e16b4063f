"""How a run chooses its actions: the policy by name, what ranks forecasts, prices and promises."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..models.reasoner import Capability
from ..records.errors import SetupError
from ..records.mistakes import mistaken

if TYPE_CHECKING:  # plain runs load neither scipy nor the policies
    from ..policies.calibration import Calibration
    from ..policies.query_policy import QueryPolicy
    from .certifying import Certifying

MODEL, GAIN, CIP, RANDOM, OWN = "model", "gain", "cip", "random", "own"
POLICIES = (MODEL, GAIN, CIP, RANDOM)
"""Query policies by name: `model` takes the reasoner's own first choice."""
CLARIFY = ("auto", "never", "always")
"""Whether the person is asked what the question leaves open."""
_NEEDS: dict[str, tuple[Capability, ...]] = dict.fromkeys(
    (GAIN, CIP, OWN), (Capability.BELIEF, Capability.FORECAST)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chooser:
    """How the actions of a run are chosen, and when its search may end by a promise."""

    name: str = MODEL
    """The policy by name."""
    policy: "QueryPolicy | None" = None
    """What ranks forecasts; None trusts the reasoner, or chance."""
    ask_price: float = 3.0
    """What a question to a person costs, in searches."""
    seed: int = 0
    """Seed of the random policy."""
    certifying: "Certifying | None" = None
    """The calibration, where one was given."""

    @property
    def description(self) -> str:
        """The policy and its settings in words; part of a certificate's fingerprint."""
        if self.policy is None:
            return self.name if self.name == MODEL else f"{self.name}, seed {self.seed}"
        return f"{self.policy.description} per search, a question at {self.ask_price!r}"


def named_policy(
    policy: "str | QueryPolicy | None",
) -> "tuple[QueryPolicy | None, str]":
    """Return a policy of the builder's own, where one was given, and its name.

    Raises:
        SetupError: It is none.
    """
    if policy is None or isinstance(policy, str):
        return None, policy or MODEL
    if not hasattr(policy, "score"):
        wanted = f"one of {', '.join(POLICIES)}, or a query policy"
        raise mistaken("policy", policy, wanted=wanted, example='Agent(policy="gain")')
    return policy, OWN


def given_calibration(
    calibration: "str | Path | Calibration | None",
) -> "Calibration | None":
    """Return a calibration, read where its file was given.

    Raises:
        SetupError: It is no calibration, or its file cannot be read.
    """
    if not isinstance(calibration, str | Path):
        if calibration is not None and not hasattr(calibration, "set_thresholds"):
            wanted = "a file that `sonde calibrate` wrote"
            example = 'Agent(calibration="calibration.json")'
            raise mistaken("calibration", calibration, wanted=wanted, example=example)
        return calibration
    from .calibration_file import read_calibration  # here: it loads scipy

    return read_calibration(Path(calibration))


def check_policy(name: str, capabilities: Collection[Capability], *, has_thresholds: bool) -> None:
    """Refuse a policy that there is not, or that cannot be served.

    Args:
        name: The policy.
        capabilities: What the reasoner can do.
        has_thresholds: Whether a calibration brings thresholds for C-IP.

    Raises:
        SetupError: It is unknown, or needs a capability or thresholds that are absent.
    """
    if name not in (*POLICIES, OWN):
        raise SetupError(f"no policy {name!r}; there are: {', '.join(POLICIES)}")
    missing = [str(each) for each in _NEEDS.get(name, ()) if each not in capabilities]
    if missing:
        raise SetupError(
            f"the policy {name!r} needs a reasoner that can: {', '.join(missing)}; this one can: "
            f"{', '.join(sorted(capabilities)) or 'neither'}. Take the policy 'model' or 'random', "
            "or another reasoner"
        )
    if name == CIP and not has_thresholds:
        raise SetupError(
            "the policy 'cip' needs thresholds from a calibration: run `sonde calibrate SUITE "
            "--policy cip`, then give its file (`calibration=...`)"
        )


def checked_clarify(name: str, capabilities: Collection[Capability], *, has_person: bool) -> str:
    """Return whether the person is to be asked what the question leaves open.

    Raises:
        SetupError: There is no such choice, or `always` cannot be kept.
    """
    if name not in CLARIFY:
        raise SetupError(f"no way to clarify {name!r}; there are: {', '.join(CLARIFY)}")
    if name == "always" and Capability.SLOTS not in capabilities:
        raise SetupError(
            "this reasoner cannot tell what a question leaves open; leave `clarify='always'` out, "
            "or give a chat model"
        )
    if name == "always" and not has_person:
        raise SetupError(
            "nobody is there to be asked; leave `clarify='always'` out, or give `ask_user`"
        )
    return name

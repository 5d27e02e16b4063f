"""gate.json: a learned gate as text, with all that it takes to trust it or not."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ...policies.gating.learned import SEND_FROM, LearnedGate
from ...policies.gating.links import FEATURES, FEATURES_VERSION
from ...policies.gating.risk import NEVER_SURE
from ...records.errors import SetupError

SCHEMA = 1
_LARGEST = 10_000
_DIGITS = 4
_ARROW = " > "


def _joined(name: str) -> str:
    if not all(_pair(name)):
        raise ValueError(f"needs `sender{_ARROW}receiver`, not {name!r}")
    return name


def _pair(name: str) -> tuple[str, str]:
    sender, _, receiver = name.partition(_ARROW)
    return sender, receiver


_Share = Annotated[float, Field(ge=0, le=1)]
_Link = Annotated[str, AfterValidator(_joined)]


class Measured(BaseModel):
    """What the gate did on its calibration tasks, beside the open team and the novelty rule."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    open_accuracy: float | None = None
    gated_accuracy: float | None = None
    """With the fail-open."""
    open_tokens: float | None = None
    novelty_tokens: float | None = None
    """Message tokens a task of the novelty rule; None where it was not played."""
    gated_tokens: float | None = None
    """Message tokens a task, those of escalated runs too."""
    open_calls: float | None = None
    gated_calls: float | None = None
    escalated: float | None = None
    """Share of tasks that went back to full communication."""
    losses: int | None = None
    """Tasks that the open team got right and the gated one wrong."""
    loss_bound: float | None = None
    """Upper end of the losses' Clopper-Pearson interval, at 95%."""
    members: tuple[str, ...] = ()
    """Names of the team's members."""
    decider: str | None = None
    """Who answers."""
    open_sends: float = 0.0
    """Messages a task along each link of the open team."""
    sends: dict[_Link, float] = {}
    """Messages a task by `sender > receiver`, those of full communication left out."""
    curve: tuple[tuple[float, float | None, float], ...] = ()
    """For some alphas: the alpha, its tau (None: too few tasks), message tokens a task."""


class GateFile(BaseModel):
    """A learned gate with its promise."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    schema_: int = Field(default=SCHEMA, alias="schema")
    features_version: int = FEATURES_VERSION
    features: tuple[str, ...] = FEATURES
    weights: tuple[float, ...]
    """One a feature."""
    biases: dict[_Link, float] = {}
    """Added log odds by `sender's role > receiver's role`; 0 where a pair is not listed."""
    roles: tuple[str, ...]
    """Roles of the team that it was fitted or calibrated on."""
    send_from: _Share = SEND_FROM
    team_hash: str
    """Tells the team that it is calibrated for."""
    fitted_on: int
    """Recorded runs that it was fitted on."""
    tau: _Share = NEVER_SURE
    """Under this confidence the decider has everything new told to everybody; 1: always."""
    alpha: float | None = None
    """Share of tasks that may be lost; None before calibration."""
    n: int | None = None
    """Calibration tasks."""
    is_installed: bool = True
    """Whether it saves anything; a gate no cheaper than the novelty rule is not put to use."""
    measured: Measured = Measured()
    """What it did on the calibration tasks."""

    @property
    def is_calibrated(self) -> bool:
        """Whether tau was found for the team of `team_hash`."""
        return self.alpha is not None

    @property
    def gate(self) -> LearnedGate:
        """The gate itself."""
        return LearnedGate(
            weights=np.array(self.weights),
            biases={_pair(name): bias for name, bias in self.biases.items()},
            known_roles=frozenset(self.roles),
            send_from=self.send_from,
        )

    def gate_for(self, roles: Sequence[str]) -> LearnedGate:
        """Return the gate as a team tries it that it is to be calibrated for: all roles known."""
        return replace(self.gate.for_roles(roles), known_roles=frozenset(roles))

    def for_team(self, *, roles: Sequence[str], team_hash: str) -> "GateFile":
        """Return the gate as a team takes it over: unchanged by its own, uncalibrated by another.

        Another team keeps the weights, drops the biases of roles that it has not, and always fails
        open until it is calibrated.
        """
        if team_hash == self.team_hash:
            return self
        known = set(roles)
        return self.model_copy(
            update={
                "biases": {n: b for n, b in self.biases.items() if set(_pair(n)) <= known},
                "tau": NEVER_SURE,
                "alpha": None,
                "n": None,
                "measured": Measured(),
            }
        )


def gate_file_of(
    gate: LearnedGate, *, roles: Sequence[str], team_hash: str, fitted_on: int
) -> GateFile:
    """Return a fitted gate, not calibrated yet, as it is written down."""
    return GateFile(
        weights=tuple(round(float(w), _DIGITS) for w in gate.weights),
        biases={
            _ARROW.join(pair): round(bias, _DIGITS)
            for pair, bias in sorted(gate.biases.items())
            if abs(bias) >= 10**-_DIGITS
        },
        roles=tuple(dict.fromkeys(roles)),
        send_from=gate.send_from,
        team_hash=team_hash,
        fitted_on=fitted_on,
    )


def gate_text(file: GateFile) -> str:
    """Return a gate as it stands in its file: one figure a line, so that changes can be compared.

    Raises:
        SetupError: It is larger than a gate may be: the team has too many roles.
    """
    given = file.model_dump(by_alias=True, mode="json")
    text = json.dumps(given, indent=1, ensure_ascii=False) + "\n"
    if len(text.encode()) > _LARGEST:
        given["biases"] = _strongest(given["biases"], _LARGEST // 80)
        text = json.dumps(given, indent=1, ensure_ascii=False) + "\n"
    if len(text.encode()) > _LARGEST:
        raise SetupError(f"the gate takes {len(text):,} bytes, over {_LARGEST:,}; share roles")
    return text


def read_gate(path: Path) -> GateFile:
    """Read a gate from its file.

    Raises:
        SetupError: There is no such file, it is no gate, or its features are of another version.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as err:
        raise SetupError(
            f"cannot read the gate {str(path)!r}: {err.strerror or err}; "
            "make one with `sonde gate fit`"
        ) from err
    except UnicodeDecodeError as err:
        raise SetupError(
            f"{str(path)!r} is no gate: it is no text; make one with `sonde gate fit`"
        ) from err
    try:
        file = GateFile.model_validate_json(text)
    except ValidationError as err:
        first = err.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise SetupError(
            f"{str(path)!r} is no gate: {where}: {first['msg']}; make one with `sonde gate fit`"
        ) from err
    _check_version(file, path)
    return file


def _check_version(file: GateFile, path: Path) -> None:
    is_same = (file.features_version, file.features) == (FEATURES_VERSION, FEATURES)
    if file.schema_ != SCHEMA or not is_same or len(file.weights) != len(FEATURES):
        raise SetupError(
            f"the gate {str(path)!r} was fitted on features of version {file.features_version} "
            f"({len(file.weights)} weights); this version of sonde has version {FEATURES_VERSION} "
            f"({len(FEATURES)}): fit it again with `sonde gate fit`"
        )


def _strongest(biases: dict[str, float], most: int) -> dict[str, float]:
    kept = sorted(biases, key=lambda name: -abs(biases[name]))[:most]
    return {name: biases[name] for name in biases if name in kept}

"""From a gate's name, file or object to the gate that a team is played under."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from ...policies.gating.gates import Gate, HandGate, NoveltyGate, OpenGate, StaticGate
from ...policies.gating.graphs import chain, cut_off, star
from ...records.errors import SetupError
from ...records.mistakes import mistaken
from .gate_file import GateFile, read_gate
from .member import Teammate
from .settings import TeamSettings, team_hash

GateWish: TypeAlias = Gate | GateFile | str | Path | None
"""A gate as it is asked for; None leaves it to the novelty rule."""
GATES: Mapping[str, Callable[[int, int], Gate]] = {
    "novelty": lambda _size, _decider: NoveltyGate(),
    "open": lambda _size, _decider: OpenGate(),
    "hand": lambda _size, _decider: HandGate(),
    "chain": lambda size, decider: StaticGate(graph=chain(size, decider=decider), name="chain"),
    "star": lambda size, decider: StaticGate(graph=star(size, decider=decider), name="star"),
}
"""Gates by name, made for so many members and a decider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gated:
    """A team's settings with a gate in them."""

    settings: TeamSettings
    """The settings."""
    is_learned: bool = False
    """Whether a learned gate is put to use."""
    notes: tuple[str, ...] = ()
    """What whoever asks the team should know of its gate."""


def choose_gate(
    wish: GateWish, tau: float | None, *, members: Sequence[Teammate], plain: TeamSettings
) -> Gated:
    """Return settings with the gate that is asked for, as far as it may be put to use.

    Args:
        wish: The gate.
        tau: Under this confidence the decider has everything new told; None leaves it to the gate.
        members: The team.
        plain: Its settings without a gate.

    Raises:
        SetupError: There is no such gate, or nothing leads from a member to the decider.
    """
    if wish is None:
        return Gated(settings=replace(plain, tau=tau))
    if isinstance(wish, str) and wish in GATES:
        gate = GATES[wish](len(members), plain.decider)
        return Gated(settings=replace(plain, gate=gate, tau=tau))
    if isinstance(wish, (str, Path)):
        wish = _read(Path(wish))
    if isinstance(wish, GateFile):
        return _learned(wish, tau, members=members, plain=plain)
    if not hasattr(wish, "decide"):
        wanted = f"one of {', '.join(GATES)}, the path of a gate.json, or a gate"
        raise mistaken("gate", wish, wanted=wanted, example='Team(members, gate="star")')
    if isinstance(wish, StaticGate):
        _check_ways(wish, members, plain.decider)
    return Gated(settings=replace(plain, gate=wish, tau=tau))


def _read(path: Path) -> GateFile:
    if not path.exists():
        known = ", ".join(GATES)
        raise SetupError(
            f"there is no gate {str(path)!r}; give one of {known}, or a gate.json, "
            "which `sonde gate fit` makes"
        )
    return read_gate(path)


def _learned(
    file: GateFile, tau: float | None, *, members: Sequence[Teammate], plain: TeamSettings
) -> Gated:
    if not file.is_installed:
        note = "the gate lost too much or saved nothing when it was calibrated: novelty decides"
        return Gated(settings=replace(plain, tau=tau), notes=(note,))
    roles = [member.role for member in members]
    own = file.for_team(roles=roles, team_hash=team_hash(members, plain))
    used = own.tau if tau is None else tau
    promised = own.alpha if used == own.tau else None  # of another tau nothing was measured
    settings = replace(plain, gate=own.gate, tau=used, alpha=promised)
    if own.is_calibrated or tau is not None:
        return Gated(settings=settings, is_learned=True)
    note = (
        "the gate is not calibrated for this team, so every run goes back to telling "
        "everything that is new; run `sonde gate calibrate`"
    )
    return Gated(settings=settings, is_learned=True, notes=(note,))


def _check_ways(gate: StaticGate, members: Sequence[Teammate], decider: int) -> None:
    cut = cut_off(gate.graph, decider=decider)
    if cut:
        names = ", ".join(members[i].name for i in cut)
        raise SetupError(
            f"in this graph nothing leads from {names} to the decider; add a way for each"
        )

"""Recorded runs of a team, read back from their journals: links, claims, messages, answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...memory.journal import read_journal
from ...policies.distributions import Floats
from ...policies.gating.links import FEATURES, FEATURES_VERSION, Flags
from ...records.claims import Claim
from ...records.errors import SetupError
from ...records.events import Event, RunStarted
from ...records.json_types import JsonObject
from ...records.team_events import ClaimMade, LinksWeighed, MessageSent, TeamEscalated
from .lineage import Delivery, lineage_of, with_parents
from .notebook import Notebook


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamTrace:
    """One recorded run of a team."""

    run_id: str
    """The run."""
    members: tuple[str, ...]
    """Names of the members, in their order."""
    roles: tuple[str, ...]
    """Their roles."""
    decider: str
    """Who answers."""
    rounds: int
    """Gated rounds."""
    team_hash: str
    """The team."""
    claims: Mapping[str, Claim]
    """Every claim, by id."""
    deliveries: tuple[Delivery, ...]
    """Every message."""
    features: Mapping[int, Floats]
    """For each gated round, (N, N, F): what the gate saw of each link; NaN on the diagonal."""
    answer: Claim | None
    """The decider's last answer; None where it had none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledLinks:
    """Links of one run, and which of them its answer rested on."""

    features: Floats
    """(T, N, N, F)."""
    is_needed: Flags
    """(T, N, N)."""


def read_trace(journal: Path) -> TeamTrace:
    """Read a team's run from its journal; parents that a claim does not name are filled in.

    Raises:
        SetupError: The journal cannot be read, is damaged, is none of a team, or is of another
            version.
    """
    contents = read_journal(journal)
    events = contents.events
    started = next((event for event in events if isinstance(event, RunStarted)), None)
    team = started.settings.get("team") if started else None
    if started is None or not isinstance(team, dict):
        raise SetupError(
            f"{str(journal.parent)!r} is no run of a team; record with `sonde team record`"
        )
    if contents.unreadable_lines or contents.torn_bytes:
        raise SetupError(
            f"the journal {str(journal)!r} is damaged, so what its answer rested on is unknown; "
            "record again with `sonde team record`"
        )
    members, roles = _members(team)
    notebooks = {name: Notebook(name) for name in members}
    claims = _replayed(events, notebooks)
    decider = str(team.get("decider"))
    return TeamTrace(
        run_id=started.run_id,
        members=members,
        roles=roles,
        decider=decider,
        rounds=int(str(team.get("rounds"))),
        team_hash=str(team.get("hash")),
        claims=claims,
        deliveries=tuple(_delivery(event) for event in events if isinstance(event, MessageSent)),
        features=_features(events, members),
        answer=notebooks[decider].answer,
    )


def label_links(trace: TeamTrace) -> LabelledLinks:
    """Return a run's links, and which messages stand in the lineage of its answer."""
    at = {name: i for i, name in enumerate(trace.members)}
    size = len(trace.members)
    is_needed = np.zeros((trace.rounds, size, size), dtype=np.bool_)
    if trace.answer is not None:
        found = lineage_of(
            trace.answer, trace.decider, claims=trace.claims, deliveries=trace.deliveries
        )
        for delivery in found.deliveries:
            if 1 <= delivery.round <= trace.rounds:
                is_needed[delivery.round - 1, at[delivery.sender], at[delivery.receiver]] = True
    unknown = np.full((size, size, len(FEATURES)), np.nan)
    features = np.stack([trace.features.get(t + 1, unknown) for t in range(trace.rounds)])
    return LabelledLinks(features=features, is_needed=is_needed)


def _members(team: JsonObject) -> tuple[tuple[str, ...], tuple[str, ...]]:
    given = team.get("members")
    rows = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
    return tuple(str(row["name"]) for row in rows), tuple(str(row["role"]) for row in rows)


def _replayed(events: Sequence[Event], notebooks: Mapping[str, Notebook]) -> dict[str, Claim]:
    """Return every claim by id, and bring the notebooks to where the run left them."""
    claims: dict[str, Claim] = {}
    for event in events:
        if isinstance(event, ClaimMade):
            book = notebooks[event.claim.agent]
            claims[event.claim.id] = claim = with_parents(event.claim, book.claims)
            book.take(claim)
        elif isinstance(event, MessageSent):
            notebooks[event.receiver].take_all(claims[each] for each in event.taken)
    return claims


def _delivery(event: MessageSent) -> Delivery:
    return Delivery(
        sender=event.sender, receiver=event.receiver, round=event.round, taken=event.taken
    )


def _features(events: Iterable[Event], members: Sequence[str]) -> dict[int, Floats]:
    """Return what the gate saw in each round before the team went back to full communication."""
    at = {name: i for i, name in enumerate(members)}
    found: dict[int, Floats] = {}
    for event in events:
        if isinstance(event, TeamEscalated):
            break
        if not isinstance(event, LinksWeighed):
            continue
        if event.features_version != FEATURES_VERSION:
            raise SetupError(
                f"a run was recorded with features of version {event.features_version}, "
                f"this is version {FEATURES_VERSION}; record again with `sonde team record`"
            )
        seen = np.full((len(members), len(members), len(FEATURES)), np.nan)
        for link in event.links:
            row = [np.nan if value is None else value for value in link.features]
            seen[at[link.sender], at[link.receiver]] = row
        found[event.round] = seen
    return found

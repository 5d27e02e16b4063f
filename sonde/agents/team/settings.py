"""How a team plays: its gate, its rounds, and its way back to full communication."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from ...costs.budget import Budget
from ...policies.gating.gates import Gate, NoveltyGate
from ...policies.gating.learned import LearnedGate
from ...records.json_types import JsonObject
from .exchange import MessageCost
from .member import Teammate

DEFAULT_ROUNDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamSettings:
    """Everything about a team's run but its members and its question."""

    decider: int
    """The member whose answer is the team's."""
    cost: MessageCost
    """What messages cost."""
    gate: Gate = field(default_factory=NoveltyGate)
    """Who hears what."""
    tau: float | None = None
    """Under this confidence the decider has everything new told to everybody; None never."""
    alpha: float | None = None
    """Share of tasks that may be lost against the open team; None where nothing is promised."""
    rounds: int = DEFAULT_ROUNDS
    """Gated rounds; as many again may follow where the decider is not sure."""
    most_claims: int | None = None
    """Most claims of a message; None for no limit."""
    budget: Budget = field(default_factory=Budget)
    """What a run may take."""

    def as_json(self, members: Sequence[Teammate]) -> JsonObject:
        """Return the settings as JSON, for the journal."""
        return {
            "team": {
                "members": [{"name": m.name, "role": m.role} for m in members],
                "decider": members[self.decider].name,
                "gate": self.gate.name,
                "tau": self.tau,
                "rounds": self.rounds,
                "message_budget": self.most_claims,
                "hash": team_hash(members, self),
            }
        }


def team_hash(members: Sequence[Teammate], settings: TeamSettings) -> str:
    """Return what tells one team from another: roles, profiles, decider and rounds."""
    described: list[object] = [
        [[m.name, m.role, m.profile] for m in members],
        settings.decider,
        settings.rounds,
        settings.most_claims,
    ]
    return _hash(described)


def gate_hash(gate: Gate, tau: float | None) -> str:
    """Return what tells a gate with its threshold from another, as far as its losses go."""
    described: list[object] = [gate.name, tau]
    if isinstance(gate, LearnedGate):
        biases = sorted([*pair, bias] for pair, bias in gate.biases.items())
        described += [gate.weights.tolist(), biases, gate.send_from, sorted(gate.known_roles or ())]
    return _hash(described)


def _hash(described: list[object]) -> str:
    text = json.dumps(described, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]

"""Tools as data: what one offers, what was asked of it, what came back."""

import json
from dataclasses import dataclass
from enum import StrEnum

from .evidence import Passage
from .json_types import JsonObject
from .usage import Usage


class ToolKind(StrEnum):
    """What a tool is for; a reasoner without language chooses by this."""

    SEARCH = "search"
    """Takes `queries` (a list of texts) and `limit`, returns passages."""
    OPEN = "open"
    """Takes `doc_id` and `start`, returns a stretch of one document."""
    RECALL = "recall"
    """Takes `evidence_id` or `query`, returns passages that were seen before."""
    COMPUTE = "compute"
    """Works something out; no new evidence of the world."""
    ASK = "ask"
    """Asks a person; takes `question`."""
    OTHER = "other"
    """Anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolSpec:
    """What a tool offers."""

    name: str
    """The name it is called by."""
    description: str
    """What it does, for the model to read."""
    parameters: JsonObject
    """JSON schema of its arguments."""
    kind: ToolKind = ToolKind.OTHER
    """What it is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One call of a tool, as proposed or as made."""

    tool: str
    """Name of the tool."""
    arguments: JsonObject
    """Its arguments."""
    call_id: str | None = None
    """The provider's id of the call, under native tool calling."""
    prior: float | None = None
    """The proposer's own weight for it among the candidates, 0 to 1."""

    @property
    def key(self) -> str:
        """Canonical text: equal for two calls that ask for the same."""
        return f"{self.tool}({json.dumps(self.arguments, sort_keys=True, ensure_ascii=False)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """Calls of somebody else's service that a tool made, for the bill."""

    seller: str
    """Who sold them, as the price book knows it."""
    calls: int = 1
    """How many, failed ones too."""
    cost_usd: float | None = None
    """What they cost, where the tool knows; None leaves it to the price book."""
    usage: Usage | None = None
    """Tokens that they took, where the seller sells by tokens; a count not known is inside it."""
    base_url: str | None = None
    """Endpoint that was asked, which says whose list price holds; None where it sells by call."""
    is_list_price: bool | None = None
    """Whether `cost_usd` is the price book's, not what the seller told; None: nobody says yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolResult:
    """What a tool gave back."""

    text: str
    """What it says, whole; for passages, a line of summary is enough."""
    passages: tuple[Passage, ...] = ()
    """Stretches of documents that it found, best first."""
    is_error: bool = False
    """Whether this is a failure, told to the model."""
    purchases: tuple[Purchase, ...] = ()
    """What was bought for it."""
    warnings: tuple[str, ...] = ()
    """What the asker should know of it, beside the answer."""

"""What goes over the wire to a chat model, and what comes back."""

from dataclasses import dataclass, field
from typing import Literal

from .json_types import JsonObject, JsonValue
from .pictures import Picture
from .tooling import Action, ToolSpec
from .usage import Usage

Role = Literal["system", "user", "assistant", "tool"]
FinishReason = Literal["stop", "length", "tool_calls", "content_filter", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a chat."""

    role: Role
    """Who speaks."""
    content: str
    """What is said."""
    tool_calls: tuple[Action, ...] = ()
    """Native tool calls of an assistant's message."""
    tool_call_id: str | None = None
    """For a tool's message: the call that it answers."""
    images: tuple[Picture, ...] = ()
    """Pictures that a user's message shows after its text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRequest:
    """One request to a chat model."""

    messages: tuple[Message, ...]
    """The whole conversation as the model is to see it."""
    max_output_tokens: int
    """The most tokens that may come back; the budget reserves for this many."""
    tools: tuple[ToolSpec, ...] = ()
    """Tools for native tool calling; empty under the text-tag protocol."""
    temperature: float | None = None
    """Sampling temperature; None leaves the provider's default."""
    seed: int | None = None
    """Sampling seed, where the provider honours one."""
    stop: tuple[str, ...] = ()
    """Texts at which the model stops."""
    output_schema: JsonObject | None = None
    """JSON schema of the reply; None is free text."""
    top_logprobs: int | None = None
    """How many alternatives to return for each token; None asks for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAlternative:
    """One token that could have stood at a place, with its log-probability."""

    token: str
    """The token's text."""
    log_prob: float
    """Natural logarithm of its probability."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatReply:
    """One reply of a chat model."""

    text: str
    """What the model said."""
    usage: Usage
    """Tokens that this call took."""
    model: str
    """The model that answered, as the provider names it."""
    finish: FinishReason = "stop"
    """Why the model stopped; `length` means that the text is cut."""
    tool_calls: tuple[Action, ...] = ()
    """Native tool calls."""
    logprobs: tuple[tuple[TokenAlternative, ...], ...] = ()
    """For each place of the reply, the alternatives that were asked for."""
    raw_usage: JsonObject = field(default_factory=dict[str, JsonValue])
    """The provider's own usage record, kept for the journal."""

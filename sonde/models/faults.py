"""What can go wrong on the wire, and what the caller is told about it."""

import re
from dataclasses import dataclass
from enum import StrEnum

from ..records.errors import (
    CallOutOfTime,
    ContentFiltered,
    ContextOverflow,
    ModelRefused,
    ModelUnreachable,
    ReplyUnreadable,
    SetupError,
    SondeError,
)
from ..records.usage import Usage


class Outcome(StrEnum):
    """How one attempt ended."""

    OK = "ok"
    """A reply came that can be used."""
    RATE_LIMITED = "rate_limited"
    """The endpoint asked to slow down."""
    SERVER_ERROR = "server_error"
    """The endpoint failed, or was busy."""
    UNREACHABLE = "unreachable"
    """No connection, or it broke before the reply was whole."""
    TIMEOUT = "timeout"
    """Silence for too long."""
    OUT_OF_TIME = "out_of_time"
    """All the time of the call is used up."""
    UNREADABLE = "unreadable"
    """An answer came that is no chat completion."""
    REFUSED = "refused"
    """The endpoint would not do what was asked."""
    FILTERED = "filtered"
    """A content filter stopped the request or the reply."""
    OVERFLOW = "overflow"
    """The prompt is longer than the model's context."""
    MISCONFIGURED = "misconfigured"
    """Key, address, model name or account are wrong."""


_RETRYABLE = frozenset(
    {
        Outcome.RATE_LIMITED,
        Outcome.SERVER_ERROR,
        Outcome.UNREACHABLE,
        Outcome.TIMEOUT,
        Outcome.UNREADABLE,
    }
)
_ERRORS: dict[Outcome, type[SondeError]] = {
    Outcome.RATE_LIMITED: ModelUnreachable,
    Outcome.SERVER_ERROR: ModelUnreachable,
    Outcome.UNREACHABLE: ModelUnreachable,
    Outcome.TIMEOUT: ModelUnreachable,
    Outcome.OUT_OF_TIME: CallOutOfTime,
    Outcome.UNREADABLE: ReplyUnreadable,
    Outcome.REFUSED: ModelRefused,
    Outcome.FILTERED: ContentFiltered,
    Outcome.OVERFLOW: ContextOverflow,
    Outcome.MISCONFIGURED: SetupError,
}
_NEXT_STEPS = {
    Outcome.RATE_LIMITED: "run fewer requests at a time, or wait",
    Outcome.SERVER_ERROR: "try again later",
    Outcome.UNREACHABLE: "check that the server runs and that the address is right",
    Outcome.TIMEOUT: "raise the time limit, or ask for fewer tokens",
    Outcome.OUT_OF_TIME: "raise the time limit, ask for less, or check that the server answers",
    Outcome.UNREADABLE: "check that the address is an OpenAI-compatible API; most end in /v1",
    Outcome.REFUSED: "change the request as the message says",
    Outcome.FILTERED: "word the question in another way, or use another model",
    Outcome.OVERFLOW: "shorten the prompt",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One attempt that failed; its message holds no secret."""

    outcome: Outcome
    """What kind of failure."""
    message: str
    """What happened, with the value."""
    status: int | None = None
    """HTTP status; None where none came."""
    parameter: str = ""
    """The parameter of the request that the endpoint complains about, where it names one."""
    retry_after_s: float | None = None
    """How long the endpoint asks to wait."""
    usage: Usage | None = None
    """Tokens that the attempt took; None where nobody knows."""
    is_mended: bool = False
    """Whether the next attempt asks in another way, so that it need not wait."""
    is_retryable: bool = True
    """Whether the same request may go better another time; the kind must allow it as well."""

    @property
    def may_retry(self) -> bool:
        """Whether another attempt makes sense."""
        return self.is_mended or (self.is_retryable and self.outcome in _RETRYABLE)

    def error(self, *, where: str, attempts: int) -> SondeError:
        """Return the error that tells a caller of this, with the next step."""
        times = "" if attempts == 1 else f" ({attempts} attempts, the last is told)"
        step = _NEXT_STEPS.get(self.outcome)
        told = f"{where}: {self.message}{times}"
        return _ERRORS[self.outcome](f"{told}; {step}" if step else told)


def fault_of_status(status: int, *, code: str, message: str, parameter: str = "") -> Fault:
    """Return the fault that an HTTP status and the endpoint's error record tell of.

    Args:
        status: HTTP status, or the status that a record inside a 200 names.
        code: The record's `code` and `type`, joined.
        message: The record's message; secrets are taken out by the caller.
        parameter: The record's `param`.
    """
    outcome = _outcome(status, code, message)
    told = f"HTTP {status}" + (f": {message}" if message else "")
    if outcome is Outcome.MISCONFIGURED:
        told = f"{told}; {_setup_step(status)}"
    is_unbilled = status < 500 and status not in (408, 409)
    return Fault(
        outcome=outcome,
        message=told,
        status=status,
        parameter=parameter,
        usage=Usage.zero() if is_unbilled else None,
    )


_OVERFLOW = re.compile(
    r"context_length_exceeded|exceed_context_size|maximum context length|context (?:size|window)"
    r"|prompt is too long|too many tokens|input is too long|longer than the model.s context",
    re.I,
)
_FILTER = re.compile(r"content_filter|content_policy|content management policy|moderation", re.I)
_NO_CREDIT = re.compile(r"insufficient_quota|insufficient credit|billing_hard_limit", re.I)


def _outcome(status: int, code: str, message: str) -> Outcome:
    told = f"{code} {message}"
    if status in (401, 402, 403, 404) or status < 400 or _NO_CREDIT.search(told):
        is_filter = status == 403 and _FILTER.search(told)
        return Outcome.FILTERED if is_filter else Outcome.MISCONFIGURED
    if status == 429:
        return Outcome.RATE_LIMITED
    if status == 413 or (status < 500 and _OVERFLOW.search(told)):
        return Outcome.OVERFLOW
    if status < 500 and _FILTER.search(told):
        return Outcome.FILTERED
    return Outcome.SERVER_ERROR if status >= 500 or status in (408, 409) else Outcome.REFUSED


def _setup_step(status: int) -> str:
    if status in (401, 403):
        return "set OPENAI_API_KEY to a key that this endpoint accepts"
    if status == 404:
        return "check the model's name, and the base URL (most end in /v1)"
    if status < 400:
        return "the address moved; give the new one as base URL"
    return "the account has no credit left; add some, or use another endpoint"

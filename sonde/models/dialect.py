"""What an endpoint understands, learned from what it refuses.

"OpenAI-compatible" has many meanings: `max_tokens` or `max_completion_tokens`, JSON schemas or
none, no temperature for reasoning models. A request that is refused for such a reason is asked
again in a plainer way, and the plainer way is kept.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from .faults import Fault, Outcome


class ReplyFormat(StrEnum):
    """How a reply's JSON schema is asked for, the strictest first."""

    SCHEMA = "json_schema"
    """The endpoint is given the schema and keeps to it."""
    OBJECT = "json_object"
    """The endpoint keeps to JSON; the schema stands in the prompt too."""
    TEXT = "text"
    """The schema stands in the prompt alone."""


_PLAINER = {ReplyFormat.SCHEMA: ReplyFormat.OBJECT, ReplyFormat.OBJECT: ReplyFormat.TEXT}
_OPTIONAL = ("temperature", "seed", "stop", "stream_options", "top_logprobs", "logprobs")
_UNKNOWN = re.compile(
    r"unsupported|not (?:be )?support|un(?:recognized|known|expected)|not (?:permitted|allowed)"
    r"|extra (?:inputs|fields)|invalid parameter",
    re.I,
)
_SCHEMA = re.compile(r"response_format|json_schema|json_object|schema|grammar|guided", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The way in which one model at one endpoint is asked."""

    length_fields: tuple[str, ...] = ("max_tokens", "max_completion_tokens")
    """Names for the limit of the reply's length that were not refused yet; the first is used."""
    reply_format: ReplyFormat = ReplyFormat.SCHEMA
    """How a schema is asked for."""
    left_out: frozenset[str] = frozenset()
    """Optional parameters that were refused."""

    def plainer(
        self, fault: Fault, *, previous: Fault | None, has_schema: bool
    ) -> "Dialect | None":
        """Return a plainer dialect that may mend this fault, or None where none would.

        Each is plainer than the one before, so a call changes its dialect a few times at most.

        Args:
            fault: What the endpoint answered.
            previous: The call's fault before this one. A schema is given up on the second 500 in
                a row: some servers answer 500 to every schema, others are down for a moment.
            has_schema: Whether the request asks for a schema.
        """
        can_step = has_schema and self.reply_format in _PLAINER
        if fault.status == 500:
            is_second = previous is not None and previous.status == 500 and not previous.is_mended
            return self._with_plainer_format() if can_step and is_second else None
        if fault.outcome is not Outcome.REFUSED:
            return None
        complaint = f"{fault.parameter} {fault.message}"
        if can_step and _SCHEMA.search(complaint):
            return self._with_plainer_format()
        return self._without_refused(complaint) if _UNKNOWN.search(complaint) else None

    def _with_plainer_format(self) -> "Dialect":
        return replace(self, reply_format=_PLAINER[self.reply_format])

    def _without_refused(self, complaint: str) -> "Dialect | None":
        if len(self.length_fields) > 1 and _names(complaint, self.length_fields[0]):
            return replace(self, length_fields=self.length_fields[1:])
        refused = {
            name for name in _OPTIONAL if name not in self.left_out and _names(complaint, name)
        }
        return replace(self, left_out=self.left_out | refused) if refused else None


def _names(complaint: str, parameter: str) -> bool:
    return re.search(rf"\b{parameter}\b", complaint) is not None

"""Why a run stopped, as closed lists."""

from enum import StrEnum


class Limit(StrEnum):
    """A limit of a budget."""

    USD = "usd"
    TOKENS = "tokens"
    ROUNDS = "rounds"
    SECONDS = "seconds"
    CALLS = "calls"


class StopReason(StrEnum):
    """Why a run ended. Every result carries exactly one."""

    ANSWERED = "answered"
    ABSTAINED = "abstained"
    BUDGET_USD = "budget_usd"
    BUDGET_TOKENS = "budget_tokens"
    BUDGET_ROUNDS = "budget_rounds"
    BUDGET_CALLS = "budget_calls"
    DEADLINE = "deadline"
    NO_GAIN = "no_gain"
    INTERRUPTED = "interrupted"
    PROVIDER_ERROR = "provider_error"

    @property
    def is_budget(self) -> bool:
        """Whether a limit of the budget ended the run."""
        return self.limit is not None

    @property
    def limit(self) -> Limit | None:
        """The limit of the budget that ended the run; None where none did."""
        return next((each for each, reason in _REASON_OF_LIMIT.items() if reason is self), None)

    @property
    def is_cut_short(self) -> bool:
        """Whether a limit, a failure or a person ended the run before it came to its own end."""
        return self.is_budget or self in (StopReason.PROVIDER_ERROR, StopReason.INTERRUPTED)

    @classmethod
    def of_limit(cls, limit: Limit) -> "StopReason":
        """Return the reason that belongs to a limit of the budget."""
        return _REASON_OF_LIMIT[limit]


_REASON_OF_LIMIT = {
    Limit.USD: StopReason.BUDGET_USD,
    Limit.TOKENS: StopReason.BUDGET_TOKENS,
    Limit.ROUNDS: StopReason.BUDGET_ROUNDS,
    Limit.CALLS: StopReason.BUDGET_CALLS,
    Limit.SECONDS: StopReason.DEADLINE,
}

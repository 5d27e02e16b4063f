"""The error tree.

SondeError
├── SetupError              the user must mend something (a path, a flag, a missing price)
├── ModelError              a model or its provider failed
│   ├── ModelUnreachable    no answer: network, timeout, server error, rate limit past its retries
│   │   └── CallOutOfTime   the limit of one call is used up, all its attempts together
│   ├── ModelRefused        the provider said no
│   │   └── ContentFiltered its content filter stopped the request or the reply
│   ├── ContextOverflow     the prompt was longer than the model's context
│   └── ReplyUnreadable     an answer came that could not be understood, repairs included
├── ToolError               a tool could not do its work; the message goes to the model
├── SourcesDown             no search provider answers: there is nothing to go on with
├── BudgetExceeded          the next call could pass a limit, so it was not made
└── SuiteError              a benchmark suite cannot be read or scored
"""

from typing import ClassVar

from .stopping import Limit


class SondeError(Exception):
    """Anything that sonde raises on purpose."""


class SetupError(SondeError):
    """Something that the user must mend before a run can go on."""


class ModelError(SondeError):
    """A model or its provider failed."""

    detail: ClassVar[str] = "failed"
    """What kind of failure, in a word: the detail of a stop reason."""


class ModelUnreachable(ModelError):
    """No answer came: network, timeout, server error, or a rate limit past its retries."""

    detail = "unreachable"


class CallOutOfTime(ModelUnreachable):
    """A call used up its whole time; to ask once more would take as long again."""


class ModelRefused(ModelError):
    """The provider refused the request."""

    detail = "refused"


class ContentFiltered(ModelRefused):
    """The provider's content filter stopped the request or the reply."""

    detail = "content_filter"


class ContextOverflow(ModelError):
    """The prompt was longer than the model's context."""

    detail = "context_overflow"


class ReplyUnreadable(ModelError):
    """An answer came that could not be understood, repairs included."""

    detail = "unreadable"


class ToolError(SondeError):
    """A tool could not do its work; its message is what the model reads."""


class SourcesDown(SondeError):
    """No source of new evidence answers any more, after its retries."""


class BudgetExceeded(SondeError):
    """The next call could pass a limit, so it was not made."""

    def __init__(self, message: str, *, limit: Limit, is_shared: bool = False) -> None:
        """Say what was not done.

        Args:
            message: What happened.
            limit: What is limited.
            is_shared: Whether the limit is one of many runs together, not the run's own.
        """
        super().__init__(message)
        self.limit = limit
        self.is_shared = is_shared


class SuiteError(SondeError):
    """A benchmark suite cannot be read or scored."""

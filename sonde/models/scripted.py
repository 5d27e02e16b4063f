"""A chat model that follows a script: for tests, examples and dry runs."""

from collections.abc import Callable, Sequence

from ..records.errors import ModelError, SetupError
from ..records.messages import ChatReply, ChatRequest
from ..records.mistakes import as_list
from ..records.usage import Usage
from .token_estimate import estimate_tokens

_SHOWN = 600
"""How much of what was said of a faulty reply stands in a message."""


class ScriptedModel:
    """Answers requests from a script, in order, and keeps what it was asked.

    A plain text becomes a reply whose usage is counted here and flagged as an estimate; a
    `ChatReply` is returned as it is; an exception is raised. A function is asked for every reply.

    Raises:
        SetupError: The script is a single text.
    """

    def __init__(
        self,
        replies: Sequence[str | ChatReply | Exception] | Callable[[ChatRequest], str | ChatReply],
        *,
        name: str = "scripted",
        count_tokens: Callable[[str], int] = estimate_tokens,
    ) -> None:
        if isinstance(replies, str):
            raise SetupError(f"a script is a list of replies; write ScriptedModel([{replies!r}])")
        if not callable(replies):
            example = 'ScriptedModel(["<answer>1960</answer>"])'
            as_list("replies", replies, wanted="a list of replies or a function", example=example)
        self._replies = replies if callable(replies) else tuple(replies)
        self._name = name
        self._count_tokens = count_tokens
        self.requests: list[ChatRequest] = []

    @property
    def name(self) -> str:
        """The name it was given."""
        return self._name

    async def complete(self, request: ChatRequest) -> ChatReply:
        """Return the next reply of the script.

        Raises:
            ModelError: The script is at its end.
        """
        self.requests.append(request)
        reply = self._next_reply(request)
        if isinstance(reply, Exception):
            raise reply
        return self._counted(request, reply) if isinstance(reply, str) else reply

    def _next_reply(self, request: ChatRequest) -> str | ChatReply | Exception:
        if callable(self._replies):
            return self._replies(request)
        if len(self.requests) > len(self._replies):
            raise ModelError(self._at_its_end(request, len(self._replies)))
        return self._replies[len(self.requests) - 1]

    def _at_its_end(self, request: ChatRequest, count: int) -> str:
        """Return why there is no reply; where one is to be mended, what was wrong with it."""
        script, messages = f"the script of model {self._name!r}", request.messages
        if len(messages) > 1 and messages[-2].role == "assistant":
            said = " ".join(messages[-1].content[:_SHOWN].split())
            return (
                f"reply {count} of {script}, its last, could not be used, and the "
                f"model was told: {said!r}. Mend that reply, or add one that is better"
            )
        replies = "1 reply" if count == 1 else f"{count} replies"
        return (
            f"{script} has {replies} and this is request {len(self.requests)}; add a reply, or "
            "give a function"
        )

    def _counted(self, request: ChatRequest, text: str) -> ChatReply:
        prompt = sum(self._count_tokens(message.content) for message in request.messages)
        usage = Usage(uncached_input=prompt, output=self._count_tokens(text), is_estimate=True)
        return ChatReply(text=text, usage=usage, model=self._name)

"""Replies piece by piece, for models that can."""

from collections.abc import AsyncIterator
from typing import Protocol, runtime_checkable

from ..records.messages import ChatReply, ChatRequest
from .chat_model import ChatModel


@runtime_checkable
class StreamingChatModel(ChatModel, Protocol):
    """A chat model that can tell its reply while it is made."""

    def stream(self, request: ChatRequest) -> AsyncIterator[str | ChatReply]:
        """Yield pieces of the text as they come, then the whole reply, once.

        Raises:
            ModelError: The stream broke, or no usable answer came; what was yielded before is
                part of no reply.
        """
        ...


async def stream_reply(model: ChatModel, request: ChatRequest) -> AsyncIterator[str | ChatReply]:
    """Yield a reply in pieces, then whole; a model that cannot stream gives one piece."""
    if isinstance(model, StreamingChatModel):
        async for piece in model.stream(request):
            yield piece
        return
    reply = await model.complete(request)
    if reply.text:
        yield reply.text
    yield reply

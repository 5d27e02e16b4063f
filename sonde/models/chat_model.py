"""The wire: messages in, text and usage out."""

from typing import Protocol

from ..records.messages import ChatReply, ChatRequest


class ChatModel(Protocol):
    """Anything that answers a chat request."""

    @property
    def name(self) -> str:
        """The model's name, as the bill and the price book know it."""
        ...

    async def complete(self, request: ChatRequest) -> ChatReply:
        """Answer one request.

        Raises:
            ModelError: No usable answer came; the class says of what kind.
        """
        ...

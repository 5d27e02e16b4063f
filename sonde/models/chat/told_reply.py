"""A chat model's reply, told while it is written where somebody listens."""

from collections.abc import Callable

from ...records.errors import CallOutOfTime, ModelUnreachable
from ...records.messages import ChatReply, ChatRequest
from ..chat_model import ChatModel
from ..streaming import stream_reply
from .answer_pieces import AnswerPieces

OnAnswer = Callable[[str, bool], None]
"""Told each piece of an answer as it is written, and whether it begins one anew."""


async def told_reply(
    model: ChatModel, request: ChatRequest, on_answer: OnAnswer | None, *, has_report: bool
) -> ChatReply:
    """Return the reply, once its answer was told piece by piece to whoever listens.

    A stream that breaks off is asked for again, whole: the client itself cannot, because a part was
    seen. One that used up the time of a call is not.

    Raises:
        ModelError: No usable answer came.
        BudgetExceeded: The call could pass a limit.
    """
    if on_answer is None:
        return await model.complete(request)
    answer = AnswerPieces(has_report=has_report)
    has_begun, is_new = False, True
    try:
        async for piece in stream_reply(model, request):
            if not isinstance(piece, str):
                return piece
            has_begun = True
            if shown := answer.add(piece):
                on_answer(shown, is_new)
                is_new = False
    except ModelUnreachable as err:
        if not has_begun or isinstance(err, CallOutOfTime):
            raise
    return await model.complete(request)

"""A chat model on the meter: asked of the budget before each call, booked after it."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Protocol, cast

from ..costs.budget import Guard, WorstCase
from ..costs.pricing import ModelPrice
from ..models.chat_model import ChatModel
from ..models.endpoint import Attempt, ObservableModel, OnAttempt
from ..models.faults import Outcome
from ..models.streaming import stream_reply
from ..records.errors import (
    BudgetExceeded,
    ContextOverflow,
    ModelRefused,
    ModelUnreachable,
    SondeError,
)
from ..records.events import Event, ModelCalled, ModelCallStarted, ModelRetried
from ..records.messages import ChatReply, ChatRequest
from ..records.stopping import Limit
from ..records.usage import Usage

ESTIMATE_MARGIN = 1.25
"""How far above an estimated token count the true one is taken to lie."""


class Book(Protocol):
    """Where calls are written down."""

    @property
    def round(self) -> int:
        """The round that is under way."""
        ...

    @property
    def is_final(self) -> bool:
        """Whether the final answer is being made, which may use the reserve."""
        ...

    @property
    def purpose(self) -> str | None:
        """What a call is made for beside deciding and answering; None for these two."""
        ...

    def now(self) -> float:
        """Return seconds since the epoch."""
        ...

    def new_call_id(self) -> str:
        """Return an id that no other call of the run has."""
        ...

    def emit(self, event: Event) -> None:
        """Write an event down."""
        ...


class MeteredModel:
    """A chat model whose every call is allowed by the guard and written into the book."""

    def __init__(
        self,
        model: ChatModel,
        *,
        guard: Guard,
        book: Book,
        count_tokens: Callable[[str], int],
        count_rules: Callable[[str], int],
        is_estimate: bool,
        price: ModelPrice | None,
    ) -> None:
        """Put a model on the meter.

        Args:
            model: The model.
            guard: Asked before each call.
            book: Told of each call.
            count_tokens: Counts what is new in a prompt.
            count_rules: Counts what is the same in all of them, and remembers it.
            is_estimate: Whether the counts are estimates.
            price: What the model costs; None is unknown.
        """
        self._model = model
        self._guard = guard
        self._book = book
        self._count_tokens = count_tokens
        self._count_rules = count_rules
        self._margin = ESTIMATE_MARGIN if is_estimate else 1.0
        self._price = price

    @property
    def name(self) -> str:
        """The name of the model within."""
        return self._model.name

    async def complete(self, request: ChatRequest) -> ChatReply:
        """Make the call if the budget can bear its worst case.

        Raises:
            BudgetExceeded: It cannot, or the time ran out under way.
            ModelError: The model failed; what it took is booked.
        """
        async with self._booked(request) as call:
            call.reply = await call.model.complete(request)
        return call.reply

    async def stream(self, request: ChatRequest) -> AsyncGenerator[str | ChatReply, None]:
        """Make the call if the budget can bear it; yield the text as it comes, then the reply.

        Raises:
            BudgetExceeded: It cannot, or the time ran out under way.
            ModelError: The model failed; what it took is booked.
        """
        async with self._booked(request) as call:
            async for piece in stream_reply(call.model, request):
                if isinstance(piece, str):
                    yield piece
                else:
                    call.reply = piece
        if call.reply is not None:
            yield call.reply

    @asynccontextmanager
    async def _booked(self, request: ChatRequest) -> AsyncGenerator["_Call"]:
        """Ask the guard, then book what the call inside takes: its reply, or that it failed."""
        worst = self._worst_case(request)
        await self._guard.admit_call(worst, is_final=self._book.is_final)
        call_id, start = self._book.new_call_id(), self._book.now()
        self._book.emit(
            ModelCallStarted(
                at=start,
                round=self._book.round,
                call_id=call_id,
                model=self.name,
                worst_tokens=worst.tokens,
                worst_usd=worst.usd,
            )
        )
        failures: list[Attempt] = []
        call = _Call(_observed(self._model, partial(self._hear, call_id, failures)))
        clock = asyncio.timeout(self._guard.seconds_left(is_final=self._book.is_final))
        try:
            async with clock:
                yield call
        except TimeoutError as err:
            why = "the run's time was up" if clock.expired() else f"the model timed out: {err}"
            self._book_failure(call_id, start, why, Usage.unknown())
            if not clock.expired():
                raise ModelUnreachable(why) from err
            raise BudgetExceeded("the time was up during a call", limit=Limit.SECONDS) from err
        except SondeError as err:
            self._book_failure(call_id, start, str(err), _usage_of_failure(err, failures))
            raise
        if call.reply is not None:
            self._book_reply(call_id, start, request, call.reply)

    def _hear(self, call_id: str, failures: list[Attempt], attempt: Attempt) -> None:
        """Take an attempt of a call in; one that is made again is written down."""
        if attempt.outcome is Outcome.OK:
            return
        failures.append(attempt)
        if attempt.wait_s is not None:
            self._book.emit(
                ModelRetried(
                    at=self._book.now(),
                    round=self._book.round,
                    call_id=call_id,
                    attempt=attempt.number,
                    error=attempt.detail,
                    wait_s=attempt.wait_s,
                    usage=attempt.usage or Usage.unknown(),
                    cost_usd=self._cost(attempt.usage),
                )
            )
            self._guard.check_retry(is_final=self._book.is_final)

    @property
    def _node(self) -> str:
        return self._book.purpose or ("answer" if self._book.is_final else "decide")

    def _worst_case(self, request: ChatRequest) -> WorstCase:
        rules = [one.content for one in request.messages if one.role == "system"]
        rules += [f"{tool.name}{tool.description}{tool.parameters}" for tool in request.tools]
        others = [one.content for one in request.messages if one.role != "system"]
        counted = sum(map(self._count_rules, rules)) + sum(map(self._count_tokens, others))
        shown = sum(image.tokens for one in request.messages for image in one.images)
        prompt = int(counted * self._margin) + shown + 8 * (len(rules) + len(others))
        output = request.max_output_tokens
        usd = self._price.worst_usd(prompt, output) if self._price else None
        return WorstCase(tokens=prompt + output, usd=usd)

    def _book_reply(
        self, call_id: str, start: float, request: ChatRequest, reply: ChatReply
    ) -> None:
        now = self._book.now()
        self._book.emit(
            ModelCalled(
                at=now,
                round=self._book.round,
                call_id=call_id,
                model=reply.model,
                usage=reply.usage,
                cost_usd=self._cost(reply.usage),
                wall_s=now - start,
                node=self._node,
                text_bytes=_text_bytes(request, reply),
                raw_usage=reply.raw_usage,
            )
        )

    def _cost(self, usage: Usage | None) -> float | None:
        """Return the price of a usage; nothing costs nothing, whatever the price."""
        if usage is None or usage.total is None:
            return None
        if usage.total == 0:
            return 0.0
        return self._price.cost_usd(usage) if self._price else None

    def _book_failure(self, call_id: str, start: float, error: str, usage: Usage) -> None:
        now = self._book.now()
        self._book.emit(
            ModelCalled(
                at=now,
                round=self._book.round,
                call_id=call_id,
                model=self.name,
                usage=usage,
                cost_usd=self._cost(usage),
                wall_s=now - start,
                node=self._node,
                error=error,
            )
        )


def _text_bytes(request: ChatRequest, reply: ChatReply) -> int:
    """Return the bytes of all text that went into the model and came out of it."""
    sent = sum(len(message.content.encode(errors="replace")) for message in request.messages)
    return sent + len(reply.text.encode(errors="replace"))


@dataclass(slots=True)
class _Call:
    """A call under way."""

    model: ChatModel
    """What is asked."""
    reply: ChatReply | None = None
    """What came, once it is there."""


def _observed(model: ChatModel, on_attempt: OnAttempt) -> ChatModel:
    if not hasattr(model, "observed_by"):  # isinstance of a protocol takes a tenth of a millisecond
        return model
    return cast(ObservableModel, model).observed_by(on_attempt)


def _usage_of_failure(err: SondeError, failures: list[Attempt]) -> Usage:
    """Return what a failed call took: a request that was refused at the door took nothing."""
    if failures:
        return failures[-1].usage or Usage.unknown()
    is_free = isinstance(err, (ContextOverflow, ModelRefused))
    return Usage.zero() if is_free else Usage.unknown()

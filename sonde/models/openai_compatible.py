"""A chat model behind any endpoint that speaks OpenAI's chat completions."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import NamedTuple

from ..records.json_types import JsonValue
from ..records.messages import ChatReply, ChatRequest
from .dialect import Dialect
from .endpoint import Call, Endpoint, OnAttempt
from .faults import Fault, Outcome
from .limiter import Slot
from .openai_connection import Connection
from .usage_edge import TokenCounter, fill_usage
from .wire_body import wire_body
from .wire_reply import read_reply
from .wire_stream import StreamedReply


class _Mended(NamedTuple):
    """A fault, and the dialect in which the next attempt asks."""

    fault: Fault
    dialect: Dialect


class OpenAICompatible:
    """A chat model behind an OpenAI-compatible endpoint; it retries what may go better."""

    def __init__(
        self,
        name: str,
        *,
        connection: Connection,
        endpoint: Endpoint | None = None,
        dialect: Dialect | None = None,
        count_tokens: TokenCounter | None = None,
        on_attempt: OnAttempt | None = None,
        call_timeout_s: float | None = None,
    ) -> None:
        """Name the model.

        Args:
            name: The model's name, as the endpoint knows it.
            connection: Where it is reached.
            endpoint: Limiter and retries; share one among the models of an address.
            dialect: How it is asked at first; what it refuses is learned.
            count_tokens: Counts where the endpoint reports no usage; such counts are flagged.
            on_attempt: Told of every attempt.
            call_timeout_s: The longest that one call may take, all its attempts and waits
                together; None takes the endpoint's (15 minutes).
        """
        self._name = name
        self._connection = connection
        self._endpoint = endpoint or Endpoint()
        self._endpoint.dialects.setdefault(name, dialect or Dialect())
        self._count_tokens = count_tokens
        self._on_attempt = on_attempt
        self._call_timeout_s = call_timeout_s

    @property
    def name(self) -> str:
        """The model's name, as the bill and the price book know it."""
        return self._name

    def observed_by(self, on_attempt: OnAttempt) -> "OpenAICompatible":
        """Return the same model, same pool and limiter, that tells its attempts to another."""
        return self._like(on_attempt=on_attempt, call_timeout_s=self._call_timeout_s)

    def within(self, call_timeout_s: float) -> "OpenAICompatible":
        """Return the same model, same pool and limiter, whose calls may take so long."""
        return self._like(on_attempt=self._on_attempt, call_timeout_s=call_timeout_s)

    def _like(
        self, *, on_attempt: OnAttempt | None, call_timeout_s: float | None
    ) -> "OpenAICompatible":
        return OpenAICompatible(
            self._name,
            connection=self._connection,
            endpoint=self._endpoint,
            count_tokens=self._count_tokens,
            on_attempt=on_attempt,
            call_timeout_s=call_timeout_s,
        )

    def hold_to(self, most: int) -> None:
        """Never send more than so many requests at a time to its endpoint, whoever asks there."""
        self._endpoint.limiter.hold_to(most)

    async def aclose(self) -> None:
        """Close the connections; a later request opens others."""
        await self._connection.aclose()

    async def complete(self, request: ChatRequest) -> ChatReply:
        """Answer one request.

        Raises:
            ModelError: No usable answer came; the class says of what kind.
            SetupError: Key, address, model name or account are wrong.
        """
        call = self._start_call()
        dialect = self._endpoint.dialects[self._name]
        while True:  # `recover` raises after the last attempt
            async with self._endpoint.limiter.slot() as slot:
                outcome = await self._try_once(request, dialect, call)
                _grade(slot, outcome)
            if isinstance(outcome, ChatReply):
                return self._accept(outcome, dialect, call)
            fault, dialect = _mend(outcome, dialect, request=request, call=call)
            await call.recover(fault)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[str | ChatReply, None]:
        """Yield pieces of the text as they come, then the whole reply, once.

        Raises:
            ModelError: The stream broke, or no usable answer came; what was yielded before is
                part of no reply. A stream is tried again only while nothing was yielded.
            SetupError: Key, address, model name or account are wrong.
        """
        call = self._start_call()
        dialect = self._endpoint.dialects[self._name]
        while True:  # `recover` raises after the last attempt
            async with self._endpoint.limiter.slot() as slot:
                pieces = self._stream_once(request, dialect, call)
                outcome: ChatReply | Fault = _NOTHING
                async with aclosing(pieces):
                    async for piece in pieces:
                        if isinstance(piece, str):
                            yield piece
                        else:
                            outcome = piece
                _grade(slot, outcome)
            if isinstance(outcome, ChatReply):
                yield self._accept(outcome, dialect, call)
                return
            fault, dialect = _mend(outcome, dialect, request=request, call=call)
            await call.recover(fault)

    async def _try_once(
        self, request: ChatRequest, dialect: Dialect, call: Call
    ) -> ChatReply | Fault:
        body = wire_body(request, model=self._name, dialect=dialect)
        try:
            async with asyncio.timeout(call.left_s):
                raw = await self._connection.post(body)
        except TimeoutError:
            return call.out_of_time
        outcome = raw if isinstance(raw, Fault) else read_reply(raw, model=self._name)
        return self._finish(outcome, request)

    async def _stream_once(
        self, request: ChatRequest, dialect: Dialect, call: Call
    ) -> AsyncGenerator[str | ChatReply | Fault, None]:
        """Yield the pieces of one attempt, and last the reply or what went wrong."""
        body = wire_body(request, model=self._name, dialect=dialect, is_stream=True)
        streamed = StreamedReply(model=self._name)
        fault: Fault | None = None
        async with aclosing(_until(call, self._connection.stream(body))) as events:
            async for event in events:
                piece = event if isinstance(event, Fault) else streamed.add(event)
                if isinstance(piece, Fault):
                    fault = piece
                elif piece:
                    yield piece
                if fault is not None:
                    break
        is_whole = fault is None or streamed.is_finished
        outcome = streamed.result() if is_whole else fault or _NOTHING
        yield _seen(self._finish(outcome, request), streamed)

    def _finish(self, outcome: ChatReply | Fault, request: ChatRequest) -> ChatReply | Fault:
        if isinstance(outcome, Fault):
            return outcome
        return replace(outcome, usage=fill_usage(outcome, request, self._count_tokens))

    def _start_call(self) -> Call:
        self._connection.open()
        where = f"{self._name} at {self._connection.base_url}"
        return self._endpoint.start_call(
            where=where, on_attempt=self._on_attempt, total_s=self._call_timeout_s
        )

    def _accept(self, reply: ChatReply, dialect: Dialect, call: Call) -> ChatReply:
        self._endpoint.dialects[self._name] = dialect
        call.succeed(reply.usage)
        return reply


_NOTHING = Fault(outcome=Outcome.UNREADABLE, message="the stream held no events")


async def _until(
    call: Call, events: AsyncGenerator[JsonValue | Fault, None]
) -> AsyncGenerator[JsonValue | Fault, None]:
    """Yield events until the call's time is up; then, last, that it is."""
    async with aclosing(events):
        while True:
            try:
                async with asyncio.timeout(call.left_s):
                    event = await anext(events)
            except StopAsyncIteration:
                return
            except TimeoutError:
                event = call.out_of_time
            yield event
            if isinstance(event, Fault):
                return


def _grade(slot: Slot, outcome: ChatReply | Fault) -> None:
    if isinstance(outcome, ChatReply):
        slot.succeed()
    elif outcome.outcome is Outcome.RATE_LIMITED:
        slot.refuse()


def _seen(outcome: ChatReply | Fault, streamed: StreamedReply) -> ChatReply | Fault:
    """Return a fault as final where a reader has seen text: a second try would repeat it."""
    if isinstance(outcome, ChatReply) or not streamed.text:
        return outcome
    told = f"{outcome.message}, after {len(streamed.text)} characters of the reply"
    return replace(outcome, message=told, is_retryable=False)


def _mend(fault: Fault, dialect: Dialect, *, request: ChatRequest, call: Call) -> _Mended:
    """Return the fault, and a plainer dialect where that may mend it."""
    has_schema = request.output_schema is not None
    plainer = dialect.plainer(fault, previous=call.last_fault, has_schema=has_schema)
    if plainer is None or not fault.is_retryable:
        return _Mended(fault, dialect)
    return _Mended(replace(fault, is_mended=True), plainer)

"""The connection to an OpenAI-compatible address. The only file that knows openai."""

import asyncio
import math
from collections.abc import AsyncGenerator, Mapping
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple, cast

from ..records.json_types import JsonValue
from .faults import Fault, Outcome
from .json_door import parse_json
from .redaction import Redactor, Secret
from .wire_body import WireBody
from .wire_reply import fault_of_record, shown

if TYPE_CHECKING:
    import httpx
    import openai

CHAT, EMBEDDINGS = "/chat/completions", "/embeddings"
"""What can be asked for below the address."""
_NO_KEY = "none"
"""The library insists on a key; servers without keys ignore it."""


class _Clients(NamedTuple):
    """A client with its connections; they belong to the event loop that opened them."""

    loop: asyncio.AbstractEventLoop
    http: "httpx.AsyncClient"
    api: "openai.AsyncOpenAI"


class Connection:
    """One address, one key, one pool of connections; failures come back as values.

    A failure is a value so that no exception of the library, whose request holds the key, is
    chained to the error that the caller sees. The key is taken out of whatever comes back.
    """

    def __init__(
        self,
        *,
        base_url: str,
        key: Secret,
        connect_s: float = 10.0,
        read_s: float = 300.0,
        pool_size: int = 128,
        is_direct: bool = False,
        transport: "httpx.AsyncBaseTransport | None" = None,
    ) -> None:
        """Name the endpoint; nothing is opened before the first request.

        Args:
            base_url: Address up to and with `/v1`.
            key: API key; empty for a server that wants none.
            connect_s: The longest wait for a connection.
            read_s: The longest silence while a reply is awaited.
            pool_size: The most connections at a time.
            is_direct: Whether proxies that the environment names are passed by.
            transport: Stands in for the network.
        """
        self.base_url = base_url.rstrip("/")
        self._key = key
        self._redactor = Redactor(secrets=[key])
        self._exact = Redactor(secrets=[key], is_exact=True)
        self._connect_s = connect_s
        self._read_s = read_s
        self._pool_size = pool_size
        self._is_direct = is_direct
        self._transport = transport
        self._clients: _Clients | None = None

    async def post(self, body: WireBody, *, path: str = CHAT) -> JsonValue | Fault:
        """Ask for a whole reply; return its JSON, or what went wrong."""
        import httpx

        try:
            api = self._open().api
            response = await api.post(path, body=body, cast_to=httpx.Response)
        except _library_errors() as err:
            return self._fault_of(err)
        return self._read_body(response)

    async def stream(self, body: WireBody) -> AsyncGenerator[JsonValue | Fault, None]:
        """Ask for a stream; yield the JSON of each event, and last what went wrong, if anything."""
        fault: Fault | None = None
        try:
            async with await self._open_stream(body) as events:
                if events.response.headers.get("content-type", "").startswith("application/json"):
                    yield self._exact.clean_json(parse_json(await events.response.aread()))
                async for event in events:
                    yield self._exact.clean_json(cast(JsonValue, event))
        except ValueError as err:
            fault = _unreadable(f"an event of the stream is no JSON ({err})")
        except _library_errors() as err:
            fault = self._fault_of(err)
        if fault is not None:
            yield fault

    async def aclose(self) -> None:
        """Close the pool; a later request opens another."""
        clients, self._clients = self._clients, None
        if clients is not None and clients.loop is asyncio.get_running_loop():
            await clients.http.aclose()

    def _open(self) -> _Clients:
        import httpx
        import openai

        loop = asyncio.get_running_loop()
        if self._clients is None or self._clients.loop is not loop:
            timeout = httpx.Timeout(
                self._read_s, connect=self._connect_s, pool=self._connect_s + self._read_s
            )
            limits = httpx.Limits(
                max_connections=self._pool_size, max_keepalive_connections=self._pool_size
            )
            http = httpx.AsyncClient(
                timeout=timeout,
                limits=limits,
                transport=self._transport,
                trust_env=not self._is_direct,
            )
            api = openai.AsyncOpenAI(
                api_key=self._key.reveal() or _NO_KEY,
                base_url=self.base_url,
                http_client=http,  # pyright: ignore[reportArgumentType]  # typed for httpx2 only
                timeout=timeout,  # pyright: ignore[reportArgumentType]
                max_retries=0,
            )
            self._clients = _Clients(loop, http, api)
        return self._clients

    async def _open_stream(self, body: WireBody) -> "openai.AsyncStream[object]":
        import openai

        return await self._open().api.post(
            CHAT, body=body, cast_to=object, stream=True, stream_cls=openai.AsyncStream[object]
        )

    def _read_body(self, response: "httpx.Response") -> JsonValue | Fault:
        try:
            return self._exact.clean_json(parse_json(response.content))
        except ValueError as err:
            kind = response.headers.get("content-type", "none")
            begins = shown(self._redactor.clean(response.text))
            told = f"it begins {begins!r}" if begins else "it is empty"
            what = f"the body of a reply with status {response.status_code} is no JSON"
            return _unreadable(f"{what} ({err}; content type {kind!r}; {told})")

    def _fault_of(self, err: Exception) -> Fault:
        import openai

        if isinstance(err, openai.APIStatusError):
            return _with_headers(self._told_by(err, err.status_code), err.response.headers)
        if isinstance(err, openai.APITimeoutError):
            told = f"no answer within the time limit (connect {self._connect_s:g} s, "
            told += f"silence {self._read_s:g} s)"
            return Fault(outcome=Outcome.TIMEOUT, message=told)
        if isinstance(err, openai.APIError) and not isinstance(err, openai.APIConnectionError):
            return self._told_by(err, None)
        cause = err.__cause__ or err
        told = f"{type(cause).__name__}: {shown(self._redactor.clean(str(cause)))}"
        return Fault(outcome=Outcome.UNREACHABLE, message=f"the connection failed ({told})")

    def _told_by(self, err: "openai.APIError", status: int | None) -> Fault:
        """Return the fault that the endpoint tells of; secrets go before the text is cut."""
        body = self._redactor.clean_json(cast(JsonValue, err.body))
        if status is None:
            return fault_of_record(body, status=500, is_inside_200=True)
        return fault_of_record(body, status=status)


def _library_errors() -> tuple[type[Exception], ...]:
    import httpx
    import openai

    return (openai.OpenAIError, httpx.HTTPError)


def _with_headers(fault: Fault, headers: Mapping[str, str]) -> Fault:
    """Return the fault with what the reply's headers add: where to go, how long to wait."""
    if location := headers.get("location"):
        fault = replace(fault, message=f"{fault.message} (it leads to {shown(location)})")
    wait_s = _retry_after_s(headers)
    if wait_s is None:
        return fault
    told = f"{fault.message} (asks to wait {wait_s:g} s)"
    return replace(fault, message=told, retry_after_s=wait_s)


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Return the wait that the endpoint asks for: milliseconds, seconds, or a date (RFC 9110).

    A date counts from the endpoint's own clock, as its `Date` header tells it.
    """
    for name, unit_s in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        wait_s = _seconds(headers.get(name, ""), unit_s)
        if wait_s is not None:
            return wait_s
    try:
        until = parsedate_to_datetime(headers.get("retry-after", ""))
        return max(0.0, (until - parsedate_to_datetime(headers.get("date", ""))).total_seconds())
    except (ValueError, TypeError):
        return None


def _seconds(text: str, unit_s: float) -> float | None:
    try:
        wait_s = float(text) * unit_s
    except ValueError:
        return None
    return wait_s if math.isfinite(wait_s) and wait_s >= 0 else None


def _unreadable(message: str) -> Fault:
    return Fault(outcome=Outcome.UNREADABLE, message=message)

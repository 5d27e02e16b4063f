"""The connection to an OpenAI-compatible address. The only file that knows openai."""

import asyncio
import math
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, cast

from ..records.json_types import JsonValue
from .endpoint import Endpoint
from .faults import Fault, Outcome
from .json_door import parse_json
from .redaction import Redactor, Secret
from .shared_endpoints import shared_endpoint
from .wire_body import WireBody
from .wire_reply import fault_of_record, shown

if TYPE_CHECKING:
    import ssl

    import httpx
    import openai

CHAT, EMBEDDINGS = "/chat/completions", "/embeddings"
"""What can be asked for below the address."""
_NO_KEY = "none"
"""The library insists on a key; servers without keys ignore it."""


@dataclass(slots=True)
class _Lane:
    """A client with one connection; it belongs to the event loop that opened it.

    A client with many connections looks at all of them several times a request, which is half of
    all its work where there are fifty; another client takes less to make than a request.
    """

    loop: asyncio.AbstractEventLoop
    http: "httpx.AsyncClient"
    api: "openai.AsyncOpenAI"
    busy: int = 0
    """Requests under way."""


class Connection:
    """One address and one key, over as many connections as are needed; failures are values.

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
        self._lanes: list[_Lane] = []
        self._tls: ssl.SSLContext | None = None

    @property
    def endpoint(self) -> Endpoint:
        """Limiter and retries of all in this process that ask at this address with this key."""
        return shared_endpoint(self.base_url, self._key)

    def open(self) -> None:
        """Load and open what the first request needs, so that its clock does not run meanwhile."""
        with self._lane():
            pass

    async def post(self, body: WireBody, *, path: str = CHAT) -> JsonValue | Fault:
        """Ask for a whole reply; return its JSON, or what went wrong."""
        import httpx

        try:
            with self._lane() as api:
                response = await api.post(self.base_url + path, body=body, cast_to=httpx.Response)
        except _library_errors() as err:
            return self._fault_of(err)
        return self._read_body(response)

    async def stream(self, body: WireBody) -> AsyncGenerator[JsonValue | Fault, None]:
        """Ask for a stream; yield the JSON of each event, and last what went wrong, if anything."""
        fault: Fault | None = None
        try:
            with self._lane() as api:
                async with await _open_stream(api, self.base_url + CHAT, body) as events:
                    kind = events.response.headers.get("content-type", "")
                    if kind.startswith("application/json"):
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
        """Close the connections; a later request opens others."""
        lanes, self._lanes = self._lanes, []
        for lane in lanes:
            if lane.loop is asyncio.get_running_loop():
                await lane.http.aclose()

    @contextmanager
    def _lane(self) -> Generator["openai.AsyncOpenAI"]:
        """Take the first lane that is free for one request; where none is, open another."""
        loop = asyncio.get_running_loop()
        if self._lanes and self._lanes[0].loop is not loop:
            self._lanes = []
        lane = next((each for each in self._lanes if not each.busy), None)
        if lane is None and len(self._lanes) < self._most_lanes:
            lane = self._open_lane(loop)
            self._lanes.append(lane)
        lane = lane or min(self._lanes, key=lambda each: each.busy)
        lane.busy += 1
        try:
            yield lane.api
        finally:
            lane.busy -= 1

    @property
    def _most_lanes(self) -> int:
        return self._pool_size if self._transport is None else 1

    def _open_lane(self, loop: asyncio.AbstractEventLoop) -> _Lane:
        import httpx
        import openai

        timeout = httpx.Timeout(
            self._read_s, connect=self._connect_s, pool=self._connect_s + self._read_s
        )
        if self._tls is None:  # one for all lanes: it takes longer than many requests
            self._tls = httpx.create_ssl_context(trust_env=not self._is_direct)
        http = httpx.AsyncClient(
            verify=self._tls,
            timeout=timeout,
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
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
        return _Lane(loop, http, api)

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


async def _open_stream(
    api: "openai.AsyncOpenAI", address: str, body: WireBody
) -> "openai.AsyncStream[object]":
    import openai

    return await api.post(
        address, body=body, cast_to=object, stream=True, stream_cls=openai.AsyncStream[object]
    )


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

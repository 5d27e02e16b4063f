"""One request to a provider, within caps, and its faults in plain words that hold no key."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import httpx

from ...records.json_types import JsonObject, JsonValue
from ...text.plain import plain_text
from ..web.unpacking import BodyRefused, read_body
from .provider import Hit, SearchFailed

_MOST_BYTES = 4 << 20
_PATIENCE_S = 15.0
_LASTING = {
    400: "it did not understand the request",
    401: "the key is wrong",
    402: "the credits are used up",
    403: "it refuses us",
    404: "there is no such address",
    432: "the plan's limit is used up",
    433: "the pay-as-you-go limit is used up",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request."""

    url: str
    """Where it goes."""
    params: Mapping[str, str | int] | None = None
    """The query string of a GET."""
    body: JsonObject | None = None
    """The body of a POST; None makes it a GET."""
    headers: Mapping[str, str] | None = None
    """Headers, the key's among them."""


async def ask(client: httpx.AsyncClient, provider: str, call: Call) -> bytes:
    """Return the body of a provider's reply.

    Raises:
        SearchFailed: No reply came, or it tells of a fault.
    """
    request = client.build_request(
        "GET" if call.body is None else "POST",
        call.url,
        params=call.params,
        json=call.body,
        headers={"Accept-Encoding": "gzip, deflate", **(call.headers or {})},
        timeout=httpx.Timeout(_PATIENCE_S),
    )
    try:
        async with asyncio.timeout(_PATIENCE_S):
            reply = await client.send(request, stream=True, follow_redirects=False)
            try:
                encoding = reply.headers.get("content-encoding", "")
                body = await read_body(reply.aiter_raw(), encoding=encoding, most_bytes=_MOST_BYTES)
            finally:
                await reply.aclose()
    except TimeoutError as err:
        raise SearchFailed(f"{provider} gave no answer within {_PATIENCE_S:g} s") from err
    except httpx.HTTPError as err:
        raise SearchFailed(f"{provider} cannot be reached ({type(err).__name__})") from err
    except BodyRefused as err:
        raise SearchFailed(f"{provider}: {err}") from err
    if reply.status_code != 200:
        raise _fault(provider, reply)
    return body


async def ask_json(client: httpx.AsyncClient, provider: str, call: Call) -> JsonObject:
    """Return a provider's reply as JSON.

    Raises:
        SearchFailed: No reply came, or none in JSON.
    """
    body = await ask(client, provider, call)
    try:
        value: JsonValue = json.loads(body)
    except ValueError as err:
        raise SearchFailed(f"{provider} answered in no JSON", is_lasting=True) from err
    if not isinstance(value, Mapping):
        raise SearchFailed(f"{provider} answered in another form than its documents say")
    return value


def objects(value: JsonValue) -> list[JsonObject]:
    """Return the objects of a list; of anything else, none."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return []
    return [each for each in value if isinstance(each, Mapping)]


def inside(value: JsonObject, *path: str) -> JsonValue:
    """Return what stands under a path of keys; None where nothing does."""
    found: JsonValue = value
    for key in path:
        found = cast(JsonObject, found).get(key) if isinstance(found, Mapping) else None
    return found


def text_of(value: JsonValue) -> str:
    """Return a text without markup; empty for anything else."""
    return plain_text(value) if isinstance(value, str) else ""


def hit_of(item: JsonObject, *, url: str, title: str, snippet: str, date: str) -> Hit | None:
    """Return a result from its object by the names of its fields; None where it has no URL."""
    found = item.get(url)
    if not isinstance(found, str) or not found.startswith(("http://", "https://")):
        return None
    told = item.get(date)
    return Hit(
        url=found,
        title=text_of(item.get(title)) or found,
        snippet=text_of(item.get(snippet)),
        date=told if isinstance(told, str) and told else None,
    )


def _fault(provider: str, reply: httpx.Response) -> SearchFailed:
    status = reply.status_code
    if status in _LASTING:
        return SearchFailed(f"{provider}: {_LASTING[status]} (HTTP {status})", is_lasting=True)
    told = reply.headers.get("retry-after", "")
    wait_s = float(told) if told.isdecimal() else None
    what = "too many requests" if status == 429 else "a fault of its own"
    return SearchFailed(f"{provider}: {what} (HTTP {status})", wait_s=wait_s)

"""From a host to the addresses that a connection may be made to, each of them checked."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from ...records.errors import ToolError
from .addresses import closed_reason
from .url_policy import UrlRefused, WebAddress

Resolver: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a host."""

_MOST_ADDRESSES = 8
_PATIENCE_S = 10.0


class HostUnknown(ToolError):
    """A host has no address."""


async def system_addresses(host: str, port: int) -> Sequence[str]:
    """Return a host's addresses as this machine's resolver knows them.

    Raises:
        HostUnknown: It knows none.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_PATIENCE_S):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError) as err:
        why = getattr(err, "strerror", None) or str(err) or "no answer in time"
        raise HostUnknown(f"the host {host!r} is not found: {why}") from err
    return [str(address[0]) for *_, address in found]


async def checked_addresses(address: WebAddress, resolve: Resolver) -> list[str]:
    """Return the addresses of a host, to be connected to just as they are.

    A name is looked up once and the connection made to what was checked, so that a second answer
    (DNS rebinding) finds nobody asking. One closed address among open ones closes them all.

    Raises:
        HostUnknown: The host has no address.
        UrlRefused: One of its addresses is not of the public internet.
    """
    found = list(dict.fromkeys(await resolve(address.host, address.port)))[:_MOST_ADDRESSES]
    if not found:
        raise HostUnknown(f"the host {address.host!r} has no address")
    if address.is_open:
        return found
    for each in found:
        what = closed_reason(each)
        if what is not None:
            raise UrlRefused(
                f"{address.url[:200]!r} is not fetched: {address.host} is {each}, which belongs "
                f'to {what}; `allow_hosts=["{address.host}"]` opens it on purpose'
            )
    return found

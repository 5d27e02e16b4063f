"""Connections to an endpoint: as many as there are requests at a time, and each used again."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from sonde.models.openai_connection import Connection
from sonde.models.redaction import Secret

pytestmark = pytest.mark.loopback

_BODY = json.dumps({"ok": True}).encode()
_REPLY = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    + f"Content-Length: {len(_BODY)}\r\n\r\n".encode()
    + _BODY
)


class Counter:
    """A server that counts its connections, and answers once so many requests wait."""

    def __init__(self, *, together: int) -> None:
        self.connections = 0
        self.ended = asyncio.Semaphore(0)
        self._together = asyncio.Barrier(together)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until it closes."""
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await reader.readexactly(int(head.lower().split(b"content-length:")[1].split()[0]))
                async with asyncio.timeout(10):
                    await self._together.wait()
                writer.write(_REPLY)
        except asyncio.IncompleteReadError:
            writer.close()
            await writer.wait_closed()
            self.ended.release()


@asynccontextmanager
async def counted(*, together: int, pool_size: int) -> AsyncGenerator[tuple[Counter, Connection]]:
    counter = Counter(together=together)
    async with await asyncio.start_server(counter.serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        connection = Connection(
            base_url=f"http://127.0.0.1:{port}/v1",
            key=Secret(""),
            pool_size=pool_size,
            is_direct=True,
        )
        try:
            yield counter, connection
        finally:
            await connection.aclose()
            for _ in range(counter.connections):
                await counter.ended.acquire()


async def ask_at_once(connection: Connection, count: int) -> None:
    replies = await asyncio.gather(*(connection.post({"model": "tiny"}) for _ in range(count)))
    assert replies == [{"ok": True}] * count


def test_each_request_at_a_time_has_a_connection_which_is_used_again() -> None:
    async def try_it() -> None:
        async with counted(together=5, pool_size=8) as (counter, connection):
            await ask_at_once(connection, 5)
            await ask_at_once(connection, 5)
            assert counter.connections == 5

    asyncio.run(try_it())


def test_requests_beyond_the_pool_wait_for_a_connection() -> None:
    async def try_it() -> None:
        async with counted(together=2, pool_size=2) as (counter, connection):
            await ask_at_once(connection, 6)
            assert counter.connections == 2

    asyncio.run(try_it())

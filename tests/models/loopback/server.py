"""A server on 127.0.0.1 that speaks chat completions, and fails in every way that it is told to.

    python server.py --seconds 120 --requests 5000

It writes `{"port": N}` on its first line, and ends by itself: after so many seconds, after so
many requests, or when its standard input closes, which is when the process that started it ends.

Each session has its own script and log, so that many tests share one server:

    PUT  /s/NAME/script                 a list of steps, one for each request to come: {"do": ...}
    PUT  /s/NAME/role                   play an agent's model from now on (player.py): {"tool": ...}
    GET  /s/NAME/log                    the requests that came, and what each task of a role sent
    POST /s/NAME/v1/chat/completions    plain, or as a stream
    POST /s/NAME/v1/embeddings          vectors that count letters: the same text, the same vector

After the last step every request is answered well. A role has no log: its prompts are counted.
"""

import argparse
import asyncio
import json
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field

import answers
from player import Player

_MOST_BYTES = 8_000_000


@dataclass(slots=True)
class Session:
    """What one test scripted, and what it sent."""

    steps: list[answers.Json] = field(default_factory=list[answers.Json])
    log: list[answers.Json] = field(default_factory=list[answers.Json])
    player: Player | None = None


class Server:
    """Sessions by name, and a bound on how many requests are served at all."""

    def __init__(self, *, requests: int) -> None:
        self._left = requests
        self._sessions: dict[str, Session] = {}
        self.is_done = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until it closes, or a fault closes it."""
        try:
            while await self._serve_request(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    async def _serve_request(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ", 2)
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head[1:] if line)
        }
        length = int(headers.get("content-length", "0"))
        if length > _MOST_BYTES or self._left <= 0:
            self.is_done.set()
            return False
        self._left -= 1
        raw = await reader.readexactly(length)
        return await self._route(method, path, headers, json.loads(raw or b"null"), writer)

    async def _route(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        body: answers.JsonAny,
        writer: asyncio.StreamWriter,
    ) -> bool:
        parts = path.strip("/").split("/")
        session = self._sessions.setdefault(parts[1] if len(parts) > 1 else "", Session())
        if method == "PUT" and isinstance(body, list):
            session.steps = [step for step in body if isinstance(step, dict)]
            return await answers.send_json(writer, {"steps": len(session.steps)})
        if method == "PUT" and isinstance(body, dict):
            session.player = Player(body)
            return await answers.send_json(writer, {})
        if method == "GET":
            return await answers.send_json(writer, _told(session))
        known = path.endswith(("/chat/completions", "/embeddings"))
        if not known or not isinstance(body, dict):
            return await answers.send_json(writer, {"detail": "Not Found"}, status=404)
        if session.player is not None:
            async with session.player.serving() as has_room:
                busy: answers.Json = {"do": "status", "status": 429, "message": "too many"}
                step = session.player.step(body) if has_room else busy
            return await answers.answer(step, body, headers, writer)
        session.log.append({"body": body, "authorization": headers.get("authorization", "")})
        usual = "embed" if path.endswith("/embeddings") else "ok"
        step: answers.Json = session.steps.pop(0) if session.steps else {"do": usual}
        return await answers.answer(step, body, headers, writer)


def _told(session: Session) -> answers.Json:
    bills = session.player.bills() if session.player else {}
    crowd = session.player.crowd() if session.player else {}
    return {"requests": list(session.log), "tasks": bills, "crowd": crowd}


def _watch_input(loop: asyncio.AbstractEventLoop, is_done: asyncio.Event) -> None:
    """End the server when standard input closes."""
    sys.stdin.read()
    loop.call_soon_threadsafe(is_done.set)


async def _main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=120)
    options.add_argument("--requests", type=int, default=5000)
    chosen = options.parse_args()
    server = Server(requests=chosen.requests)
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0, limit=_MOST_BYTES)
    sys.stdout.write(json.dumps({"port": listener.sockets[0].getsockname()[1]}) + "\n")
    sys.stdout.flush()
    watch = (asyncio.get_running_loop(), server.is_done)
    threading.Thread(target=_watch_input, args=watch, daemon=True).start()
    with suppress(TimeoutError):
        await asyncio.wait_for(server.is_done.wait(), timeout=chosen.seconds)


if __name__ == "__main__":
    asyncio.run(_main())

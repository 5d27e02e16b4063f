"""A site on 127.0.0.1 that answers by a table, and remembers what it was asked."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is sent back."""

    body: bytes = b""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    is_slow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


Route = Answer | Callable[[Asked], Answer]


class Site:
    """Serves its routes until it is closed."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.asked: list[Asked] = []
        self._is_over = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.serve(self)

            def do_POST(self) -> None:
                site.serve(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.host}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request by the table."""
        length = int(handler.headers.get("Content-Length") or 0)
        asked = Asked(
            method=handler.command,
            path=handler.path,
            headers={name.lower(): value for name, value in handler.headers.items()},
            body=handler.rfile.read(length),
        )
        self.asked.append(asked)
        route = self.routes.get(urlsplit(handler.path).path, Answer(status=404, body=b"no page"))
        answer = route if isinstance(route, Answer) else route(asked)
        handler.send_response(answer.status)
        handler.send_header("Content-Type", answer.type)
        handler.send_header("Content-Length", str(len(answer.body)))
        handler.send_header("Connection", "close")
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.close_connection = True
        try:
            self._write(handler, answer)
        except OSError:
            return  # the reader has gone, as it may

    def _write(self, handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        if not answer.is_slow:
            handler.wfile.write(answer.body)
            return
        for at in range(len(answer.body)):
            if self._is_over.is_set():
                return
            handler.wfile.write(answer.body[at : at + 1])
            handler.wfile.flush()
            time.sleep(0.02)

    def paths(self) -> list[str]:
        """Return the paths that were asked for, but for robots.txt."""
        return [each.path for each in self.asked if each.path != "/robots.txt"]

    def close(self) -> None:
        """Stop serving."""
        self._is_over.set()
        self._server.shutdown()
        self._server.server_close()


def page(title: str, *paragraphs: str, links: Mapping[str, str] | None = None) -> Answer:
    """Return a small web page."""
    body = "".join(f"<p>{each}</p>" for each in paragraphs)
    nav = "".join(f'<li><a href="{url}">{words}</a></li>' for url, words in (links or {}).items())
    html = (
        f"<!doctype html><html lang=en><head><title>{title}</title></head><body>"
        f"<article><h1>{title}</h1>{body}</article><ul>{nav}</ul></body></html>"
    )
    return Answer(body=html.encode())

"""A body as it comes in, unpacked within a cap: a small reply cannot become a large one."""

import zlib
from collections.abc import AsyncIterable

from ...records.errors import ToolError

_WINDOWS = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


class BodyRefused(ToolError):
    """A body that is too large, or packed in a way that was not asked for."""


async def read_body(pieces: AsyncIterable[bytes], *, encoding: str, most_bytes: int) -> bytes:
    """Return a body of at most so many bytes, both as sent and unpacked.

    Args:
        pieces: The body as it is sent.
        encoding: The value of `Content-Encoding`; empty for none.
        most_bytes: The cap.

    Raises:
        BodyRefused: It passes the cap, is damaged, or is packed otherwise than asked for.
    """
    unpack = _Unpacker(encoding.strip().lower())
    body = bytearray()
    sent = 0
    async for piece in pieces:
        sent += len(piece)
        body += unpack.feed(piece, room=most_bytes - len(body) + 1)
        if max(sent, len(body)) > most_bytes:
            packed = f" once {encoding} is unpacked" if len(body) > sent else ""
            raise BodyRefused(f"the page is larger than {most_bytes:,} bytes{packed}; not read")
    return bytes(body)


class _Unpacker:
    """Unpacks pieces, never more than there is room for."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._stream = zlib.decompressobj(_WINDOWS[encoding]) if encoding in _WINDOWS else None
        self._is_first = True
        if encoding not in (*_WINDOWS, "", "identity"):
            raise BodyRefused(f"the page is packed as {encoding!r}, which was not asked for")

    def feed(self, piece: bytes, *, room: int) -> bytes:
        if self._stream is None:
            return piece
        try:
            return self._stream.decompress(piece, room)
        except zlib.error as err:
            if self._encoding == "deflate" and self._is_first:  # some servers send no zlib header
                self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
                self._is_first = False
                return self.feed(piece, room=room)
            raise BodyRefused(f"the page is said to be {self._encoding} and is damaged") from err
        finally:
            self._is_first = False

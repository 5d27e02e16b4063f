"""A picture that a model is shown, and the tokens that it is taken to cost."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass, field
from math import ceil

_LONG_SIDE, _SHORT_SIDE, _TILE_SIDE = 2048, 768, 512  # pixels
_BASE_TOKENS, _TILE_TOKENS = 85, 170


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An encoded picture, as a chat model is sent it."""

    mime: str
    """Its media type, as `image/png`."""
    data: bytes = field(repr=False)
    """The file's bytes."""
    tokens: int
    """What it is taken to cost in the prompt, by `picture_tokens`."""

    @property
    def data_url(self) -> str:
        """The whole picture as a URL (RFC 2397)."""
        return f"data:{self.mime};base64,{b64encode(self.data).decode('ascii')}"

    @property
    def digest(self) -> str:
        """What stands in its place in a recording."""
        return f"sha256:{hashlib.sha256(self.data).hexdigest()}"


def picture_tokens(width: int, height: int) -> int:
    """Return the prompt tokens of a picture by OpenAI's published rule for high detail.

    The picture is made smaller until it fits into 2048 by 2048 pixels and its short side has at
    most 768; it then costs 85 tokens, and 170 for each tile of 512 by 512 that it touches: 1445 at
    most. It is an estimate: other models count otherwise, and OpenAI's small ones charge more.

    Args:
        width: Pixels from left to right.
        height: Pixels from top to bottom.

    >>> picture_tokens(512, 512), picture_tokens(1024, 1024), picture_tokens(2048, 4096)
    (255, 765, 1105)
    """
    scale = min(1.0, _LONG_SIDE / max(width, height), _SHORT_SIDE / min(width, height))
    across, down = (ceil(max(1, round(side * scale)) / _TILE_SIDE) for side in (width, height))
    return _BASE_TOKENS + _TILE_TOKENS * across * down

"""Replies on disk: served while they are fresh, asked about by ETag when they are not."""

import json
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import cast

from .fetching import Fetched

_USUAL_LIFE_S = 3_600.0
_LONGEST_LIFE_S = 7 * 86_400.0
_MOST_PAGES = 2_000
_KEPT_HEADERS = ("content-type", "etag", "last-modified", "cache-control")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A reply as it was stored."""

    reply: Fetched
    """The reply."""
    age_s: float
    """Seconds since it was fetched, or last confirmed."""
    is_fresh: bool
    """Whether it may be used without asking."""

    @property
    def conditions(self) -> dict[str, str]:
        """Headers that ask for the page only where it has changed."""
        headers = self.reply.headers
        asked = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}
        return {name: headers[of] for name, of in asked.items() if of in headers}


@dataclass(frozen=True, slots=True)
class PageCache:
    """A folder of replies, one file each; several processes may share it."""

    folder: Path
    """The folder; it is made when the first page comes."""
    now: Callable[[], float] = field(default=time.time)
    """Seconds since the epoch."""

    def find(self, url: str) -> Stored | None:
        """Return what is stored of a URL, however old it is; None where nothing readable is."""
        try:
            head, _, body = self._path(url).read_bytes().partition(b"\n")
            meta = cast(dict[str, object], json.loads(head))
            kept = cast(Mapping[str, str], meta["headers"])
            reply = Fetched(
                url=str(meta["url"]), status=int(str(meta["status"])), headers=kept, body=body
            )
            age_s = max(0.0, self.now() - float(str(meta["at"])))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return Stored(reply=reply, age_s=age_s, is_fresh=age_s < _life_s(kept))

    def store(self, url: str, reply: Fetched) -> None:
        """Store a reply, unless its server forbids that; a full disk is no fault of the run."""
        if "no-store" in reply.headers.get("cache-control", "").lower():
            return
        kept = {name: reply.headers[name] for name in _KEPT_HEADERS if name in reply.headers}
        meta = asdict(replace(reply, headers=kept, body=b""))
        del meta["body"]
        data = json.dumps({**meta, "at": self.now()}).encode() + b"\n" + reply.body
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            self._make_room()
            with NamedTemporaryFile(dir=self.folder, prefix=".new-", delete=False) as file:
                file.write(data)
            Path(file.name).replace(self._path(url))

    def _path(self, url: str) -> Path:
        return self.folder / f"{sha256(url.encode()).hexdigest()[:40]}.page"

    def _make_room(self) -> None:
        """Remove the oldest tenth once the folder is full."""
        files = [entry for entry in os.scandir(self.folder) if entry.name.endswith(".page")]
        if len(files) < _MOST_PAGES:
            return
        for entry in sorted(files, key=lambda each: each.stat().st_mtime)[: _MOST_PAGES // 10]:
            Path(entry.path).unlink(missing_ok=True)


def _life_s(headers: Mapping[str, str]) -> float:
    """Return how long a page is fresh: what its server says, within a week; else an hour."""
    control = headers.get("cache-control", "").lower()
    if "no-cache" in control:
        return 0.0
    for part in control.split(","):
        name, _, value = part.strip().partition("=")
        if name == "max-age" and value.strip('"').isdecimal():
            return min(float(value.strip('"')), _LONGEST_LIFE_S)
    return _USUAL_LIFE_S

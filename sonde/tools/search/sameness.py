"""Results that are one: by a URL in canonical form, and by what they say."""

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

from ...text.shingles import jaccard, shingles
from .provider import Hit

_SAME = 0.9
_SHORTEST_WORDS = 12
"""Snippets of fewer words are alike by chance."""
_TRACKERS = frozenset(
    "fbclid gclid dclid msclkid yclid igshid mc_cid mc_eid ref_src ref_url spm _ga".split()
)
_PORTS = {"http": 80, "https": 443}


def canonical(url: str) -> str:
    """Return a form that addresses of one page share; it is for comparing, not for fetching.

    >>> canonical("http://www.Example.org:80/a/?utm_source=x&b=2&a=1#top")
    'example.org/a?a=1&b=2'
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    place = host if port in (None, _PORTS.get(parts.scheme)) else f"{host}:{port}"
    kept = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.lower().startswith("utm_") and name.lower() not in _TRACKERS
    )
    query = f"?{urlencode(kept)}" if kept else ""
    return f"{place}{parts.path.rstrip('/')}{query}"


def without_repeats(hits: Iterable[Hit]) -> list[Hit]:
    """Return the results without those that another one stands for, in their order."""
    kept: dict[str, Hit] = {}
    said: list[frozenset[int]] = []
    for hit in hits:
        key = hit.url if hit.passage is None else f"{hit.url}#{hit.passage.start}"
        key = canonical(key) if hit.passage is None else key
        if key in kept:
            continue
        if len(hit.snippet.split()) >= _SHORTEST_WORDS:
            hashes = shingles(hit.snippet)
            if any(jaccard(hashes, other) >= _SAME for other in said):
                continue
            said.append(hashes)
        kept[key] = hit
    return list(kept.values())

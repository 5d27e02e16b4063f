"""The endpoints of this process: whoever asks at one address, with one key, shares one limiter.

A provider counts requests by account, so two agents that each found out their own limit would send
twice what is allowed. Entries live as long as somebody holds them.
"""

import hashlib
import secrets
import threading
from typing import NamedTuple
from weakref import WeakValueDictionary

from .endpoint import Endpoint
from .redaction import Secret

_SALT = secrets.token_bytes(16)
"""Of this process alone, so that a digest in a dump of it cannot be compared with keys."""


class _Account(NamedTuple):
    """Whose requests count together."""

    base_url: str
    """Address up to and with `/v1`."""
    key_digest: bytes
    """Tells keys apart; the key cannot be had from it."""


_endpoints: WeakValueDictionary[_Account, Endpoint] = WeakValueDictionary()
_lock = threading.Lock()


def shared_endpoint(base_url: str, key: Secret) -> Endpoint:
    """Return the one endpoint of this process for an address and a key.

    Args:
        base_url: Address up to and with `/v1`; its host may be written in any case.
        key: The key that requests are sent with; empty where none is needed.
    """
    digest = hashlib.blake2b(key.reveal().encode(), key=_SALT, digest_size=16).digest()
    account = _Account(_plain(base_url), digest)
    with _lock:
        endpoint = _endpoints.get(account)
        if endpoint is None:
            endpoint = _endpoints[account] = Endpoint()
        return endpoint


def _plain(base_url: str) -> str:
    """Return an address with scheme and host in lower case; the rest tells services apart.

    >>> _plain("HTTP://Localhost:11434/V1/")
    'http://localhost:11434/V1'
    """
    scheme, _, rest = base_url.rstrip("/").partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.lower()}://{host.lower()}{slash}{path}"

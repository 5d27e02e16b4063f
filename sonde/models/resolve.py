"""From a model's name, as a person writes it, to a model."""

import ipaddress
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from ..records.errors import SetupError
from .dialect import Dialect
from .endpoint import Endpoint, OnAttempt
from .openai_compatible import OpenAICompatible
from .openai_connection import Connection
from .redaction import Secret
from .usage_edge import TokenCounter

OPENAI_URL = "https://api.openai.com/v1"
_OPENAI_HOSTS = frozenset({"api.openai.com", "eu.api.openai.com", "us.api.openai.com"})
_LOCAL_SUFFIXES = (".localhost", ".local", ".internal", ".lan")


def resolve_model(
    name: str,
    *,
    base_url: str | None,
    environ: Mapping[str, str],
    count_tokens: TokenCounter | None = None,
    endpoint: Endpoint | None = None,
    on_attempt: OnAttempt | None = None,
) -> OpenAICompatible:
    """Return the chat model of that name; nothing is sent.

    Args:
        name: `gpt-5-mini`, or `openai:NAME` for a name that holds a colon of its own.
        base_url: Address of an OpenAI-compatible API; None takes OPENAI_BASE_URL, else OpenAI's.
        environ: Environment variables: OPENAI_API_KEY, OPENAI_BASE_URL.
        count_tokens: Counts tokens where the endpoint reports none.
        endpoint: Limiter and retries; None takes the one that all of this process share which
            ask at this address with this key.
        on_attempt: Told of every request that was sent.

    Raises:
        SetupError: The name, the address or the key cannot be used.
    """
    model, connection = connection_of(name, base_url=base_url, environ=environ)
    is_openai = (urlsplit(connection.base_url).hostname or "") in _OPENAI_HOSTS
    return OpenAICompatible(
        model,
        connection=connection,
        endpoint=endpoint or connection.endpoint,
        dialect=Dialect(length_fields=("max_completion_tokens",)) if is_openai else Dialect(),
        count_tokens=count_tokens,
        on_attempt=on_attempt,
    )


class Named(NamedTuple):
    """A model's name as its endpoint knows it, and the way there."""

    model: str
    """The name that is sent."""
    connection: Connection
    """The way to its endpoint."""


def connection_of(name: str, *, base_url: str | None, environ: Mapping[str, str]) -> Named:
    """Return a model's name and the connection to its endpoint; nothing is sent.

    Raises:
        SetupError: The name, the address or the key cannot be used.
    """
    url = endpoint_url(base_url, environ)
    host = urlsplit(url).hostname or ""
    model = bare_name(name, has_url=url != OPENAI_URL)
    key = _key(environ, model=model, url=url, is_needed=not is_local(host))
    return Named(model, Connection(base_url=url, key=key, is_direct=is_local(host)))


def endpoint_url(base_url: str | None, environ: Mapping[str, str]) -> str:
    """Return the address that a named model is asked at.

    Raises:
        SetupError: It is no address.
    """
    return _checked_url(base_url or environ.get("OPENAI_BASE_URL", "").strip() or OPENAI_URL)


def is_local(host: str) -> bool:
    """Return whether a host is this machine or one in its own network, by its name alone.

    >>> is_local("127.0.0.1"), is_local("ollama"), is_local("api.openai.com")
    (True, True, False)
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(_LOCAL_SUFFIXES)
    return address.is_private or address.is_loopback or address.is_unspecified


def bare_name(name: str, *, has_url: bool) -> str:
    """Return a model's name as its endpoint knows it.

    Args:
        name: The name as a person writes it.
        has_url: Whether an address other than OpenAI's was given.

    Raises:
        SetupError: There is no name, or a provider that is not known stands before it.
    """
    prefix, colon, rest = name.strip().partition(":")
    model = rest.strip() if colon and prefix == "openai" else name.strip()
    if not model:
        raise SetupError(f"no model in {name!r}; name one, such as gpt-5-mini or openai:NAME")
    if colon and prefix != "openai" and not has_url:
        raise SetupError(
            f"no provider {prefix!r} for model {name!r}; for a server of your own give"
            f' openai:{name} and its address: `base_url="http://127.0.0.1:11434/v1"`'
        )
    return model


def _checked_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        is_usable = is_usable and (parts.port is None or parts.port > 0)
    except ValueError:
        raise SetupError(_url_advice("the base URL cannot be read")) from None
    if "@" in parts.netloc:
        raise SetupError(_url_advice("the base URL holds a user or password"))
    if not is_usable:
        raise SetupError(_url_advice(f"the base URL {url!r} is no http address"))
    return url.rstrip("/")


def _url_advice(what: str) -> str:
    return f"{what}; give one such as http://127.0.0.1:11434/v1, and keys in OPENAI_API_KEY"


def _key(environ: Mapping[str, str], *, model: str, url: str, is_needed: bool) -> Secret:
    key = Secret(environ.get("OPENAI_API_KEY", "").strip())
    if is_needed and not key:
        raise SetupError(
            f"no API key for {model} at {url}; set OPENAI_API_KEY, or name a server that needs"
            ' none: `base_url="http://127.0.0.1:11434/v1"`'
        )
    if not key.reveal().isascii() or not key.reveal().isprintable():
        raise SetupError(
            "OPENAI_API_KEY holds characters that no key has (a line break, a quotation mark of a"
            " text processor?); set it again"
        )
    return key

"""Which URLs may be fetched: what can be told of one before any name is looked up."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

import idna

from ...records.errors import SetupError, ToolError
from .addresses import closed_reason

_PORTS = {"http": 80, "https": 443}
_LAST_SYSTEM_PORT = 1_023
_LONGEST_URL = 8_000
_LONGEST_HOST, _LONGEST_LABEL = 253, 63  # RFC 1035
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
_NUMBER = re.compile(r"(0[xX][0-9a-fA-F]*|[0-9]+)")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
_CLOSED_NAMES = (
    *(
        "localhost",
        "local",
        "localdomain",
        "internal",
        "intranet",
        "private",
        "corp",
        "home",
        "lan",
    ),
    *("home.arpa", "in-addr.arpa", "ip6.arpa", "onion", "i2p", "svc"),
    *("invalid", "test", "example"),
)
_SAFE = "/:?#[]@!$&'()*+,;=%~"


class UrlRefused(ToolError):
    """A URL that is not fetched; the message says why."""

    remedy = "`allow_hosts=...` opens a host on purpose"
    """What the asker can do about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAddress:
    """A URL that may be fetched once its host's addresses are checked as well."""

    url: str
    """The URL in its plain form, without a fragment."""
    scheme: str
    """`http` or `https`."""
    host: str
    """The host in lower case; ASCII, without a trailing dot or brackets."""
    port: int
    """The port."""
    is_open: bool
    """Whether this host was opened on purpose, so that any address will do."""


@dataclass(frozen=True, slots=True)
class OpenHost:
    """A host that is opened on purpose, whatever its addresses are."""

    host: str
    """The host as a URL names it."""
    port: int | None = None
    """The one port that is opened; None opens all."""

    @classmethod
    def parse(cls, text: str) -> "OpenHost":
        """Return a host by `HOST` or `HOST:PORT`; an IPv6 address stands in brackets.

        Raises:
            SetupError: It is neither.
        """
        try:
            parts = urlsplit(f"//{text.strip()}")
            host, port = (parts.hostname or "").rstrip("."), parts.port
        except ValueError:
            parts, host, port = urlsplit(""), "", None
        is_host = ":" in host or _HOST.fullmatch(host) is not None
        if not is_host or parts.path or parts.query or parts.fragment or parts.username:
            raise SetupError(
                f"{text!r} is no host to open; write HOST or HOST:PORT, such as 127.0.0.1:8888"
            )
        return cls(host.lower(), port)

    def fits(self, host: str, port: int) -> bool:
        """Return whether it opens this host at this port."""
        return self.host == host and self.port in (None, port)


@dataclass(frozen=True, slots=True)
class UrlPolicy:
    """Refuses every URL that could reach into this machine or its networks."""

    open_hosts: Sequence[OpenHost] = ()
    """Hosts that are opened on purpose."""

    def check(self, url: str) -> WebAddress:
        """Return a URL's address, in plain form.

        Raises:
            UrlRefused: It is no web address, hides what it means, or names a closed place.
        """
        parts = _split(url)
        host = _plain_host(parts, url)
        port = _port(parts, url)
        is_open = any(each.fits(host, port) for each in self.open_hosts)
        if not is_open:
            _check_host(host, url)
            if port <= _LAST_SYSTEM_PORT and port not in _PORTS.values():
                raise _refused(url, f"port {port} is no port of the web")
        return WebAddress(
            url=_written(parts, host, port),
            scheme=parts.scheme,
            host=host,
            port=port,
            is_open=is_open,
        )


def _split(url: str) -> SplitResult:
    text = url.strip()
    if len(text) > _LONGEST_URL:
        raise _refused(text[:80], f"it has over {_LONGEST_URL:,} characters")
    if _FORBIDDEN.search(text):
        raise _refused(url, "it holds spaces, control characters or a backslash")
    parts = _parts(text)
    if parts.scheme not in _PORTS:
        what = f"its scheme is {parts.scheme!r}" if parts.scheme else "it has no scheme"
        raise _refused(url, f"{what}; only http:// and https:// are fetched")
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise _refused(url, "it holds a user name or password")
    return parts


def _parts(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port  # it raises where the port is no number
    except ValueError as err:
        raise _refused(text, f"it cannot be read ({err})") from err
    return parts


def _port(parts: SplitResult, url: str) -> int:
    port = _PORTS[parts.scheme] if parts.port is None else parts.port
    if port == 0:
        raise _refused(url, "port 0 is no port")
    return port


def _plain_host(parts: SplitResult, url: str) -> str:
    """Return the host as a resolver is to be asked for it."""
    given = parts.hostname or ""
    if "[" in parts.netloc:
        try:
            return str(IPv6Address(given))
        except ValueError as err:
            raise _refused(url, f"{given!r} is no IPv6 address without a zone") from err
    if not given:
        raise _refused(url, "it names no host")
    if "%" in given:
        raise _refused(url, "its host is written with percent signs")
    host = given if given.isascii() else _ascii_host(given, url)
    host = host.removesuffix(".")
    labels = host.split(".")
    is_short = len(host) <= _LONGEST_HOST and max(map(len, labels)) <= _LONGEST_LABEL
    if not (_HOST.fullmatch(host) and is_short) or "_" in labels[-1]:
        raise _refused(url, f"{host[:80]!r} is no host name")
    return host


def _ascii_host(host: str, url: str) -> str:
    """Return an international name in ASCII; one that mixes scripts is refused."""
    for label in unicodedata.normalize("NFKC", host).split("."):
        scripts = {unicodedata.name(char, "?").split()[0] for char in label if char.isalpha()}
        if "LATIN" in scripts and scripts & {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}:
            raise _refused(url, f"the name {label!r} mixes letters that look alike")
    try:
        return idna.encode(host, uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as err:
        raise _refused(url, f"{host!r} is no host name ({err})") from err


def _check_host(host: str, url: str) -> None:
    """Refuse a host that is known to be closed without asking a resolver."""
    if ":" in host or _NUMBER.fullmatch(host.rpartition(".")[2]):
        _check_number(host, url)
    elif "." not in host or any(f".{host}".endswith(f".{name}") for name in _CLOSED_NAMES):
        raise _refused(url, f"{host!r} is a name of this machine or of a private network")


def _check_number(host: str, url: str) -> None:
    try:
        address = ip_address(host)
    except ValueError as err:
        meant = _odd_address(host)
        shown = f", which some read as {meant}" if meant else ""
        raise _refused(url, f"{host!r} is no plain address{shown}") from err
    what = closed_reason(address)
    if what is not None:
        raise _refused(url, f"{address} belongs to {what}")


def _odd_address(host: str) -> IPv4Address | None:
    """Return what an address in octal, hexadecimal or few parts would stand for, as C reads it."""
    parts = host.split(".")
    if len(parts) > 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    try:
        *high, low = (_number(part) for part in parts)
        value = low + sum(each << (24 - 8 * at) for at, each in enumerate(high))
        return IPv4Address(value)
    except ValueError:
        return None


def _number(text: str) -> int:
    if text[:2].lower() == "0x":
        return int(text[2:] or "0", 16)
    return int(text, 8) if len(text) > 1 and text[0] == "0" else int(text)


def _written(parts: SplitResult, host: str, port: int) -> str:
    place = f"[{host}]" if ":" in host else host
    if port != _PORTS[parts.scheme]:
        place += f":{port}"
    path = quote(parts.path or "/", safe=_SAFE)
    return urlunsplit((parts.scheme, place, path, quote(parts.query, safe=_SAFE), ""))


def _refused(url: str, why: str) -> UrlRefused:
    return UrlRefused(f"{url[:200]!r} is not fetched: {why}")

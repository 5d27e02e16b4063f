"""Which network addresses a fetch may reach: only those of the public internet."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address

_CLOSED_V4 = tuple(
    (IPv4Network(network), what)
    for network, what in {
        "0.0.0.0/8": "this network",
        "10.0.0.0/8": "a private network",
        "100.64.0.0/10": "a carrier's own network",
        "127.0.0.0/8": "this machine",
        "168.63.129.16/32": "a cloud's own services",  # public by number, Azure's by use
        "169.254.0.0/16": "a link-local or metadata service",
        "172.16.0.0/12": "a private network",
        "192.0.0.0/24": "a protocol's own addresses",
        "192.0.2.0/24": "documentation",
        "192.31.196.0/24": "a sink for queries",
        "192.52.193.0/24": "a multicast relay",
        "192.88.99.0/24": "a relay into IPv6",
        "192.168.0.0/16": "a private network",
        "192.175.48.0/24": "a sink for queries",
        "198.18.0.0/15": "a test network",
        "198.51.100.0/24": "documentation",
        "203.0.113.0/24": "documentation",
        "224.0.0.0/4": "a multicast group",
        "240.0.0.0/4": "reserved",
    }.items()
)
_PUBLIC_V6 = IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    (IPv6Network(network), what)
    for network, what in {
        "2001::/23": "a protocol's own addresses, Teredo among them",
        "2001:db8::/32": "documentation",
        "2002::/16": "a relay into IPv4",
        "3fff::/20": "documentation",
        "2620:4f:8000::/48": "a sink for queries",
    }.items()
)
_MAPPED = IPv6Network("::ffff:0:0/96")
_TRANSLATED = IPv6Network("::ffff:0:0:0/96")
_COMPATIBLE = IPv6Network("::/96")
_NAT64 = IPv6Network("64:ff9b::/96")
_6TO4 = IPv6Network("2002::/16")
_ISATAP = (0x00005EFE, 0x02005EFE)  # the interface id of RFC 5214, before the IPv4 address


def closed_reason(address: str | Address) -> str | None:
    """Return what a closed address belongs to; None where it is of the public internet.

    An IPv6 address that carries an IPv4 one is as closed as the one that it carries.

    Args:
        address: An address as a resolver writes it; a zone (`fe80::1%eth0`) is allowed.

    >>> closed_reason("::ffff:127.0.0.1")
    'this machine'
    >>> closed_reason("93.184.215.14") is None
    True
    """
    if isinstance(address, str):
        address = ip_address(address.partition("%")[0])
    if isinstance(address, IPv4Address):
        return next((what for network, what in _CLOSED_V4 if address in network), None)
    return _closed_v6(address)


def _closed_v6(address: IPv6Address) -> str | None:
    if address.is_loopback:
        return "this machine"
    carried = _carried(address)
    if carried is not None and ((what := closed_reason(carried)) or address in _NAT64):
        return what  # NAT64 is how a network without IPv4 reaches the public one
    if address not in _PUBLIC_V6:
        return "a private, link-local or reserved network"
    return next((what for network, what in _CLOSED_V6 if address in network), None)


def _carried(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address inside an IPv6 one, or None where there is none."""
    number = int(address)
    if address in _6TO4:
        return IPv4Address((number >> 80) & 0xFFFFFFFF)
    is_last = any(address in each for each in (_MAPPED, _TRANSLATED, _COMPATIBLE, _NAT64))
    if is_last or ((number >> 32) & 0xFFFFFFFF) in _ISATAP:
        return IPv4Address(number & 0xFFFFFFFF)
    return None

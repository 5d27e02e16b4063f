"""URLs that reach into this machine or its networks are refused, however they are spelt."""

import asyncio
from collections.abc import Sequence

import pytest

from sonde.records.errors import SetupError
from sonde.tools.web.addresses import closed_reason
from sonde.tools.web.resolving import HostUnknown, checked_addresses
from sonde.tools.web.url_policy import OpenHost, UrlPolicy, UrlRefused

HOSTILE = [
    # this machine, plainly and in odd spellings
    "http://127.0.0.1/",
    "http://127.0.0.1:8080/admin",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://017700000001/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://0x7f.1/",
    "http://127.000.000.001/",
    "http://127.0.0.1./",
    "http://0/",
    "http://0.0.0.0/",
    "http://0x0/",
    "http://00/",
    "http://127.255.255.254/",
    "http://4294967297/",
    "http://1.2.3.4.5/",
    "http://0x7f.0x0.0x0.0x1/",
    "http://localhost/",
    "http://LOCALHOST/",
    "http://localhost./",
    "http://localhost.localdomain/",
    "http://anything.localhost/",
    # IPv6, and IPv4 inside of it
    "http://[::1]/",
    "http://[::]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::ffff:0:127.0.0.1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b::10.0.0.1]/",
    "http://[64:ff9b:1::1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:a00:1::]/",
    "http://[2001:0:7f00:1::]/",
    "http://[2a00::5efe:127.0.0.1]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[2001:db8::1]/",
    "http://[100::1]/",
    # private networks, metadata services, multicast, reserved
    "http://10.0.0.1/",
    "http://10.255.255.255/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://0xc0a80101/",
    "http://3232235777/",
    "http://100.64.0.1/",
    "http://100.100.100.200/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.169.254./latest/meta-data/",
    "http://2852039166/latest/meta-data/",
    "http://0xa9fea9fe/",
    "http://0251.0376.0251.0376/",
    "http://[::ffff:169.254.169.254]/",
    "http://169.254.170.2/v2/credentials",
    "http://168.63.129.16/",
    "http://192.0.0.192/opc/v2/",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://198.18.0.1/",
    "http://192.0.2.1/",
    "http://192.88.99.1/",
    # names of private networks
    "http://intranet/",
    "http://printer.local/",
    "http://router.lan/",
    "http://db.internal/",
    "http://wiki.corp/",
    "http://nas.home.arpa/",
    "http://hidden.onion/",
    "http://hidden.i2p/",
    "http://kubernetes.default.svc/",
    "http://kubernetes.default.svc.cluster.local/",
    # credentials and parsers that disagree
    "http://user@example.org/",
    "http://user:pass@example.org/",
    "http://example.org@127.0.0.1/",
    "http://127.0.0.1:80@example.org/",
    "http://@example.org/",
    "http://example.org\\@127.0.0.1/",
    "http:\\\\127.0.0.1\\",
    "http://127.0.0.1\t/",
    "http://exam\nple.org/",
    "http://example.org\r\nHost: localhost/",
    "http://exa mple.org/",
    "http://example.org\x00.evil.org/",
    "http://127.0.0.1%2f@example.org/",
    "http://%31%32%37.0.0.1/",
    "http://%6c%6f%63alhost/",
    "http://[::1/",
    "http://[127.0.0.1]/",
    "http:///etc/passwd",
    "http://",
    "http://.",
    "http://-bad-.org/",
    "http://127.0.0.1_/",
    f"http://{'a' * 64}.org/",
    f"http://{'a.' * 130}org/",
    "http://example.org:８０/",
    "http://[::ffff:0x7f.0.0.1]/",
    "http://١٢٧.٠.٠.١/",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
    # IDN tricks: digits, dots and letters that only look like others
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://１２７.0.0.1/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
    "http://loc\u00adalhost/",
    "http://pаypal.org/",
    "http://ѕсоре.gοοgle.org/",
    "http://example.org\u2044evil/",
    # schemes and ports that are not of the web
    "file:///etc/passwd",
    "ftp://example.org/",
    "gopher://127.0.0.1:6379/_INFO",
    "dict://127.0.0.1:11211/stats",
    "data:text/html,hello",
    "javascript:alert(1)",
    "jar:http://127.0.0.1!/",
    "ws://example.org/",
    "//example.org/",
    "example.org",
    "/etc/passwd",
    "",
    "http://example.org:22/",
    "http://example.org:25/",
    "http://example.org:0/",
    "http://example.org:99999/",
    "http://example.org:port/",
    "http://example.org/" + "a" * 9_000,
]
FAIR = {
    "http://example.org": "http://example.org/",
    "HTTPS://Example.ORG./a?b=c#d": "https://example.org/a?b=c",
    "https://example.org:443/": "https://example.org/",
    "http://example.org:8080/x": "http://example.org:8080/x",
    "http://1.1.1.1/": "http://1.1.1.1/",
    "http://[2606:4700::1111]/": "http://[2606:4700::1111]/",
    "https://bücher.de/größe": "https://xn--bcher-kva.de/gr%C3%B6%C3%9Fe",
    "https://пример.укр/": "https://xn--e1afmkfd.xn--j1amh/",
    "https://en.wikipedia.org/wiki/C%2B%2B": "https://en.wikipedia.org/wiki/C%2B%2B",
    " https://example.org/a(b)?q=[1] ": "https://example.org/a(b)?q=[1]",
}


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_url_is_refused_with_a_reason_before_any_lookup(url: str) -> None:
    with pytest.raises(UrlRefused, match=r"is not fetched: .{8,}"):
        UrlPolicy().check(url)


def test_the_table_is_long_enough() -> None:
    assert len(set(HOSTILE)) >= 120


@pytest.mark.parametrize("url", FAIR)
def test_a_fair_url_comes_back_in_plain_form(url: str) -> None:
    assert UrlPolicy().check(url).url == FAIR[url]


REBOUND = ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:192.168.0.1", "fe80::1%eth0"]


def _addresses(url: str, answer: Sequence[str], *opened: str) -> list[str]:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return answer

    policy = UrlPolicy([OpenHost.parse(each) for each in opened])
    return asyncio.run(checked_addresses(policy.check(url), resolve))


@pytest.mark.parametrize("closed", REBOUND)
@pytest.mark.parametrize("others", [[], ["93.184.215.14"]])
def test_a_name_with_a_closed_address_is_refused(closed: str, others: list[str]) -> None:
    with pytest.raises(
        UrlRefused, match=r'allow_hosts=\["nip\.example\.org"\]` opens it on purpose'
    ):
        _addresses("http://nip.example.org/", [*others, closed])


def test_a_name_with_open_addresses_is_pinned_to_them() -> None:
    found = _addresses("http://example.org/", ["93.184.215.14", "93.184.215.14", "1.1.1.1"])
    assert found == ["93.184.215.14", "1.1.1.1"]


def test_a_name_without_an_address_is_unknown() -> None:
    with pytest.raises(HostUnknown, match="has no address"):
        _addresses("http://example.org/", [])


def test_a_host_is_opened_on_purpose_and_no_other_with_it() -> None:
    assert _addresses("http://127.0.0.1:8080/", ["127.0.0.1"], "127.0.0.1:8080") == ["127.0.0.1"]
    assert _addresses("http://wiki.corp/", ["10.0.0.7"], "WIKI.corp.") == ["10.0.0.7"]
    assert _addresses("http://[::1]:99/", ["::1"], "[::1]") == ["::1"]
    policy = UrlPolicy([OpenHost.parse("127.0.0.1:8080")])
    for url in ("http://127.0.0.1:8081/", "http://localhost:8080/", "http://127.1:8080/"):
        with pytest.raises(UrlRefused):
            policy.check(url)


@pytest.mark.parametrize("text", ["", "http://a/", "a/b", "a:b", "u@a", ":80", "a b"])
def test_what_is_no_host_cannot_be_opened(text: str) -> None:
    with pytest.raises(SetupError, match="write HOST or HOST:PORT"):
        OpenHost.parse(text)


@pytest.mark.parametrize("address", ["8.8.8.8", "64:ff9b::808:808", "2a00:1450:4001::200e"])
def test_addresses_of_the_public_internet_are_open(address: str) -> None:
    assert closed_reason(address) is None

"""From a name as people write it to the listing that it means."""

import pytest

from sonde.costs.naming import Listing, NameIndex, NameRule, Provider, RuleKind


def _rule(kind: RuleKind, text: str) -> NameRule:
    return NameRule(kind=kind, text=text)


_DATED = NameRule(
    kind=RuleKind.ANY_OF,
    parts=(
        _rule(RuleKind.EQUALS, "one"),
        _rule(RuleKind.REGEX, r"^one-\d{4}-\d{2}-\d{2}$"),
        NameRule(
            kind=RuleKind.ALL_OF,
            parts=(_rule(RuleKind.CONTAINS, "uno"), _rule(RuleKind.ENDS_WITH, "-chat")),
        ),
    ),
)
_MAKER = Provider(
    provider_id="maker",
    url_pattern=r"https://api\.maker\.example",
    rule=_rule(RuleKind.STARTS_WITH, "one"),
    listings=(
        Listing(key="maker/one", rule=_DATED),
        Listing(key="maker/one-or-more", rule=_rule(RuleKind.STARTS_WITH, "one")),
    ),
)
_SHOP = Provider(
    provider_id="shop",
    url_pattern=r"https://shop\.example",
    fallbacks=("maker", "gone"),
    listings=(Listing(key="shop/maker/one", rule=_rule(RuleKind.EQUALS, "maker/one")),),
)
_INDEX = NameIndex(providers=(_MAKER, _SHOP))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("one", "maker/one"),
        (" One ", "maker/one"),
        ("maker:one", "maker/one"),
        ("maker/one", "maker/one"),
        ("one-2026-01-02", "maker/one"),
        ("one-20260102", "maker/one-or-more"),
        ("one-9", "maker/one-or-more"),
        ("maker/uno-small-chat", "maker/one"),
        ("maker/uno-small", None),
        ("shop/maker/one", "shop/maker/one"),
        ("shop/one", "maker/one"),
        ("two", None),
        ("stranger/one", None),
        ("", None),
    ],
)
def test_a_name_without_an_endpoint_tells_the_provider(name: str, key: str | None) -> None:
    assert _INDEX.find(name) == key


@pytest.mark.parametrize(
    ("name", "base_url", "key"),
    [
        ("one", "https://api.maker.example/v1", "maker/one"),
        ("openai:one", "https://api.maker.example/v1", "maker/one"),
        ("maker/one", "https://api.maker.example/v1", "maker/one"),
        ("maker/one", "https://SHOP.example/v1/", "shop/maker/one"),
        ("one", "https://shop.example/v1", "maker/one"),
        ("two", "https://shop.example/v1", None),
        ("one", "http://127.0.0.1:8080/v1", None),
        ("maker/one", "http://localhost:8080/v1", None),
    ],
)
def test_a_known_endpoint_decides_whatever_the_name(
    name: str, base_url: str, key: str | None
) -> None:
    assert _INDEX.find(name, base_url=base_url) == key


def test_a_compact_date_is_read_as_a_dashed_one_where_nothing_else_fits() -> None:
    only_dashed = Listing(key="m/x", rule=_rule(RuleKind.EQUALS, "x-2026-01-02"))
    index = NameIndex(
        providers=(Provider(provider_id="m", url_pattern="https://m", listings=(only_dashed,)),)
    )
    assert index.find("m/x-20260102") == "m/x"
    assert index.find("m/x-20261302") is None

"""What tools buy is on the bill: at the seller's own price, at a list price, or unknown."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sonde.costs.bill import bill, charges
from sonde.costs.budget import Budget, Guard, WorstCase
from sonde.costs.ledger import Ledger
from sonde.costs.price_book import default_book
from sonde.costs.pricing import ModelPrice, PriceBook
from sonde.costs.service_prices import (
    LIST_PRICES,
    LISTED_ON,
    price_of,
    priced,
    repriced,
    service_book,
    with_services,
)
from sonde.records.errors import BudgetExceeded, SetupError
from sonde.records.events import ToolReturned
from sonde.records.tooling import Purchase
from sonde.records.usage import Usage

BOOK = PriceBook(book_id="b", services={"a": 0.01, "free": 0.0})


@pytest.mark.parametrize(
    ("purchases", "usd"),
    [
        ([], 0.0),
        ([Purchase(seller="a", calls=3), Purchase(seller="free", calls=9)], 0.03),
        ([Purchase(seller="a", calls=3, cost_usd=0.5)], 0.5),
        ([Purchase(seller="nobody", cost_usd=0.2)], 0.2),
        ([Purchase(seller="a"), Purchase(seller="nobody")], None),
    ],
)
def test_purchases_are_priced_and_an_unknown_part_makes_all_unknown(
    purchases: list[Purchase], usd: float | None
) -> None:
    assert price_of(priced(purchases, BOOK)) == (usd if usd is None else pytest.approx(usd))


def test_what_is_sold_by_tokens_is_priced_by_the_book_and_stands_on_the_bill() -> None:
    book = PriceBook(
        book_id="own", prices={"embed": ModelPrice(input_per_mtok=2.0, output_per_mtok=0.0)}
    )
    usage = Usage(uncached_input=500, output=0)
    asked = [Purchase(seller=name, usage=usage) for name in ("embed", "strange")]
    known, unknown = priced(asked, book)
    assert (known.cost_usd, unknown.cost_usd) == (pytest.approx(0.001), None)
    ledger = Ledger()
    event = ToolReturned(
        at=0.0, round=1, tool="search_corpus", result_id="r", purchases=(known,), cost_usd=0.001
    )
    ledger.book(event)
    assert (ledger.usage.total, ledger.tokens_at_most, ledger.cost_usd) == (500, 500, 0.001)
    (line,) = bill((charge.model, charge) for charge in charges([event]))
    assert (line.name, line.tokens, line.cost_usd) == ("embed", 500, pytest.approx(0.001))


def test_tokens_that_nobody_told_make_the_sum_unknown() -> None:
    ledger = Ledger()
    lost = Purchase(seller="embed", usage=Usage(uncached_input=None, output=0))
    ledger.book(
        ToolReturned(
            at=0.0, round=1, tool="search_corpus", result_id="r", purchases=(lost,), cost_usd=None
        )
    )
    assert ledger.usage.total is None
    assert ledger.cost_usd is None


def test_own_prices_go_before_list_prices(tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    listed = service_book(path)
    assert listed.services == LIST_PRICES
    assert listed.book_id.startswith(f"services-{LISTED_ON}-")
    path.write_text("[services.tavily]\nper_call_usd = 0.005\n", encoding="utf-8")
    own = service_book(path)
    assert own.services == {**LIST_PRICES, "tavily": 0.005}
    assert own.book_id.startswith(f"{listed.book_id}+own-")
    whole = default_book(on=date(2026, 11, 25), overrides=path)
    assert whole.services == own.services
    assert whole.services_on == LISTED_ON
    assert whole.book_id != default_book(on=date(2026, 11, 25)).book_id


def test_purchases_are_priced_again_but_not_what_a_seller_told() -> None:
    asked = [Purchase(seller="a", calls=2), Purchase(seller="a", cost_usd=0.5)]
    bought = priced(asked, BOOK)
    assert [each.is_list_price for each in bought] == [True, False]
    dear = PriceBook(book_id="dear", services={"a": 1.0})
    assert [each.cost_usd for each in repriced(bought, dear)] == [2.0, 0.5]
    assert [each.cost_usd for each in repriced(bought, replace(dear, services={}))] == [None, 0.5]
    silent = replace(dear, services=None)
    assert repriced(bought, silent) == bought


def test_older_journals_say_not_who_told_a_price_and_only_one_seller_did() -> None:
    book = PriceBook(book_id="b", services={"tavily": 1.0, "exa": 1.0, "mine": 1.0})
    before = [Purchase(seller=name, cost_usd=0.2) for name in ("tavily", "exa", "mine")]
    unknown = [Purchase(seller="mine")]
    assert [each.cost_usd for each in repriced([*before, *unknown], book)] == [1.0, 0.2, 0.2, 1.0]


def test_a_book_for_models_alone_is_completed_under_an_id_of_its_own() -> None:
    services = service_book(None)
    silent = PriceBook(book_id="mine")
    whole = with_services(silent, services)
    assert whole.book_id == f"mine+{services.book_id}"
    assert whole.services == services.services
    assert with_services(BOOK, services) is BOOK


def test_a_service_cannot_cost_less_than_nothing() -> None:
    for usd in (-1.0, float("nan")):
        with pytest.raises(ValueError, match="'a' must cost 0 or more"):
            PriceBook(book_id="b", services={"a": usd})


@pytest.mark.parametrize(
    "text",
    [
        "services = 1",
        "[services]\nbrave = 1",
        "[services.brave]\nprice = 1",
        "[services.brave]\nper_call_usd = -1",
        '[services.brave]\nper_call_usd = "1"',
        "[services.brave]\nper_call_usd = nan",
    ],
)
def test_what_is_no_price_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SetupError, match="service"):
        service_book(path)


def returned(usd: float | None) -> ToolReturned:
    return ToolReturned(at=0.0, tool="search_web", result_id="x", cost_usd=usd)


def test_what_tools_bought_is_part_of_the_runs_cost() -> None:
    ledger = Ledger()
    assert ledger.cost_usd == 0.0
    ledger.book(returned(0.008))
    ledger.book(returned(0.0))
    assert (ledger.cost_usd, ledger.usd_at_most) == (0.008, 0.008)
    ledger.book(returned(None))
    assert (ledger.cost_usd, ledger.usd_at_most) == (None, None)


def test_a_purchase_that_could_pass_the_limit_is_refused_before_it_is_made() -> None:
    ledger = Ledger()
    guard = Guard(
        Budget(usd=0.02),
        ledger,
        reserve=WorstCase(tokens=0, usd=0.005),
        clock=lambda: 0.0,
    )
    guard.check_purchase(0.015)
    ledger.book(returned(0.008))
    for usd in (0.008, None):
        with pytest.raises(BudgetExceeded):
            guard.check_purchase(usd)
    guard.check_purchase(0.007)


def test_a_listed_embedder_is_priced_at_its_own_endpoint_alone() -> None:
    usage = Usage(uncached_input=1_000_000, output=0)
    asked = [
        Purchase(seller="text-embedding-3-small", usage=usage, base_url=url)
        for url in ("https://api.openai.com/v1", "http://127.0.0.1:11434/v1")
    ]
    book = default_book(on=date(2026, 11, 1))
    listed, local = priced(asked, book)
    assert listed.cost_usd == pytest.approx(0.02)
    assert local.cost_usd is None

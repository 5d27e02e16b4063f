"""What tools buy is on the bill: at the seller's own price, at a list price, or unknown."""

from pathlib import Path

import pytest

from sonde.costs.budget import Budget, Guard, WorstCase
from sonde.costs.ledger import Ledger
from sonde.costs.service_prices import LIST_PRICES, price_of, service_prices
from sonde.records.errors import BudgetExceeded, SetupError
from sonde.records.events import ToolReturned
from sonde.records.tooling import Purchase

PRICES = {"a": 0.01, "free": 0.0}


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
    assert price_of(purchases, PRICES) == (usd if usd is None else pytest.approx(usd))


def test_own_prices_go_before_list_prices(tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    assert service_prices(path) == LIST_PRICES
    path.write_text("[services.tavily]\nper_call_usd = 0.005\n", encoding="utf-8")
    assert service_prices(path) == {**LIST_PRICES, "tavily": 0.005}


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
        service_prices(path)


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

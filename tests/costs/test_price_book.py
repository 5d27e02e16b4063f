"""The price book of a day, held against the figures and the arithmetic of its source."""

import random
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import genai_prices
import pytest
from genai_prices.data import providers
from genai_prices.data_snapshot import DataSnapshot
from genai_prices.types import ClauseEquals, ClauseOr, ModelInfo, TimeOfDateConstraint

from sonde.costs.price_book import default_book
from sonde.costs.pricing import ModelPrice, PriceBook
from sonde.records.usage import Usage

_DAY = date(2026, 11, 20)
_NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@cache
def _book() -> PriceBook:
    return default_book(on=_DAY)


def _known(model: str, book: PriceBook | None = None) -> ModelPrice:
    price = (book or _book()).price(model)
    assert price is not None
    return price


@pytest.mark.parametrize(
    "name",
    ["gpt-5-mini", "openai:gpt-5-mini", "openai/gpt-5-mini", "GPT-5-mini", "gpt-5-mini-2025-08-07"],
)
def test_a_call_costs_what_the_list_says(name: str) -> None:
    usage = Usage(uncached_input=10_000, cache_read=40_000, output=1_000, reasoning=500)
    by_hand = 10_000 * 0.25e-6 + 40_000 * 0.025e-6 + 1_500 * 2.00e-6
    assert _known(name).cost_usd(usage) == pytest.approx(by_hand)


@pytest.mark.parametrize(
    "name", ["no-such-model", "gpt-5-mini-2031-01-01", "gpt-oss:20b", "text-embedding-3-small", ""]
)
def test_a_model_without_a_list_price_is_unknown_and_not_free(name: str) -> None:
    assert _book().price(name) is None


@pytest.mark.parametrize(
    "base_url",
    [
        "http://127.0.0.1:11434/v1",
        "http://localhost:8000/v1",
        "http://[::1]:8080/v1",
        "http://192.168.1.2/v1",
        "http://ollama:11434/v1",
        "http://host.docker.internal:1234/v1",
        "https://llm.my-company.example/v1",
    ],
)
def test_a_server_that_sells_nothing_has_no_list_price(base_url: str) -> None:
    book = _book().for_endpoint(base_url)
    assert [book.price(n) for n in ("gpt-5-mini", "openai:gpt-5-mini", "openai/gpt-5-mini")] == [
        None
    ] * 3


def test_the_endpoint_tells_the_provider() -> None:
    at_openai = _book().for_endpoint("https://api.openai.com/v1")
    assert at_openai.price("gpt-5-mini") == _known("gpt-5-mini")
    assert at_openai.price("claude-sonnet-4-5") is None
    at_openrouter = _book().for_endpoint("https://openrouter.ai/api/v1")
    assert at_openrouter.price("openai/gpt-5-mini") is not None


def test_a_long_prompt_is_priced_at_its_tier() -> None:
    price = _known("claude-sonnet-4-5")
    short = Usage(uncached_input=150_000, cache_read=50_000, output=1_000)
    assert price.cost_usd(short) == pytest.approx(150_000 * 3e-6 + 50_000 * 0.3e-6 + 1_000 * 15e-6)
    long = Usage(uncached_input=150_001, cache_read=50_000, output=1_000)
    assert price.cost_usd(long) == pytest.approx(150_001 * 6e-6 + 50_000 * 0.6e-6 + 1_000 * 22.5e-6)


def test_a_fee_for_each_call_is_on_the_bill() -> None:
    usage = Usage(uncached_input=1_000, output=1_000)
    assert _known("perplexity/sonar").cost_usd(usage) == pytest.approx(0.001 + 0.001 + 0.012)


def test_where_the_price_changes_with_the_hour_the_dearest_stands() -> None:
    models = {m.id: m for p in providers if p.id == "deepseek" for m in p.models}
    hours = [datetime(2026, 11, 20, hour, 45, tzinfo=UTC) for hour in range(24)]
    listed = [models["deepseek-v4-pro"].get_prices(hour).input_mtok for hour in hours]
    inputs = {float(each) for each in listed if isinstance(each, Decimal)}
    assert len(inputs) > 1
    assert _known("deepseek-v4-pro").input_per_mtok == max(inputs)


def test_names_mean_what_they_mean_to_the_source() -> None:
    names = sorted((p.id, name) for p in providers for m in p.models for name in _plain_names(m))
    snapshot = DataSnapshot(providers=providers, from_auto_update=False)
    for provider_id, name in random.Random(7).sample(names, 300):
        _, model = snapshot.find_provider_model(name, None, provider_id, None)
        key = _book().names.find(f"{provider_id}/{name}")
        assert key is not None
        assert key.partition("/")[2] == model.id


def test_costs_are_those_of_the_source() -> None:
    rng = random.Random(11)
    models = {f"{p.id}/{m.id}": (p, m) for p in providers for m in p.models if not _has_hours(m)}
    for key in rng.sample(sorted(models.keys() & _book().listed.keys()), 400):
        seller, model = models[key]
        usage = Usage(
            uncached_input=int(10 ** rng.uniform(1, 6)),
            cache_read=int(10 ** rng.uniform(1, 6)),
            cache_write=int(10 ** rng.uniform(1, 6)),
            output=rng.randrange(9_000),
            reasoning=rng.randrange(9_000),
        )
        theirs = model.calc_price(_as_theirs(usage), seller, genai_request_timestamp=_NOON)
        ours = _book().listed[key].cost_usd(usage)
        assert ours == pytest.approx(float(theirs.total_price), rel=1e-12), key


def test_the_id_is_that_of_the_prices_and_not_of_the_day() -> None:
    since = _book().since
    assert since is not None
    assert _book().book_id.startswith(f"genai-prices-{genai_prices.__version__}-{since}-")
    assert default_book(on=since) == _book()
    assert default_book(on=since - timedelta(days=1)).book_id != _book().book_id


def test_a_persons_own_price_goes_before_the_list_and_shows_in_the_id(tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    text = '[models."gpt-5-mini"]\ninput_per_mtok = 1\noutput_per_mtok = 3\n'
    text += '[models."llama3:8b"]\ninput_per_mtok = 0\noutput_per_mtok = 0\n'
    file.write_text(text, encoding="utf-8")
    book = default_book(on=_DAY, overrides=file)
    mine = ModelPrice(input_per_mtok=1.0, output_per_mtok=3.0)
    assert [book.price("gpt-5-mini"), book.price("openai:gpt-5-mini")] == [mine, mine]
    assert book.price("gpt-5-nano") == _book().price("gpt-5-nano")
    local = book.for_endpoint("http://127.0.0.1:11434/v1")
    assert _known("openai:llama3:8b", local).cost_usd(Usage(uncached_input=9, output=9)) == 0.0
    assert book.book_id.startswith(f"{_book().book_id}+own-")


def test_the_price_data_is_not_loaded_before_it_is_needed() -> None:
    code = "import sys, sonde.costs.price_book; sys.exit('genai_prices' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0


def _plain_names(model: ModelInfo) -> list[str]:
    rules = model.match.or_ if isinstance(model.match, ClauseOr) else [model.match]
    return [rule.equals for rule in rules if isinstance(rule, ClauseEquals)]


def _has_hours(model: ModelInfo) -> bool:
    prices = model.prices if isinstance(model.prices, list) else []
    return any(isinstance(each.constraint, TimeOfDateConstraint) for each in prices)


def _as_theirs(usage: Usage) -> genai_prices.Usage:
    return genai_prices.Usage(
        input_tokens=usage.prompt,
        cache_read_tokens=usage.cache_read,
        cache_write_tokens=usage.cache_write,
        output_tokens=usage.completion,
        output_reasoning_tokens=usage.reasoning,
    )

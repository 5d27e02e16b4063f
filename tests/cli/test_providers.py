"""`providers`: what is configured, what it costs, and whether it answers."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Sonde

KEYS = ("SEARXNG_URL", "TAVILY_API_KEY", "BRAVE_API_KEY", "SERPER_API_KEY", "EXA_API_KEY")


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)


def test_every_provider_is_listed_with_what_it_needs(sonde: "Sonde") -> None:
    code, out, _ = sonde("providers")
    assert code == 0
    assert "tavily     no key     $0.008 a call      TAVILY_API_KEY is not set" in out
    assert "wikipedia  ready      free               needs no key" in out
    assert "searxng    no address free               SEARXNG_URL is not set" in out
    assert len(out.splitlines()) == 8


def test_a_provider_whose_extra_is_missing_is_not_ready(
    sonde: "Sonde", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ddgs", None)
    code, out, _ = sonde("providers", "--test", "--search", "ddgs")
    assert code == 0
    assert "ddgs       missing    free               pip install 'sonde[web]'" in out
    assert "in a checkout: pip install -e '.[web]'" in out


def test_a_key_is_told_to_be_set_and_never_shown(
    sonde: "Sonde", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXA_API_KEY", "exa-0123456789")
    out = sonde("providers", "--json").out
    row = next(row for row in json.loads(out) if row["name"] == "exa")
    assert (row["state"], row["detail"]) == ("ready", "EXA_API_KEY is set")
    assert "0123" not in out


def test_a_provider_that_does_not_answer_is_told_with_code_5(
    sonde: "Sonde", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEARXNG_URL", "http://127.0.0.1:9")
    code, out, _ = sonde("providers", "--test", "--search", "searxng,tavily")
    assert code == 5
    assert "searxng    fails" in out
    assert "tavily     no key" in out


def test_prices_of_ones_own_go_before_list_prices(sonde: "Sonde", home: Path) -> None:
    home.mkdir()
    (home / "prices.toml").write_text("[services.brave]\nper_call_usd = 0.003\n", encoding="utf-8")
    assert "$0.003 a call" in sonde("providers", "--search", "brave").out


def test_an_unknown_name_is_refused_with_the_known_ones(sonde: "Sonde") -> None:
    code, _, err = sonde("providers", "--search", "gogle")
    assert code == 2
    assert "no search provider 'gogle'; there are: auto, local, searxng" in err

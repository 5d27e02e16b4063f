"""What decides, and what it costs."""

from pathlib import Path

import pytest

from sonde.agents.agent import Agent
from sonde.agents.brain_making import make_brain
from sonde.costs.budget import Budget
from sonde.memory.home import Home
from sonde.records.errors import SetupError

_KEY = {"OPENAI_API_KEY": "sk-test"}


def test_a_named_model_has_its_list_price_and_a_local_server_has_none(tmp_path: Path) -> None:
    def price_known(url: str | None) -> bool:
        brain = make_brain(
            "gpt-5-mini",
            base_url=url,
            environ=_KEY,
            prices=None,
            overrides=tmp_path / "prices.toml",
        )
        try:
            brain.check_budget(Budget(usd=1.0))
        except SetupError:
            return False
        return True

    assert price_known(None)
    assert not price_known("http://127.0.0.1:9/v1")


def test_a_price_of_ones_own_goes_before_the_list(tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(
        '[models."tiny"]\ninput_per_mtok = 1.0\noutput_per_mtok = 2.0\n', encoding="utf-8"
    )
    brain = make_brain(
        "openai:tiny",
        base_url="http://127.0.0.1:9/v1",
        environ={},
        prices=None,
        overrides=file,
    )
    brain.check_budget(Budget(usd=1.0))
    assert brain.price_book is not None


def test_the_reader_is_on_no_price_book(home: Path) -> None:
    agent = Agent(home=home, environ={})
    assert not Home(home).price_books.exists()
    assert agent.corpus is None


def test_a_thing_that_is_no_model_is_refused(home: Path) -> None:
    with pytest.raises(SetupError, match="is no model"):
        Agent(3.5, home=home, environ={})  # pyright: ignore[reportArgumentType] -- that is the point

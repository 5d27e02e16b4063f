"""What an embedder took, for the index and for queries, is booked to the run that searched."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from sonde import Agent
from sonde.memory.home import Home
from sonde.memory.journal import read_journal
from sonde.models.scripted import ScriptedModel
from sonde.records.events import ModelCalled, ToolReturned
from sonde.records.tooling import Purchase
from sonde.records.usage import Usage
from sonde.tools.corpus.corpus import Corpus
from sonde.tools.corpus.hybrid import Vectors


class Counting:
    """An embedder that takes seven tokens a text."""

    identity = "counting"

    def worst(self, texts: Sequence[str]) -> Purchase:
        return self._bought(len(texts))

    def embed(
        self, texts: Sequence[str], *, on_bought: Callable[[Purchase], None] | None = None
    ) -> Vectors:
        if on_bought is not None:
            on_bought(self._bought(len(texts)))
        return np.ones((len(texts), 2), np.float32) / np.sqrt(np.float32(2))

    def _bought(self, texts: int) -> Purchase:
        return Purchase(seller="embed", usage=Usage(uncached_input=7 * texts, output=0))


def _pages(folder: Path) -> Path:
    folder.mkdir()
    (folder / "alvin.txt").write_text("The submersible Alvin was built in 1964.", encoding="utf-8")
    return folder


def test_an_offline_run_tells_the_tokens_of_its_embedder(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "prices.toml").write_text(
        "[models.embed]\ninput_per_mtok = 1.0\noutput_per_mtok = 0.0\n", encoding="utf-8"
    )
    pages = _pages(tmp_path / "pages")
    with Corpus.open([pages], index_root=tmp_path / "i", embedder=Counting()) as corpus:
        agent = Agent(corpus=corpus, home=home)
        first = agent.run("When was the submersible Alvin built?")
        assert corpus.take_purchases() == []
    events = read_journal(Home(home).run(first.run_id).journal).events
    bought = [each for e in events if isinstance(e, ToolReturned) for each in e.purchases]
    tokens = sum(each.usage.total or 0 for each in bought if each.usage)
    assert first.usage.total == tokens
    assert tokens >= 14  # one passage and one query at least
    assert first.cost_usd is not None
    assert abs(first.cost_usd - tokens / 1_000_000) < 1e-12


def test_without_a_price_the_cost_is_unknown(tmp_path: Path) -> None:
    pages = _pages(tmp_path / "pages")
    with Corpus.open([pages], index_root=tmp_path / "i", embedder=Counting()) as corpus:
        result = Agent(corpus=corpus, home=tmp_path / "home").run("When was Alvin built?")
    assert result.cost_usd is None
    assert (result.usage.total or 0) >= 14


def test_what_the_index_took_is_booked_where_no_search_follows(tmp_path: Path) -> None:
    pages = _pages(tmp_path / "pages")
    home = tmp_path / "home"
    model = ScriptedModel(["<report>Known.</report><answer>1964</answer>"])
    with Corpus.open([pages], index_root=tmp_path / "i", embedder=Counting()) as corpus:
        agent = Agent(model, corpus=corpus, home=home, environ={})
        result = agent.run("When was Alvin built?")
        assert corpus.take_purchases() == []
        again = agent.resume(result.run_id)
    assert result.steps == 0
    events = read_journal(Home(home).run(result.run_id).journal).events
    (bought,) = [each for each in events if isinstance(each, ToolReturned)]
    assert (bought.tool, bought.round) == ("index", 0)
    tokens = sum(each.usage.total or 0 for each in bought.purchases if each.usage)
    (called,) = [each for each in events if isinstance(each, ModelCalled)]
    assert tokens >= 7
    assert result.usage.total == tokens + (called.usage.total or 0)
    assert again == result

"""Providers in turn: fallback, retries, a breaker, a rate limit, and no result twice."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from sonde.records.errors import SetupError, SourcesDown
from sonde.records.tooling import Purchase
from sonde.tools.search.chain import Found, SearchChain
from sonde.tools.search.configured import search_chain
from sonde.tools.search.pacing import PacedProvider
from sonde.tools.search.provider import Answer, Hit, SearchFailed
from sonde.tools.search.sameness import canonical, without_repeats
from sonde.tools.web.fetching import web_client

HIT = Hit(url="https://a.example.org/", title="A")


@dataclass
class Scripted:
    """Answers by a script; its last line holds on."""

    name: str
    script: Sequence[Answer | SearchFailed]
    interval_s: float = 0.0
    asked: list[float] = field(default_factory=list[float])
    time: "Time | None" = None

    async def search(self, query: str, *, limit: int) -> Answer:
        self.asked.append(self.time.now if self.time else 0.0)
        said = self.script[min(len(self.asked), len(self.script)) - 1]
        if isinstance(said, SearchFailed):
            raise said
        return said


@dataclass
class Time:
    now: float = 0.0
    waits: list[float] = field(default_factory=list[float])

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


def paced(provider: Scripted, time: Time) -> PacedProvider:
    provider.time = time
    return PacedProvider(provider=provider, clock=lambda: time.now, sleep=time.sleep)


def ask(chain: SearchChain, times: int = 1) -> Found:
    async def go() -> Found:
        for _ in range(times - 1):
            await chain.search("x", limit=5)
        return await chain.search("x", limit=5)

    return asyncio.run(go())


DOWN = SearchFailed("one is down")
LASTING = SearchFailed("one: the key is wrong", is_lasting=True)


def test_the_first_that_finds_something_answers_and_is_named() -> None:
    time = Time()
    first, empty = Scripted("first", [DOWN]), Scripted("empty", [Answer(hits=[])])
    third = Scripted("third", [Answer(hits=[HIT], cost_usd=0.007)])
    never = Scripted("never", [Answer(hits=[HIT])])
    found = ask(SearchChain([paced(each, time) for each in (first, empty, third, never)]))
    assert (found.provider, found.hits) == ("third", [HIT])
    assert found.notes == ("one is down", "empty found nothing")
    assert found.purchases == (
        Purchase(seller="empty"),
        Purchase(seller="third", cost_usd=0.007),
    )
    assert (len(first.asked), len(never.asked)) == (2, 0)


def test_nothing_found_by_anybody_is_no_outage() -> None:
    chain = SearchChain([paced(Scripted("a", [Answer(hits=[])]), Time())])
    assert ask(chain).provider is None


def test_all_down_is_told_with_each_reason() -> None:
    time = Time()
    chain = SearchChain([paced(Scripted("a", [DOWN]), time), paced(Scripted("b", [LASTING]), time)])
    with pytest.raises(SourcesDown, match="no search provider answered: one is down; one: the key"):
        ask(chain)


def test_a_passing_fault_is_tried_once_more_after_the_wait_that_was_asked_for() -> None:
    time = Time()
    provider = Scripted("a", [SearchFailed("busy", wait_s=3.0), Answer(hits=[HIT])])
    assert ask(SearchChain([paced(provider, time)])).provider == "a"
    assert time.waits == [3.0]


def test_a_long_wait_is_not_sat_out() -> None:
    time = Time()
    busy = SearchFailed("busy", wait_s=90.0)
    provider = Scripted("a", [busy, Answer(hits=[HIT])])
    chain = SearchChain([paced(provider, time)])
    with pytest.raises(SourcesDown):
        ask(chain)
    with pytest.raises(SourcesDown, match="left alone for 90 s more"):
        ask(chain)
    time.now += 91
    assert ask(chain).provider == "a"


def test_the_breaker_opens_after_three_failures_and_closes_after_a_minute() -> None:
    time = Time()
    provider = Scripted("a", [*[DOWN] * 6, Answer(hits=[HIT])])
    chain = SearchChain([paced(provider, time)])
    for _ in range(5):
        with pytest.raises(SourcesDown):
            ask(chain)
    assert len(provider.asked) == 6
    time.now += 61
    assert ask(chain).provider == "a"


def test_a_wrong_key_is_not_tried_again_soon() -> None:
    time = Time()
    provider = Scripted("a", [LASTING])
    chain = SearchChain([paced(provider, time)])
    for _ in range(3):
        with pytest.raises(SourcesDown):
            ask(chain)
    assert len(provider.asked) == 1


def test_calls_keep_the_distance_that_a_provider_asks_for() -> None:
    time = Time(now=100.0)
    provider = Scripted("a", [Answer(hits=[HIT])], interval_s=3.0)
    ask(SearchChain([paced(provider, time)]), times=3)
    assert provider.asked == [100.0, 103.0, 106.0]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/a",
        "https://www.example.org/a/",
        "https://EXAMPLE.org:443/a#part",
        "https://example.org./a?utm_source=x&utm_medium=y&fbclid=1",
    ],
)
def test_addresses_of_one_page_are_one(url: str) -> None:
    assert canonical(url) == "example.org/a"


def test_addresses_of_two_pages_are_two() -> None:
    pages = ["http://e.org/a?x=1", "http://e.org/a?x=2", "http://e.org/A", "http://e.org:81/a?x=1"]
    assert len({canonical(each) for each in pages}) == 4


def test_results_that_say_the_same_are_one() -> None:
    words = "the vessel reached the bottom of the trench on its third dive that spring day"
    hits = [
        Hit(url="http://a.org/", title="A", snippet=words),
        Hit(url="http://mirror.org/", title="A", snippet=words),
        Hit(url="https://www.a.org", title="again", snippet="other"),
        Hit(url="http://b.org/", title="B", snippet="short words"),
        Hit(url="http://c.org/", title="C", snippet="short words"),
    ]
    assert [hit.title for hit in without_repeats(hits)] == ["A", "B", "C"]


def names(text: str, **environ: str) -> tuple[str, ...]:
    return search_chain(text, client=web_client(), environ=environ).names


def test_auto_is_what_is_configured_and_wikipedia() -> None:
    assert names("auto") == ("wikipedia",)
    found = names("auto", SEARXNG_URL="http://localhost:1", EXA_API_KEY="x", BRAVE_API_KEY=" ")
    assert found == ("searxng", "exa", "wikipedia")


def test_names_with_commas_are_a_chain_in_their_order() -> None:
    assert names(" Arxiv,wikipedia , arxiv", SEARXNG_URL="x") == ("arxiv", "wikipedia")
    assert names("ddgs,auto") == ("ddgs", "wikipedia")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no search provider is named"),
        ("gogle", "no search provider 'gogle'; there are: auto, local, searxng"),
        ("tavily", "needs TAVILY_API_KEY; set it first"),
        ("local", "give `corpus=...`"),
    ],
)
def test_what_cannot_be_had_is_told(text: str, why: str) -> None:
    with pytest.raises(SetupError, match=why):
        names(text)

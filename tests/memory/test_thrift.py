"""`auto` is never much dearer than the cheaper of appending and rebuilding."""

import pytest

from sonde.memory.policy import MemoryPolicy, open_memory
from sonde.memory.thrift import PromptPrices, cheapest_cycle
from sonde.records.report import Report
from sonde.records.tooling import Action, ToolResult

_FIXED = 600
_REPORT = Report(prose="word " * 200)
_LENGTHS = (4, 16, 32, 64, 256)


def _words(text: str) -> int:
    return len(text.split())


def _bill(policy: MemoryPolicy, rounds: int, prices: PromptPrices) -> float:
    """Return what the prompts of a run cost, at a provider that caches common beginnings."""
    memory = open_memory(
        policy, "What is asked?", max_tokens=10**6, count_tokens=_words, prices=prices
    )
    total = 0.0
    last: list[str] = []
    for number in range(1, rounds + 1):
        view = memory.render(10**6, count_tokens=_words)
        words = view.text.split()
        common = next(
            (i for i, (a, b) in enumerate(zip(last, words, strict=False)) if a != b),
            min(len(last), len(words)),
        )
        total += prices.price(repeated=common, fresh=len(words) - common)
        last = words
        memory = memory.advance(
            Report(prose=f"{number} " + _REPORT.prose),
            Action(tool="t", arguments={"n": number}),
            ToolResult(text=f"result{number} " + "word " * 100),
        )
    return total


@pytest.mark.parametrize("rounds", _LENGTHS)
@pytest.mark.parametrize("cached", [0.1, 0.25, 0.5, 1.0])
def test_auto_is_at_most_five_percent_dearer_than_the_cheaper(rounds: int, cached: float) -> None:
    prices = PromptPrices(cached=cached, fixed_tokens=_FIXED)
    append = _bill(MemoryPolicy.APPEND, rounds, prices)
    workspace = _bill(MemoryPolicy.WORKSPACE, rounds, prices)
    auto = _bill(MemoryPolicy.AUTO, rounds, prices)
    assert auto <= 1.05 * min(append, workspace)


def test_appending_wins_when_short_and_rebuilding_when_long() -> None:
    prices = PromptPrices(cached=0.1, fixed_tokens=_FIXED)
    for rounds, is_append_cheaper in [(32, True), (256, False)]:
        append = _bill(MemoryPolicy.APPEND, rounds, prices)
        workspace = _bill(MemoryPolicy.WORKSPACE, rounds, prices)
        assert (append < workspace) is is_append_cheaper, (append, workspace)


def test_a_prompt_under_the_least_length_is_not_cached() -> None:
    prices = PromptPrices(cached=0.1, fixed_tokens=0)
    assert prices.price(repeated=1_000, fresh=10) == 1_010
    assert prices.price(repeated=1_100, fresh=10) == pytest.approx(0.1 * 1_024 + 76 + 10)


def test_auto_never_grows_past_the_cap() -> None:
    memory = open_memory(
        MemoryPolicy.AUTO,
        "Q?",
        max_tokens=1_000,
        count_tokens=_words,
        prices=PromptPrices(cached=0.0, fixed_tokens=2_000),
    )
    most = 0
    for number in range(40):
        most = max(most, memory.kept_turns)
        report = Report(prose=f"{number} " + _REPORT.prose)
        observed = ToolResult(text=f"r{number} " + "word " * 90)
        memory = memory.advance(report, Action(tool="t", arguments={}), observed)
        assert memory.render(1_000, count_tokens=_words).notes == ()
    assert 2 < most < 12


def test_the_cheapest_cycle_of_a_hand_worked_case() -> None:
    free = PromptPrices(cached=0.0, fixed_tokens=0, least_cached=0, step=1)
    dear = PromptPrices(cached=1.0)
    assert cheapest_cycle(dear, report=100, turn=100, most=10_000) == (1, 200.0)
    assert cheapest_cycle(free, report=100, turn=100, most=1_000).turns == 9  # as long as it fits
    half = PromptPrices(cached=0.5, fixed_tokens=0, least_cached=0, step=1)
    # lengths 1, 2, 3, 4 cost 400, 700 / 2, 1050 / 3 and 1450 / 4 a round
    assert cheapest_cycle(half, report=300, turn=100, most=10_000) == (2, 350.0)


def test_auto_asks_for_a_report_only_at_a_cycles_end_and_never_drops_turns_without_one() -> None:
    memory = open_memory(
        MemoryPolicy.AUTO, "Q?", max_tokens=10**6, count_tokens=_words, prices=PromptPrices()
    )
    due: list[bool] = []
    for number in range(5):
        due.append(memory.render(10**6, count_tokens=_words).is_report_due)
        action = Action(tool="t", arguments={"n": number})
        memory = memory.advance(Report(), action, ToolResult(text="word " * 200))
    assert due == [False, False, False, True, True]  # without a cache
    assert memory.kept_turns == 5  # the model wrote none of the reports
    action = Action(tool="t", arguments={"n": 5})
    assert memory.advance(_REPORT, action, ToolResult(text="word")).kept_turns == 1

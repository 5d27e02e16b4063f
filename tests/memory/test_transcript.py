"""The other memory policies: what appends, and what summarises."""

from sonde.memory.policy import MemoryPolicy, open_memory
from sonde.memory.workspace import Memory
from sonde.records.report import Report
from sonde.records.tooling import Action, ToolResult


def _words(text: str) -> int:
    return len(text.split())


def _memory(policy: MemoryPolicy, cap: int = 200) -> Memory:
    return open_memory(policy, "What is asked?", max_tokens=cap, count_tokens=_words)


def _after(memory: Memory, turns: int, size: int = 10) -> Memory:
    for number in range(1, turns + 1):
        memory = memory.advance(
            Report(prose=f"report {number}"),
            Action(tool=f"tool{number}", arguments={}),
            ToolResult(text=f"result{number} " + "word " * size),
        )
    return memory


def test_appending_keeps_every_turn_in_order() -> None:
    memory = _after(_memory(MemoryPolicy.APPEND), 5)
    view = memory.render(200, count_tokens=_words)
    assert memory.kept_turns == 5
    assert [turn.action.tool for turn in view.turns] == [f"tool{i}" for i in range(1, 6)]
    assert view.report.prose == ""  # what reports say stands in the turns


def test_appending_past_the_cap_leaves_out_the_oldest_and_says_so() -> None:
    view = _after(_memory(MemoryPolicy.APPEND), 40).render(150, count_tokens=_words)
    assert view.tokens <= 150
    assert view.turns[-1].action.tool == "tool40"
    assert view.turns[0].action.tool != "tool1"
    assert any("left out" in note for note in view.notes)


def test_a_full_history_is_announced_and_then_dropped_for_its_report() -> None:
    memory = _memory(MemoryPolicy.SUMMARIZE)
    turns = 0
    while not (notes := memory.render(200, count_tokens=_words).notes):
        memory = _after(memory, 1)
        turns += 1
        assert turns < 50
    assert any("dropped" in note for note in notes)
    assert memory.kept_turns == turns
    assert memory.render(200, count_tokens=_words).tokens <= 200
    after = memory.advance(
        Report(prose="the summary"), Action(tool="next", arguments={}), ToolResult(text="new")
    )
    view = after.render(200, count_tokens=_words)
    assert after.kept_turns == 1
    assert view.report.prose == "the summary"
    assert [turn.action.tool for turn in view.turns] == ["next"]


def test_each_policy_is_brought_back_as_it_stood() -> None:
    for policy in MemoryPolicy:
        memory = _after(_memory(policy), 3)
        turns = [
            (Action(tool=f"tool{i}", arguments={}), ToolResult(text=f"result{i} " + "word " * 10))
            for i in (1, 2, 3)
        ]
        again = open_memory(
            policy,
            "What is asked?",
            max_tokens=200,
            count_tokens=_words,
            report=Report(prose=f"report {4 - memory.kept_turns}"),
            turns=turns[-memory.kept_turns :],
            is_whole=memory.kept_turns == 3,
        )
        rendered = memory.render(200, count_tokens=_words)
        assert again.render(200, count_tokens=_words) == rendered, policy

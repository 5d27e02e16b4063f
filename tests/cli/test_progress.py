"""Progress: what a person reads of a run under way."""

from collections.abc import Sequence
from io import StringIO

from rich.console import Console

from sonde.cli.live_view import LiveView
from sonde.cli.progress_lines import LineWriter
from sonde.records.belief_events import UncertaintyMeasured
from sonde.records.events import (
    DecisionMade,
    Event,
    LimitReached,
    ModelCalled,
    ModelCallStarted,
    RoundStarted,
    RunStarted,
    ToolCalled,
    ToolReturned,
    Warned,
)
from sonde.records.stopping import Limit
from sonde.records.usage import Usage
from sonde.tools.corpus.summary import CorpusStats, IndexProgress, SkippedFile

CALL = ModelCalled(
    at=2,
    round=1,
    call_id="c1",
    model="tiny",
    usage=Usage(uncached_input=1_000, output=200),
    cost_usd=0.003,
    wall_s=1.5,
)
ROUND: Sequence[Event] = (
    RunStarted(at=0, run_id="20260101-000000-abcdef", question="q"),
    RoundStarted(at=1, round=1, tokens=812, kept_turns=0),
    ModelCallStarted(at=1, round=1, call_id="c1", model="tiny", worst_tokens=9),
    CALL,
    DecisionMade(at=3, round=1, decision_id="d", kind="act", report_tokens=7),
    UncertaintyMeasured(
        at=3, round=1, top="Naples", probability=0.61, entropy_nats=1.2, set_size=2
    ),
    ToolCalled(at=3, round=1, tool="search_corpus", arguments={"queries": ["a\x1b[2J", "b"]}),
    ToolReturned(
        at=4,
        round=1,
        tool="search_corpus",
        result_id="r",
        evidence_ids=("e1", "e2"),
        new_evidence=1,
        wall_s=0.02,
    ),
    Warned(at=4, round=1, message="careful"),
    LimitReached(at=5, round=1, limit=Limit.ROUNDS, message="all 1 rounds are used"),
)


def _lines(events: Sequence[Event], *, is_verbose: bool = False) -> list[str]:
    writer = LineWriter(is_verbose=is_verbose)
    return [line for event in events for line in writer.lines(event)]


def test_a_round_is_one_line_with_query_yield_belief_tokens_and_cost() -> None:
    assert _lines(ROUND) == [
        "run 20260101-000000-abcdef",
        "[1] search_corpus a\ufffd[2J | b → 2 passages, 1 new, 0.02 s · 61% Naples"
        " · 1,200 tokens, $0.0030",
        "[1] limit of rounds reached: all 1 rounds are used",
    ]


def test_verbose_tells_of_workspace_model_belief_and_warnings_too() -> None:
    lines = _lines(ROUND, is_verbose=True)

    assert "[1] workspace of 812 tokens" in lines
    assert "[1] tiny: 1,200 tokens, 1.5 s" in lines
    assert "[1] believes 61% Naples; uncertainty 1.73 bits, 2 possible answers" in lines
    assert "[1] warning: careful" in lines


def test_one_unknown_call_makes_tokens_and_price_unknown() -> None:
    lost = ModelCalled(
        at=3,
        round=1,
        call_id="c2",
        model="tiny",
        usage=Usage.unknown(),
        cost_usd=None,
        wall_s=1,
        error="no answer",
    )
    writer = LineWriter(is_verbose=False)

    told = [line for event in (*ROUND[:4], lost) for line in writer.lines(event)]

    assert not any("no answer" in line for line in told)  # the result tells it, once
    assert "[1] the model failed: no answer" in _lines((*ROUND[:4], lost), is_verbose=True)
    assert writer.so_far.bill == "tokens unknown, price unknown"


def _view(out: StringIO) -> LiveView:
    console = Console(file=out, width=100, force_terminal=True, color_system=None)
    return LiveView(is_verbose=False, console=console, clock=lambda: 0.0)


def test_the_live_view_scrolls_lines_and_keeps_one_of_status() -> None:
    out = StringIO()
    with _view(out) as view:
        for event in ROUND[:7]:
            view.hear(event)
    shown = out.getvalue()

    assert "run 20260101-000000-abcdef" in shown
    assert "search_corpus" in shown
    assert "round 1 · 1,200 tokens, $0.0030" in shown
    assert "\x1b[2J" not in shown


def test_the_live_view_tells_of_indexing_and_of_what_was_left_out() -> None:
    out = StringIO()
    stats = CorpusStats(
        documents=2,
        passages=3,
        characters=9,
        files=2,
        skipped=(SkippedFile(path="x", reason="no text"),),
        read_now=2,
    )
    progress = IndexProgress(
        phase="reading", files_done=1, files_total=2, documents=1, path="a/b.md"
    )
    with _view(out) as view:
        view.show_indexing(progress)
    with _view(out) as view:
        view.show_corpus(stats)
    shown = out.getvalue()

    assert "indexing: 1 of 2 files, 1 document, a/b.md" in shown
    assert "corpus: 2 documents, 3 passages (2 new or changed files)" in shown
    assert "1 file left out, `sonde index stats PATH`" in shown

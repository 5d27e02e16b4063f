"""Policies in the loop: what is chosen, what is told, and that a resumed run chooses the same."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from sonde import Agent, Event, ScriptedModel, SetupError, StopReason
from sonde.memory.home import Home
from sonde.memory.journal import read_journal
from sonde.models.exact.fact_table import FactTable
from sonde.models.exact.reading import parse_fact_table
from sonde.models.exact.reasoner import ExactReasoner
from sonde.policies.conformal_pursuit import ConformalPursuit
from sonde.records.belief_events import QueryChosen
from sonde.records.choice import Choice
from sonde.records.events import ToolCalled
from sonde.records.result import Result

SHIPS = """ship,Does it dive?,Does it carry people?,Has it sails?,Is it Swiss?,Is it old?
Trieste,yes,yes,no,yes,yes
Alvin,yes,yes,no,no,no
Kaiko,yes,no,no,no,no
Meteor,no,yes,no,no,yes
Challenger,no,yes,yes,no,yes
Argo float,yes,no,no,no,yes
Buoy,no,no,no,no,no
Glider,no,no,yes,no,no
"""


@pytest.fixture
def ships() -> FactTable:
    return parse_fact_table(SHIPS, name="ships")


def answerer(table: FactTable, item: str, asked: list[str]):
    """Return a person who knows the item and notes what they are asked."""

    def answer(question: str) -> str:
        asked.append(question)
        column = table.column_of(question)
        assert column is not None
        value = int(table.cells[table.items.index(item), column])
        return table.columns[column].values[value]

    return answer


def play(
    table: FactTable, item: str, home: Path, policy: object = "gain", **options: object
) -> tuple[Result, list[str]]:
    asked: list[str] = []
    agent = Agent(
        ExactReasoner(table),
        policy=policy,  # pyright: ignore[reportArgumentType] -- bad ones are tried too
        ask_user=answerer(table, item, asked),
        home=home,
        environ={},
        **options,  # pyright: ignore[reportArgumentType] -- options of Agent
    )
    return agent.run("Which ship is meant?"), asked


@pytest.mark.parametrize("policy", ["model", "gain", "random"])
def test_every_policy_finds_the_item(ships: FactTable, home: Path, policy: str) -> None:
    result, asked = play(ships, "Kaiko", home, policy, seed=3)
    assert result.answer == "Kaiko"
    assert result.confidence == 1
    assert result.stop_reason is StopReason.ANSWERED
    assert result.steps == len(asked) <= 5


def test_gain_needs_three_questions_for_eight_ships(ships: FactTable, home: Path) -> None:
    counts = [len(play(ships, item, home)[1]) for item in ships.items]
    assert sum(counts) / len(counts) <= 3.25


def test_each_round_tells_its_belief_its_scores_and_both_entropies(
    ships: FactTable, home: Path
) -> None:
    result, _ = play(ships, "Alvin", home)
    first, last = result.trail[0], result.trail[-1]
    choice = first.choice
    assert choice is not None
    assert len(choice.candidates) == 5
    assert choice.basis == "exact Bayes over 8 items"
    gains = {each.words: each.gain_nats for each in choice.candidates}
    chosen = next(each for each in choice.candidates if each.action == choice.chosen)
    assert chosen.gain_nats == max(each for each in gains.values() if each is not None)
    assert choice.entropy_before == pytest.approx(first.entropy_before)
    assert choice.entropy_expected == pytest.approx(first.entropy_before - (chosen.gain_nats or 0))
    assert first.entropy_after == result.trail[1].entropy_before
    assert chosen.price == 3.0
    assert chosen.score == pytest.approx((chosen.gain_nats or 0) / 3.0)
    assert last.entropy_before == pytest.approx(0)
    assert last.choice is None


def test_the_plain_loop_tells_no_choice(ships: FactTable, home: Path) -> None:
    result, _ = play(ships, "Alvin", home, "model")
    assert all(each.choice is None for each in result.trail)


def test_a_policy_of_ones_own_can_be_handed_in(ships: FactTable, home: Path) -> None:
    result, _ = play(ships, "Buoy", home, ConformalPursuit(thresholds=(0.1,)))
    assert result.answer == "Buoy"
    assert result.trail[0].choice is not None
    assert result.trail[0].choice.policy == "own"


def test_an_answer_that_says_nothing_is_not_asked_for_again(ships: FactTable, home: Path) -> None:
    asked: list[str] = []

    def shrug(question: str) -> str:
        asked.append(question)
        return "no idea"

    agent = Agent(ExactReasoner(ships), policy="gain", ask_user=shrug, home=home, environ={})
    result = agent.run("Which?")
    assert len(asked) == len(set(asked)) == 5
    assert result.confidence == pytest.approx(1 / 8)


def test_a_policy_that_needs_what_the_reasoner_lacks_says_so(home: Path) -> None:
    class Plain:
        name = "plain"
        capabilities = frozenset[str]()

        async def decide(self, *_: object, **__: object) -> object:
            raise AssertionError

        def overhead_tokens(self, tools: Sequence[object]) -> int:
            return 0

    with pytest.raises(SetupError, match="needs a reasoner that can: belief, forecast"):
        Agent(Plain(), policy="gain", home=home, environ={})  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"policy": "best"}, "there are: model, gain, cip, random"),
        ({"ask_price": 0}, "above 0"),
        ({"clarify": "maybe"}, "there are: auto, never, always"),
        ({"clarify": "always"}, "leaves open; leave `clarify='always'` out"),
    ],
)
def test_bad_options_are_refused(
    ships: FactTable, home: Path, options: dict[str, object], words: str
) -> None:
    with pytest.raises(SetupError, match=words):
        Agent(ExactReasoner(ships), home=home, environ={}, **options)  # pyright: ignore[reportArgumentType]


def test_cip_without_a_calibration_says_what_to_do(ships: FactTable, home: Path) -> None:
    with pytest.raises(SetupError, match="sonde calibrate SUITE"):
        play(ships, "Buoy", home, "cip")


def test_the_reader_proposes_single_searches_under_a_policy(corpus: Path, home: Path) -> None:
    agent = Agent(corpus=corpus, policy="gain", home=home, environ={})
    result = agent.run("Where was the designer of the bathyscaphe Trieste born?")
    assert result.answer is not None
    chosen = _choices(Home(home), result.run_id)
    assert chosen
    assert {each.policy for each in chosen} == {"gain"}
    events = read_journal(Home(home).run(result.run_id).journal).events
    searches = [event.arguments["queries"] for event in events if isinstance(event, ToolCalled)]
    assert len(searches) == result.steps > 0
    assert all(isinstance(queries, list) and len(queries) == 1 for queries in searches)


def test_the_random_policy_is_repeated_by_its_seed(ships: FactTable, home: Path) -> None:
    first, second = (play(ships, "Kaiko", home, "random", seed=5)[1] for _ in range(2))
    other = play(ships, "Kaiko", home, "random", seed=6)[1]
    assert first == second
    assert first != other


def test_chat_without_a_belief_keeps_the_models_choice(corpus: Path, home: Path) -> None:
    call = '<tool_call>{"name": "search_corpus", "arguments": {"queries": ["%s"]}}</tool_call>'
    replies = [
        f"<report>r</report>{call % 'Alvin'}{call % 'Trieste'}",
        "<report>r</report><answer>none</answer>",
    ]
    agent = Agent(ScriptedModel(replies), corpus=corpus, policy="gain", home=home, environ={})
    result = agent.run("What?")
    choices = _choices(Home(home), result.run_id)
    assert [each.chosen for each in choices] == [0]
    assert "no belief to weigh by" in choices[0].reason


def _choices(home: Home, run_id: str) -> list[Choice]:
    events = read_journal(home.run(run_id).journal).events
    return [event.choice for event in events if isinstance(event, QueryChosen)]


_SCRIPT = Path(__file__).with_name("killed_choice.py")


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> object:
    """What a run comes to that nobody killed."""
    return _told(tmp_path_factory.mktemp("whole"))


@pytest.mark.parametrize("kill_at", [3, 5, 6, 9])
def test_a_killed_run_chooses_the_same_again(
    kill_at: int, unbroken: object, tmp_path: Path
) -> None:
    killed = _child(tmp_path, kill_at=kill_at)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert _told(tmp_path) == unbroken


def _told(folder: Path) -> object:
    """Return what a child says of the run that it begins or goes on with."""
    done = _child(folder, kill_at=0)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def _child(folder: Path, *, kill_at: int) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, str(_SCRIPT), str(folder), str(kill_at)],
        capture_output=True,
        timeout=55,
        check=False,
        env={**os.environ, "SONDE_HOME": str(folder)},
    )


def test_a_choice_is_journalled_before_the_deed(ships: FactTable, home: Path) -> None:
    order: list[str] = []

    def listen(event: Event) -> None:
        order.append(event.type)

    agent = Agent(
        ExactReasoner(ships),
        policy="gain",
        ask_user=answerer(ships, "Buoy", []),
        home=home,
        environ={},
    )
    result = asyncio.run(agent.arun("Which?", listeners=[listen]))
    places = [i for i, name in enumerate(order) if name == "query.chosen"]
    assert places
    assert all(order[i - 1] == "uncertainty" for i in places)
    deeds = [i for i, name in enumerate(order) if name == "tool.called"]
    assert len(deeds) == len(places) == result.steps
    assert all(place < deed for place, deed in zip(places, deeds, strict=True))


def test_the_exact_reasoner_declines_where_nobody_can_be_asked(
    ships: FactTable, home: Path
) -> None:
    result = Agent(ExactReasoner(ships), home=home, environ={}).run("Which ship?")
    assert result.answer is None
    assert result.stop_reason is StopReason.ABSTAINED


def test_chat_with_a_belief_lets_one_call_price_its_candidates(corpus: Path, home: Path) -> None:
    call = '<tool_call>{"name": "search_corpus", "arguments": {"queries": ["%s"]}}</tool_call>'
    belief = "<belief>\nAlvin: 50%\nTrieste: 40%\n</belief>"
    replies = [
        f"<report>r</report>{belief}{call % 'Alvin'}{call % 'Trieste Piccard'}",
        "<forecast>\n1: 5%\n2: 60%\n</forecast>",
        "<report>r</report><answer>Trieste</answer>",
    ]
    agent = Agent(ScriptedModel(replies), corpus=corpus, policy="gain", home=home, environ={})
    result = agent.run("What did Piccard design?")
    choices = _choices(Home(home), result.run_id)
    assert [each.chosen for each in choices] == [1]
    assert choices[0].calls == 1
    assert choices[0].basis == "chances that the model stated"
    second = choices[0].candidates[1]
    assert second.gain_nats == pytest.approx(0.6 * (choices[0].entropy_before or 0), rel=1e-6)
    assert result.answer == "Trieste"


def test_a_forecast_that_cannot_be_read_leaves_the_models_choice(corpus: Path, home: Path) -> None:
    call = '<tool_call>{"name": "search_corpus", "arguments": {"queries": ["%s"]}}</tool_call>'
    belief = "<belief>\nAlvin: 50%\nTrieste: 40%\n</belief>"
    replies = [
        f"<report>r</report>{belief}{call % 'Alvin'}{call % 'Trieste'}",
        "I cannot say.",
        "<report>r</report><answer>Trieste</answer>",
    ]
    agent = Agent(ScriptedModel(replies), corpus=corpus, policy="gain", home=home, environ={})
    choices = _choices(Home(home), agent.run("What?").run_id)
    assert [each.chosen for each in choices] == [0]
    assert "the forecast failed" in choices[0].reason

"""Promises in the loop: a certified stop, and every way in which a promise does not hold."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from sonde import Agent, Budget, SetupError
from sonde.agents.calibration_file import calibration_text, read_calibration
from sonde.agents.certifying import Certifying
from sonde.agents.run_time_scores import RunTimeScores
from sonde.memory.home import Home
from sonde.models.exact.fact_table import FactTable
from sonde.models.exact.reading import parse_fact_table
from sonde.models.exact.reasoner import ExactReasoner
from sonde.policies.calibration import Calibration
from sonde.policies.certificate import Setup
from sonde.policies.temperature import TemperatureByLength
from sonde.records.belief import AnswerBelief, Candidate
from sonde.records.decision import Decision
from sonde.records.errors import ModelUnreachable
from sonde.records.result import Result
from sonde.records.stopping import StopReason
from sonde.records.tooling import ToolSpec
from sonde.records.view import View

from .episodes import episodes

SHIPS = """ship,dives,sinks,goes down,has a crew,has berths,has a cook
Trieste,yes,yes,yes,yes,yes,yes
Kaiko,yes,yes,yes,no,no,no
Challenger,no,no,no,yes,yes,yes
Buoy,no,no,no,no,no,no
"""


@pytest.fixture
def ships() -> FactTable:
    return parse_fact_table(SHIPS, name="ships")


def agent_of(
    ships: FactTable, home: Path, calibration: Calibration | Path | None, **options: object
) -> Agent:
    def answer(question: str) -> str:
        column = ships.column_of(question)
        assert column is not None
        return ships.columns[column].values[int(ships.cells[2, column])]

    return Agent(
        ExactReasoner(ships, noise=0.1, sure_at=0.999),
        policy="gain",
        calibration=calibration,
        ask_user=answer,
        home=home,
        environ={},
        **options,  # pyright: ignore[reportArgumentType] -- options of Agent
    )


def calibrated(ships: FactTable, home: Path, confidence: float = 0.7) -> Calibration:
    empty = Calibration(
        setup=Setup(policy="", stop_rule="", source="", model=""),
        suite="ships",
        suite_sha256="0" * 64,
        delta=0.1,
        population="answered",
    )
    setup = agent_of(ships, home, empty).setup()
    return replace(empty, setup=setup, episodes=episodes(confidence))


def ask(
    ships: FactTable, home: Path, calibration: Calibration | Path | None, **options: object
) -> Result:
    return agent_of(ships, home, calibration, **options).run("Which ship?")


def test_the_search_ends_at_the_certified_confidence(ships: FactTable, home: Path) -> None:
    plain = ask(ships, home, None)
    result = ask(ships, home, calibrated(ships, home))
    assert result.answer == plain.answer == "Challenger"
    assert result.steps < plain.steps
    assert result.certificate is not None
    assert result.certificate.standing == "certified"
    assert "answers at the stop are wrong in at most 0.1" in result.certificate.reason
    choice = result.trail[-2].choice
    assert choice is not None
    assert choice.ends == "certified"


def test_the_set_at_the_stop_is_the_conformal_one(ships: FactTable, home: Path) -> None:
    result = ask(ships, home, calibrated(ships, home))
    assert result.set_certificate is not None
    assert result.set_certificate.is_valid
    assert [each.text for each in result.confidence_set] == ["Challenger"]


def test_another_setup_has_no_promise_and_says_what_changed(ships: FactTable, home: Path) -> None:
    result = ask(ships, home, calibrated(ships, home), ask_price=5.0)
    assert result.certificate is not None
    assert result.certificate.standing == "uncertified"
    assert "policy was" in result.certificate.reason
    assert result.trail[-1].choice is None


def test_a_run_that_a_limit_cut_short_has_no_promise(ships: FactTable, home: Path) -> None:
    found = calibrated(ships, home, confidence=0.95)
    setup = agent_of(ships, home, found, budget=Budget(rounds=1)).setup()
    result = ask(ships, home, replace(found, setup=setup), budget=Budget(rounds=1))
    assert result.certificate is not None
    assert result.certificate.standing == "uncertified"
    assert "cut the run short" in result.certificate.reason


def test_too_few_episodes_refuse(ships: FactTable, home: Path) -> None:
    found = replace(calibrated(ships, home), episodes=episodes(0.9, count=8))
    result = ask(ships, home, found)
    assert result.certificate is not None
    assert result.certificate.standing == "refused"
    assert "too few" in result.certificate.reason


def test_confidences_that_have_drifted_make_a_certificate_stale(
    ships: FactTable, home: Path
) -> None:
    found = calibrated(ships, home)
    scores = RunTimeScores.of(Home(home), found)
    for number in range(200):
        scores.add(f"r{number}", 0.3)
    result = ask(ships, home, found)
    assert result.certificate is not None
    assert result.certificate.standing == "stale"
    assert "calibrate again" in result.certificate.reason
    assert len(scores.read()) == 201


def test_a_calibration_file_comes_back_as_it_was(
    ships: FactTable, home: Path, tmp_path: Path
) -> None:
    found = calibrated(ships, home)
    path = tmp_path / "c.json"
    path.write_text(calibration_text(found, promises={}), encoding="utf-8")
    assert read_calibration(path) == found
    assert ask(ships, home, path).certificate is not None


def test_a_file_that_was_changed_by_hand_is_refused(
    ships: FactTable, home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "c.json"
    text = calibration_text(calibrated(ships, home), promises={})
    path.write_text(text.replace("exact: ships", "exact: shops"), encoding="utf-8")
    with pytest.raises(SetupError, match="changed by hand"):
        read_calibration(path)


def test_without_a_calibration_nothing_is_promised(ships: FactTable, home: Path) -> None:
    assert ask(ships, home, None).certificate is None
    with pytest.raises(SetupError, match="promises nothing"):
        agent_of(ships, home, None).setup()


def test_a_run_without_a_belief_has_no_set_to_promise(ships: FactTable, home: Path) -> None:
    found = calibrated(ships, home)
    certifying = Certifying.of(found, setup=found.setup, alpha=0.1)
    held = AnswerBelief(
        candidates=(Candidate(text="Kaiko", probability=1.0),), none_of_these=0.0, source="exact"
    )
    assert certifying.set_certificate(held, stop=StopReason.ANSWERED).is_valid
    blind = certifying.set_certificate(None, stop=StopReason.ANSWERED)
    assert blind.standing == "uncertified"
    assert "no set to promise" in blind.reason


def test_a_belief_is_corrected_once_where_no_final_answer_could_be_asked_for(
    ships: FactTable, home: Path
) -> None:
    """The final call is refused, so the belief of the last decision stands, as it was told then."""
    heats = TemperatureByLength(temperatures=(4.0,), pooled=4.0, n=50)
    found = replace(calibrated(ships, home), temperature=heats, episodes=())
    agent = agent_of(ships, home, found, budget=Budget(rounds=2))
    found = replace(found, setup=agent.setup())
    reasoner = _NoFinalAnswer(ships, noise=0.1, sure_at=0.999)
    result = Agent(
        reasoner,
        policy="gain",
        calibration=found,
        ask_user=lambda _: "yes",
        home=home,
        environ={},
        budget=Budget(rounds=2),
    ).run("Which ship?")
    assert "no final answer could be asked for" in " ".join(result.warnings)
    assert len(result.trail) == 3
    assert result.trail[-1].entropy_before == result.trail[-2].entropy_before


def test_what_another_limit_cut_short_is_no_sign_of_drift(ships: FactTable, home: Path) -> None:
    found = calibrated(ships, home)
    scores = RunTimeScores.of(Home(home), found)
    ask(ships, home, found, budget=Budget(seconds=1e-6))
    assert scores.read() == ()
    ask(ships, home, found)
    assert len(scores.read()) == 1


class _NoFinalAnswer(ExactReasoner):
    """Fails when it is asked for the final answer, as a model can."""

    async def decide(
        self, view: View, tools: Sequence[ToolSpec], *, is_final: bool = False
    ) -> Decision:
        if is_final:
            raise ModelUnreachable("the server is gone")
        return await super().decide(view, tools, is_final=is_final)


def test_a_file_that_cannot_be_used_says_where(
    ships: FactTable, home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "c.json"
    text = calibration_text(calibrated(ships, home), promises={})
    path.write_text(text.replace('"delta": 0.1', '"delta": 1.5'), encoding="utf-8")
    with pytest.raises(
        SetupError, match=r"the file: delta must lie between 0 and 1, not 1\.5; make"
    ):
        read_calibration(path)

"""The simulated people of the suites answer what they are asked, and no more."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sonde.benchmarks.suites.asking import experimenting
from sonde.benchmarks.suites.asking.person import person_for
from sonde.benchmarks.suites.loading import load_suite
from sonde.benchmarks.suites.suite import Suite, Task
from sonde.memory.home import Home
from sonde.policies.designs import (
    DELAYED_REWARD,
    POPULATION,
    death_process,
    hyperbolic_discounting,
)
from sonde.records.errors import SuiteError
from sonde.records.json_types import JsonObject

_TABLE = "lamp,shade colour,light,Is it tall?\nKofa,green,warm,yes\nLumo,white,cold,no\n"


def ask(tmp_path: Path, *questions: str, metadata: JsonObject | None = None) -> list[str]:
    """Return what the person who means Kofa says."""
    table = tmp_path / "lamps.csv"
    table.write_text(_TABLE, encoding="utf-8")
    task = Task(id="t", input="?", target=("Kofa",), files=(table,), metadata=metadata or {})
    suite = Suite(name="s", tasks=(task,), answerer="knows-table")
    person = person_for(suite, task)
    assert person is not None
    return [person(question) for question in questions]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Which shade colour should it have?", "green"),
        ('What is it under "light"? (cold/warm)', "warm"),
        ("Is it tall? (yes/no)", "yes"),
        ("Would you say it is rather tall?", "I do not understand"),
        ("Should it be green?", "yes"),
        ("Should it be white?", "no"),
        ("Do you mean Lumo?", "no"),
        ("Is it Kofa?", "yes"),
        ("Green or white?", "I do not understand"),
        ("", "I do not understand"),
    ],
)
def test_a_question_is_understood_by_a_heading_or_a_value(
    question: str, answer: str, tmp_path: Path
) -> None:
    (said,) = ask(tmp_path, question)
    assert said == answer or (answer[0] == "I" and said.startswith(answer))


def test_who_is_not_understood_is_told_what_may_be_asked(tmp_path: Path) -> None:
    (said,) = ask(tmp_path, "What?")
    assert said.endswith("You may ask about: shade colour; light; Is it tall?")


def test_a_misled_answer_is_wrong_each_time(tmp_path: Path) -> None:
    told = ask(tmp_path, "Is it tall?", "Is it tall?", metadata={"misled": ["Is it tall?"]})
    assert told == ["no", "no"]


def test_patience_ends(tmp_path: Path) -> None:
    told = ask(tmp_path, "light?", "light?", "light?", metadata={"patience": 2})
    assert told[:2] == ["warm", "warm"]
    assert told[2].startswith("I have answered 2 questions and answer no more")


def test_what_a_person_cannot_know_is_an_error_of_the_suite(tmp_path: Path) -> None:
    task = Task(id="t", input="?", target=("x",))
    suite = Suite(name="s", tasks=(task,), answerer="knows-table")
    with pytest.raises(SuiteError, match="'t' has no table attached"):
        person_for(suite, task)
    with pytest.raises(SuiteError, match="names the answerer 'nobody'; there are: knows-table"):
        person_for(replace(suite, answerer="nobody"), task)
    with pytest.raises(SuiteError, match="environment must be one of"):
        person_for(replace(suite, answerer="laboratory"), task)
    odd = replace(task, metadata={"environment": "death-process", "rate": "fast"})
    with pytest.raises(SuiteError, match="'t' does not tell its rate"):
        person_for(replace(suite, answerer="laboratory"), odd)
    assert person_for(replace(suite, answerer=None), task) is None
    table = tmp_path / "t.csv"
    table.write_text(_TABLE, encoding="utf-8")
    with pytest.raises(SuiteError, match="is no row of its table"):
        person_for(suite, replace(task, files=(table,)))


def outcomes(task: Task, question: str, count: int) -> Counter[str]:
    suite = Suite(name="s", tasks=(task,), answerer="laboratory")
    person = person_for(suite, task)
    assert person is not None
    return Counter(person(question) for _ in range(count))


def test_constants_are_those_of_the_policies() -> None:
    assert experimenting.DELAYED_REWARD == DELAYED_REWARD
    assert experimenting.POPULATION == POPULATION


def test_the_death_process_is_that_of_the_policies() -> None:
    """The mean count agrees with the table of outcomes within four standard errors."""
    table = death_process()
    row, column = 200, 79
    hidden: JsonObject = {
        "environment": "death-process",
        "rate": float(table.parameters[row, 0]),
        "draws": 7,
    }
    told = outcomes(Task(id="t", input="?", metadata=hidden), "count at time 0.8", 1_500)
    chances = table.table.likelihood[:, row, column]
    mean = float(sum(n * p for n, p in enumerate(chances)))
    spread = float(sum((n - mean) ** 2 * p for n, p in enumerate(chances))) ** 0.5
    found = sum(int(count) * times for count, times in told.items()) / 1_500
    assert table.designs[column, 0] == pytest.approx(0.8)
    assert abs(found - mean) < 4 * spread / 1_500**0.5


def test_hyperbolic_discounting_is_that_of_the_policies() -> None:
    experiment = hyperbolic_discounting(rates=9, scales=5)
    row = 22
    column = int(np.abs(experiment.table.likelihood[1, row] - 0.6).argmin())
    now, days = experiment.designs[column]
    hidden: JsonObject = {
        "environment": "hyperbolic-discounting",
        "discount": float(np.exp(experiment.parameters[row, 0])),
        "scale": float(experiment.parameters[row, 1]),
        "draws": 11,
    }
    task = Task(id="t", input="?", metadata=hidden)
    told = outcomes(task, f"{now:g} now or 100 in {days:g} days?", 3_000)
    chance = float(experiment.table.likelihood[1, row, column])
    assert 0.05 < chance < 0.95
    assert abs(told[f"100 in {days:g} days"] / 3_000 - chance) < 4 * 0.5 / 3_000**0.5


def test_what_is_no_experiment_is_explained() -> None:
    hidden: JsonObject = {"environment": "death-process", "rate": 1.0, "draws": 1}
    task = Task(id="t", input="?", metadata=hidden)
    for question in ("count at time 3", "count", "count at 0.5 and 0.6"):
        (said,) = outcomes(task, question, 1)
        assert said.startswith("That is no experiment. Name a time above 0 and up to 2")
    money: JsonObject = {"environment": "hyperbolic-discounting", "discount": 0.01, "scale": 1.0}
    task = Task(id="t", input="?", metadata=money)
    for question in ("1 now or 100 in 30 days", "60 now", "60 now or 100 in 9999 days"):
        (said,) = outcomes(task, question, 1)
        assert said.startswith("That is no experiment. Name an amount now")


@pytest.mark.parametrize("name", ["twenty-questions", "clarify", "experiments"])
def test_two_attempts_at_a_task_meet_the_same_person(name: str, tmp_path: Path) -> None:
    suite = load_suite(name, home=Home(tmp_path), size=6)
    question = {"experiments": "60 now or 100 in 30 days?"}.get(name, "Is it round? Which colour?")
    for task in suite.tasks:
        one, other = person_for(suite, task), person_for(suite, task)
        assert one is not None
        assert other is not None
        assert [one(question) for _ in range(5)] == [other(question) for _ in range(5)]


def test_a_third_of_twenty_questions_is_noisy_and_its_tables_are_shared(tmp_path: Path) -> None:
    suite = load_suite("twenty-questions", home=Home(tmp_path))
    assert Counter(task.metadata["noise"] for task in suite.tasks) == {0.0: 40, 0.1: 20}
    assert len({task.files for task in suite.tasks}) == 3
    misled = [task.metadata["misled"] for task in suite.tasks if task.metadata["noise"]]
    assert 1 < sum(len(each) for each in misled if isinstance(each, list)) / len(misled) < 8

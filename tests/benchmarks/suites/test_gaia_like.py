"""What `gaia-like` is made of."""

from collections import Counter
from pathlib import Path

import pytest

from sonde.benchmarks.suites.loading import load_suite
from sonde.benchmarks.suites.suite import Suite
from sonde.memory.home import Home


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    return load_suite("gaia-like", home=Home(tmp_path_factory.mktemp("home")))


def test_it_has_gaias_size_and_levels(suite: Suite) -> None:
    levels = Counter(task.level for task in suite.tasks)
    assert len(suite.tasks) == 165
    assert levels == {"1": 56, "2": 82, "3": 27}
    assert all(isinstance(task.metadata["hops"], int) for task in suite.tasks)


def test_it_has_every_kind_of_question_and_attachment(suite: Suite) -> None:
    kinds = {str(task.metadata["kind"]) for task in suite.tasks}
    assert {"look-up", "multi-hop", "which-of-these", "counting", "superlative", "sum"} <= kinds
    assert {"difference", "dates", "format", "list", "table", "workbook", "bundle"} <= kinds
    suffixes = Counter(file.suffix for task in suite.tasks for file in task.files)
    assert set(suffixes) == {".csv", ".xlsx", ".json", ".txt", ".html", ".pdf", ".zip"}
    assert min(suffixes.values()) >= 3


def test_questions_ask_no_attachment_that_is_not_there(suite: Suite) -> None:
    for task in suite.tasks:
        assert ("attached" in task.input) == bool(task.files) or "attached file" in task.input


def test_the_corpus_tells_the_answer_of_every_look_up(suite: Suite, tmp_path: Path) -> None:
    text = suite.corpus[0].read_text(encoding="utf-8")
    for task in suite.tasks:
        if task.metadata["kind"] == "look-up":
            assert task.target[0] in text

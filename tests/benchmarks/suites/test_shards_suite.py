"""The suite `shards` is the world of the same seed, page by page."""

from pathlib import Path

from sonde.benchmarks.shards.questions import make_questions
from sonde.benchmarks.shards.world import make_world
from sonde.benchmarks.suites.loading import load_suite
from sonde.memory.home import Home


def test_tasks_are_the_questions_of_the_world(tmp_path: Path) -> None:
    suite = load_suite("shards", home=Home(tmp_path), seed=5, size=40)
    world = make_world(5)
    questions = make_questions(world, 40, seed=5)
    for row, task in enumerate(suite.tasks):
        assert task.input == questions.text(row)
        assert task.target == (f"e{questions.answer[row]}",)
        assert task.metadata["row"] == row


def test_each_worker_has_a_file_of_its_own_and_the_coordinator_none(tmp_path: Path) -> None:
    suite = load_suite("shards", home=Home(tmp_path), size=5)
    files = sorted(path.name for path in suite.corpus[0].iterdir())
    assert files == [f"w{n}.jsonl" for n in range(1, 7)]
    text = (suite.corpus[0] / "w1.jsonl").read_text(encoding="utf-8")
    assert text.count("This is the register") == 2

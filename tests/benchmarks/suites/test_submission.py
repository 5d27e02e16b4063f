"""A submission is one JSON line a task, as the leaderboard reads it."""

import json
from pathlib import Path

import pytest

from sonde.benchmarks.suites.submission import SubmissionRow, write_submission
from sonde.records.errors import SuiteError


def test_rows_are_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    rows = [
        SubmissionRow(task_id="a", model_answer="Zürich\nHB", reasoning_trace="looked it up"),
        SubmissionRow(task_id="b", model_answer=""),
    ]
    assert write_submission(path, rows) == 2
    read = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert read == [
        {"task_id": "a", "model_answer": "Zürich\nHB", "reasoning_trace": "looked it up"},
        {"task_id": "b", "model_answer": "", "reasoning_trace": ""},
    ]


def test_a_task_answered_twice_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    twice = [SubmissionRow(task_id="a", model_answer=text) for text in "xy"]
    with pytest.raises(SuiteError, match="two answers to task 'a'"):
        write_submission(tmp_path / "s.jsonl", twice)
    assert not (tmp_path / "s.jsonl").exists()


def test_a_file_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="cannot write"):
        write_submission(tmp_path, [])

"""Suites are read from every known format, and a broken one says where and what to do."""

import base64
import csv
import json
from collections.abc import Mapping
from hashlib import sha256
from itertools import cycle
from pathlib import Path

import duckdb
import pytest

from sonde.benchmarks.suites.loading import load_suite
from sonde.records.errors import SuiteError


def lines(path: Path, *rows: Mapping[str, object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_json_lines_as_inspect_has_them(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    path = lines(
        tmp_path / "demo.jsonl",
        {"id": 1, "input": "2 + 2?", "target": ["4", "four"], "metadata": {"hops": 1}},
        {
            "input": [{"role": "user", "content": "Read it."}],
            "target": "x",
            "files": {"a": "a.txt"},
        },
    )
    lines(tmp_path / "demo_corpus.jsonl", {"doc_id": "d", "title": "T", "text": "Text."})
    suite = load_suite(path)
    assert (suite.name, suite.scorer, suite.is_scored) == ("demo", "gaia", True)
    assert suite.corpus == (tmp_path / "demo_corpus.jsonl",)
    first, second = suite.tasks
    assert (first.id, first.target, first.metadata) == ("1", ("4", "four"), {"hops": 1})
    assert (second.id, second.input, second.files) == ("2", "Read it.", (tmp_path / "a.txt",))


def test_choices_bring_their_scorer_and_letters_become_texts(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "c.jsonl",
        {"input": "?", "choices": ["Oslo", "Rome"], "target": "B"},
        {"input": "?", "choices": {"text": ["Oslo", "Rome"], "label": ["1", "2"]}, "target": "2"},
        {"input": "?", "choices": ["Oslo", "Rome"], "target": 1},
        {"input": "?", "choices": "Oslo | Rome", "target": "Rome"},
    )
    suite = load_suite(path)
    assert suite.scorer == "choice"
    assert [task.target for task in suite.tasks] == [("Rome",)] * 4


def test_a_gaia_folder_and_its_split_without_answers(tmp_path: Path) -> None:
    row = {
        "Question": "How many?",
        "Level": 2,
        "file_name": "t.csv",
        "Annotator Metadata": {"n": 1},
    }
    lines(
        tmp_path / "validation/metadata.jsonl",
        {"task_id": "a", "Final answer": "3", **row},
        {"task_id": "b", "Final answer": 17, **row, "file_name": ""},
    )
    lines(tmp_path / "test/metadata.jsonl", {"task_id": "c", "Final answer": "?", **row})
    for split in ("validation", "test"):
        (tmp_path / split / "t.csv").write_text("a\n1\n", encoding="utf-8")
    suite = load_suite(tmp_path / "validation")
    assert [(t.id, t.target, t.level) for t in suite.tasks] == [
        ("a", ("3",), "2"),
        ("b", ("17",), "2"),
    ]
    assert suite.tasks[0].files == (tmp_path / "validation/t.csv",)
    assert suite.tasks[0].metadata == {"Annotator Metadata": {"n": 1}}
    assert suite.tasks[1].files == ()
    withheld = load_suite(tmp_path / "test")
    assert not withheld.is_scored
    assert withheld.tasks[0].target == ()
    with pytest.raises(SuiteError, match=r"several splits; give one of: .*test, .*validation"):
        load_suite(tmp_path)


def test_csv_with_names_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        'key,Frage,gold,tolerance\nx,"How high, in m?",8848,5\ny,Why?,,\n', encoding="utf-8"
    )
    fields = {"id": "key", "input": "Frage", "target": "gold"}
    suite = load_suite(path, fields=fields, scorer="numeric")
    assert [(t.id, t.input, t.target) for t in suite.tasks] == [
        ("x", "How high, in m?", ("8848",)),
        ("y", "Why?", ()),
    ]
    assert suite.tasks[0].metadata == {"tolerance": "5"}
    assert not suite.is_scored
    (tmp_path / "suite.json").write_text(
        json.dumps({"name": "own", "tasks": "own.csv", "fields": fields, "scorer": "numeric"}),
        encoding="utf-8",
    )
    assert load_suite(tmp_path).content_sha256 == suite.content_sha256


def test_browsecomp_is_decrypted_in_memory_alone(tmp_path: Path) -> None:
    def encrypt(text: str, canary: str) -> str:
        stream = cycle(sha256(canary.encode()).digest())
        return base64.b64encode(bytes(a ^ next(stream) for a in text.encode())).decode()

    path = tmp_path / "bc.csv"
    problem, answer = encrypt("Who, é?" * 20, "canary 1"), encrypt("Nobody", "canary 1")
    path.write_text(
        f"problem,answer,problem_topic,canary\n{problem},{answer},Art,canary 1\n", encoding="utf-8"
    )
    (task,) = load_suite(path).tasks
    assert (task.input, task.target) == ("Who, é?" * 20, ("Nobody",))
    assert task.metadata == {"problem_topic": "Art"}
    assert [each.name for each in tmp_path.iterdir()] == ["bc.csv"]
    path.write_text(path.read_text(encoding="utf-8").replace("Art,canary 1", "Art,canary 2"))
    with pytest.raises(SuiteError, match=r"bc.csv:2: the problem cannot be decrypted"):
        load_suite(path)


def parquet(path: Path, query: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")


def test_parquet_folders_as_hugging_face_has_them(tmp_path: Path) -> None:
    squad = (
        "SELECT 'q' || i AS id, 'Why ' || i || '?' AS question, 0.5 AS weight, "
        "{'text': ['so', 'so', 'thus'], 'answer_start': [1, 1, 4]} AS answers, "
        "'ab'::BLOB AS image, DATE '2020-02-29' AS day FROM range({}, {}) t(i)"
    )
    for part in range(2):
        query = squad.replace("range({}, {})", f"range({part * 2}, {part * 2 + 2})")
        parquet(tmp_path / f"data/test-0000{part}-of-00002.parquet", query)
    suite = load_suite(tmp_path)
    assert [task.id for task in suite.tasks] == ["q0", "q1", "q2", "q3"]
    assert suite.tasks[3].target == ("so", "thus")
    assert suite.tasks[3].metadata == {"weight": 0.5, "day": "2020-02-29"}
    parquet(tmp_path / "data/train-00000-of-00001.parquet", "SELECT 1 AS id, 'x' AS question")
    with pytest.raises(SuiteError, match="several splits; name one of: test, train"):
        load_suite(tmp_path)
    assert len(load_suite(tmp_path, split="train").tasks) == 1
    with pytest.raises(SuiteError, match="no split 'dev'"):
        load_suite(tmp_path, split="dev")
    assert len(load_suite(tmp_path / "data/train-00000-of-00001.parquet").tasks) == 1


def test_numbered_choices_of_parquet(tmp_path: Path) -> None:
    parquet(
        tmp_path / "validation.parquet",
        "SELECT 'Capital?' AS question, ['Oslo', 'Rome'] AS choices, 1::BIGINT AS answer",
    )
    suite = load_suite(tmp_path)
    assert (suite.scorer, suite.tasks[0].target) == ("choice", ("Rome",))


def test_a_part_is_the_first_tasks_or_a_sample_in_order(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "s.jsonl",
        *({"id": f"{i:02}", "input": f"{i}?", "target": "x"} for i in range(50)),
    )
    assert [task.id for task in load_suite(path, size=3).tasks] == ["00", "01", "02"]
    drawn = [task.id for task in load_suite(path, size=10, seed=1).tasks]
    assert drawn == sorted(drawn)
    assert drawn == [task.id for task in load_suite(path, size=10, seed=1).tasks]
    assert drawn != [task.id for task in load_suite(path, size=10, seed=2).tasks]
    assert len(load_suite(path, size=99, seed=1).tasks) == 50


BROKEN = {
    "no JSON": ('{"input": "a"}\n{"input"', r"s\.jsonl:2: this line is no JSON .*one object"),
    "a list": ("[1]\n", r"s\.jsonl:1: a JSON object is needed"),
    "no question": ('{"inputs": "a"}', r"s\.jsonl:1: no question.*the row has: inputs"),
    "an empty question": ('{"input": " "}', r"s\.jsonl:1: no question"),
    "an id twice": (
        '{"id": 7, "input": "a"}\n\n{"id": "7", "input": "b"}',
        r"s\.jsonl:3: the id '7' stands at line 1 already",
    ),
    "metadata": ('{"input": "a", "metadata": 3}', r"s\.jsonl:1: metadata must be"),
    "an image": (
        '{"input": [{"role": "user", "content": [{"type": "image"}]}]}',
        r"s\.jsonl:1: the input is a chat with more than texts",
    ),
    "an attachment within": (
        '{"input": "a", "files": {"x": "data:text/plain;base64,eA=="}}',
        r"s\.jsonl:1: an attachment is written into the row",
    ),
    "nothing": ("\n\n", "holds no tasks"),
    "a missing attachment": (
        '{"id": "k", "input": "a", "files": ["no.pdf"]}',
        r"1 attachments are missing, the first .*no\.pdf of task 'k'",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_says_where_and_what_to_do(name: str, tmp_path: Path) -> None:
    text, message = BROKEN[name]
    path = tmp_path / "s.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SuiteError, match=message):
        load_suite(path)


def test_other_broken_suites(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="no suite and no file 'nonesuch'"):
        load_suite("nonesuch")
    with pytest.raises(SuiteError, match="holds no tasks"):
        load_suite(tmp_path)
    odd = tmp_path / "s.xml"
    odd.write_text("<a/>", encoding="utf-8")
    with pytest.raises(SuiteError, match=r"a suite is \.jsonl, \.csv or \.parquet"):
        load_suite(odd)
    path = tmp_path / "s.csv"
    path.write_text("id,question\na,b,c\n", encoding="utf-8")
    with pytest.raises(SuiteError, match=r"s\.csv:2: this row does not have the 2 cells"):
        load_suite(path)
    path.write_bytes(b"id,question\n1,caf\xe9\n")
    with pytest.raises(SuiteError, match=r"s\.csv is not UTF-8"):
        load_suite(path)
    broken = tmp_path / "x.parquet"
    broken.write_bytes(b"PAR1nonsense")
    with pytest.raises(SuiteError, match=r"cannot read .*x\.parquet"):
        load_suite(broken)
    good = lines(tmp_path / "good.jsonl", {"input": "a"})
    with pytest.raises(SuiteError, match="at least one task"):
        load_suite(good, size=0)
    with pytest.raises(SuiteError, match="no scorer 'x'"):
        load_suite(good, scorer="x")
    (tmp_path / "suite.json").write_text('{"scorrer": "gaia"}', encoding="utf-8")
    with pytest.raises(SuiteError, match=r"suite\.json: scorrer: .*mend the card"):
        load_suite(good)
    (tmp_path / "suite.json").write_text('{"corpus": ["pages"]}', encoding="utf-8")
    with pytest.raises(SuiteError, match="names the corpus 'pages', which is not there"):
        load_suite(good)


def test_a_missing_attachment_may_be_let_pass(tmp_path: Path) -> None:
    path = lines(tmp_path / "s.jsonl", {"input": "a", "files": ["no.pdf"]})
    assert load_suite(path, check_files=False).tasks[0].files == (tmp_path / "no.pdf",)


def test_large_cells_are_read_and_leave_the_limit_of_the_process_alone(tmp_path: Path) -> None:
    path = tmp_path / "tasks.csv"
    path.write_text("id,input,target\n1," + "x" * 200_000 + ",yes\n", encoding="utf-8")
    before = csv.field_size_limit()
    (task,) = load_suite(path).tasks
    assert len(task.input) == 200_000
    assert csv.field_size_limit() == before

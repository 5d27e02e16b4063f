"""Published tables: what follows from their own figures and what does not."""

from pathlib import Path

import pytest

from sonde.benchmarks.report.published import check_table
from sonde.records.errors import SuiteError


def test_24_of_36_priced_rows_of_efficient_agents_follow_from_their_figures(
    published: Path,
) -> None:
    check = check_table(published / "efficient_agents_tables.csv", tasks=165)
    assert len(check.rows) == 47
    assert len(check.reproduced) == 24
    wrong = {flag.row.partition(" (")[0] for flag in check.flagged("cost_of_pass")}
    assert wrong == {"GPT-4.1", "Qwen3-235B-A22B", "QwQ-32B"}
    assert len(check.flagged("cost_of_pass")) == 12


def test_an_accuracy_that_is_no_whole_number_of_tasks_is_flagged(published: Path) -> None:
    check = check_table(published / "efficient_agents_tables.csv", tasks=165)
    (flag,) = check.flagged("accuracy")
    assert "54.18 % of 165 tasks is 89.40" in flag.message


def test_aiders_unknown_costs_are_never_on_its_frontier_of_8_points(published: Path) -> None:
    check = check_table(published / "aider_polyglot.csv")
    assert len(check.unknown_cost) == 18
    assert len(check.flagged("zero_cost")) == 17  # the eighteenth tells no cost at all
    assert len(check.frontier) == 8
    assert not set(check.frontier) & set(check.unknown_cost)
    assert check.frontier[-1] == "gpt-5 (high)"


def test_a_cost_without_a_pass_is_without_end(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(
        "row,accuracy_pct,cost_usd,cost_of_pass\na,0,1.0,∞\nb,0,1.0,3.2\nc,50,1.0,inf\n",
        encoding="utf-8",
    )
    check = check_table(table)
    assert check.reproduced == ("a",)
    assert [flag.row for flag in check.flagged("cost_of_pass")] == ["b", "c"]


@pytest.mark.parametrize(
    ("head", "half", "places"), [("Accuracy", "0.5", "0.61"), ("accuracy_pct", "50", "61")]
)
def test_accuracies_are_read_as_shares_or_in_per_cent(
    tmp_path: Path, head: str, half: str, places: str
) -> None:
    table = tmp_path / "t.csv"
    text = f"Agent,{head},Cost,CoP\na,{half},1.00,2.00\nb (high),{places},2.00,3.90\n"
    table.write_text(text, encoding="utf-8")
    check = check_table(table, tasks=10)
    assert [row.accuracy for row in check.rows] == [0.5, 0.61]
    assert check.reproduced == ("a",)
    assert {flag.row for flag in check.flags} == {"b (high)"}


def test_the_rounding_of_a_table_is_read_from_its_figures(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    rows = "row,accuracy_pct,cost_usd,cop\nfine,50.0,1.000,2.100\ncoarse,50.0,1.00,2.1\n"
    table.write_text(rows + "whole,50.0,1,2.1\n", encoding="utf-8")
    check = check_table(table)
    assert check.reproduced == ("whole",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,price\na,1\n", "it needs one of"),
        ("name,accuracy\na,many\n", "mend the number"),
        ("", "it needs one of"),
    ],
)
def test_a_table_that_cannot_be_checked_says_what_it_lacks(
    tmp_path: Path, text: str, said: str
) -> None:
    table = tmp_path / "t.csv"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(SuiteError, match=said):
        check_table(table)


def test_a_missing_table_is_told(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="cannot read the table"):
        check_table(tmp_path / "none.csv")

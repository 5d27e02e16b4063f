"""Where runs stand, and how one is named."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sonde.memory.home import Home
from sonde.records.errors import SetupError

_NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_the_environment_names_the_home() -> None:
    assert Home.of({"SONDE_HOME": "/somewhere/else"}).path == Path("/somewhere/else")
    assert Home.of({}).path.name == "sonde"


def test_run_ids_sort_by_time(tmp_path: Path) -> None:
    home = Home(tmp_path)
    late = home.new_run(datetime(2026, 5, 2, tzinfo=UTC))
    early = home.new_run(_NOON)
    assert home.list_runs() == [early, late]
    assert early.run_id.startswith("20260501-120000-")


def test_runs_of_one_second_sort_by_time(tmp_path: Path) -> None:
    home = Home(tmp_path)
    started = [home.new_run(_NOON.replace(microsecond=1_000 * n)) for n in (999, 0, 600, 20, 21)]
    assert home.list_runs() == sorted(started, key=lambda run: run.run_id)
    assert [started.index(run) for run in home.list_runs()] == [1, 3, 4, 2, 0]
    assert home.run(None) == started[0]


def test_a_run_is_found_by_a_part_that_is_its_alone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    run = home.new_run(_NOON)
    other = home.new_run(_NOON)
    assert home.run(run.run_id) == run
    assert home.run(run.run_id[-6:]) == run
    with pytest.raises(SetupError, match=f"{other.run_id}"):
        home.run("20260501")
    with pytest.raises(SetupError, match="the latest is"):
        home.run("nothing")
    with pytest.raises(SetupError, match="no run"):
        home.run("../..")


def test_removing_a_run_takes_its_folder(tmp_path: Path) -> None:
    home = Home(tmp_path)
    run = home.new_run(_NOON)
    assert home.remove_run(run.run_id) == run.run_id
    assert not run.path.exists()


def test_a_home_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("no folder", encoding="utf-8")
    with pytest.raises(SetupError, match="set SONDE_HOME"):
        Home(file).new_run()


def test_without_an_id_the_latest_run_is_meant(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with pytest.raises(SetupError, match="no runs"):
        home.run(None)
    home.new_run(_NOON)
    late = home.new_run(datetime(2026, 5, 2, tzinfo=UTC))
    assert home.run(None) == late


def test_a_run_that_cannot_be_deleted_says_so(tmp_path: Path) -> None:
    home = Home(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    home.runs.mkdir()
    (home.runs / "20260101-000000-linked").symlink_to(elsewhere)
    with pytest.raises(SetupError, match=r"cannot delete .*linked"):
        home.remove_run("20260101-000000-linked")
    assert elsewhere.is_dir()

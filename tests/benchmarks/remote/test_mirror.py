"""Mirrors on two machines, which are two homes here, of one run behind a URL."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flaky import FlakyFiles

from sonde.benchmarks.remote.claims import Claim
from sonde.benchmarks.remote.courier import Courier
from sonde.benchmarks.remote.mirror import Mirror
from sonde.benchmarks.remote.store import Store
from sonde.benchmarks.runner.agent_config import AgentConfig
from sonde.benchmarks.runner.manifest import Manifest, SuiteEntry, TaskEntry, read_manifest
from sonde.benchmarks.runner.manifest import write_manifest as write
from sonde.benchmarks.runner.places import journal_path
from sonde.memory.home import Home
from sonde.records.errors import SetupError


def _mirror(url: str, place: Path) -> Mirror:
    return Mirror.of(url, Home(place))


def _add(mirror: Mirror, text: str, worker: str = "main") -> None:
    with journal_path(mirror.folder, worker).open("a", encoding="utf-8") as file:
        file.write(text)


def _texts(mirror: Mirror) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in mirror.folder.glob("journal-*")}


def _manifest(number: int, *, suite: str = "s" * 64, **fields: object) -> Manifest:
    entry = SuiteEntry(
        ref=f"/host-{number}/suite",
        name="suite",
        sha256=suite,
        scorer="gaia",
        tasks=(TaskEntry(id="t1"),),
    )
    plain = Manifest(
        bench_id=f"run-{number}",
        created_at=datetime(2026, 11, number, tzinfo=UTC),
        suite=entry,
        agents=(AgentConfig(name="a", folder=f"/host-{number}"),),
    )
    return plain.model_copy(update=fields)


def test_new_whole_lines_are_sent_once(url: str, tmp_path: Path) -> None:
    mirror = _mirror(url, tmp_path / "one")
    _add(mirror, "one\ntwo\nhal")
    assert (mirror.push(), mirror.push()) == (8, 0)
    _add(mirror, "f\n")
    assert mirror.push() == 5
    assert sorted(path.partition("/")[2] for path in Store(url).sizes()) == [
        "journal-main/000000000000-8.jsonl",
        "journal-main/000000000008-5.jsonl",
    ]


def test_another_process_of_the_same_machine_goes_on_where_the_first_was_killed(
    url: str, tmp_path: Path
) -> None:
    first = _mirror(url, tmp_path / "one")
    _add(first, "one\n")
    first.push()
    _add(first, "two\n")
    second = _mirror(url, tmp_path / "one")
    assert second.writer == first.writer
    assert second.push() == 4
    there = _mirror(url, tmp_path / "two")
    there.pull()
    assert _texts(there) == {f"journal-main~{first.writer}.jsonl": "one\ntwo\n"}


def test_two_processes_that_send_the_same_lines_do_no_harm(url: str, tmp_path: Path) -> None:
    one, same = _mirror(url, tmp_path / "one"), _mirror(url, tmp_path / "one")
    _add(one, "one\n")
    assert (one.push(), same.push()) == (4, 0)
    _add(one, "two\n")
    one.push()
    _add(one, "three\n")
    same.push()  # knows only of the first line, and sends both others
    there = _mirror(url, tmp_path / "two")
    there.pull()
    assert list(_texts(there).values()) == ["one\ntwo\nthree\n"]


def test_a_long_journal_is_sent_in_parts_of_bounded_size(tmp_path: Path) -> None:
    mirror = Mirror(Store("memory://long/run"), tmp_path / "mirror", most_bytes=10)
    text = "four\n" * 5 + "a line that is longer than a part\n" + "end\n"
    _add(mirror, text)
    assert mirror.push() == len(text)
    lengths = [size for _, size in sorted(Store("memory://long/run").sizes().items())]
    assert lengths == [10, 10, 5, 34, 4]
    there = _mirror("memory://long/run", tmp_path / "two")
    there.pull()
    assert list(_texts(there).values()) == [text]


def test_machines_never_write_over_each_other_and_bring_each_others_journals(
    url: str, tmp_path: Path
) -> None:
    one, two = _mirror(url, tmp_path / "one"), _mirror(url, tmp_path / "two")
    _add(one, "of one\n")
    _add(two, "of two\n")
    one.push()
    two.push()
    for _ in range(2):  # the second time changes nothing
        one.pull()
        one.push()
        two.pull()
    assert _texts(one) == {
        "journal-main.jsonl": "of one\n",
        f"journal-main~{two.writer}.jsonl": "of two\n",
    }
    assert _texts(two).keys() == {"journal-main.jsonl", f"journal-main~{one.writer}.jsonl"}
    assert len(Store(url).sizes()) == 2
    _add(one, "more\n")
    one.push()
    two.pull()
    assert _texts(two)[f"journal-main~{one.writer}.jsonl"] == "of one\nmore\n"


def test_lines_that_a_machine_has_lost_come_back_before_it_writes_on(
    url: str, tmp_path: Path
) -> None:
    mirror = _mirror(url, tmp_path / "one")
    _add(mirror, "one\ntwo\n")
    mirror.push()
    journal_path(mirror.folder, "main").write_text("one\nt", encoding="utf-8")  # a power cut
    again = _mirror(url, tmp_path / "one")
    again.pull()
    assert _texts(again) == {"journal-main.jsonl": "one\ntwo\n"}


def test_manifests_are_joined_under_the_first_id_with_the_paths_of_this_machine(
    url: str, tmp_path: Path
) -> None:
    one, two, three = (_mirror(url, tmp_path / name) for name in ("one", "two", "three"))
    write(one.folder, _manifest(1, epochs=2))
    write(two.folder, _manifest(2))
    one.push()
    two.push()
    for mirror in (one, two, three):
        mirror.pull()
    read = [read_manifest(mirror.folder) for mirror in (one, two, three)]
    assert [(each.bench_id, each.epochs) for each in read] == [("run-1", 2)] * 3
    assert [each.suite.ref for each in read[:2]] == ["/host-1/suite", "/host-2/suite"]
    assert [each.agents[0].folder for each in read[:2]] == ["/host-1", "/host-2"]


def test_runs_of_two_suites_under_one_url_are_refused(url: str, tmp_path: Path) -> None:
    one, two = _mirror(url, tmp_path / "one"), _mirror(url, tmp_path / "two")
    write(one.folder, _manifest(1))
    write(two.folder, _manifest(2, suite="x" * 64))
    one.push()
    with pytest.raises(SetupError, match=f"{url} holds a run of another suite"):
        two.pull()


def test_price_books_go_along(url: str, tmp_path: Path) -> None:
    one, two = _mirror(url, tmp_path / "one"), _mirror(url, tmp_path / "two")
    book = one.folder / "agents" / "price-books" / "list-2026-11-24.json"
    book.parent.mkdir(parents=True)
    book.write_text("{}", encoding="utf-8")
    _add(one, "one\n")
    one.push()
    two.pull()
    assert (two.folder / "agents" / "price-books" / book.name).read_text("utf-8") == "{}"


def test_a_part_of_a_run_is_claimed_by_one_machine(url: str, tmp_path: Path) -> None:
    one, two = _mirror(url, tmp_path / "one"), _mirror(url, tmp_path / "two")
    now = [1_000.0]
    first = Claim(one, "main", now=lambda: now[0])
    first.take()
    first.take()  # its own machine has a lock of its own
    now[0] += 30
    other = Claim(two, "main", now=lambda: now[0])
    with pytest.raises(SetupError, match=r"works on .* \(main; its last sign was 30 s ago"):
        other.take()
    Claim(two, "shard-1-of-2", now=lambda: now[0]).take()
    first.renew()
    now[0] += 119
    with pytest.raises(SetupError, match="try again in 1 s"):
        other.take()
    first.end()
    assert other.take() == 0
    now[0] += 500
    assert first.take() == 1  # the other has died long ago


def test_a_courier_sends_what_comes_and_at_its_end_the_rest(url: str, tmp_path: Path) -> None:
    mirror = _mirror(url, tmp_path / "one")
    _add(mirror, "before\n")
    with Courier(mirror, claim=Claim(mirror, "main")):
        assert sum("journal-main" in path for path in Store(url).sizes()) == 1
        _add(mirror, "after\n")
    there = _mirror(url, tmp_path / "two")
    there.pull()
    assert list(_texts(there).values()) == ["before\nafter\n"]
    Claim(there, "main").take()  # it was let go


def test_what_could_not_be_sent_is_told_at_the_end_and_sent_the_next_time(tmp_path: Path) -> None:
    store = Store("flaky://run", sleep=lambda _: None)
    mirror = Mirror(store, tmp_path / "mirror")
    courier = Courier(mirror).start()
    _add(mirror, "one\n")
    FlakyFiles.failures = 10**6
    with pytest.raises(SetupError, match=r"nothing is lost, since .*mirror holds it all"):
        courier.close()
    FlakyFiles.failures = 0
    assert Mirror(store, tmp_path / "mirror").push() == 4


def test_a_failure_to_send_does_not_hide_what_broke_the_work_off(tmp_path: Path) -> None:
    mirror = Mirror(Store("flaky://run", sleep=lambda _: None), tmp_path / "mirror")
    with pytest.raises(KeyError, match="the work"), Courier(mirror):
        _add(mirror, "one\n")
        FlakyFiles.failures = 10**6
        raise KeyError("the work")

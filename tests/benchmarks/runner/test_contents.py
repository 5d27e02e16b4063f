"""Files behind an agent's settings: a run is not gone on with from other ones."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sonde.benchmarks.runner import contents
from sonde.benchmarks.runner.agent_files import read_agent_file
from sonde.benchmarks.runner.contents import contents_of
from sonde.benchmarks.runner.manifest import read_manifest
from sonde.records.errors import SetupError

if TYPE_CHECKING:
    from .conftest import Bench


def _reader(folder: Path, page: str = "Twice 1 is 2.") -> Path:
    (folder / "pages").mkdir(parents=True, exist_ok=True)
    (folder / "pages" / "a.txt").write_text(page, encoding="utf-8")
    path = folder / "reader.yaml"
    path.write_text("corpus: pages\n", encoding="utf-8")
    return path


def test_a_run_whose_files_have_changed_is_refused_by_the_settings_name(
    bench: "Bench", tmp_path: Path
) -> None:
    config = read_agent_file(_reader(tmp_path / "one"))
    bench.run([config], limit=1)
    assert bench.run([config], limit=1).made == 0
    kept = (bench.folder / "bench.json").read_bytes()
    _reader(tmp_path / "one", "Twice 1 is 3.")
    with pytest.raises(SetupError, match=r"'reader' with other files behind corpus; .*--out"):
        bench.run([config], limit=1)
    assert (bench.folder / "bench.json").read_bytes() == kept


def test_the_same_files_elsewhere_go_on_with_a_run(bench: "Bench", tmp_path: Path) -> None:
    bench.run([read_agent_file(_reader(tmp_path / "one"))], limit=1)
    (tmp_path / "one" / "pages" / "a.txt").unlink()
    moved = read_agent_file(_reader(tmp_path / "two"))
    assert bench.run([moved], limit=2).made == 1
    (agent,) = read_manifest(bench.folder).agents
    assert agent.folder == str(tmp_path / "two")


def test_every_setting_that_names_files_is_covered(tmp_path: Path) -> None:
    _reader(tmp_path)
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "system.md").write_text("Answer.", encoding="utf-8")
    for name in ("gate.json", "sure.json", "table.csv"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    (tmp_path / "exact.yaml").write_text(
        f"model: exact:{tmp_path / 'table.csv'}\ncalibration: sure.json\nprompts: words\n", "utf-8"
    )
    team = tmp_path / "team.yaml"
    team.write_text("team: {members: [reader.yaml, exact.yaml], gate: gate.json}\n", "utf-8")
    before = contents_of(read_agent_file(team), leave_out=tmp_path / "run")
    places = {
        "team.gate": "gate.json",
        "team.reader.corpus": "pages/a.txt",
        "team.exact.model": "table.csv",
        "team.exact.calibration": "sure.json",
        "team.exact.prompts": "words/system.md",
    }
    assert before.keys() == places.keys()
    for setting, place in places.items():
        old = (tmp_path / place).read_text("utf-8")
        (tmp_path / place).write_text("[]" if len(old) == 2 else old.swapcase(), "utf-8")
        after = contents_of(read_agent_file(team), leave_out=tmp_path / "run")
        assert {name for name in after if after[name] != before[name]} == {setting}
        before = after


def test_a_long_file_is_told_by_its_length_and_its_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "_READ_WHOLE", 8)
    monkeypatch.setattr(contents, "_AT_EACH_END", 2)
    config = read_agent_file(_reader(tmp_path, "0123456789"))
    told = contents_of(config, leave_out=tmp_path / "run")
    for page in ("x123456789", "012345678x", "0123456789x"):
        _reader(tmp_path, page)
        assert contents_of(config, leave_out=tmp_path / "run") != told

"""`index`, `doctor` and `config show`."""

import json
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Sonde

KEY = "sk-not-a-real-key-0123456789"


def test_index_add_tells_documents_passages_and_what_it_skipped(
    sonde: "Sonde", corpus: Path
) -> None:
    (corpus / "tool.md").write_bytes(b"\x7fELF\x02\x01\x01" + bytes(200))

    code, out, _ = sonde("index", "add", corpus)
    again = sonde("index", "stats", corpus)

    assert (code, again.code) == (0, 0)
    assert out.startswith("3 documents, 3 passages, ")
    assert "; 4 read now, " in out
    assert f"skipped {corpus / 'tool.md'}: " in out
    assert "; 0 read now, " in again.out
    assert again.err == ""


def test_index_stats_as_json_holds_everything(sonde: "Sonde", corpus: Path) -> None:
    stats = json.loads(sonde("index", "stats", corpus, "--json").out)

    assert (stats["documents"], stats["files"], stats["skipped"]) == (3, 3, [])
    assert stats["wall_s"] > 0


def test_the_doctor_finds_all_well_in_a_fresh_home(sonde: "Sonde") -> None:
    code, out, err = sonde("doctor")

    assert (code, err) == (0, "")
    for name in ("python", "packages", "home", "index engine", "model", "token counts"):
        assert f"ok    {name} " in out
    assert "fail" not in out


def test_what_is_optional_and_absent_is_no_warning(
    sonde: "Sonde", monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(package: str) -> str:
        if package in ("ddgs", "mcp"):
            raise PackageNotFoundError(package)
        return "1"

    monkeypatch.setattr("sonde.cli.checkup.version", absent)
    code, out, _ = sonde("doctor")
    assert code == 0
    assert "warn" not in out
    assert "-     extra web " in out
    assert "not installed, for the search provider ddgs: " in out


def test_the_doctor_fails_on_a_home_that_cannot_be_written(
    sonde: "Sonde", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("SONDE_HOME", str(tmp_path / "file" / "home"))

    code, out, _ = sonde("doctor")

    assert code == 2
    assert "fail  home " in out
    assert "set SONDE_HOME" in out


def test_the_doctor_looks_at_the_model_and_shows_no_key(
    sonde: "Sonde", monkeypatch: pytest.MonkeyPatch
) -> None:
    without = sonde("doctor", "-m", "gpt-5-mini")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    keyed = sonde("doctor", "-m", "gpt-5-mini")

    assert without.code == 2
    assert "fail  model         no API key for gpt-5-mini" in without.out
    assert "a server that needs none: --base-url http" in without.out
    assert keyed.code == 0
    assert "gpt-5-mini; a key is set; the server was not asked" in keyed.out
    assert KEY not in keyed.out + keyed.err


def test_config_show_tells_where_each_setting_comes_from(
    sonde: "Sonde", home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONDE_MODEL", "from-environment")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", f"https://example.org/{KEY}/v1")

    by_environment = _settings(sonde("config", "show", "--json").out)
    by_flag = _settings(sonde("config", "show", "-m", "from-flag", "--json").out)
    table = sonde("config", "show").out

    assert by_environment["home"] == (str(home), "environment, SONDE_HOME")
    assert by_environment["model"] == ("from-environment", "environment, SONDE_MODEL")
    assert by_environment["API key"] == ("set, not shown", "environment, OPENAI_API_KEY")
    assert by_flag["model"] == ("from-flag", "flag --model")
    assert by_flag["rounds"] == ("32", "default")
    assert KEY not in table + str(by_environment)


def _settings(out: str) -> dict[str, tuple[str, str]]:
    return {each["name"]: (each["value"], each["origin"]) for each in json.loads(out)}

"""The face of the package: sorted, importable, documented, and light to import."""

import subprocess
import sys
from pathlib import Path

import pytest

import sonde

_ROOT = Path(__file__).parents[1]
_HEAVY = ("langgraph", "langsmith", "openai", "duckdb", "tiktoken", "tantivy", "numpy", "pydantic")


def test_the_list_of_public_names_is_sorted_and_whole() -> None:
    assert sonde.__all__ == sorted(set(sonde.__all__))
    assert {"Agent", "Budget", "Result", "ScriptedModel", "tool"} <= set(sonde.__all__)
    assert set(sonde.__all__) <= set(dir(sonde))


@pytest.mark.parametrize("name", sonde.__all__)
def test_every_public_name_is_importable_and_documented(name: str) -> None:
    thing = getattr(sonde, name)
    assert thing.__doc__ or name == "Event"  # a union of documented classes


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Elephant'"):
        _ = sonde.Elephant  # pyright: ignore[reportAttributeAccessIssue] -- that is the point


def test_importing_sonde_loads_nothing_heavy() -> None:
    code = f"import sys, sonde; print([m for m in {_HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


def test_an_agent_loads_no_scipy() -> None:
    """It takes 12 MB, and only choosing, certifying and calibrating need it."""
    code = "import sys, sonde; sonde.Agent; print('scipy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "False"


def test_the_doors_at_the_root_are_links_into_the_package() -> None:
    for name in ("agents", "tools", "memory", "benchmarks"):
        door = _ROOT / name
        assert door.is_symlink()
        assert door.resolve() == _ROOT / "sonde" / name


def test_agents_holds_no_tracing_module() -> None:
    """langsmith tries `from agents import tracing`; nothing of ours may answer to that."""
    assert not (_ROOT / "sonde" / "agents" / "tracing.py").exists()

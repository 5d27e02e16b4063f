"""Other agent frameworks at the same work as sonde: CPU of a request, and prompt tokens.

    python scripts/compare_peers [--calls 4 32 256] [--repeats 1] [--only langgraph ...]

Each peer is installed into an environment of its own in a temporary folder, which is kept where
`--folder` names one. A peer that cannot be installed, or that fails, is told. Contestants take
turns within each repeat; told are medians, and the median of each repeat's ratio to sonde.
Not part of the checks: it downloads packages, and takes some 20 minutes.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

_HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(_HERE.parent))

from loopback import Figures, Server, loopback_server, measured  # noqa: E402 -- one folder up
from task_meter import REPORT  # noqa: E402

_PEERS = {
    "langgraph": ["langgraph>=1.2,<2", "langchain-openai>=1.7,<2"],
    "langchain": ["langchain>=1.4,<2", "langchain-openai>=1.7,<2"],
    "pydantic_ai": ["pydantic-ai-slim[openai]>=2.68,<3"],
    "openai_agents": ["openai-agents>=0.24,<1"],
    "smolagents": ["smolagents[openai]>=1.26,<2"],
    "autogen": ["autogen-agentchat>=0.7,<1", "autogen-ext[openai]>=0.7,<1"],
}
_OWN = {
    "constant": _HERE.parent / "raw_clients.py",
    "append": _HERE.parent / "raw_clients.py",
    "sonde": _HERE.parent / "sonde_client.py",
    "sonde+checkpoints": _HERE.parent / "sonde_client.py",
}
_BASE = "sonde"
_INSTALL_S = 400
_Commands = dict[str, list[str | Path]]


def main() -> None:
    """Install, measure, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, nargs="+", default=[4, 32, 256])
    options.add_argument("--repeats", type=int, default=1)
    options.add_argument("--only", nargs="+", choices=_PEERS, default=list(_PEERS))
    options.add_argument("--folder", type=Path, help="where the environments are kept")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="peers-") as temporary, loopback_server() as server:
        commands: _Commands = {name: [script] for name, script in _OWN.items()}
        commands |= _installed(chosen.only, chosen.folder or Path(temporary))
        print(
            f"{'contestant':20}{'K':>6}{'CPU ms':>9}{'x sonde':>9}{'prompt tokens':>15}"
            f"{'largest':>9}{'peak MB':>9}"
        )
        for calls in chosen.calls:
            found = [_turn(server, commands, calls) for _ in range(chosen.repeats)]
            for name in commands:
                _print(name, calls, found)


def _installed(names: Sequence[str], folder: Path) -> _Commands:
    """Install the peers, and return how each is called."""
    commands: _Commands = {}
    for name in names:
        python = _install(name, folder)
        if isinstance(python, Path):
            commands[name] = [python, _HERE / "peers" / f"{name}_peer.py"]
        else:
            print(f"{name}: not installed: {python}", flush=True)
    return commands


def _install(name: str, folder: Path) -> Path | str:
    """Return the interpreter of a peer's environment, or why there is none."""
    home = folder / name
    python = home / "bin/python"
    if (home / "installed").exists():
        return python
    steps: list[Sequence[str | Path]] = [
        [sys.executable, "-m", "venv", home],
        [python, "-m", "pip", "install", "--quiet", *_PEERS[name]],
    ]
    for step in steps:
        try:
            subprocess.run(step, check=True, capture_output=True, text=True, timeout=_INSTALL_S)
        except subprocess.TimeoutExpired:
            return f"it took over {_INSTALL_S} s"
        except subprocess.CalledProcessError as err:
            return " ".join(err.stderr.split())[-300:]
    (home / "installed").touch()
    return python


def _turn(server: Server, commands: _Commands, calls: int) -> dict[str, Figures | str]:
    """Return what each contestant took once, or why it failed."""
    return {name: _once(server, name, command, calls) for name, command in commands.items()}


def _once(server: Server, name: str, command: Sequence[str | Path], calls: int) -> Figures | str:
    is_constant = name == "constant" or name.startswith("sonde")
    session = server.session(report=REPORT if is_constant else "")
    try:
        return measured(command, name, session=session, calls=calls)
    except (RuntimeError, subprocess.TimeoutExpired) as err:
        return " ".join(str(err).split())[-300:]


def _print(name: str, calls: int, turns: Sequence[dict[str, Figures | str]]) -> None:
    """Print a contestant's row, from the turns in which it came to the end."""
    own = [turn[name] for turn in turns]
    good = [each for each in own if isinstance(each, Figures)]
    if not good:
        print(f"{name:20}{calls:>6}  failed: {own[0]}", flush=True)
        return
    pairs = [(turn[name], turn[_BASE]) for turn in turns]
    ratios = [
        one.cpu_ms / base.cpu_ms
        for one, base in pairs
        if isinstance(one, Figures) and isinstance(base, Figures)
    ]
    cpu, peak = (statistics.median(column) for column in zip(*_columns(good), strict=True))
    ratio = f"{statistics.median(ratios):.1f}" if ratios else "-"
    bill = good[0].bill
    print(
        f"{name:20}{calls:>6}{cpu:>9.1f}{ratio:>9}{bill.prompt:>15,}{bill.largest:>9,}{peak:>9.0f}",
        flush=True,
    )


def _columns(found: Sequence[Figures]) -> list[tuple[float, float]]:
    return [(each.cpu_ms, each.peak_mb) for each in found]


if __name__ == "__main__":
    os.environ["PYTHONPATH"] = str(_HERE.parent)  # the peers' scripts share `task_meter`
    main()

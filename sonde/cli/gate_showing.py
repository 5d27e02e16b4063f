"""`gate show`: a gate in words, as a picture, as mermaid, as JSON."""

from pathlib import Path

from ..agents.team.gate_file import GateFile, gate_text, read_gate
from ..agents.team.picture import Panel, Sends, team_mermaid, team_svg
from ..records.errors import SetupError
from .figures import percent
from .gate_words import gate_in_words
from .screen import check_can_write, say, write_file, write_out


def show_gate_file(gate: Path, *, svg: Path | None, mermaid: bool, as_json: bool) -> None:
    """Write what a gate is.

    Raises:
        SetupError: It cannot be read, or there is nothing to draw yet.
    """
    if svg is not None:
        check_can_write(svg)
    file = read_gate(gate)
    if as_json:
        write_out(gate_text(file))
    elif mermaid:
        write_out(team_mermaid(_drawable(file), _sends(file), decider=_decider(file)))
    else:
        write_out(gate_in_words(file))
    if svg is not None:
        write_file(svg, _picture(file))
        say(f"drawn to {svg}")


def _picture(file: GateFile) -> str:
    seen = file.measured
    names = _drawable(file)
    before = {(a, b): seen.open_sends for a in names for b in names if a != b}
    panels = [
        Panel(
            title="before: everybody tells everybody",
            sends=before,
            caption=_caption(seen.open_accuracy, seen.open_tokens, sum(before.values())),
        ),
        Panel(
            title="after: the learned gate",
            sends=_sends(file),
            caption=_caption(seen.gated_accuracy, seen.gated_tokens, sum(seen.sends.values())),
        ),
    ]
    return team_svg(names, panels, decider=_decider(file))


def _caption(accuracy: float | None, tokens: float | None, messages: float) -> str:
    right = "" if accuracy is None else f"{percent(accuracy)} right · "
    used = "" if tokens is None else f"{tokens:,.0f} message tokens · "
    return f"{right}{used}{messages:.1f} messages a task"


def _drawable(file: GateFile) -> tuple[str, ...]:
    if not file.measured.members:
        raise SetupError(
            "there is nothing to draw before the gate is calibrated; run `sonde gate calibrate`"
        )
    return file.measured.members


def _decider(file: GateFile) -> str:
    return file.measured.decider or file.measured.members[0]


def _sends(file: GateFile) -> Sends:
    pairs = {tuple(name.split(" > ", 1)): n for name, n in file.measured.sends.items()}
    return {(pair[0], pair[1]): n for pair, n in pairs.items()}

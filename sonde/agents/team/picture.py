"""A team drawn by who tells whom how much: before and after a gate, as SVG and as mermaid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import cos, hypot, pi, sin

Sends = Mapping[tuple[str, str], float]
"""Messages a task by sender and receiver."""

_WIDTH, _RADIUS, _NODE = 430, 145, 27
_LEAST = 0.005
"""Links with fewer messages a task are not drawn."""
_INK, _LINE, _QUIET = "#1c2733", "#1f6fb2", "#5b6b7b"
_FILL, _DECIDER = "#eef3f8", "#ffd98a"
_LONGEST_NAME = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One picture of a team."""

    title: str
    """What is shown."""
    sends: Sends
    """Messages a task by sender and receiver."""
    caption: str = ""
    """Its figures, in a line."""


def team_svg(names: Sequence[str], panels: Sequence[Panel], *, decider: str) -> str:
    """Return panels side by side; a line's width and darkness tell the messages a task.

    Args:
        names: Members, in their order.
        panels: What to show, on one scale.
        decider: The member that answers.
    """
    width, height = _WIDTH * len(panels), _WIDTH + 34
    most = max((n for panel in panels for n in panel.sends.values()), default=0.0) or 1.0
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="Helvetica, Arial, sans-serif" '
        f'font-size="13" role="img" aria-label="{escape(_spoken(panels), quote=True)}">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" '
        'markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">'
        f'<path d="M0,0.5 L8,4 L0,7.5 z" fill="{_LINE}"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for number, panel in enumerate(panels):
        parts += _panel(names, panel, decider=decider, left=_WIDTH * number, most=most)
    return "\n".join([*parts, "</svg>\n"])


def team_mermaid(names: Sequence[str], sends: Sends, *, decider: str) -> str:
    """Return a graph as mermaid text; thicker lines carry more, figures are messages a task."""
    most = max(sends.values(), default=0.0) or 1.0
    lines = ["graph LR"]
    for name in names:
        shape = f'(["{name}"])' if name == decider else f'["{name}"]'
        lines.append(f"  {name}{shape}")
    styles: list[str] = []
    drawn = sorted((link, n) for link, n in sends.items() if n > _LEAST)
    for number, ((sender, receiver), n) in enumerate(drawn):
        lines.append(f"  {sender} -->|{n:.2f}| {receiver}")
        styles.append(f"  linkStyle {number} stroke-width:{0.5 + 4.5 * n / most:.1f}px")
    return "\n".join([*lines, *styles]) + "\n"


def _spoken(panels: Sequence[Panel]) -> str:
    return "; ".join(f"{panel.title}: {sum(panel.sends.values()):.1f} messages" for panel in panels)


def _panel(
    names: Sequence[str], panel: Panel, *, decider: str, left: float, most: float
) -> list[str]:
    middle, high = left + _WIDTH / 2, _WIDTH / 2 + 30
    turn = 2 * pi / len(names)
    place = {
        name: (middle + _RADIUS * sin(turn * i), high - _RADIUS * cos(turn * i))
        for i, name in enumerate(names)
    }
    drawn = sorted(panel.sends.items(), key=lambda pair: pair[1])
    lines = [
        _line(place[sender], place[receiver], n / most, f"{sender} to {receiver}: {n:.2f} a task")
        for (sender, receiver), n in drawn
        if n > _LEAST
    ]
    return [
        f'<text x="{middle:.0f}" y="28" text-anchor="middle" font-size="16" font-weight="bold" '
        f'fill="{_INK}">{escape(panel.title)}</text>',
        *lines,
        *(_node(name, place[name], is_decider=name == decider) for name in names),
        f'<text x="{middle:.0f}" y="{_WIDTH + 14}" text-anchor="middle" fill="{_QUIET}">'
        f"{escape(panel.caption)}</text>",
    ]


def _line(start: tuple[float, float], end: tuple[float, float], share: float, title: str) -> str:
    """Return a curve that bends to its right, so that the way back is another line."""
    (x1, y1), (x2, y2) = start, end
    across, down = x2 - x1, y2 - y1
    bend_x, bend_y = (x1 + x2) / 2 - down * 0.13, (y1 + y2) / 2 + across * 0.13
    away = _NODE / hypot(bend_x - x2, bend_y - y2)
    stop_x, stop_y = x2 + (bend_x - x2) * away, y2 + (bend_y - y2) * away
    return (
        f'<path d="M{x1:.1f},{y1:.1f} Q{bend_x:.1f},{bend_y:.1f} {stop_x:.1f},{stop_y:.1f}" '
        f'fill="none" stroke="{_LINE}" stroke-opacity="{0.18 + 0.82 * share:.2f}" '
        f'stroke-width="{0.7 + 5.3 * share:.1f}" marker-end="url(#tip)">'
        f"<title>{escape(title)}</title></path>"
    )


def _node(name: str, place: tuple[float, float], *, is_decider: bool) -> str:
    x, y = place
    shown = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
    size = 13 if len(shown) <= 6 else 10
    return (
        f'<g><title>{escape(name)}</title><circle cx="{x:.1f}" cy="{y:.1f}" r="{_NODE}" '
        f'fill="{_DECIDER if is_decider else _FILL}" stroke="{_INK}"/>'
        f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" font-size="{size}" '
        f'fill="{_INK}">{escape(shown)}</text></g>'
    )

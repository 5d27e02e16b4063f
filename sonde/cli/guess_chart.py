"""Many simulated games in words: a table of the policies, and accuracy by questions as a chart."""

from collections.abc import Sequence

from ..models.exact.fact_table import FactTable
from ..models.exact.guessing import SURE_AT, Outcomes
from .figures import count, percent

_HEIGHT = 10
_MARKS = "●◆▲·"
_LEFT = 6


def simulation_in_words(table: FactTable, outcomes: Sequence[Outcomes], *, noise: float) -> str:
    """Return the comparison as text for a terminal."""
    games = len(outcomes[0].questions)
    lines = [
        f"{count(games, 'simulated game')} over {table.name}: {len(table.items)} items, "
        f"{len(table.columns)} attributes, {percent(noise)} of the answers wrong",
        f"An item is named at a probability of {percent(SURE_AT)}, or after "
        f"{len(outcomes[0].accuracy) - 1} questions.",
        "",
        f"{'policy':<10}{'questions':>10}{'most':>6}{'right':>8}{'claimed':>9}"
        f"{'after 5':>9}{'after 10':>9}",
        *(_row(each) for each in outcomes),
        "",
        "share of games whose likeliest item is right, by questions asked",
        *chart([each.accuracy.tolist() for each in outcomes]),
        "       " + "   ".join(
            f"{mark} {each.policy}" for mark, each in zip(_MARKS, outcomes, strict=False)
        ),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def chart(curves: Sequence[Sequence[float]]) -> list[str]:
    """Return curves of shares as lines of text; where two meet, the first is shown."""
    width = max(len(curve) for curve in curves)
    grid = [[" "] * (2 * width) for _ in range(_HEIGHT + 1)]
    for mark, curve in reversed(list(zip(_MARKS, curves, strict=False))):
        for place, share in enumerate(curve):
            grid[_HEIGHT - round(share * _HEIGHT)][2 * place] = mark
    marks = [percent(1 - row / _HEIGHT) if row % 2 == 0 else "" for row in range(_HEIGHT + 1)]
    lines = [
        f"{mark:>{_LEFT - 1}} │{''.join(cells)}".rstrip()
        for mark, cells in zip(marks, grid, strict=True)
    ]
    numbers = "".join(f"{place:<10}" for place in range(0, width, 5))
    return [*lines, " " * _LEFT + "└" + "─" * (2 * width), " " * (_LEFT + 1) + numbers.rstrip()]


def _row(each: Outcomes) -> str:
    after = [_at(each, 5), _at(each, 10)]
    return (
        f"{each.policy:<10}{each.questions.mean():>10.2f}{int(each.questions.max()):>6}"
        f"{percent(float(each.is_right.mean())):>8}{percent(float(each.confidence.mean())):>9}"
        f"{after[0]:>9}{after[1]:>9}"
    )


def _at(each: Outcomes, questions: int) -> str:
    if questions >= len(each.accuracy):
        return ""
    return percent(float(each.accuracy[questions]))

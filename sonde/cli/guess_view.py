"""What a game of questions looks like: the belief as it shrinks, and why each question is asked."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ..models.exact.guessing import Game, Question
from .figures import count, information, percent
from .printable import one_line, shortened

_LEADERS = 8
_BAR, _LONG_BAR = 24, 20
_LONGEST = 66


def game_view(game: Game) -> RenderableType:
    """Return the game so far: questions with the entropy after each, then the likeliest items."""
    start = game.entropies[0] or 1.0
    story = Table.grid(padding=(0, 1))
    story.add_column(justify="right", min_width=2)
    story.add_column(no_wrap=True, overflow="ellipsis")
    story.add_column(no_wrap=True, min_width=3)
    story.add_column(justify="right", no_wrap=True, min_width=9)
    story.add_column(no_wrap=True, min_width=_LONG_BAR)
    _story_row(story, "", "before the first question", "", game.entropies[0], start)
    for number, (column, value) in enumerate(game.asked, start=1):
        about = game.table.columns[column]
        said = "?" if value is None else about.values[value]
        words = shortened(one_line(about.name), _LONGEST)
        _story_row(story, str(number), words, said, game.entropies[number], start)
    leaders = Table.grid(padding=(0, 1))
    for justify in ("right", "left", "left"):
        leaders.add_column(justify=justify, no_wrap=True)
    for name, chance in game.leaders(_LEADERS):
        shown = _bar(chance, _BAR)
        leaders.add_row(percent(chance), Text(shown, style="green"), one_line(name))
    head = Text(f"{count(game.in_play, 'item')} in play of {len(game.table.items)}", style="bold")
    return Group(story, Text(""), head, leaders, Text(""))


def why_in_words(game: Game, question: Question) -> str:
    """Return why a question is asked: what it is to bring, and how it splits the belief."""
    column = game.table.columns[question.column]
    parts = [f"expected to bring {information(question.gain)}"]
    if question.next_gain is not None:
        word = "another one" if question.next_gain > question.gain else "the next best"
        parts.append(f"{word} {information(question.next_gain)}")
    pairs = sorted(zip(column.values, question.chances, strict=True), key=lambda pair: -pair[1])
    parts.append("splits " + ", ".join(f"{value} {percent(chance)}" for value, chance in pairs[:4]))
    return "why: " + "; ".join(parts)


def _story_row(
    story: Table, number: str, words: str, said: str, entropy: float, start: float
) -> None:
    story.add_row(
        number,
        words,
        Text(said, style="bold"),
        information(entropy),
        Text(_bar(entropy / start, _LONG_BAR), style="cyan"),
    )


def _bar(share: float, width: int) -> str:
    """Return a bar of eighths.

    >>> _bar(0.5, 4), _bar(0.0, 4)
    ('██', '')
    """
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    whole, rest = divmod(eighths, 8)
    return "█" * whole + ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")[rest]

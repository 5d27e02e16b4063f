"""What two things are compared by, and the date or number that a side has for it."""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from .passages import WeighedPassage
from .question import Question
from .sides import Ground, Side, asked_about
from .values import Value, dates_in, numbers_in

_EARLIER = frozenset("first earlier earliest older oldest elder prior".split())
_LATER = frozenset("later latest younger youngest newer newest recent recently".split())
_MORE = frozenset(
    """more most higher highest larger largest taller tallest longer longest bigger biggest
    greater greatest busier deeper older""".split()
)
_LESS = frozenset("fewer fewest less least smaller smallest shorter shortest lower lowest".split())
_DIED = frozenset("died die dies death dead".split())
_BEGINNINGS = frozenset(
    """born founded established opened built launched formed created started released published
    premiered incorporated inaugurated""".split()
)
"""Words that tell of the date by which things are older or younger."""
_WORTH_OF_BEGINNING, _WORTH_OF_LEAD = 0.5, 0.2


COMPARING = _EARLIER | _LATER | _MORE | _LESS
"""Words that compare."""


class Measure(Enum):
    """What two things are compared by; the value is the sign that wins."""

    EARLIER = "earlier"
    LATER = "later"
    LONGER_LIVED = "longer lived"
    MORE = "more"
    LESS = "less"
    FIT = "fit"


class _Found(NamedTuple):
    worth: float
    amount: float
    ground: Ground


def measure_of(question: Question) -> Measure:
    """Return what two things are compared by; FIT where it is no date and no number."""
    words = [token.lower for token in question.tokens]
    if "lived" in words and "longer" in words:
        return Measure.LONGER_LIVED
    if "around" in words and "longer" in words:
        return Measure.EARLIER
    for measure, names in (
        (Measure.EARLIER, _EARLIER),
        (Measure.LATER, _LATER),
        (Measure.MORE, _MORE),
        (Measure.LESS, _LESS),
    ):
        if names & set(words):
            return measure
    return Measure.FIT


def value_of(
    question: Question,
    passages: Sequence[WeighedPassage],
    side: Side,
    sides: Sequence[Side],
    *,
    measure: Measure,
) -> tuple[float, Ground] | None:
    """Return the date or number that a side is compared by, with its sentence.

    Of all sentences with such a value it is the one that holds most of what is asked; a lead
    sentence, and one that tells of a beginning, counts for more. Of equals it is the earliest or
    least, for a page tells of its subject before it tells of what came after.
    """
    if measure is Measure.FIT:
        return None
    asked = asked_about(question, sides)
    found = [
        value
        for index in side.passages
        for place in range(len(passages[index].table.sentences))
        if (value := _at(question, passages, index, place, measure=measure, asked=asked))
    ]
    best = max(found, key=lambda value: (round(value.worth, 3), -value.amount), default=None)
    return None if best is None else (best.amount, best.ground)


def _at(
    question: Question,
    passages: Sequence[WeighedPassage],
    index: int,
    place: int,
    *,
    measure: Measure,
    asked: dict[str, float],
) -> _Found | None:
    """Return the value of one sentence."""
    passage = passages[index]
    span = passage.table.sentences[place]
    text = passage.source.text[span.start : span.end]
    value = _value_in(question, text, measure)
    if value is None:
        return None
    named = passage.sentences[place] | passage.title_stems
    held = sum(w for s, w in asked.items() if s in named)
    worth = held / (sum(asked.values()) or 1.0)
    if measure in (Measure.EARLIER, Measure.LATER) and not _words(question) & _DIED:
        worth += _WORTH_OF_BEGINNING * _tells_of_beginning(text, value)
    worth += _WORTH_OF_LEAD * (place == 0)
    emphasis = text[value.start : value.end]
    return _Found(worth, value.amount, Ground(passage=index, place=place, emphasis=emphasis))


def _tells_of_beginning(text: str, value: Value) -> bool:
    """Return whether a sentence says that something began, or opens with dates of a life."""
    is_life = text[: value.start].rstrip().endswith("(")
    return is_life or any(word in text.lower() for word in _BEGINNINGS)


def _words(question: Question) -> frozenset[str]:
    """Return the words of a question in lower case."""
    return frozenset(token.lower for token in question.tokens)


def _value_in(question: Question, text: str, measure: Measure) -> Value | None:
    if measure in (Measure.MORE, Measure.LESS):
        return _number_by_noun(question, text)
    dates = dates_in(text)
    if measure is Measure.LONGER_LIVED:
        if len(dates) < 2:
            return None
        return Value(dates[1].amount - dates[0].amount, dates[0].start, dates[1].end)
    if not dates:
        return None
    if _words(question) & _DIED and len(dates) > 1:
        return dates[1]
    return _first_after(text, dates)


def _first_after(text: str, dates: Sequence[Value]) -> Value:
    """Return the first date after a word of beginning, else the first."""
    lower = text.lower()
    starts = [at for word in _BEGINNINGS if (at := lower.find(word)) >= 0]
    following = [date for date in dates if starts and date.start > min(starts)]
    return (following or list(dates))[0]


def _number_by_noun(question: Question, text: str) -> Value | None:
    """Return the number that stands just before a noun of the question."""
    lower = text.lower()
    nouns = [t.lower.removesuffix("s") for t in question.tokens if t.is_word and not t.is_capital]
    nouns = [noun for noun in nouns if len(noun) > 2 and noun not in _MORE | _LESS]
    for value in numbers_in(text):
        following = lower[value.end : value.end + 30]
        if any(noun in following for noun in nouns):
            return value
    return None

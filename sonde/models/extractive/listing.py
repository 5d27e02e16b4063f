"""Lists: the things that a sentence joins by commas and "and", and those of other passages."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from .answer import Answer
from .candidates import CAPITAL, NUMBER, Spans, answer_key
from .frame import Frame
from .tokens import Token

_JOINING = frozenset({",", "and", "&", ";", "or"})
_SMALL = frozenset({"the", "a", "an"})
_NONE = frozenset[str]()
_IN_NAMES = frozenset("of the de van von der du la del di da - – ' ’ .".split())
_LONGEST_NAME, _LONGEST_ITEM = 7, 3
"""Words of an item that is a name, and of one that is none."""
_MOST_ITEMS = 12
_LEAST_SHARE, _LEAST_PROBABLE = 0.3, 0.15
"""Probability of a further item beside that of the first, and alone, below which it is left out."""
_LEAST_SHARE_ALIKE, _ALIKE_WEIGHED = 0.1, 60
"""The same for things in sentences that are built alike, and how many are weighed."""
_LEAST_COVERED = 0.75
"""What a further sentence must cover of the question beside the first item's sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """The items of a list, in the order in which they are told."""

    text: str
    """All of them: "A, B and C"."""
    key: str
    """The same, as answers are compared."""
    places: tuple[int, ...]
    """Their spans."""


@dataclass(slots=True)
class _Gathered:
    """Items found so far; none shares a word with another."""

    spans: Spans
    places: list[int] = field(default_factory=list[int])
    words: set[str] = field(default_factory=set[str])

    def add(self, place: int) -> bool:
        words = set(self.spans.keys[place].split())
        is_new = bool(words) and not words & self.words and len(self.places) < _MOST_ITEMS
        if is_new:
            self.places.append(place)
            self.words |= words
        return is_new


def items_of(answers: Sequence[Answer], spans: Spans, sentence_score: Sequence[float]) -> Items:
    """Return the likeliest thing with those that its sentence joins to it, and others like it.

    Of the first thing's passage only what is joined to it counts, and what stands in sentences
    that are built alike. A thing of another passage counts where it is nearly as likely as the
    first, looks like it, and stands in a sentence that covers about as much of the question; beside
    a run of things, only another run: rather a short list than a wrong one.
    """
    frame = spans.frame
    gathered = _Gathered(spans)
    first = _place_shown(answers[0], frame, spans, sentence_score)
    least_covered = _LEAST_COVERED * _covered(frame, spans, first)
    least_probable = max(_LEAST_PROBABLE, _LEAST_SHARE * answers[0].probability)
    run = _joined(spans, first)
    is_run = len(run) > 1
    for each in run if is_run else _built_alike(answers, spans, first):
        gathered.add(each)
    seen = {_passage(frame, spans, first)}
    for answer in answers:
        if not answer.places or answer.probability < least_probable:
            break
        place = _place_shown(answer, frame, spans, sentence_score)
        joined = _joined(spans, place)
        is_fit = _is_alike(spans, first, place) and _covered(frame, spans, place) >= least_covered
        if _passage(frame, spans, place) in seen or not is_fit or (len(joined) > 1) < is_run:
            continue
        for each in joined:
            gathered.add(each)
        seen.add(_passage(frame, spans, place))
    texts = [spans.texts[place] for place in gathered.places]
    return Items(text=_told(texts), key=answer_key(_told(texts)), places=tuple(gathered.places))


def _built_alike(answers: Sequence[Answer], spans: Spans, first: int) -> list[int]:
    """Return likely things that stand in their sentence as the first one does in its own.

    "Work by Ada Berg was shown in 1911. In 1912 it showed work by Bo Lund." is such a page, and so
    is a list with a line for each thing: the same word stands before each. As there are many right
    answers, each has but a share of the probability. The page must hold all names and numbers of
    the question: where it leaves a condition open, not all that it lists fulfils it.
    """
    frame = spans.frame
    page = frame.passages[_passage(frame, spans, first)]
    names = {t.stem for t in frame.question.tokens[1:] if t.is_capital or t.is_number}
    if not names & set(frame.question.weights) <= page.table.stems | page.title_stems:
        return [first]
    row, passage = int(frame.row[spans.begin[first]]), _passage(frame, spans, first)
    before = _word_before(spans, first)
    found = [first]
    for answer in answers[:_ALIKE_WEIGHED]:
        if before and answer.probability >= _LEAST_SHARE_ALIKE * answers[0].probability:
            found += [
                place
                for place in answer.places
                if _passage(frame, spans, place) == passage
                and int(frame.row[spans.begin[place]]) != row
                and _word_before(spans, place) == before
                and _is_alike(spans, first, place)
            ][:1]
    return sorted(found, key=lambda place: frame.rows[int(frame.row[spans.begin[place]])].place)


def _word_before(spans: Spans, place: int) -> str:
    """Return the word right before a span in its sentence; "" where the span opens it."""
    begin = int(spans.begin[place])
    return spans.frame.tokens[begin - 1].lower if begin > spans.frame.first[begin] else ""


def _told(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) < 2 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def _place_shown(
    answer: Answer, frame: Frame, spans: Spans, sentence_score: Sequence[float]
) -> int:
    if not sentence_score:
        return answer.places[0]
    return max(answer.places, key=lambda p: sentence_score[int(frame.row[spans.begin[p]])])


def _covered(frame: Frame, spans: Spans, place: int) -> float:
    return frame.rows[int(frame.row[spans.begin[place]])].with_title


def _passage(frame: Frame, spans: Spans, place: int) -> int:
    return frame.rows[int(frame.row[spans.begin[place]])].passage


def _is_alike(spans: Spans, first: int, second: int) -> bool:
    """Return whether two spans begin alike: with a capital, with a number, or with neither."""
    flags = spans.frame.flags
    heads = (int(spans.begin[first]), int(spans.begin[second]))
    return all(
        bool(flags[row][heads[0]]) == bool(flags[row][heads[1]]) for row in (CAPITAL, NUMBER)
    )


def _joined(spans: Spans, place: int) -> list[int]:
    """Return a span with those that its sentence joins to it, from left to right."""
    bounds = zip(spans.begin.tolist(), spans.end.tolist(), strict=True)
    at = {pair: index for index, pair in enumerate(bounds)}
    found = [place]
    for step in (-1, 1):
        edge = place
        while len(found) < _MOST_ITEMS and (edge := _next_to(spans, at, edge, step)) >= 0:
            if not _is_alike(spans, place, edge):
                break
            found = [edge, *found] if step < 0 else [*found, edge]
    return found


def _next_to(spans: Spans, at: dict[tuple[int, int], int], place: int, step: int) -> int:
    """Return the span that joining words link to one, before it (-1) or after it (1); else -1."""
    frame = spans.frame
    first, last = int(frame.first[spans.begin[place]]), int(frame.last[spans.begin[place]])
    edge = int(spans.begin[place]) - 1 if step < 0 else int(spans.end[place]) + 1
    edge = _past(frame, edge, step, first=first, last=last, words=_SMALL if step < 0 else _NONE)
    begin = _past(frame, edge, step, first=first, last=last, words=_JOINING)
    if begin == edge:
        return -1
    begin = _past(frame, begin, step, first=first, last=last, words=_SMALL if step > 0 else _NONE)
    is_name = bool(frame.flags[CAPITAL][spans.begin[place]])
    end = begin
    longest = _LONGEST_NAME if is_name else _LONGEST_ITEM
    while first <= end < last and abs(end - begin) < longest:
        if not _goes_on(frame.tokens[end], is_name=is_name):
            break
        end += step
    for stop in range(end - step, begin - step, -step):
        pair = (min(begin, stop), max(begin, stop))
        if pair in at and _is_alike(spans, place, at[pair]):
            return at[pair]
    return -1


def _past(
    frame: Frame, edge: int, step: int, *, first: int, last: int, words: frozenset[str]
) -> int:
    """Return the place after some words."""
    while first <= edge < last and frame.tokens[edge].lower in words:
        edge += step
    return edge


def _goes_on(token: Token, *, is_name: bool) -> bool:
    """Return whether a token may stand within an item: a name, or a few common words."""
    if token.lower in _JOINING or token.is_breaking:
        return False
    if is_name:
        return token.is_capital or token.is_number or token.lower in _IN_NAMES
    return token.is_word and (not token.is_stop or token.lower == "of")

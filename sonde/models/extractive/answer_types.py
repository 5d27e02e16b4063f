"""What sort of words a question allows for an answer, and how each span stands to that."""

from collections.abc import Sequence
from enum import Enum

import numpy as np

from .candidates import CAPITAL, MONTH, NUMBER, NUMBER_WORD, YEAR, Spans, answer_key
from .lexicon import PEOPLE_ENDINGS, KindGroup, QuestionKind, group_of
from .passages import link_key
from .question import Question
from .tokens import BoolArray, FloatArray, Token
from .word_classes import WordClass

_SETTLEMENTS = frozenset("citi town villag capit suburb port hometown birthplac".split())
_COUNTRIES = frozenset("countri kingdom".split())
_STATES = frozenset("state provinc".split())
_LANGUAGES = frozenset("languag tongu dialect".split())
_PROFESSIONS = ("ist", "ian")
"""Endings of nouns that are professions far more often than anything else."""
_OPENING, _NOUN_PHRASE = 12, 6
_PEOPLES = frozenset("nation ethnic citizenship".split())
_WORK = frozenset("occup profess job career trade".split())
_DAYS = frozenset("date day birthday".split())


class AnswerType(Enum):
    """Sorts of answers that can be told by looking at the words alone."""

    YEAR = "year"
    DATE = "date"
    NUMBER = "number"
    PERSON = "person"
    SETTLEMENT = "settlement"
    COUNTRY = "country"
    STATE = "state"
    LANGUAGE = "language"
    PEOPLE = "people"
    OCCUPATION = "occupation"
    PLACE = "place"
    NAME = "name"
    ANY = "any"


_OF_HEAD = (
    (frozenset({"year"}), AnswerType.YEAR),
    (_DAYS, AnswerType.DATE),
    (_SETTLEMENTS, AnswerType.SETTLEMENT),
    (_COUNTRIES, AnswerType.COUNTRY),
    (_STATES, AnswerType.STATE),
    (_LANGUAGES, AnswerType.LANGUAGE),
    (_PEOPLES, AnswerType.PEOPLE),
    (_WORK, AnswerType.OCCUPATION),
)
_OF_GROUP = {
    KindGroup.PERSON: AnswerType.PERSON,
    KindGroup.PLACE: AnswerType.PLACE,
    KindGroup.NUMBER: AnswerType.NUMBER,
    KindGroup.NAME: AnswerType.NAME,
}


def answer_type(question: Question) -> AnswerType:
    """Return the sort of answer that a question allows, by its head noun, else by its kind."""
    if question.kind in (QuestionKind.HOW_MANY, QuestionKind.HOW_MUCH, QuestionKind.NUMBER):
        return AnswerType.NUMBER
    for heads, found in _OF_HEAD:
        if question.head in heads:
            return found
    if question.kind is QuestionKind.WHEN:
        return AnswerType.DATE
    return _OF_GROUP.get(group_of(question.kind), AnswerType.ANY)


def type_columns(spans: Spans) -> list[FloatArray]:
    """Return for each span whether it is of the sort asked for, and whether it cannot be."""
    wanted = answer_type(spans.frame.question)
    agrees, differs = _judged(spans, wanted)
    is_strict = wanted not in (AnswerType.ANY, AnswerType.NAME)
    none = np.zeros(len(spans.begin), np.bool_)
    columns = [
        agrees,
        differs,
        agrees if is_strict else none,
        differs if is_strict else none,
        _has_head_beside(spans),
    ]
    return [np.asarray(column, np.float32) for column in columns]


def _judged(spans: Spans, wanted: AnswerType) -> tuple[BoolArray, BoolArray]:
    """Return which spans are of a sort, and which cannot be; the rest may be."""
    look = _Look(spans)
    date = look.has_month | look.has_year
    match wanted:
        case AnswerType.YEAR:
            return look.has_year & look.is_single, ~look.has_year
        case AnswerType.DATE:
            return date, ~(date | look.has_digit | look.has_number_word)
        case AnswerType.NUMBER:
            number = look.has_digit | look.has_number_word
            return number & ~date, ~number | look.has_month
        case AnswerType.OCCUPATION:
            work = look.has_class(WordClass.PERSON_NOUN, WordClass.AGENT)
            return work & ~look.has_capital, look.has_capital | look.has_digit
        case _:
            return _judged_name(look, wanted)


def _judged_name(look: "_Look", wanted: AnswerType) -> tuple[BoolArray, BoolArray]:
    named = look.is_capital & ~look.has_digit
    country, state = look.has_class(WordClass.COUNTRY), look.has_class(WordClass.STATE)
    people = look.has_class(WordClass.PEOPLE)
    region, date = country | state | people, look.has_month | look.has_year
    is_no_place = ~look.has_capital | look.has_year
    match wanted:
        case AnswerType.PERSON:
            firm = look.has_class(WordClass.FIRM, WordClass.MONTH)
            return named & ~region & ~firm, look.has_digit | region | date
        case AnswerType.SETTLEMENT:
            return named & ~region, is_no_place | (region & look.is_single)
        case AnswerType.COUNTRY:
            return country, is_no_place
        case AnswerType.STATE:
            return state, is_no_place
        case AnswerType.LANGUAGE:
            return people | look.ends_as_people, ~look.has_capital | look.has_digit
        case AnswerType.PEOPLE:
            return people | look.ends_as_people | country, ~look.has_capital | look.has_digit
        case _:
            return named, date


class _Look:
    """What each span looks like; arrays run over the spans."""

    def __init__(self, spans: Spans) -> None:
        frame = spans.frame
        self._classes, self._end = frame.classes, spans.end
        self.is_single: BoolArray = spans.begin == spans.end
        self.is_capital: BoolArray = (
            frame.flags[CAPITAL][spans.begin] & frame.flags[CAPITAL][spans.end]
        )
        self.has_capital = _any(frame.flags[CAPITAL], spans)
        self.has_digit = _any(frame.flags[NUMBER], spans)
        self.has_number_word = _any(frame.flags[NUMBER_WORD], spans)
        self.has_month = _any(frame.flags[MONTH], spans)
        self.has_year = _any(frame.flags[YEAR], spans)
        people = np.array([t.lower.endswith(PEOPLE_ENDINGS) for t in frame.tokens], np.bool_)
        self.ends_as_people: BoolArray = people[spans.end] & self.is_capital

    def has_class(self, *classes: WordClass) -> BoolArray:
        """Return which spans end in a word of one of some classes."""
        return np.isin(self._classes[self._end], [int(c) for c in classes])


def _any(mask: BoolArray, spans: Spans) -> BoolArray:
    running = np.concatenate([[0], np.cumsum(mask)])
    return running[spans.end + 1] > running[spans.begin]


def _has_head_beside(spans: Spans) -> BoolArray:
    """Return which spans have the head noun next to them: "the town of Visby", "Baltic Sea".

    One small word or mark may stand between.
    """
    frame, begin, end = spans.frame, spans.begin, spans.end
    head = frame.question.head
    is_head = np.array([bool(head) and token.stem == head for token in frame.tokens], np.bool_)
    found = np.zeros(len(begin), np.bool_)
    for step in (1, 2):
        left, right = np.maximum(begin - step, 0), np.minimum(end + step, len(is_head) - 1)
        found |= is_head[left] & (begin - step >= frame.first[begin])
        found |= is_head[right] & (end + step < frame.last[end])
    return found


def is_named_by_head(spans: Spans) -> BoolArray:
    """Return which names stand right after the noun that is asked for: "the geologist Jack Ek"."""
    frame, begin, end = spans.frame, spans.begin, spans.end
    head, capital = frame.question.head, frame.flags[CAPITAL]
    is_head = np.array([bool(head) and token.stem == head for token in frame.tokens], np.bool_)
    is_inner = begin > frame.first[begin]
    found: BoolArray = is_inner & is_head[np.maximum(begin - 1, 0)] & capital[begin] & capital[end]
    return found


def is_ruled_out(spans: Spans) -> BoolArray:
    """Return which spans cannot be the answer, going by the noun that the question names.

    They look like another sort of thing, or they are people as the passages say, and the question
    names something else: most often the person who only leads to the answer.
    """
    question = spans.frame.question
    wanted = answer_type(question)
    none = np.zeros(len(spans.begin), np.bool_)
    is_person = wanted is AnswerType.PERSON or question.head.endswith(_PROFESSIONS)
    if is_person or wanted is AnswerType.ANY or not question.head:
        return none
    differs = none if wanted is AnswerType.NAME else _judged(spans, wanted)[1]
    if wanted is AnswerType.NUMBER:  # "Knud Larsen in 1858" holds digits, and is no number
        look = _Look(spans)
        differs = differs | (look.has_capital & look.has_year)
    people = _people(spans)
    return differs | np.array([key in people for key in spans.keys], np.bool_)


def _people(spans: Spans) -> frozenset[str]:
    """Return the names, whole and last, of those pages whose first sentence is about a person."""
    found: set[str] = set()
    for passage in spans.frame.passages:
        name = answer_key(link_key(passage.source.title))
        held = zip(passage.table.tokens, passage.table.sentence.tolist(), strict=True)
        lead = [token for token, place in held if place == 0]
        if name and name.split()[0] == next((t.lower for t in lead), "") and _is_life(lead):
            found |= {name, name.split()[-1]}
    return frozenset(found)


def _is_life(lead: Sequence[Token]) -> bool:
    """Return whether a first sentence is one of a biography: "(born", or "was a geologist"."""
    words = [token.lower for token in lead]
    if "born" in words[:_OPENING]:
        return True
    verb = next((i for i, word in enumerate(words) if word in ("is", "was")), len(words))
    after = lead[verb + 2 : verb + 2 + _NOUN_PHRASE] if verb + 1 < len(words) else ()
    is_article = words[verb + 1 : verb + 2] in (["a"], ["an"], ["the"])
    return is_article and any(
        t.word_class == WordClass.PERSON_NOUN or t.lower.endswith(_PROFESSIONS)
        for t in after
        if not t.is_capital
    )

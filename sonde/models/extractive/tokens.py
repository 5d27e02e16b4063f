"""Tokens of a passage with what the features need to know of each, as arrays."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache, partial
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ...text.sentences import Span, sentence_spans
from ...text.words import ACCENTS, STOP_WORDS, stem, without_accents
from .lexicon import BE, MONTHS, NUMBER_WORDS, ORDINALS, UNITS
from .word_classes import word_class

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]

_TOKEN = re.compile(rf"\d+(?:[.,:]\d+)+|[^\W_]+(?:{ACCENTS}+[^\W_]*)*|['’]s\b|[^\w\s]|_")
_HEADING = re.compile(r"#{1,6}[ \t]+[^\n]*(?:\n\s*|\Z)")
_LONGEST_HEADING = 120
"""Characters of a line that counts as a heading; a longer one is a sentence after a mark."""
_MOST_TOKENS = 4_000
"""Tokens of one passage that are read; a page without end is cut here."""
_INNER_PUNCTUATION = frozenset(",-–.&%$'’:/+")


class Context(IntEnum):
    """Class of a token as a neighbour of a span; the order is part of the trained weights."""

    BEGIN = 0
    END = 1
    PUNCTUATION = 2
    COMMA = 3
    OPEN = 4
    CLOSE = 5
    QUOTE = 6
    DASH = 7
    BY = 8
    IN = 9
    OF = 10
    TO = 11
    AS = 12
    BE = 13
    THE = 14
    A = 15
    AND = 16
    AT = 17
    ON = 18
    FOR = 19
    FROM = 20
    WITH = 21
    THAT = 22
    CAPITAL = 23
    NUMBER = 24
    LOW = 25
    STOP = 26
    POSSESSIVE = 27
    OR = 28
    PRONOUN = 29
    PARTICIPLE = 30


_WORD_CONTEXT: Mapping[str, Context] = {
    **{
        name.lower(): context
        for name, context in Context.__members__.items()
        if name in "BY IN OF TO AS THE A AND AT ON FOR FROM WITH THAT OR".split()
    },
    **dict.fromkeys(BE, Context.BE),
    "an": Context.A,
    **dict.fromkeys("which who whom whose".split(), Context.THAT),
    **dict.fromkeys("he she it they him her them his its their".split(), Context.PRONOUN),
}
_MARK_CONTEXT: Mapping[str, Context] = {
    ",": Context.COMMA,
    **dict.fromkeys("([{", Context.OPEN),
    **dict.fromkeys(")]}", Context.CLOSE),
    **dict.fromkeys("\"“”'‘’", Context.QUOTE),
    **dict.fromkeys("-–—", Context.DASH),
}


class Token(NamedTuple):
    """What is known of a token by itself."""

    lower: str
    stem: str
    context: int
    is_word: bool
    is_stop: bool
    is_capital: bool
    is_number: bool
    is_number_word: bool
    is_month: bool
    is_year: bool
    is_unit: bool
    is_participle: bool
    is_breaking: bool
    code: int
    word_class: int


@lru_cache(maxsize=100_000)
def token_of(text: str) -> Token:
    """Return what is known of a token by itself."""
    lower = without_accents(text).lower() or text  # an accent may stand by itself
    is_word = text[0].isalnum()
    is_number = text[0].isdigit()
    is_participle = is_word and len(lower) > 4 and lower.endswith(("ed", "ing"))
    return Token(
        lower=lower,
        stem=stem(lower) if is_word else "",
        context=int(_context(text, lower, is_participle=is_participle)),
        is_word=is_word,
        is_stop=lower in STOP_WORDS and not (len(text) > 1 and text.isupper()),
        is_capital=is_word and text[0].isupper(),
        is_number=is_number,
        is_number_word=lower in NUMBER_WORDS or lower in ORDINALS,
        is_month=lower in MONTHS and (lower != "may" or text[0].isupper()),
        is_year=len(text) == 4 and text.isascii() and text.isdigit() and "1000" <= text <= "2100",
        is_unit=lower in UNITS,
        is_participle=is_participle,
        is_breaking=not is_word and lower not in _INNER_PUNCTUATION,
        code=crc32(lower.encode("utf-8", "surrogatepass")),
        word_class=int(
            word_class(
                lower,
                is_capital=is_word and text[0].isupper(),
                is_acronym=len(text) > 1 and text.isupper(),
            )
        ),
    )


def _context(text: str, lower: str, *, is_participle: bool) -> Context:
    if lower in ("'s", "’s"):
        return Context.POSSESSIVE
    if not text[0].isalnum():
        return _MARK_CONTEXT.get(text, Context.PUNCTUATION)
    if text[0].isdigit():
        return Context.NUMBER
    if lower in _WORD_CONTEXT:
        return _WORD_CONTEXT[lower]
    if lower in STOP_WORDS:
        return Context.STOP
    if text[0].isupper():
        return Context.CAPITAL
    return Context.PARTICIPLE if is_participle else Context.LOW


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenTable:
    """The tokens of one text, as parallel arrays; sentences are token ranges."""

    text: str
    """The text."""
    sentences: tuple[Span, ...]
    """Characters of each sentence that has a token."""
    tokens: tuple[Token, ...]
    """The tokens."""
    starts: IntArray
    """First character of each token."""
    ends: IntArray
    """Character after each token."""
    sentence: IntArray
    """Index of the sentence of each token."""
    flags: BoolArray
    """One row for each flag of `Token`, from `is_word` to `is_breaking`."""
    contexts: IntArray
    """Context class of each token."""
    codes: IntArray
    """Hash of each token in lower case."""
    classes: IntArray
    """Word class of each token."""
    stems: frozenset[str]
    """All stems of content words."""


def _without_heading(text: str, span: Span) -> Span:
    """Return a sentence without the heading it begins with: a heading asserts nothing."""
    heading = _HEADING.match(text, span.start, span.end)
    if heading is None or len(heading.group().rstrip()) > _LONGEST_HEADING:
        return span
    return Span(heading.end(), span.end)


@lru_cache(maxsize=2_048)
def token_table(text: str) -> TokenTable:
    """Return the tokens of a text, sentence by sentence."""
    sentences: list[Span] = []
    rows: list[tuple[int, int, int]] = []
    tokens: list[Token] = []
    for span in map(partial(_without_heading, text), sentence_spans(text)):
        matches = list(_TOKEN.finditer(text, span.start, span.end))
        if not matches or len(tokens) > _MOST_TOKENS:
            continue
        rows.extend((m.start(), m.end(), len(sentences)) for m in matches)
        tokens.extend(token_of(m.group()) for m in matches)
        sentences.append(span)
    places = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return TokenTable(
        text=text,
        sentences=tuple(sentences),
        tokens=tuple(tokens),
        starts=places[:, 0],
        ends=places[:, 1],
        sentence=places[:, 2],
        flags=np.array([token[3:13] for token in tokens], dtype=np.bool_).reshape(-1, 10).T,
        contexts=np.array([token.context for token in tokens], dtype=np.int64),
        codes=np.array([token.code for token in tokens], dtype=np.int64),
        classes=np.array([token.word_class for token in tokens], dtype=np.int64),
        stems=frozenset(token.stem for token in tokens if token.is_word and not token.is_stop),
    )

"""What a question asks for: its kind, its head noun, its weighted stems, its two subjects."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ...text.words import STOP_WORDS, stem
from .lexicon import (
    BE,
    KIND_OF_NOUN,
    PAST_FORMS,
    QuestionKind,
    is_known_noun,
    is_profession,
)
from .several import asks_for_several, without_order
from .statistics import StemStatistics
from .tokens import Token, token_of

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)+|[^\W_]+|[^\w\s]")
_WH_WORDS = frozenset("what which who whom whose when where why how".split())
_AUXILIARIES = frozenset(
    """is are was were am do does did can could has have had will would should may might must
    """.split()
)
_SIMPLE_KINDS = {
    "who": QuestionKind.WHO,
    "whom": QuestionKind.WHO,
    "whose": QuestionKind.WHO,
    "when": QuestionKind.WHEN,
    "where": QuestionKind.WHERE,
    "why": QuestionKind.WHY,
}
_MEASURES = frozenset(
    "long old far tall high large big often fast deep wide heavy hot cold late early close".split()
)
_MOST_TOKENS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, taken apart."""

    text: str
    """The asker's words, without an order to list whatever is found."""
    kind: QuestionKind
    """What sort of answer is asked for."""
    tokens: tuple[Token, ...]
    """The tokens."""
    head: str
    """Stem of the noun that names the answer's type ("" where none is named)."""
    cues: tuple[str, ...]
    """Stems of the words that say what happens to the answer, most telling first."""
    weights: Mapping[str, float]
    """Weight of each content stem: rarer words weigh more."""
    bigrams: frozenset[tuple[str, str]]
    """Pairs of content stems that stand side by side."""
    is_list: bool
    """Whether several things are asked for."""
    has_choice: bool
    """Whether the answer may be one of the words of the question ("A or B")."""

    @property
    def total(self) -> float:
        """Sum of the weights, never 0."""
        return sum(self.weights.values()) or 1.0


@lru_cache(maxsize=256)
def analyse_question(text: str, statistics: StemStatistics) -> Question:
    """Return a question, taken apart."""
    asked = without_order(text)
    pieces = _TOKEN.findall(asked)[:_MOST_TOKENS]
    tokens = tuple(token_of(piece) for piece in pieces)
    words = [token.lower for token in tokens]
    place = _question_word(words)
    kind, head = _kind_and_head(words, place)
    stems = [token.stem for token in tokens if token.is_word and not token.is_stop]
    stems = [s for s in stems if s not in _WH_WORDS]
    weights = {s: statistics.weight(s) for s in stems}
    order = [token.stem for token in tokens]
    return Question(
        text=asked,
        kind=kind,
        tokens=tokens,
        head=head,
        cues=_cues(tokens, place, head),
        weights=weights,
        bigrams=frozenset((a, b) for a, b in pairwise(order) if a in weights and b in weights),
        is_list=asked != text or asks_for_several(words, place),
        has_choice="or" in words or kind is QuestionKind.YES_NO,
    )


def _question_word(words: list[str]) -> int | None:
    """Return where the word stands that asks: the first where it leads, else a late what/which."""
    places = [i for i, word in enumerate(words) if word in _WH_WORDS]
    if not places:
        return None
    if places[0] <= 2:
        return places[0]
    if words[0] in _AUXILIARIES:
        return None
    asking = [i for i in places if words[i] in ("what", "how")]
    asking += [i for i in places if words[i] == "which" and not _is_relative(words, i)]
    return asking[-1] if asking else places[-1]


def _is_relative(words: list[str], place: int) -> bool:
    following = words[place + 1 : place + 2]
    return not following or following[0] in STOP_WORDS or following[0] in _AUXILIARIES


def _kind_and_head(words: list[str], place: int | None) -> tuple[QuestionKind, str]:
    if place is None:
        is_closed = bool(words) and words[0] in _AUXILIARIES
        return (QuestionKind.YES_NO if is_closed else QuestionKind.OTHER), ""
    word, rest = words[place], words[place + 1 :]
    if word in _SIMPLE_KINDS:
        return _SIMPLE_KINDS[word], ""
    if word == "how":
        return _how(rest)
    return _what(word, rest)


def _how(rest: list[str]) -> tuple[QuestionKind, str]:
    following = rest[0] if rest else ""
    if following in ("many", "much"):
        noun = next((w for w in rest[1:] if w.isalpha() and w not in STOP_WORDS), "")
        kind = QuestionKind.HOW_MANY if following == "many" else QuestionKind.HOW_MUCH
        return kind, stem(noun) if noun else ""
    if following in _MEASURES:
        return QuestionKind.HOW_MUCH, stem(following)
    return QuestionKind.HOW, ""


def _what(word: str, rest: list[str]) -> tuple[QuestionKind, str]:
    nouns = _without_verb(_noun_phrase(rest))
    if not nouns and rest and (rest[0] in BE or rest[0] in ("'", "s", "’")):
        nouns = _copular_phrase(rest[1:])
        if len(nouns) <= 1 and len(rest) <= 4:
            return QuestionKind.DEFINITION, stem(nouns[-1]) if nouns else ""
    for noun in reversed(nouns):
        for kind, names in KIND_OF_NOUN.items():
            if noun in names or noun.removesuffix("s") in names:
                return kind, stem(noun)
    if nouns and is_profession(nouns[-1]):
        return QuestionKind.PERSON, stem(nouns[-1])
    kind = QuestionKind.WHICH if word == "which" else QuestionKind.WHAT
    return kind, stem(nouns[-1]) if nouns else ""


def _without_verb(nouns: list[str]) -> list[str]:
    """Return a noun phrase without the verb that follows it: "geologist dived" is a geologist.

    A participle before a noun of a known sort belongs to the phrase: "American animated film".
    """
    for place in range(1, len(nouns)):
        word, following = nouns[place], nouns[place + 1 :]
        is_participle = word.endswith(("ed", "ing")) and not any(
            map(is_known_noun, [word, *following])
        )
        if word in PAST_FORMS or is_participle:
            return nouns[:place]
    return nouns


def _noun_phrase(rest: list[str]) -> list[str]:
    """Return the words right after "what" or "which", up to the first function word."""
    nouns: list[str] = []
    for word in rest[:5]:
        if word in STOP_WORDS or word in _AUXILIARIES or not word.isalnum():
            break
        nouns.append(word)
    return nouns


def _copular_phrase(rest: list[str]) -> list[str]:
    """Return the noun phrase after "what is (the name of) the"."""
    words = [w for w in rest if w not in ("'", "’", "s")]
    while words and (words[0] in STOP_WORDS or words[0] in ("name", "names", "term")):
        words = words[1:]
    return _noun_phrase(words)[:3]


def _cues(tokens: tuple[Token, ...], place: int | None, head: str) -> tuple[str, ...]:
    """Return up to three stems that carry the verb or what stands next to the asking word."""
    after = tokens[place + 1 :] if place is not None else tokens
    content = [t for t in after if t.is_word and not t.is_stop and t.stem != head]
    verbs = [t.stem for t in content if t.is_participle or not t.is_capital]
    has_helper = bool(after) and after[0].lower in _AUXILIARIES
    if has_helper and verbs:
        verbs = [verbs[-1], *verbs[:-1]]
    return tuple(dict.fromkeys(verbs))[:3]

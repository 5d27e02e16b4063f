"""The two things that a question is about: "A or B", "both A and B", "between A and B"."""

import re

from .lexicon import QuestionKind
from .question import Question

_WORD = re.compile(r"\S+")
_JOINING = frozenset(
    "of the de la du le et von van der den in on at a an to for & vs. v. with from".split()
)
_LEADING = frozenset("that those of the".split())
"""Words between "or" and a name: "or that of the"."""
_OPENING = frozenset(
    """is are was were do does did can could has have had which what who whose where when how in
    both either between out will""".split()
)
_MARKS = " ,;:?!\"“”'‘’.[]()"
_LONGEST = 12


def subjects_of(question: Question) -> tuple[str, str] | None:
    """Return the two things that a question compares; None where it compares nothing."""
    words = _WORD.findall(question.text)
    lowers = [word.lower().strip(_MARKS) for word in words]
    for joint in _joints(lowers, is_closed=question.kind is QuestionKind.YES_NO):
        first = _run_before(words, joint)
        second = _run_after(words, joint)
        if first and second and first.lower() != second.lower():
            return first, second
    return None


def _joints(lowers: list[str], *, is_closed: bool) -> list[int]:
    """Return where the word may stand that joins the two, likeliest first."""
    choices = [i for i, word in enumerate(lowers) if word == "or"]
    pairs = [i for i, word in enumerate(lowers) if word == "and"]
    is_about_pair = (
        is_closed
        or bool({"both", "between", "common", "share", "same"} & set(lowers))
        or ("out" in lowers and "first" in lowers)
    )
    return choices[::-1] + (pairs if is_about_pair else [])


def _is_name(word: str) -> bool:
    bare = word.strip("\"“”'‘’([")
    return bool(bare) and (bare[0].isupper() or bare[0].isdigit())


def _run_before(words: list[str], joint: int) -> str:
    """Return the name that ends before a place: capitals, and small words between them."""
    start = joint
    for place in range(joint - 1, max(-1, joint - 1 - _LONGEST), -1):
        word = words[place]
        if place < joint - 1 and word[-1] in ",:;?":
            break
        bare = word.lower().strip(_MARKS)
        if _is_name(word) and not (place == 0 and bare in _OPENING):
            start = place
        elif bare not in _JOINING:
            break
    return _bare(words[start:joint])


def _run_after(words: list[str], joint: int) -> str:
    while words[joint + 1 : joint + 2] and words[joint + 1].lower() in _LEADING:
        joint += 1
    end = joint + 1
    for place in range(joint + 1, min(len(words), joint + 1 + _LONGEST)):
        word = words[place]
        if _is_name(word):
            end = place + 1
        elif word.lower().strip(_MARKS) not in _JOINING:
            break
        if word[-1] in "?;:" or (word[-1] == "," and place + 1 < len(words)):
            break
    return _bare(words[joint + 1 : end])


def _bare(words: list[str]) -> str:
    return " ".join(words).strip(_MARKS).removeprefix("the ")

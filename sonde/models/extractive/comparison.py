"""Questions about two things: which two, and what tells them apart."""

import re

from .lexicon import QuestionKind
from .question import Question

_NAME = r"(?P<{0}>(?:[\"“'‘]?[A-Z0-9À-Þ][^,?]*?))"
_CHOICE = re.compile(
    r"(?:^|,\s*|\b(?:between|first|older|younger|more|later|earlier|is|was|are|were|did|have|has"
    r"|than|from|either|both|of)\s+|:\s*)"
    + _NAME.format("a")
    + r"\s*,?\s+(?:or|and)\s+"
    + _NAME.format("b")
    + r"(?=\s+(?:[a-z]+)\b|\s*[?,]|\s*$)"
)


def subjects_of(question: Question) -> tuple[str, str] | None:
    """Return the two things that a question compares; None where it compares nothing."""
    text = question.text.strip()
    if " or " not in text and question.kind is not QuestionKind.YES_NO and " both " not in text:
        return None
    match = _CHOICE.search(text)
    if match is None:
        return None
    first, second = (match.group(name).strip(" \"“”'‘’?.") for name in "ab")
    if not first or not second or first.lower() == second.lower():
        return None
    return first, second

"""The part of a long text that has most to do with a question, in its very words."""

from .passages import share
from .question import Question
from .tokens import token_table

LONGEST = 2_400
"""Characters of one source that are read; a search result is usually shorter."""


def excerpt(question: Question, text: str, *, limit: int = LONGEST) -> str:
    """Return the run of whole sentences, at most `limit` characters, that covers most.

    A text within the limit comes back whole; a first sentence longer than the limit is cut.
    """
    if len(text) <= limit:
        return text
    table = token_table(text)
    held: list[set[str]] = [set() for _ in table.sentences]
    places: list[int] = table.sentence.tolist()
    for token, place in zip(table.tokens, places, strict=True):
        if token.stem in question.weights:
            held[place].add(token.stem)
    best, best_share = text[:limit], -1.0
    for first, opening in enumerate(table.sentences):
        last = first
        while last + 1 < len(held) and table.sentences[last + 1].end - opening.start <= limit:
            last += 1
        covered = share(question, frozenset[str]().union(*held[first : last + 1]))
        if covered > best_share:
            end = min(table.sentences[last].end, opening.start + limit)
            best, best_share = text[opening.start : end], covered
        if last + 1 == len(held):
            break
    return best

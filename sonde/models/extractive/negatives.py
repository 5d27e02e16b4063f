"""Passages that no longer answer their question: what an unanswerable question looks like."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ...text.sentences import sentence_spans
from .candidates import answer_key
from .passages import Source


def without_passages(sources: Iterable[Source], answers: Sequence[str]) -> tuple[Source, ...]:
    """Return the sources that hold no right answer: the page that answers is not there."""
    lowers = [answer.lower() for answer in answers]
    return tuple(s for s in sources if not any(a in s.text.lower() for a in lowers))


def without_sentences(sources: Iterable[Source], answers: Sequence[str]) -> tuple[Source, ...]:
    """Return the sources without the sentences that hold an answer: the page is there, but it
    does not say. Sources of which nothing is left are dropped.
    """
    keys = [key for key in map(answer_key, answers) if key]
    kept: list[Source] = []
    for source in sources:
        sentences = [source.text[span.start : span.end] for span in sentence_spans(source.text)]
        bare = [s for s in sentences if not any(f" {k} " in f" {answer_key(s)} " for k in keys)]
        if bare:
            kept.append(replace(source, text=" ".join(bare)))
    return tuple(kept)

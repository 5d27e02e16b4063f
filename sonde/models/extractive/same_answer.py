"""Which spans are one answer: equal words, and equal amounts in other words."""

from collections.abc import Sequence

import numpy as np

from .answer import Answer
from .candidates import NUMBER, NUMBER_WORD, Spans
from .quantities import Quantity, quantity_of
from .tokens import FloatArray


def answer_keys(spans: Spans, order: Sequence[int]) -> dict[int, str]:
    """Return for each span the key of the answer that it counts for, in the given order.

    Spans of equal words are one answer. So are amounts that are the same number of the same unit,
    "70 metres" and "70 m"; and a bare number is one with the amount that begins in its very place,
    "70" in "70 metres tall". An answer goes by the key of its first span in the order.

    Args:
        spans: The spans.
        order: Indices of those that count, likeliest first.
    """
    amounts = _amounts(spans)
    with_unit = {int(spans.begin[i]): a for i, a in amounts.items() if a.unit}
    known: dict[str, str] = {}
    first_of: dict[Quantity, str] = {}
    found: dict[int, str] = {}
    for place in order:
        key = spans.keys[place]
        if key not in known:
            known[key] = key
            amount = amounts.get(place)
            if amount is not None:
                fuller = with_unit.get(int(spans.begin[place]))
                is_same = fuller is not None and not amount.unit and fuller.amount == amount.amount
                known[key] = first_of.setdefault(fuller if fuller and is_same else amount, key)
        found[place] = known[key]
    return found


def gather_answers(spans: Spans, probs: FloatArray) -> tuple[Answer, ...]:
    """Return spans that say the same as one answer, likeliest first."""
    places: dict[str, list[int]] = {}
    order: list[int] = np.argsort(-probs, kind="stable").tolist()
    for place, key in answer_keys(spans, order).items():
        places.setdefault(key, []).append(place)
    weights: list[float] = probs.tolist()
    answers = [_answer_at(spans, found, weights) for key, found in places.items() if key]
    return tuple(sorted(answers, key=lambda answer: -answer.probability))


def _answer_at(spans: Spans, places: Sequence[int], weights: Sequence[float]) -> Answer:
    """Return spans that say the same as an answer, in the wording that is likeliest in all."""
    worth: dict[str, float] = {}
    for place in places:
        worth[spans.keys[place]] = worth.get(spans.keys[place], 0.0) + weights[place]
    key = max(worth, key=worth.__getitem__) if len(worth) > 1 else spans.keys[places[0]]
    first = next(place for place in places if spans.keys[place] == key)
    return Answer(
        text=spans.texts[first],
        key=key,
        probability=sum(worth.values()),
        places=(first, *(place for place in places if place != first)),
    )


def _amounts(spans: Spans) -> dict[int, Quantity]:
    """Return the spans that are an amount and nothing beside it."""
    flags = spans.frame.flags
    is_number = np.append(flags[NUMBER] | flags[NUMBER_WORD], [False])
    places: list[int] = np.flatnonzero(is_number[spans.begin] | is_number[spans.begin + 1]).tolist()
    found = {place: quantity_of(spans.texts[place]) for place in places}
    return {place: amount for place, amount in found.items() if amount is not None}

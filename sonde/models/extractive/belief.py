"""A reading as a belief: candidate answers with probabilities that sum to one."""

from dataclasses import replace

from ...records.belief import AnswerBelief, Candidate
from .answer import Answer
from .reading import Reading

_MOST_CANDIDATES = 20
_MOST_EVIDENCE = 4


def belief_of(reading: Reading) -> AnswerBelief:
    """Return the likeliest answers; what is cut off goes to "none of these"."""
    kept = _with_list(reading)[:_MOST_CANDIDATES]
    candidates = tuple(
        Candidate(
            text=answer.text,
            probability=answer.probability,
            evidence=evidence_of(reading, answer),
        )
        for answer in kept
    )
    rest = max(0.0, 1.0 - sum(candidate.probability for candidate in candidates))
    return AnswerBelief(
        candidates=candidates, none_of_these=rest, source="reader", set_rule=reading.set_rule
    )


def in_doubt(belief: AnswerBelief) -> AnswerBelief:
    """Return a belief in what was read in a language that the reader does not know.

    Nothing was fitted on such texts, so an even chance is given to the reading being none at all,
    and what its sets promise is taken back.
    """
    candidates = tuple(
        replace(each, probability=each.probability / 2) for each in belief.candidates
    )
    rest = max(0.0, 1.0 - sum(each.probability for each in candidates))
    return replace(belief, candidates=candidates, none_of_these=rest, set_rule=None)


def _with_list(reading: Reading) -> tuple[Answer, ...]:
    """Return the answers, with a list that is given in the place of its likeliest item."""
    chosen = reading.chosen
    if chosen is None or not chosen.is_list:
        return reading.answers
    keys = {reading.answers[0].key, chosen.key}
    held = sum(answer.probability for answer in reading.answers if answer.key in keys)
    others = (answer for answer in reading.answers if answer.key not in keys)
    return (replace(chosen, probability=held), *others)


def evidence_of(reading: Reading, answer: Answer) -> tuple[str, ...]:
    """Return ids of the passages that an answer stands in, likeliest place first."""
    spans = reading.material.spans
    passages = reading.material.passages
    if answer.grounds:
        on = (passages[ground.passage].source.evidence_id for ground in answer.grounds)
        return tuple(dict.fromkeys(on))[:_MOST_EVIDENCE]
    if spans is None:
        return ()
    frame = spans.frame
    rows = [int(frame.row[spans.begin[place]]) for place in answer.places]
    ids = [frame.passages[frame.rows[row].passage].source.evidence_id for row in rows]
    return tuple(dict.fromkeys(ids))[:_MOST_EVIDENCE]

"""A reading as a draft: the short answer, and the sentences that it rests on."""

from ...records.decision import Draft
from ...records.evidence import Quote
from .frame import Frame
from .passages import WeighedPassage, link_keys, share
from .reading import Answer, Reading

_MOST_QUOTES_OF_ABSTENTION = 3
_LEAST_ADDED = 0.1
"""Share of the question that a partner must add before it counts as a step of the argument."""


def draft_of(reading: Reading) -> Draft:
    """Return the best answer with its evidence, or an abstention with the best sentences."""
    best = reading.answers[0] if reading.answers else None
    if best is None or reading.none_of_these > 0.5:
        return abstention(reading)
    quotes = _grounds(reading, best) if best.grounds else _chain(reading, best)
    return Draft(text=best.text, quotes=quotes)


def _grounds(reading: Reading, answer: Answer) -> tuple[Quote, ...]:
    """Return the sentences that a verdict rests on, one for each side."""
    passages = reading.material.passages
    return tuple(
        Quote(
            evidence_id=passages[ground.passage].source.evidence_id,
            text=_sentence(passages[ground.passage], ground.place),
            emphasis=ground.emphasis,
        )
        for ground in answer.grounds
    )


def abstention(reading: Reading) -> Draft:
    """Return a draft that declines to answer, with the sentences that come closest."""
    quotes = tuple(
        Quote(evidence_id=passage.source.evidence_id, text=_best_sentence(reading, index))
        for index, passage in enumerate(reading.material.passages[:_MOST_QUOTES_OF_ABSTENTION])
        if passage.table.sentences
    )
    text = "No passage that was found answers this." if quotes else "Nothing was found."
    return Draft(text=text, quotes=quotes, is_abstention=True)


def _chain(reading: Reading, answer: Answer) -> tuple[Quote, ...]:
    """Return the answer's sentence, after the bridging sentence where there is one."""
    spans = reading.material.spans
    place = reading.place_shown(answer)
    if spans is None or place is None:
        return ()
    frame = spans.frame
    row = frame.rows[int(frame.row[spans.begin[place]])]
    passage = frame.passages[row.passage]
    quote = Quote(
        evidence_id=passage.source.evidence_id,
        text=_sentence(passage, row.place),
        emphasis=spans.texts[place],
    )
    bridge = _bridge(reading, frame, row.passage)
    return (quote,) if bridge is None else (bridge, quote)


def _bridge(reading: Reading, frame: Frame, index: int) -> Quote | None:
    """Return the partner's sentence that leads to a passage, where the partner adds something."""
    passage = frame.passages[index]
    if passage.partner is None or passage.partner_coverage - passage.coverage < _LEAST_ADDED:
        return None
    partner = frame.passages[passage.partner]
    keys = link_keys(passage.source.title)
    naming = [
        place
        for place in range(len(partner.table.sentences))
        if any(key in _sentence(partner, place).lower() for key in keys)
    ]
    is_named_back = any(
        key in passage.source.text.lower() for key in link_keys(partner.source.title)
    )
    if not naming and not is_named_back:
        return None
    places = naming or range(len(partner.table.sentences))
    question = reading.material.question
    best = max(places, key=lambda place: (share(question, partner.sentences[place]), -place))
    return Quote(evidence_id=partner.source.evidence_id, text=_sentence(partner, best))


def _sentence(passage: WeighedPassage, place: int) -> str:
    span = passage.table.sentences[place]
    return passage.source.text[span.start : span.end]


def _best_sentence(reading: Reading, index: int) -> str:
    """Return the sentence of a passage that covers most of the question."""
    passage, question = reading.material.passages[index], reading.material.question
    covered = [share(question, stems) for stems in passage.sentences]
    return _sentence(passage, covered.index(max(covered)))

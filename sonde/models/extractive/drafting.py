"""A reading as a draft: the short answer, and the sentences that it rests on."""

from ...records.decision import Draft
from ...records.evidence import Quote
from .frame import Frame
from .passages import WeighedPassage, link_key
from .reading import Answer, Reading

_MOST_QUOTES_OF_ABSTENTION = 3


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
    if spans is None:
        return ()
    frame = spans.frame
    place = answer.places[0]
    row = frame.rows[int(frame.row[spans.begin[place]])]
    passage = frame.passages[row.passage]
    quote = Quote(
        evidence_id=passage.source.evidence_id,
        text=_sentence(passage, row.place),
        emphasis=spans.texts[place],
    )
    bridge = _bridge(frame, row.passage)
    return (quote,) if bridge is None else (bridge, quote)


def _bridge(frame: Frame, index: int) -> Quote | None:
    """Return the partner's sentence that leads to a passage, where the partner adds something."""
    passage = frame.passages[index]
    if passage.partner is None or passage.partner_coverage - passage.coverage < 0.1:
        return None
    partner = frame.passages[passage.partner]
    sentences = [_sentence(partner, place) for place in range(len(partner.table.sentences))]
    key = link_key(passage.source.title)
    naming = [sentence for sentence in sentences if key in sentence.lower()]
    text = naming[0] if naming else sentences[0]
    return Quote(evidence_id=partner.source.evidence_id, text=text)


def _sentence(passage: WeighedPassage, place: int) -> str:
    span = passage.table.sentences[place]
    return passage.source.text[span.start : span.end]


def _best_sentence(reading: Reading, index: int) -> str:
    """Return the sentence of a passage that covers most of the question."""
    passage = reading.material.passages[index]
    weights = reading.material.question.weights
    held = [0.0] * len(passage.table.sentences)
    for token, place in zip(passage.table.tokens, passage.table.sentence.tolist(), strict=True):
        held[place] += weights.get(token.stem, 0.0)
    return _sentence(passage, held.index(max(held)))

"""A reading as a draft: the short answer, and the sentences that it rests on."""

from collections.abc import Collection

from ...records.decision import Draft
from ...records.evidence import Quote
from ...text.words import folded, without_accents
from .answer import Answer
from .frame import Frame
from .passages import WeighedPassage, link_keys, share
from .reading import Reading

_MOST_QUOTES_OF_ABSTENTION = 3
_LEAST_ADDED = 0.1
"""Share of the question that a partner must add before it counts as a step of the argument."""


def draft_of(reading: Reading) -> Draft:
    """Return the best answer with its evidence, or an abstention with the best sentences."""
    best = reading.chosen
    if best is None or reading.is_declined:
        return abstention(reading)
    return Draft(text=best.text, quotes=_quotes(reading, best))


def _quotes(reading: Reading, answer: Answer) -> tuple[Quote, ...]:
    if answer.grounds:
        return _grounds(reading, answer)
    return _items(reading, answer) if answer.is_list else _chain(reading, answer)


def _items(reading: Reading, answer: Answer) -> tuple[Quote, ...]:
    """Return the sentences of a list, each once, with the stretch of its items marked."""
    spans = reading.material.spans
    if spans is None:
        return ()
    frame = spans.frame
    stretches: dict[int, tuple[int, int]] = {}
    for place in answer.places:
        begin, end = int(spans.begin[place]), int(spans.end[place])
        first, last = stretches.get(int(frame.row[begin]), (begin, end))
        stretches[int(frame.row[begin])] = (min(first, begin), max(last, end))
    quotes: list[Quote] = []
    for index, (begin, end) in stretches.items():
        row = frame.rows[index]
        passage = frame.passages[row.passage]
        marked = passage.source.text[int(frame.starts[begin]) : int(frame.ends[end])]
        quotes.append(
            Quote(
                evidence_id=passage.source.evidence_id,
                text=_sentence(passage, row.place),
                emphasis=marked,
            )
        )
    return tuple(quotes)


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
        if any(key in without_accents(_sentence(partner, place)).lower() for key in keys)
    ]
    is_named_back = any(
        key in without_accents(passage.source.text).lower()
        for key in link_keys(partner.source.title)
    )
    if not naming and not is_named_back:
        return None
    places = naming or range(len(partner.table.sentences))
    question = reading.material.question
    best = max(places, key=lambda place: (share(question, partner.sentences[place]), -place))
    sentence = _sentence(partner, best)
    return Quote(
        evidence_id=partner.source.evidence_id, text=sentence, emphasis=_named(sentence, keys)
    )


def _named(sentence: str, keys: Collection[str]) -> str | None:
    """Return the name of a page as it stands in a sentence; None where it does not."""
    found = [(folded(sentence).lower().find(key), len(key)) for key in keys]
    standing = [(-length, at) for at, length in found if at >= 0]
    if not standing:
        return None
    length, at = min(standing)
    return sentence[at : at - length]


def _sentence(passage: WeighedPassage, place: int) -> str:
    span = passage.table.sentences[place]
    return passage.source.text[span.start : span.end]


def _best_sentence(reading: Reading, index: int) -> str:
    """Return the sentence of a passage that covers most of the question."""
    passage, question = reading.material.passages[index], reading.material.question
    covered = [share(question, stems) for stems in passage.sentences]
    return _sentence(passage, covered.index(max(covered)))

"""Answers as a model writes them: the words before the quotes, and the quotes themselves."""

import re

from ...records.decision import Draft
from ...records.evidence import Quote

_LONGEST_QUOTE = 2_000
_ID = r"[eE]\d{1,9}"
_SPACE = r"\s{0,9}"
_CITATION = re.compile(
    rf"\[{_SPACE}(?P<id>{_ID}){_SPACE}"
    rf"(?:[:,]{_SPACE}[\"'“‘«](?P<words>[^\0]{{1,{_LONGEST_QUOTE}}}?)[\"'”’»]{_SPACE}\]"
    rf"|:(?P<bare>[^\]\[\"“”]{{1,{_LONGEST_QUOTE}}})\]"
    rf"|(?P<more>(?:{_SPACE}[,;]{_SPACE}{_ID}){{0,50}}){_SPACE}\])"
)
_NEXT_QUOTE = re.compile(rf"[\"”]{_SPACE}[,;]{_SPACE}({_ID}){_SPACE}:{_SPACE}[\"“]")
_ABSTAINS = re.compile(r"\W*(?:ABSTAIN\b|(?i:abstain)\W*\Z)[\s:.,;*—–-]*")


def read_answer(text: str, *, remark: str = "") -> Draft:
    """Return the draft that the text of an `<answer>` stands for.

    `[e12: "exact words"]` becomes a quote and leaves `[e12]`. A bare `[e12]` becomes a quote
    without words, unless the same evidence is quoted with words elsewhere in the answer.

    Args:
        text: What stands in the tags.
        remark: What stands after them; the reason of an abstention that has none inside.
    """
    abstains = _ABSTAINS.match(text)
    if abstains:
        text = text[abstains.end() :].strip() or remark.strip()
    quotes: list[Quote] = []
    plain = _CITATION.sub(lambda citation: _take(citation, quotes), text)
    worded = {quote.evidence_id for quote in quotes if quote.text}
    kept = [quote for quote in quotes if quote.text or quote.evidence_id not in worded]
    return Draft(
        text=plain.strip(),
        quotes=tuple(dict.fromkeys(kept)),
        is_abstention=abstains is not None,
    )


def without_quotes(text: str) -> str:
    """Return a text whose citations are bare ids, as a reader sees it."""
    return _CITATION.sub(lambda citation: _take(citation, []), text)


def is_abstention(text: str) -> bool:
    """Return whether the text of an `<answer>` says that there is none."""
    return _ABSTAINS.match(text) is not None


def _take(citation: re.Match[str], quotes: list[Quote]) -> str:
    """Add the quotes of one citation to the list and return what stays in the text."""
    words = citation["words"] or citation["bare"] or ""
    first, *others = _NEXT_QUOTE.split(words)
    found = [_quote(citation["id"], first)]
    found += [_quote(*pair) for pair in zip(others[::2], others[1::2], strict=True)]
    found += [_quote(one, "") for one in re.findall(_ID, citation["more"] or "")]
    quotes += found
    return " ".join(f"[{quote.evidence_id}]" for quote in found)


def _quote(evidence_id: str, words: str) -> Quote:
    words = words.replace('\\"', '"').strip()
    return Quote(evidence_id=evidence_id.lower(), text=words or None)

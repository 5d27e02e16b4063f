"""A belief that a model puts into words, as numbers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ...records.belief import AnswerBelief, BeliefSource, Candidate
from ...records.json_types import JsonValue
from ...text.words import words
from .tolerant_json import lenient_values

_SUREST = 0.999
"""A model that says 100% is not certain; a belief of 1 could never be moved again."""
_MOST_CANDIDATES = 50
_LONGEST_NAME = 300
_NUMBER = r"(?P<number>\d{1,9}(?:[.,]\d{1,9})?|\.\d{1,9})\s{0,3}(?P<percent>%|percent\b)?"
_LINE = re.compile(
    rf"\s*(?:[-*•]\s+|\d{{1,3}}[.)]\s+)?(?P<name>\S.{{0,{_LONGEST_NAME}}}?)\s{{0,9}}"
    rf"(?:[:=|–—]|->|→|\(|\s-)\s{{0,9}}(?:about|approx\.?|ca\.?|~|≈)?\s{{0,3}}{_NUMBER}"
    r"(?:[\s).*|]*$|(?<=%)\W.*$)",
    re.IGNORECASE,
)
_WHOLE_NUMBER = re.compile(rf"\s*[~≈]?{_NUMBER}\s*\Z", re.IGNORECASE)
_EVIDENCE = re.compile(r"\[\s*([eE]\d{1,9})\s*\]")
_NONE_OF_THESE = frozenset(
    "none|none of these|none of the above|other|others|something else|unknown|another answer".split(
        "|"
    )
)
_NAME_KEYS = ("answer", "candidate", "name", "text", "label", "value")
_WEIGHT_KEYS = ("probability", "p", "prob", "confidence", "likelihood", "percent", "percentage")


class _Share(NamedTuple):
    name: str
    weight: float
    is_percent: bool


def read_belief(text: str) -> AnswerBelief | None:
    """Return the belief that lines ("Trieste: 70%") or JSON tell, or None where there is none.

    A share with a percent sign is a percentage. So is one without, where one of those is above
    1; else they are fractions. Each is clipped to what words can mean, what is missing to the
    whole goes to none of these, and a sum above the whole is scaled down.
    """
    shares = list(_json_shares(text)) or list(_line_shares(text))
    shares = shares[:_MOST_CANDIDATES]
    are_percent = any(share.weight > 1 for share in shares if not share.is_percent)
    weights: dict[str, float] = {}
    for share in shares:
        fraction = share.weight / 100 if share.is_percent or are_percent else share.weight
        weights[share.name] = weights.get(share.name, 0.0) + fraction
    return as_belief(weights, source="stated")


def as_belief(weights: Mapping[str, float], *, source: BeliefSource) -> AnswerBelief | None:
    """Return a belief from weights by name, clipped and normalised; None without candidates."""
    merged: dict[str, Candidate] = {}
    unnamed = 0.0
    for name, weight in weights.items():
        candidate = _candidate(name, weight)
        key = answer_key(candidate.text)
        if key in _NONE_OF_THESE:
            unnamed += weight
        elif key:
            merged[key] = _joined(merged[key], candidate) if key in merged else candidate
    if not merged:
        return None
    return _normalised(list(merged.values()), unnamed, source)


def answer_key(text: str) -> str:
    """Return what two spellings of one answer share.

    >>> answer_key("The  Trieste.") == answer_key("trieste")
    True
    """
    plain = words(text)
    kept = [word for word in plain if word not in ("a", "an", "the")]
    return " ".join(kept or plain) or text.strip().casefold()


def _normalised(
    candidates: Sequence[Candidate], unnamed: float, source: BeliefSource
) -> AnswerBelief:
    shares = [_clipped(candidate.probability) for candidate in candidates]
    rest = _clipped(max(unnamed, 1 - sum(shares)))
    total = sum(shares) + rest
    scaled = [
        Candidate(text=one.text, probability=share / total, evidence=one.evidence)
        for one, share in zip(candidates, shares, strict=True)
    ]
    scaled.sort(key=lambda candidate: -candidate.probability)
    return AnswerBelief(candidates=tuple(scaled), none_of_these=rest / total, source=source)


def _clipped(share: float) -> float:
    return min(max(share, 1 - _SUREST), _SUREST)


def _candidate(name: str, weight: float) -> Candidate:
    evidence = dict.fromkeys(found.lower() for found in _EVIDENCE.findall(name))
    text = _EVIDENCE.sub(" ", name).strip(" \t*_`\"'“”,;:|-")
    return Candidate(text=" ".join(text.split()), probability=weight, evidence=tuple(evidence))


def _joined(one: Candidate, other: Candidate) -> Candidate:
    return Candidate(
        text=one.text,
        probability=one.probability + other.probability,
        evidence=tuple(dict.fromkeys(one.evidence + other.evidence)),
    )


def _line_shares(text: str) -> Iterator[_Share]:
    for line in text.splitlines():
        if found := _LINE.match(line[: 2 * _LONGEST_NAME]):
            yield _share(found["name"], found)


def _json_shares(text: str) -> Iterator[_Share]:
    for value in lenient_values(text).values:
        yield from _value_shares(value)


def _value_shares(value: JsonValue) -> Iterator[_Share]:
    if not isinstance(value, Mapping):
        return
    name, weight = _first(value, _NAME_KEYS), _first(value, _WEIGHT_KEYS)
    if isinstance(name, str) and (share := _json_share(name, weight)):
        yield share
        return
    for key, item in value.items():
        if isinstance(item, Sequence) and not isinstance(item, str):
            for inner in item:
                yield from _value_shares(inner)
        elif isinstance(item, Mapping):
            share = _json_share(key, _first(item, _WEIGHT_KEYS))
            yield from (share,) if share else _value_shares(item)
        elif share := _json_share(key, item):
            yield share


def _first(members: Mapping[str, JsonValue], keys: Sequence[str]) -> JsonValue:
    return next((members[key] for key in keys if key in members), None)


def _json_share(name: str, weight: JsonValue) -> _Share | None:
    if isinstance(weight, bool):
        return None
    if isinstance(weight, int | float) and 0 <= weight <= 1e9:
        return _Share(name[:_LONGEST_NAME], float(weight), is_percent=False)
    if isinstance(weight, str) and (found := _WHOLE_NUMBER.match(weight)):
        return _share(name[:_LONGEST_NAME], found)
    return None


def _share(name: str, found: re.Match[str]) -> _Share:
    weight = float(found["number"].replace(",", "."))
    return _Share(name, weight, is_percent=found["percent"] is not None)

"""Training of the span scorer: listwise, on questions with passages and right answers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .candidates import answer_key
from .choosing import overlap_of_words
from .features import Features
from .passages import Source
from .reading import Material, prepare
from .scorer import FIELD_ROWS, Weights, fresh_parameters
from .span_columns import COVERAGE_COLUMN
from .tokens import FloatArray, IntArray

_LEAST_OVERLAP = 0.6
"""Word overlap (F1) from which a span counts as right where no span is right to the letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A question, its passages, and the answers that count as right; none: unanswerable here."""

    question: str
    """The question."""
    answers: tuple[str, ...]
    """Right answers."""
    sources: tuple[Source, ...]
    """Passages to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One example as the trainer sees it."""

    features: Features
    """Features of the spans that are kept."""
    abstention: FloatArray
    """Features of there being no answer."""
    is_right: NDArray[np.bool_]
    """Which spans are right; one more entry at the end for "none of these"."""
    stands_for: FloatArray
    """Log of how many spans each kept one stands for; one more entry at the end, 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to train."""

    hidden: int = 80
    epochs: int = 12
    batch: int = 16
    rate: float = 2e-3
    decay: float = 2e-3
    hash_decay: float = 1e-3
    dropout: float = 0.3
    most_spans: int = 250
    seed: int = 0


def overlap(answer: str, truth: str) -> float:
    """Return the word overlap (F1) of two answers."""
    return overlap_of_words(answer_key(answer).split(), answer_key(truth).split())


def sheet_of(material: Material, answers: Sequence[str], *, settings: Settings) -> Sheet | None:
    """Return an example for the trainer; None where there is nothing to learn."""
    spans, features = material.spans, material.features
    if spans is None or features is None:
        return None
    is_right = _right_spans(spans.keys, answers)
    is_none = not bool(is_right.any())
    keep, stands_for = _sample(is_right, features.dense[:, COVERAGE_COLUMN], settings)
    kept = Features(
        dense=features.dense[keep].astype(np.float16).astype(np.float32),
        fields=features.fields[keep],
        hashed=features.hashed[keep],
    )
    return Sheet(
        features=kept,
        abstention=material.abstention,
        is_right=np.append(is_right[keep], is_none),
        stands_for=np.append(stands_for, np.float32(0)),
    )


def _sample(
    is_right: NDArray[np.bool_], coverage: FloatArray, settings: Settings
) -> tuple[IntArray, FloatArray]:
    """Return which spans are kept, and the log of how many spans each stands for.

    All right spans stay, and as many of the best-covering others as fill half of the room. The
    rest is drawn at random, each drawn one standing for its share of those left out: the sum over
    all spans, and with it the loss, is then right on average.
    """
    rng = np.random.default_rng(settings.seed + len(is_right))
    order = np.argsort(-(is_right * 9.0 + coverage + 0.01 * rng.random(len(is_right))))
    sure = max(settings.most_spans // 2, int(is_right.sum()))
    room = max(settings.most_spans - sure, 1)
    chosen, rest = order[:sure], order[sure:]
    drawn = rng.choice(rest, room, replace=False) if len(rest) > room else rest
    weight = np.log(len(rest) / len(drawn)) if len(drawn) else 0.0
    keep = np.concatenate([chosen, drawn])
    stands_for = np.concatenate([np.zeros(len(chosen)), np.full(len(drawn), weight)])
    return keep, stands_for.astype(np.float32)


def _right_spans(keys: Sequence[str], answers: Sequence[str]) -> NDArray[np.bool_]:
    truths = {answer_key(answer) for answer in answers} - {""}
    exact = np.array([key in truths for key in keys])
    if exact.any() or not truths:
        return exact
    words = frozenset(word for truth in truths for word in truth.split())
    near = np.array(
        [
            max(overlap(key, truth) for truth in truths) if words & set(key.split()) else 0.0
            for key in keys
        ]
    )
    best = near.max(initial=0.0)
    return near >= best - 1e-9 if best >= _LEAST_OVERLAP else np.zeros(len(keys), np.bool_)


def make_sheets(
    examples: Iterable[Example], weights: Weights, *, settings: Settings
) -> list[Sheet]:
    """Return the sheets of all examples that teach something.

    Of the weights only statistics and relevance are used: passages are ranked before reading.
    """
    sheets: list[Sheet] = []
    for example in examples:
        material = prepare(example.question, example.sources, weights)
        sheet = sheet_of(material, example.answers, settings=settings)
        if sheet is not None:
            sheets.append(sheet)
    return sheets


def train_spans(
    sheets: Sequence[Sheet],
    settings: Settings,
    *,
    start: Mapping[str, FloatArray] | None = None,
    on_epoch: Callable[[int, float], None] | None = None,
) -> dict[str, FloatArray]:
    """Return parameters that make right spans likely among all spans of their passages.

    The loss of a sheet is minus the log of the probability of all right spans together, so that
    the scorer may choose which of several equal spans it trusts. Adam, with the rate falling
    to zero.

    Args:
        sheets: What is learned.
        settings: How.
        start: Parameters to go on from; None begins anew.
        on_epoch: Told the number and the mean loss of each pass.
    """
    rng = np.random.default_rng(settings.seed)
    parameters = fresh_parameters(
        sheets[0].features.dense.shape[1], hidden=settings.hidden, rng=rng
    )
    if start is not None:
        parameters = {name: start[name].copy() for name in parameters}
    adam = Adam(parameters, settings)
    steps = settings.epochs * -(-len(sheets) // settings.batch)
    for epoch in range(settings.epochs):
        loss = 0.0
        order: list[int] = rng.permutation(len(sheets)).tolist()
        for first in range(0, len(order), settings.batch):
            batch = [sheets[i] for i in order[first : first + settings.batch]]
            gradient, batch_loss = _gradient(parameters, batch, settings, rng)
            adam.step(parameters, gradient, share_left=1 - adam.steps / (steps + 1))
            loss += batch_loss
        if on_epoch is not None:
            on_epoch(epoch, loss / len(sheets))
    return parameters


def merge_networks(networks: Sequence[dict[str, FloatArray]]) -> dict[str, FloatArray]:
    """Return one wide network that scores as the mean of several."""
    wide = {"dense_hidden", "field_hidden", "hidden_bias", "hidden_out"}
    count = len(networks)
    merged: dict[str, FloatArray] = {}
    for name in networks[0]:
        parts = [network[name] for network in networks]
        if name not in wide:
            merged[name] = np.stack(parts).mean(axis=0).astype(np.float32)
        elif name == "hidden_out":
            merged[name] = np.concatenate(parts) / np.float32(count)
        else:
            merged[name] = np.concatenate(parts, axis=-1)
    return merged


class Adam:
    """Adam, over named arrays that it changes in place."""

    def __init__(self, parameters: dict[str, FloatArray], settings: Settings) -> None:
        self.steps = 0
        self._settings = settings
        self._first = {name: np.zeros_like(value) for name, value in parameters.items()}
        self._second = {name: np.zeros_like(value) for name, value in parameters.items()}

    def step(
        self,
        parameters: dict[str, FloatArray],
        gradient: dict[str, FloatArray],
        *,
        share_left: float,
    ) -> None:
        self.steps += 1
        for name, value in parameters.items():
            decay = self._settings.hash_decay if name == "hash_out" else self._settings.decay
            slope = gradient[name] if "bias" in name else gradient[name] + decay * value
            first, second = self._first[name], self._second[name]
            first += 0.1 * (slope - first)
            second += 0.001 * (slope * slope - second)
            pace = self._settings.rate * share_left * (1 - 0.999**self.steps) ** 0.5
            np.subtract(
                value,
                pace / (1 - 0.9**self.steps) * first / (np.sqrt(second) + 1e-8),
                out=value,
            )


def _gradient(
    parameters: dict[str, FloatArray],
    batch: Sequence[Sheet],
    settings: Settings,
    rng: np.random.Generator,
) -> tuple[dict[str, FloatArray], float]:
    dense = np.concatenate([sheet.features.dense for sheet in batch])
    fields = np.concatenate([sheet.features.fields for sheet in batch])
    hashed = np.concatenate([sheet.features.hashed for sheet in batch])
    size = len(parameters["hidden_bias"])
    drawn: FloatArray = rng.random(size, dtype=np.float32)
    mask = np.where(drawn > settings.dropout, np.float32(1 / (1 - settings.dropout)), np.float32(0))
    before = dense @ parameters["dense_hidden"] + parameters["hidden_bias"]
    for column in fields.T:
        before += parameters["field_hidden"][column]
    hidden = np.maximum(before, 0) * mask
    score = hidden @ parameters["hidden_out"] + dense @ parameters["dense_out"]
    score += parameters["field_out"][fields].sum(axis=1)
    score += parameters["hash_out"][hashed].sum(axis=1)
    slope, abstain, loss = _slopes(score, parameters["abstain_out"], batch)
    hidden_slope = np.outer(slope, parameters["hidden_out"]) * (hidden > 0) * mask
    return {
        "dense_hidden": dense.T @ hidden_slope,
        "field_hidden": _sum_by_class(fields, hidden_slope),
        "hidden_bias": hidden_slope.sum(axis=0),
        "hidden_out": hidden.T @ slope,
        "dense_out": dense.T @ slope,
        "field_out": np.bincount(
            fields.ravel(), weights=np.repeat(slope, fields.shape[1]), minlength=FIELD_ROWS
        ).astype(np.float32),
        "hash_out": np.bincount(
            hashed.ravel(),
            weights=np.repeat(slope, hashed.shape[1]),
            minlength=len(parameters["hash_out"]),
        ).astype(np.float32),
        "abstain_out": abstain,
    }, loss


def _sum_by_class(fields: NDArray[np.int32], values: FloatArray) -> FloatArray:
    """Return for each class of each field the sum of the rows that carry it."""
    total = np.zeros((FIELD_ROWS, values.shape[1]), np.float32)
    for column in fields.T:
        order = np.argsort(column, kind="stable")
        ordered = column[order]
        starts = np.flatnonzero(np.diff(ordered, prepend=-1))
        total[ordered[starts]] = np.add.reduceat(values[order], starts, axis=0)
    return total


def _slopes(
    score: FloatArray, abstain_out: FloatArray, batch: Sequence[Sheet]
) -> tuple[FloatArray, FloatArray, float]:
    slope = np.empty_like(score)
    abstain = np.zeros_like(abstain_out)
    loss, start = 0.0, 0
    for sheet in batch:
        end = start + len(sheet.is_right) - 1
        scores = np.append(score[start:end], sheet.abstention @ abstain_out) + sheet.stands_for
        probs = np.exp(scores - scores.max())
        probs /= probs.sum()
        right = probs * sheet.is_right
        mass = max(float(right.sum()), 1e-9)
        difference = (probs - right / mass) / len(batch)
        slope[start:end] = difference[:-1]
        abstain += difference[-1] * sheet.abstention
        loss -= float(np.log(mass))
        start = end
    return slope, abstain, loss

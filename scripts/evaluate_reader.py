"""Measure the extractive reasoner on articles that its weights never saw.

    python scripts/train_reader.py FOLDER --held-out 0 --folds 2 --out /tmp/held0.npz
    python scripts/train_reader.py FOLDER --held-out 1 --folds 2 --out /tmp/held1.npz
    python scripts/evaluate_reader.py FOLDER --weights /tmp/held0.npz /tmp/held1.npz

The first weights are measured on fold 0, the second on fold 1, and so on: a table for each fold,
and one over the questions of all together, each read with weights that saw nothing of its article.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from zlib import crc32

import numpy as np
from reading_library import (
    Library,
    Retrieved,
    is_span_question,
    load_library,
    retrieve,
    source_of,
)
from reading_sets import Item, fold_of

from sonde.benchmarks.scoring import exact_match, f1
from sonde.models.extractive.calibration import calibration_error
from sonde.models.extractive.candidates import answer_key
from sonde.models.extractive.negatives import without_passages, without_sentences
from sonde.models.extractive.reading import Reading, read
from sonde.models.extractive.reasoner import is_worth_following
from sonde.models.extractive.scorer import Weights, read_weights

COVERAGE = 0.8
SCORED = 450
DRAWS = 200
FEW = 5
"""Answers of a set that is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How one question went."""

    em: bool
    f1: float
    confidence: float
    is_abstention: bool
    in_sentence: bool
    in_first_two: bool
    in_first_five: bool
    right: float
    """Probability of the right answer; 0 where it is no candidate."""
    probabilities: tuple[float, ...]
    """Those of all candidates, largest first."""
    is_for_threshold: bool
    """Whether the question sets the threshold of the conformal sets; the others measure them."""
    least: float | None
    """Least probability of a member of the set on the screen; None where there is no such set."""


def score_of(reading: Reading, item: Item) -> Score:
    """Return how a reading compares with the right answers."""
    best = reading.chosen
    text = best.text if best is not None else ""
    keys = [key for key in map(answer_key, item.answers) if key]
    bodies = [answer_key(f"{p.source.title} {p.source.text}") for p in reading.passages_by_worth()]
    sentence = answer_key(shown_sentence(reading))
    return Score(
        em=any(exact_match(text, truth) for truth in item.answers),
        f1=max(f1(text, truth) for truth in item.answers),
        confidence=best.probability if best is not None else 0.0,
        is_abstention=reading.is_declined,
        in_sentence=any(key in sentence for key in keys),
        in_first_two=any(key in body for key in keys for body in bodies[:2]),
        in_first_five=any(key in body for key in keys for body in bodies[:5]),
        right=_right(reading, keys),
        probabilities=tuple(answer.probability for answer in reading.answers),
        is_for_threshold=crc32(item.question.encode()) // 2 % 2 == 0,
        least=reading.set_rule.least if reading.set_rule is not None else None,
    )


def _right(reading: Reading, keys: Sequence[str]) -> float:
    """Return the largest probability of an answer that is right, in one of its wordings."""
    spans = reading.material.spans
    return max(
        (
            answer.probability
            for answer in reading.answers
            if answer.key in keys
            or (spans is not None and any(spans.keys[place] in keys for place in answer.places))
        ),
        default=0.0,
    )


def shown_sentence(reading: Reading) -> str:
    """Return the sentence that is shown with the answer."""
    spans = reading.material.spans
    place = reading.place_shown(reading.chosen) if reading.chosen else None
    if spans is None or place is None:
        return ""
    row = spans.frame.rows[int(spans.frame.row[spans.begin[place]])]
    passage = reading.material.passages[row.passage]
    span = passage.table.sentences[row.place]
    return passage.source.text[span.start : span.end]


HEADER = f"{'task':26s} {'n':>5s} {'EM':>13s} {'F1':>13s} {'sentence':>13s} " + " ".join(
    f"{name:>6s}" for name in "top2 top5 ECE luck acc50 acc25 abst".split()
)


def line(name: str, scores: Sequence[Score]) -> str:
    """Return one row of the table; behind +- stands the standard error."""
    hits = np.array([score.em for score in scores], np.float64)
    order = np.argsort([-score.confidence for score in scores], kind="stable")
    share = {cut: float(hits[order[: max(1, len(hits) // cut)]].mean()) for cut in (2, 4)}
    error = calibration_error([s.confidence for s in scores], [s.em for s in scores])

    def mean(value: Callable[[Score], float]) -> float:
        return float(np.mean([value(score) for score in scores]))

    def with_error(value: Callable[[Score], float]) -> str:
        spread = float(np.std([value(score) for score in scores])) / len(scores) ** 0.5
        return f"{mean(value):.3f} +- {spread:.3f}"

    return (
        f"{name:26s} {len(scores):5d} {with_error(lambda s: s.em)} {with_error(lambda s: s.f1)} "
        f"{with_error(lambda s: s.in_sentence)} {mean(lambda s: s.in_first_two):6.3f} "
        f"{mean(lambda s: s.in_first_five):6.3f} {error:6.3f} {chance_error(scores):6.3f} "
        f"{share[2]:6.3f} {share[4]:6.3f} "
        f"{mean(lambda s: s.is_abstention):6.3f}"
    )


def chance_error(scores: Sequence[Score]) -> float:
    """Return the error of calibration that confidences which are true would show by chance."""
    rng = np.random.default_rng(0)
    sure = np.array([score.confidence for score in scores])
    draws = [rng.random(len(sure)) < sure for _ in range(DRAWS)]
    return float(np.mean([calibration_error(sure.tolist(), hits.tolist()) for hits in draws]))


def screen_line(name: str, scores: Sequence[Score]) -> str:
    """Return how well the sets on the screen hold the answer: their rule is in the weights."""
    ruled = [(score, score.least) for score in scores if score.least is not None]
    if not ruled:
        return f"{name}: no sets on the screen"
    sizes = [max(1, sum(p >= least for p in score.probabilities)) for score, least in ruled]
    held = [
        score.right >= least or score.right == max(score.probabilities) for score, least in ruled
    ]
    small = [is_held for size, is_held in zip(sizes, held, strict=True) if size <= FEW]
    return (
        f"{name}: sets on the screen: coverage {np.mean(held):.3f}, size {np.median(sizes):.0f} "
        f"(median), {np.quantile(sizes, 0.25):.0f} to {np.quantile(sizes, 0.75):.0f} (middle "
        f"half), at most {FEW}: {len(small) / len(ruled):.3f}, which hold it in "
        f"{np.mean(small or [0]):.3f}, n {len(ruled)}"
    )


def sets_line(name: str, folds: Sequence[Sequence[Score]]) -> str:
    """Return how well conformal sets hold the answer, and how large they are.

    Within each fold one half of the questions sets the threshold and the other half measures: a
    set is all candidates that are at least as likely as the threshold.
    """
    covered: list[bool] = []
    sizes: list[int] = []
    for scores in folds:
        known = sorted(1 - score.right for score in scores if score.is_for_threshold)
        place = min(len(known), ceil((len(known) + 1) * COVERAGE)) - 1
        least = 1 - known[place]
        for score in scores:
            if not score.is_for_threshold:
                covered.append(score.right >= least)
                sizes.append(sum(p >= least for p in score.probabilities))
    return (
        f"{name}: sets at {COVERAGE:.0%}: coverage {np.mean(covered):.3f}, "
        f"size {np.median(sizes):.0f} (median), {np.quantile(sizes, 0.25):.0f} to "
        f"{np.quantile(sizes, 0.75):.0f} (middle half), n {len(sizes)}"
    )


def part_of(item: Item, place: int) -> str:
    """Return the part of a fold that a question belongs to.

    Whatever was chosen by looking at figures was chosen on the development part: of NQ all after
    the first 450 questions of a fold, of HotpotQA those whose checksum is even.
    """
    is_scored = place < SCORED if item.page is not None else crc32(item.question.encode()) % 2 == 1
    return "scored" if is_scored else "development"


def scores_of_fold(
    library: Library, weights: Weights, *, held_out: int, folds: int, part: str
) -> dict[str, list[Score]]:
    """Return the scores of one fold by task."""

    def some(items: Sequence[Item]) -> list[Item]:
        held = [i for i in items if fold_of(i.article, folds) == held_out]
        return [i for place, i in enumerate(held) if part in ("all", part_of(i, place))]

    nq = [retrieve(item, library.natural_index, weights) for item in some(library.natural)]
    hops = [retrieve(item, library.hotpot_index, weights) for item in some(library.hotpot)]
    scores: dict[str, list[Score]] = {}

    def add(task: str, found: Retrieved, reading: Reading) -> None:
        scores.setdefault(task, []).append(score_of(reading, found.item))

    for f in nq:
        question = f.item.question
        page = (source_of(f.item.page, 0),) if f.item.page is not None else ()
        first = read(question, f.opening, weights)
        lacking = read(question, without_passages(f.opening, f.item.answers), weights)
        silent = read(question, without_sentences(f.opening, f.item.answers), weights)
        bare = read(question, without_sentences(page, f.item.answers), weights)
        is_followed = is_worth_following(first, 2)
        add("NQ gold paragraph", f, read(question, page, weights))
        add("NQ open", f, first)
        add("NQ open, as run", f, read(question, f.followed, weights) if is_followed else first)
        add("NQ open, pages away", f, lacking)
        add("NQ open, sentences away", f, silent)
        add("NQ page, sentences away", f, bare)
    for f in hops:
        reading = read(f.item.question, f.followed, weights)
        add("HotpotQA open, all", f, reading)
        if is_span_question(f.item):
            add("HotpotQA open, no yes/no", f, reading)
            add("HotpotQA, first step", f, read(f.item.question, f.opening, weights))
    return scores


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="folder of the reading sets")
    parser.add_argument("--weights", type=Path, nargs="+", required=True, help="one for each fold")
    parser.add_argument("--part", choices=("scored", "development", "all"), default="scored")
    args = parser.parse_args()
    library = load_library(args.folder)
    folds = [
        scores_of_fold(
            library,
            read_weights(path.read_bytes()),
            held_out=number,
            folds=max(2, len(args.weights)),
            part=args.part,
        )
        for number, path in enumerate(args.weights)
    ]
    for number, fold in enumerate(folds):
        if len(folds) > 1:
            print(f"fold {number}")
            print_table([fold])
            print()
    print_table(folds)


def print_table(folds: Sequence[dict[str, list[Score]]]) -> None:
    """Print the table over the questions of some folds."""
    print(HEADER)
    for task in folds[0]:
        print(line(task, [score for fold in folds for score in fold[task]]))
    for task in ("NQ gold paragraph", "NQ open", "HotpotQA open, no yes/no"):
        print(sets_line(task, [fold[task] for fold in folds]))
    for task in ("NQ gold paragraph", "NQ open", "NQ open, as run", "HotpotQA open, no yes/no"):
        print(screen_line(task, [score for fold in folds for score in fold[task]]), flush=True)


if __name__ == "__main__":
    main()

"""Measure the extractive reasoner on articles that its weights never saw.

    python scripts/train_reader.py FOLDER --held-out 0 --folds 2 --out /tmp/held.npz
    python scripts/evaluate_reader.py FOLDER --weights /tmp/held.npz --held-out 0 --folds 2

With --suite and --corpus (JSON lines) it answers a suite end to end, over the corpus index.
"""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from reading_sets import Item, fold_of
from train_reader import (
    Retrieved,
    is_span_question,
    load_library,
    retrieve,
    source_of,
    without_answer,
)

from sonde.benchmarks.scoring import exact_match, f1
from sonde.models.extractive.calibration import calibration_error
from sonde.models.extractive.candidates import answer_key
from sonde.models.extractive.passages import Source
from sonde.models.extractive.reading import Reading, read
from sonde.models.extractive.reasoner import ExtractiveReasoner
from sonde.models.extractive.scorer import Weights, read_weights
from sonde.records.decision import Decision
from sonde.records.evidence import Passage
from sonde.records.report import Report
from sonde.records.tooling import ToolKind, ToolResult, ToolSpec
from sonde.records.view import Turn, View
from sonde.tools.corpus.corpus import Corpus

MOST_ROUNDS = 6
SEARCH = ToolSpec(name="search", description="", parameters={}, kind=ToolKind.SEARCH)


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


def score_of(reading: Reading, item: Item) -> Score:
    """Return how a reading compares with the right answers."""
    best = reading.answers[0] if reading.answers else None
    text = best.text if best is not None else ""
    keys = [key for key in map(answer_key, item.answers) if key]
    bodies = [answer_key(f"{p.source.title} {p.source.text}") for p in reading.material.passages]
    sentence = answer_key(first_sentence(reading))
    return Score(
        em=any(exact_match(text, truth) for truth in item.answers),
        f1=max(f1(text, truth) for truth in item.answers),
        confidence=best.probability if best is not None else 0.0,
        is_abstention=reading.none_of_these > 0.5,
        in_sentence=any(key in sentence for key in keys),
        in_first_two=any(key in body for key in keys for body in bodies[:2]),
        in_first_five=any(key in body for key in keys for body in bodies[:5]),
    )


def first_sentence(reading: Reading) -> str:
    """Return the sentence that is shown first: that of the likeliest answer."""
    spans = reading.material.spans
    place = reading.place_shown(reading.answers[0]) if reading.answers else None
    if spans is None or place is None:
        return ""
    row = spans.frame.rows[int(spans.frame.row[spans.begin[place]])]
    passage = reading.material.passages[row.passage]
    span = passage.table.sentences[row.place]
    return passage.source.text[span.start : span.end]


def line(name: str, scores: Sequence[Score]) -> str:
    """Return one row of the table."""
    hits = np.array([score.em for score in scores], np.float64)
    order = np.argsort([-score.confidence for score in scores], kind="stable")
    share = {cut: float(hits[order[: max(1, len(hits) // cut)]].mean()) for cut in (2, 4)}
    error = calibration_error([s.confidence for s in scores], [s.em for s in scores])

    def mean(value: Callable[[Score], float]) -> float:
        return float(np.mean([value(score) for score in scores]))

    return (
        f"{name:26s} {len(scores):5d} {hits.mean():6.3f} {mean(lambda s: s.f1):6.3f} "
        f"{mean(lambda s: s.in_sentence):6.3f} {mean(lambda s: s.in_first_two):6.3f} "
        f"{mean(lambda s: s.in_first_five):6.3f} {error:6.3f} {share[2]:6.3f} {share[4]:6.3f} "
        f"{mean(lambda s: s.is_abstention):6.3f}"
    )


HEADER = f"{'task':26s} {'n':>5s} " + " ".join(
    f"{name:>6s}" for name in "EM F1 sent top2 top5 ECE acc50 acc25 abst".split()
)


def scored(
    found: Sequence[Retrieved], pick: Callable[[Retrieved], Sequence[Source]], weights: Weights
) -> list[Score]:
    """Return scores of reading what `pick` takes of each retrieval."""
    return [score_of(read(f.item.question, pick(f), weights), f.item) for f in found]


def own_page(found: Retrieved) -> tuple[Source, ...]:
    """Return the page that a question was asked about."""
    return (source_of(found.item.page, 0),) if found.item.page is not None else ()


def unanswerable(found: Retrieved) -> tuple[Source, ...]:
    """Return what was found, without the pages that hold the answer."""
    return without_answer(found.opening, found.item)


def print_held_out(folder: Path, weights: Weights, *, held_out: int, folds: int) -> None:
    """Print the table over one held-out fold of the reading sets."""
    library = load_library(folder)
    natural = [i for i in library.natural if fold_of(i.article, folds) == held_out]
    hotpot = [i for i in library.hotpot if fold_of(i.article, folds) == held_out]
    nq = [retrieve(item, library.natural_index, weights) for item in natural]
    hops = [retrieve(item, library.hotpot_index, weights) for item in hotpot]
    open_hops = [found for found in hops if is_span_question(found.item)]
    print(HEADER)
    print(line("NQ gold paragraph", scored(nq, own_page, weights)))
    print(line("NQ open", scored(nq, lambda f: f.opening, weights)))
    print(line("NQ open, followed up", scored(nq, lambda f: f.followed, weights)))
    print(line("NQ without the answer", scored(nq, unanswerable, weights)))
    print(line("HotpotQA open, all", scored(hops, lambda f: f.followed, weights)))
    print(line("HotpotQA open, no yes/no", scored(open_hops, lambda f: f.followed, weights)))
    print(line("HotpotQA, first step", scored(open_hops, lambda f: f.opening, weights)))


def search_all(corpus: Corpus, queries: Sequence[str], *, limit: int) -> tuple[Passage, ...]:
    """Return passages for several queries: the best of each first, each passage once."""
    best: dict[str, tuple[int, Passage]] = {}
    for query in queries:
        for rank, passage in enumerate(corpus.search(query, limit=limit)):
            key = f"{passage.doc_id}:{passage.start}"
            if key not in best or best[key][0] > rank:
                best[key] = (rank, replace(passage, evidence_id=key))
    ranked = sorted(best.values(), key=lambda pair: pair[0])
    return tuple(passage for _, passage in ranked[:limit])


async def answer(question: str, corpus: Corpus, reasoner: ExtractiveReasoner) -> list[Decision]:
    """Return the decisions of a whole run."""
    decisions: list[Decision] = []
    report, turns = Report(), tuple[Turn, ...]()
    for number in range(1, MOST_ROUNDS + 1):
        view = View(question=question, report=report, turns=turns, tokens=0, round=number)
        decision = await reasoner.decide(view, [SEARCH], is_final=number == MOST_ROUNDS)
        decisions.append(decision)
        if decision.draft is not None:
            break
        action, report = decision.actions[0], decision.report
        queries, limit = action.arguments["queries"], action.arguments["limit"]
        assert isinstance(queries, list) and isinstance(limit, int)
        passages = search_all(corpus, [str(query) for query in queries], limit=limit)
        result = ToolResult(text="", passages=passages)
        turns = (Turn(action=action, observation="", result=result),)
    return decisions


def print_suite(suite: Path, corpus_file: Path, weights: Weights) -> None:
    """Print how a suite is answered end to end."""
    rows = [json.loads(text) for text in suite.read_text(encoding="utf-8").splitlines()]
    reasoner = ExtractiveReasoner(weights)
    hits: list[bool] = []
    overlaps: list[float] = []
    abstentions, rounds, cpu = 0, list[int](), list[float]()
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus.open([corpus_file], index_root=Path(folder))
        for row in rows:
            decisions = asyncio.run(answer(row["input"], corpus, reasoner))
            draft = decisions[-1].draft
            text = draft.text if draft is not None and not draft.is_abstention else ""
            abstentions += int(draft is None or draft.is_abstention)
            hits.append(exact_match(text, row["target"]))
            overlaps.append(f1(text, row["target"]))
            rounds.append(len(decisions))
            cpu += [decision.work.cpu_s * 1000 for decision in decisions]
        corpus.close()
    print(
        f"{suite.stem}: n {len(rows)}, EM {np.mean(hits):.3f}, F1 {np.mean(overlaps):.3f}, "
        f"abstained {abstentions}, rounds {np.mean(rounds):.2f}, "
        f"CPU a round {np.mean(cpu):.0f} ms (95% within {np.quantile(cpu, 0.95):.0f} ms)"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", help="folder of the reading sets")
    parser.add_argument("--weights", type=Path, required=True, help="weights to measure")
    parser.add_argument("--held-out", type=int, default=0, help="fold that they never saw")
    parser.add_argument("--folds", type=int, default=2, help="number of folds")
    parser.add_argument("--suite", type=Path, help="questions to answer end to end")
    parser.add_argument("--corpus", type=Path, help="documents of the suite")
    args = parser.parse_args()
    weights = read_weights(args.weights.read_bytes())
    if args.folder is not None:
        print_held_out(args.folder, weights, held_out=args.held_out, folds=args.folds)
    if args.suite is not None and args.corpus is not None:
        print_suite(args.suite, args.corpus, weights)


if __name__ == "__main__":
    main()

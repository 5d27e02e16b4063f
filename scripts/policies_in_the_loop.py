"""What policies are worth in the research loop: searches, and a certified stop.

Run: python scripts/policies_in_the_loop.py searches|certified [--questions N]

Needs the folder that SONDE_SHARED_DATA names. `searches` and `certified` use the extractive reader,
whose shipped weights were also taught questions of these sets: figures on it compare policies with
each other, and nothing else.
"""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from policy_tables import SHARED, print_table, write_open_corpus
from threadpoolctl import threadpool_limits

from sonde import Agent, Corpus
from sonde.benchmarks.calibration.calibrating import (
    Plan,
    agent_maker,
    calibrate,
)
from sonde.benchmarks.calibration.fitting import confidence_grid
from sonde.benchmarks.calibration.playing import Played, play
from sonde.benchmarks.scorers.registry import scorer
from sonde.benchmarks.scorers.score import ANSWER_ALONE, Scorer
from sonde.benchmarks.suites.loading import load_suite
from sonde.benchmarks.suites.suite import Suite, Task
from sonde.memory.evidence import EvidenceStore
from sonde.memory.home import Home
from sonde.models.extractive.reasoner import ExtractiveReasoner
from sonde.policies.conformal import LengthThresholds
from sonde.policies.conformal_pursuit import ConformalPursuit
from sonde.policies.learn_then_test import Refusal, learn_then_test, stop_lengths
from sonde.policies.query_policy import QueryPolicy
from sonde.records.events import Event, ToolReturned

_SEARCHES = 5
_LEVELS = (0.2, 0.3, 0.4, 0.5)
_SPLITS = 30


def main() -> None:
    """Print the tables of one part."""
    parser = argparse.ArgumentParser(description="Policies in the research loop.")
    parser.add_argument("part", choices=["searches", "certified"])
    parser.add_argument("--questions", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, threadpool_limits(limits=1):
        if options.part == "searches":
            _print_searches(Path(folder), options.questions)
        else:
            _print_certified(Path(folder), options.questions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What one question came to."""

    recall: tuple[float, ...]
    """Share of the gold pages seen after 1, 2 ... searches."""
    is_right: bool
    searches: int
    cpu_s: float


def _print_searches(folder: Path, questions: int) -> None:
    dev = load_suite(SHARED / "suites" / "hotpot_dev100.jsonl", scorer="hotpot")
    sample = _open_hotpot(folder, questions)
    for title, suite, gold in (
        ("HotpotQA dev, 100 questions, gold pages", dev, _gold_titles),
        ("HotpotQA open, pages that hold the answer", sample, _holds_answer),
    ):
        with Corpus.open(list(suite.corpus), index_root=folder / "index") as corpus:
            half = len(suite.tasks) // 2
            pursuit = _reader_pursuit(corpus, suite.tasks[:half], folder)
            rows: list[tuple[object, ...]] = []
            for name, policy, reasoner in _searchers(pursuit):
                agent = Agent(
                    reasoner, corpus=corpus, policy=policy, seed=0, home=folder / "home", environ={}
                )
                found = asyncio.run(_search_all(agent, suite.tasks[half:], folder / "home", gold))
                rows.append((name, *_means(found)))
            columns = ["policy", *(f"after {k}" for k in range(1, _SEARCHES + 1)),
                       "exact match", "searches", "CPU s"]  # fmt: skip
            print_table(f"{title} ({len(suite.tasks) - half} questions)", columns, rows)


def _searchers(
    pursuit: ConformalPursuit,
) -> list[tuple[str, str | QueryPolicy, ExtractiveReasoner]]:
    def eager(is_batching: bool) -> ExtractiveReasoner:
        return ExtractiveReasoner(
            is_batching=is_batching, most_searches=_SEARCHES, is_eager=not is_batching
        )

    return [
        ("model, all queries at once (the default)", "model", ExtractiveReasoner()),
        ("model, one query a search", "model", eager(False)),
        ("gain", "gain", eager(False)),
        ("cip", pursuit, eager(False)),
        ("random", "random", eager(False)),
    ]


def _reader_pursuit(corpus: Corpus, tasks: Sequence[Task], folder: Path) -> ConformalPursuit:
    """Return C-IP with thresholds from histories of the random policy."""
    home = folder / "random"
    agent = Agent(
        ExtractiveReasoner(is_batching=False, most_searches=_SEARCHES, is_eager=True),
        corpus=corpus, policy="random", home=home, environ={},
    )  # fmt: skip
    played = asyncio.run(_play_all(agent, tasks, home))
    rows = [_drawn_out([look.probabilities[0] for look in each.looks]) for each in played]
    return ConformalPursuit(thresholds=LengthThresholds.fit(np.array(rows), alpha=0.1).values)


def _drawn_out(row: Sequence[float], length: int = _SEARCHES + 1) -> list[float]:
    return [*row, *[row[-1]] * length][:length]


async def _play_all(agent: Agent, tasks: Sequence[Task], home: Path) -> list[Played]:
    judge = scorer("hotpot")
    return [await play(agent, task, home=home, score=judge) for task in tasks]


IsGold = Callable[[Task, Sequence[tuple[str, str]]], float]


async def _search_all(
    agent: Agent, tasks: Sequence[Task], home: Path, gold: IsGold
) -> list[Searched]:
    judge = scorer("hotpot")
    found: list[Searched] = []
    for task in tasks:
        rounds: list[Sequence[str]] = []

        def listen(event: Event, rounds: list[Sequence[str]] = rounds) -> None:
            if isinstance(event, ToolReturned):
                rounds.append(event.evidence_ids)

        result = await agent.arun(task.input, listeners=[listen])
        store = EvidenceStore(Home(home).run(result.run_id).evidence)
        pages = {page.evidence_id: (page.title, page.text) for page in store.pages()}
        store.close()
        seen: list[tuple[str, str]] = []
        recall: list[float] = []
        for ids in rounds:
            seen += [pages[each] for each in ids]
            recall.append(gold(task, seen))
        found.append(
            Searched(
                recall=tuple(_drawn_out(recall or [0.0], _SEARCHES)),
                is_right=_score(judge, task, result.answer),
                searches=len(rounds),
                cpu_s=result.cpu_s or 0.0,
            )
        )
    return found


def _score(judge: Scorer, task: Task, answer: str | None) -> bool:
    return judge(task, answer, ANSWER_ALONE).value >= 1


def _means(found: Sequence[Searched]) -> list[float]:
    recalls = np.array([each.recall for each in found]).mean(axis=0).tolist()
    return [
        *recalls,
        float(np.mean([each.is_right for each in found])),
        float(np.mean([each.searches for each in found])),
        float(np.mean([each.cpu_s for each in found])),
    ]


def _gold_titles(task: Task, seen: Sequence[tuple[str, str]]) -> float:
    gold = task.metadata["gold_titles"]
    wanted = {str(each) for each in gold} if isinstance(gold, list | tuple) else set[str]()
    return len(wanted & {title for title, _ in seen}) / len(wanted)


def _holds_answer(task: Task, seen: Sequence[tuple[str, str]]) -> float:
    return float(any(task.target[0].lower() in text.lower() for _, text in seen))


def _open_hotpot(folder: Path, questions: int) -> Suite:
    data = json.loads((SHARED / "reading" / "hotpot_open.json").read_text(encoding="utf-8"))
    path = folder / "open_corpus.jsonl"
    write_open_corpus(path, data["corpus"])
    kept = [item for item in data["questions"] if item["answer"].lower() not in ("yes", "no")]
    order = np.random.default_rng(0).permutation(len(kept))[:questions]
    tasks = tuple(
        Task(
            id=str(kept[i]["id"]), input=str(kept[i]["question"]), target=(str(kept[i]["answer"]),)
        )
        for i in order
    )
    return Suite(name="hotpot_open", tasks=tasks, scorer="hotpot", corpus=(path,))


def _print_certified(folder: Path, questions: int) -> None:
    suite = _natural_questions(folder, questions)
    with Corpus.open(list(suite.corpus), index_root=folder / "index") as corpus:
        agent = Agent(corpus=corpus, home=folder / "home", environ={})
        played = asyncio.run(_play_all(agent, suite.tasks, folder / "home"))
        _print_splits(played)
        _print_one_split(suite, corpus, folder)


def _print_splits(played: Sequence[Played]) -> None:
    """Print how often the promise is kept over random halves of the same episodes."""
    episodes = [each.episode("stop") for each in played]
    longest = max(len(each.confidences) for each in episodes)
    confidences = np.array([_drawn_out(each.confidences, longest) for each in episodes])
    right = np.array([_drawn_out(each.is_right, longest) for each in episodes], dtype=np.float64)
    rows: list[tuple[object, ...]] = []
    for population in ("answered", "all"):
        for alpha in (0.1, *_LEVELS):
            errors: list[float] = []
            shares: list[float] = []
            for split in range(_SPLITS):
                order = np.random.default_rng(split).permutation(len(played))
                fit, first, second = np.split(order, [len(order) // 6, len(order) // 2])
                stop = learn_then_test(
                    confidences[first], right[first] > 0, alpha=alpha, delta=0.1,
                    population=population, grid=confidence_grid(confidences[fit].max(axis=1)),
                )  # fmt: skip
                if isinstance(stop, Refusal):
                    continue
                lengths = stop_lengths(confidences[second], stop.value)
                ends = confidences[second, lengths] >= stop.value
                counts = ends if population == "answered" else np.ones_like(ends)
                errors.append(float(1 - right[second, lengths][counts].mean()))
                shares.append(float(ends.mean()))
            rows.append(_kept(population, alpha, errors, shares))
    columns = ["of", "level", "refused", "error, mean", "above the level", "runs that reach it"]
    print_table(f"Certified stop, {_SPLITS} halves of {len(played)} questions", columns, rows)


def _kept(
    population: str, alpha: float, errors: Sequence[float], shares: Sequence[float]
) -> tuple[object, ...]:
    refused = f"{_SPLITS - len(errors)}/{_SPLITS}"
    if not errors:
        return (population, alpha, refused, "", "", "")
    above = f"{sum(each > alpha for each in errors)}/{len(errors)}"
    return (population, alpha, refused, float(np.mean(errors)), above, float(np.mean(shares)))


def _print_one_split(suite: Suite, corpus: Corpus, folder: Path) -> None:
    """Calibrate on one half through the command's own path, and ask the other half under it."""
    half = len(suite.tasks) // 2
    first = Suite(name="first", tasks=suite.tasks[:half], scorer="hotpot", corpus=suite.corpus)
    make = agent_maker(None, corpus, options={"environ": {}})
    found = asyncio.run(calibrate(first, make, Plan()))
    judge = scorer("hotpot")
    rows: list[tuple[object, ...]] = []
    for alpha in _LEVELS:
        agent = Agent(
            corpus=corpus, calibration=found.calibration, alpha=alpha, environ={},
            home=folder / f"home-{alpha}",
        )  # fmt: skip
        results = asyncio.run(_ask_all(agent, suite.tasks[half:]))
        certified = [
            (task, result)
            for task, result in zip(suite.tasks[half:], results, strict=True)
            if result.certificate and result.certificate.is_valid
        ]
        wrong = sum(not _score(judge, task, result.answer) for task, result in certified)
        standings = {result.certificate.standing for result in results if result.certificate}
        rows.append(
            (alpha, ", ".join(sorted(standings)), len(certified), wrong / max(1, len(certified)))
        )
    columns = ["level", "standings", "certified runs", "of them wrong"]
    print_table(f"In the loop: {half} to calibrate on, the rest asked", columns, rows)


async def _ask_all(agent: Agent, tasks: Sequence[Task]):
    return [await agent.arun(task.input) for task in tasks]


def _natural_questions(folder: Path, questions: int) -> Suite:
    lines = (SHARED / "reading" / "nq_oracle.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    path = folder / "nq_corpus.jsonl"
    write_open_corpus(
        path, [f"{row['ctxs'][0]['title']}\n{row['ctxs'][0]['text']}" for row in rows]
    )
    order = np.random.default_rng(0).permutation(len(rows))[:questions]
    tasks = tuple(
        Task(id=f"q{i}", input=rows[i]["question"], target=tuple(rows[i]["answers"])) for i in order
    )
    return Suite(name="nq", tasks=tasks, scorer="hotpot", corpus=(path,))


if __name__ == "__main__":
    main()

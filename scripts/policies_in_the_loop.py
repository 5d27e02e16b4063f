"""What policies are worth in the research loop: searches, a certified stop, and a simulation.

Run: python scripts/policies_in_the_loop.py searches|certified|simulation [--questions N]

Needs the folder that SONDE_SHARED_DATA names. `searches` and `certified` use the extractive reader,
whose shipped weights were also taught questions of these sets: figures on it compare policies with
each other, and nothing else. `simulation` measures no model.
"""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from policy_tables import SHARED, print_table, read_animals
from reading_sets import write_open_corpus
from threadpoolctl import threadpool_limits

from sonde import Agent, Budget, Corpus
from sonde.benchmarks.calibration.calibrating import (
    Plan,
    agent_maker,
    calibrate,
    confidence_grid,
)
from sonde.benchmarks.calibration.playing import Played, play
from sonde.benchmarks.scorers.registry import scorer
from sonde.benchmarks.suites.loading import load_suite
from sonde.benchmarks.suites.suite import Suite, Task
from sonde.memory.evidence import EvidenceStore
from sonde.memory.home import Home
from sonde.models.exact.fact_table import Column, FactTable
from sonde.models.extractive.reasoner import ExtractiveReasoner
from sonde.models.simulated.reasoner import SimulatedReasoner
from sonde.policies.conformal import LengthThresholds
from sonde.policies.conformal_pursuit import ConformalPursuit
from sonde.policies.learn_then_test import Refusal, learn_then_test, stop_lengths
from sonde.policies.query_policy import QueryPolicy
from sonde.policies.rehearsal import by_chance, draw_answers, rehearse
from sonde.policies.table import Table
from sonde.records.events import Event, ToolReturned

_SEARCHES = 5
_LEVELS = (0.2, 0.3, 0.4, 0.5)
_SPLITS = 30
_ROUNDS = 20


def main() -> None:
    """Print the tables of one part."""
    parser = argparse.ArgumentParser(description="Policies in the research loop.")
    parser.add_argument("part", choices=["searches", "certified", "simulation"])
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--games", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, threadpool_limits(limits=1):
        if options.part == "searches":
            _print_searches(Path(folder), options.questions)
        elif options.part == "certified":
            _print_certified(Path(folder), options.questions)
        else:
            _print_simulation(Path(folder), options.games)


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


def _drawn_out(row: list[float], length: int = _SEARCHES + 1) -> list[float]:
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


def _score(judge: Callable[..., object], task: Task, answer: str | None) -> bool:
    from sonde.benchmarks.scorers.score import NOTHING_OBTAINED

    return getattr(judge(task, answer, NOTHING_OBTAINED), "value", 0.0) >= 1


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
    longest = max(len(each.looks) for each in played)
    confidences = np.array(
        [_drawn_out([look.confidence for look in each.looks], longest) for each in played]
    )
    right = np.array(
        [_drawn_out([float(look.is_right) for look in each.looks], longest) for each in played]
    )
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


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedWorld:
    """A simulated reasoner, and an answerer who is wrong now and then."""

    title: str
    wrong_facts: float
    noise: float
    answers_wrong: float
    exponents: tuple[float, ...]


def _print_simulation(folder: Path, games: int) -> None:
    animals = read_animals()
    table = FactTable(
        name="AwA2-50",
        items=tuple(animals.names),
        columns=tuple(Column(name=f"attribute {n}", values=("no", "yes")) for n in range(85)),
        cells=animals.all_50.astype(np.int64),
    )
    measured = _measured_exponents(animals.first_20)
    print("exponents that give the thresholds measured on Llama-3.1-8B:",
          " ".join(f"{each:.2f}" for each in measured))  # fmt: skip
    worlds = [
        SimulatedWorld(title="exact, 10 % of the answers wrong", wrong_facts=0.0, noise=0.1,
                       answers_wrong=0.1, exponents=(1.0,)),
        SimulatedWorld(title="the same, over-confident: exponent 3", wrong_facts=0.0, noise=0.1,
                       answers_wrong=0.1, exponents=(3.0,)),
        SimulatedWorld(title="10 % of its facts wrong", wrong_facts=0.1, noise=0.01,
                       answers_wrong=0.0, exponents=(1.0,)),
        SimulatedWorld(title="10 % of its facts wrong, confidence as measured on Llama-3.1-8B",
                       wrong_facts=0.1, noise=0.01, answers_wrong=0.0, exponents=measured),
    ]  # fmt: skip
    for number, world in enumerate(worlds):
        rows = _simulated_rows(world, table, folder / str(number), games)
        columns = ["policy", "after 5", "after 10", "after 20", "mean of 1 to 20"]
        print_table(f"SIMULATION: {world.title} ({games} games)", columns, rows)


def _simulated_rows(
    world: SimulatedWorld, table: FactTable, folder: Path, games: int
) -> list[tuple[object, ...]]:
    truths = np.random.default_rng(7).permutation(len(table.items))[:games]
    pursuit = _simulated_pursuit(world, table)
    rows: list[tuple[object, ...]] = []
    for name, policy in (("model", "model"), ("gain", "gain"), ("cip", pursuit),
                         ("random", "random")):  # fmt: skip
        curves = [_simulated_game(world, table, int(truth), policy, folder) for truth in truths]
        mean = np.array(curves).mean(axis=0)
        rows.append((name, float(mean[5]), float(mean[10]), float(mean[20]),
                     float(mean[1:].mean())))  # fmt: skip
    return rows


def _reasoner(world: SimulatedWorld, table: FactTable) -> SimulatedReasoner:
    return SimulatedReasoner(
        table, wrong_facts=world.wrong_facts, noise=world.noise, exponents=world.exponents,
        sure_at=2.0, seed=123,
    )  # fmt: skip


def _simulated_game(
    world: SimulatedWorld, table: FactTable, truth: int, policy: str | QueryPolicy, folder: Path
) -> list[float]:
    """Return whether the likeliest item is right after 0, 1 ... questions."""
    luck = np.random.default_rng([truth, 5]).random(len(table.columns))

    def answer(question: str) -> str:
        column = table.column_of(question)
        if column is None:
            raise SystemExit(f"unknown question {question!r}")
        value = int(table.cells[truth, column])
        return ("no", "yes")[1 - value if luck[column] < world.answers_wrong else value]

    agent = Agent(
        _reasoner(world, table), policy=policy, ask_user=answer, seed=truth, home=folder,
        budget=Budget(rounds=_ROUNDS + 1), environ={},
    )  # fmt: skip
    result = agent.run("Which animal is meant?")
    right = [float(each.belief[0].text == table.items[truth]) for each in result.trail]
    return [*right, *[right[-1]] * (_ROUNDS + 1)][: _ROUNDS + 1]


def _simulated_pursuit(world: SimulatedWorld, table: FactTable) -> ConformalPursuit:
    rng = np.random.default_rng(3)
    truth = table.likelihoods(world.answers_wrong)
    belief = _reasoner(world, table).table.likelihoods(world.noise)
    truths = rng.integers(len(table.items), size=100)
    games = rehearse(
        belief, by_chance(rng), draw_answers(truth, truths, rng), rounds=_ROUNDS,
        exponents=world.exponents,
    )  # fmt: skip
    found = LengthThresholds.fit(games.true_probs(truths), alpha=0.1)
    return ConformalPursuit(thresholds=found.values)


def _measured_exponents(matrix: NDArray[np.float64]) -> tuple[float, ...]:
    """Return the power, by number of answers, that gives the quantiles measured on Llama-3.1-8B.

    Simulated: the twenty animals of C-IP, a tenth of the facts wrong, histories at random. For each
    length the power is taken that comes nearest, in squared logarithms, to the measured 10, 30 and
    45 % quantiles of the probability of the truth.
    """
    rng = np.random.default_rng(0)
    is_wrong = rng.random(matrix.shape) < 0.1
    belief = Table.binary(np.where(is_wrong, 1 - matrix, matrix), noise=0.01)
    truths = np.repeat(np.arange(len(matrix)), 20)
    answers = draw_answers(Table.binary(matrix), truths, rng)
    games = rehearse(belief, by_chance(rng), answers, rounds=_ROUNDS)
    measured = _measured_quantiles()
    found = [1.0]
    for length in range(1, _ROUNDS + 1):
        weights = games.log_weights[:, length]
        costs: dict[float, float] = {}
        for power in np.geomspace(0.02, 3, 60).tolist():
            scaled = power * weights
            probs = np.exp(scaled - scaled.max(axis=1, keepdims=True))
            probs /= probs.sum(axis=1, keepdims=True)
            own = probs[np.arange(len(truths)), truths]
            gaps = [
                np.log(max(float(np.quantile(own, level)), 1e-9)) - np.log(value)
                for level, value in measured[length].items()
            ]
            costs[power] = float(np.square(gaps).sum())
        found.append(min(costs, key=costs.__getitem__))
    return tuple(found)


def _measured_quantiles() -> Mapping[int, Mapping[float, float]]:
    folder = SHARED / "cip_thresholds" / "20q" / "llama-3.1-8b" / "closed_binary"
    files = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    return {
        length: {
            level: float(np.mean([-each[str(length)][str(level)] for each in files]))
            for level in (0.1, 0.3, 0.45)
        }
        for length in range(1, _ROUNDS + 1)
    }


if __name__ == "__main__":
    main()

"""Answer the first questions of a HotpotQA sample offline, and print how well it went.

Usage: python scripts/hotpot_dev100.py [--data FOLDER] [--limit N] [--wrong]

FOLDER holds `hotpot_dev100.jsonl` (questions) and `hotpot_dev100_corpus.jsonl` (their paragraphs).
Figures: exact match and F1 by HotpotQA's rule, an abstention counting as wrong; recall of the
supporting documents among the cited ones and among all that were seen; means a question of rounds,
steps and seconds. The extractive reasoner has no token count, so tokens are told as unknown.
"""

import argparse
import asyncio
import json
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from sonde import Agent, Result
from sonde.benchmarks.scoring import exact_match, f1
from sonde.memory.evidence import EvidenceStore
from sonde.memory.home import Home

_DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "data" / "suites"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One question of the sample."""

    question: str
    truth: str
    gold: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one question."""

    task: Task
    result: Result
    cited: float
    seen: float
    seconds: float


def main() -> None:
    """Run the questions one after another and print the table."""
    options = _options()
    questions = _tasks(options.data / "hotpot_dev100.jsonl")[: options.limit]
    with tempfile.TemporaryDirectory() as home:
        agent = Agent(corpus=options.data / "hotpot_dev100_corpus.jsonl", home=home, environ={})
        started, cpu = time.perf_counter(), time.process_time()
        if agent.corpus is None:
            raise SystemExit("no corpus")
        print(f"index: {agent.corpus.stats().documents} documents in "
              f"{time.perf_counter() - started:.2f} s")  # fmt: skip
        cpu = time.process_time()
        outcomes = [asyncio.run(_answer(agent, Home(Path(home)), each)) for each in questions]
        _print(outcomes, (time.process_time() - cpu) / len(outcomes))
    if options.wrong:
        _print_wrong(outcomes)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=_DEFAULT)
    parser.add_argument("--limit", type=int, default=100)
    parser.add_argument("--wrong", action="store_true", help="list the answers that do not match")
    return parser.parse_args()


def _tasks(path: Path) -> list[Task]:
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Task(
            question=record["input"],
            truth=record["target"],
            gold=frozenset(record["metadata"]["gold_titles"]),
        )
        for record in records
    ]


async def _answer(agent: Agent, home: Home, task: Task) -> Outcome:
    started = time.perf_counter()
    result = await agent.arun(task.question)
    seconds = time.perf_counter() - started
    store = EvidenceStore(home.run(result.run_id).evidence)
    seen = {page.title for page in store.pages()}
    store.close()
    return Outcome(
        task=task,
        result=result,
        cited=len(task.gold & {each.title for each in result.citations}) / len(task.gold),
        seen=len(task.gold & seen) / len(task.gold),
        seconds=seconds,
    )


def _print(outcomes: list[Outcome], cpu_s: float) -> None:
    pairs = [(each.result.answer or "", each.task.truth) for each in outcomes]
    answered = [each for each in outcomes if each.result.answer is not None]
    rows = [
        ("questions", f"{len(outcomes)}"),
        ("answered (not abstained)", f"{len(answered)}"),
        ("exact match", f"{mean(exact_match(*pair) for pair in pairs):.3f}"),
        ("F1", f"{mean(f1(*pair) for pair in pairs):.3f}"),
        ("supporting documents cited", f"{mean(each.cited for each in outcomes):.3f}"),
        ("supporting documents seen", f"{mean(each.seen for each in outcomes):.3f}"),
        ("rounds a question", f"{mean(each.result.rounds for each in outcomes):.2f}"),
        ("steps a question", f"{mean(each.result.steps for each in outcomes):.2f}"),
        ("tokens a question", "unknown: the reader counts none"),
        ("price a question", "$0: no model is paid"),
        ("seconds a question, median", f"{median(each.seconds for each in outcomes):.3f}"),
        ("CPU seconds a question", f"{cpu_s:.3f}"),
    ]
    for name, value in rows:
        print(f"{name:<30}{value}")


def _print_wrong(outcomes: list[Outcome]) -> None:
    for each in outcomes:
        if not exact_match(each.result.answer or "", each.task.truth):
            print(f"{each.task.truth!r:<40} {each.result.answer!r:<40} {each.task.question}")


if __name__ == "__main__":
    main()

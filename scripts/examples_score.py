"""Answer the questions of `examples/` offline, and print how many are right, by hops.

Usage: python scripts/examples_score.py [--wrong]

A smoke test over 40 questions: far too few to tune on, and nothing is trained on them. An answer
is right where it equals the answer or an alias; an unanswerable question, where it is declined.
"""

import argparse
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from sonde import Agent, Result
from sonde.models.extractive.candidates import answer_key

_EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One question with all that counts as right; nothing does where it cannot be answered."""

    question: str
    truths: tuple[str, ...]
    hops: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one question."""

    task: Task
    result: Result

    @property
    def is_right(self) -> bool:
        """Whether the answer equals a right one, or is rightly declined."""
        if self.result.answer is None:
            return not self.task.truths
        return answer_key(self.result.answer) in set(map(answer_key, self.task.truths))


def main() -> None:
    """Answer all questions and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--wrong", action="store_true", help="list what is not right")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        agent = Agent(corpus=_EXAMPLES / "sounding", home=home, environ={})
        outcomes = [Outcome(task=t, result=agent.run(t.question)) for t in _tasks()]
    _print(outcomes)
    if options.wrong:
        for each in outcomes:
            if not each.is_right:
                print(f"{each.result.answer!r} for {each.task.truths}: {each.task.question}")


def _tasks() -> list[Task]:
    lines = (_EXAMPLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [_task(json.loads(line)) for line in lines]


def _task(row: dict[str, object]) -> Task:
    answer, aliases = row["answer"], cast(list[str], row["aliases"])
    truths = () if answer is None else (str(answer), *aliases)
    return Task(question=str(row["question"]), truths=truths, hops=int(str(row["hops"])))


def _print(outcomes: list[Outcome]) -> None:
    print(f"{'hops':<14}{'n':>4}{'right':>7}{'declined':>10}")
    for hops in (*sorted({each.task.hops for each in outcomes}), None):
        some = [each for each in outcomes if hops is None or each.task.hops == hops]
        name = "all" if hops is None else "unanswerable" if hops == 0 else str(hops)
        right = sum(each.is_right for each in some)
        declined = sum(each.result.answer is None for each in some)
        print(f"{name:<14}{len(some):>4}{right:>7}{declined:>10}")


if __name__ == "__main__":
    main()

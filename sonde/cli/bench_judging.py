"""`sonde bench score --judge`: a model judges the answers of a run."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

from ..benchmarks.remote.place import BenchPlace, bench_place
from ..benchmarks.runner.judging_by_model import JudgedRun, judge_run, to_judge
from ..benchmarks.runner.planning import suite_of
from ..benchmarks.scorers.judge import ModelJudge
from ..benchmarks.suites.suite import Suite
from ..costs.price_book import default_book
from ..costs.pricing import PriceBook, reprice
from ..memory.home import Home
from ..models.openai_compatible import OpenAICompatible
from ..models.resolve import endpoint_url, resolve_model
from ..models.tokens import count_tokens_for
from ..records.errors import ModelUnreachable, SetupError
from .exits import ExitCode
from .figures import count, dollars
from .screen import say, write_out


def judge_folder(name: str, *, model: str, base_url: str | None, scorer: str | None) -> ExitCode:
    """Let a model judge a run's answers, tell what came of it, and return how the command ends.

    Raises:
        SetupError: A scorer is named too, or the run or the model cannot be used.
        ModelUnreachable: The judge could be reached for no answer at all.
    """
    if scorer is not None:
        raise SetupError("name a scorer or a judge, not both")
    place = bench_place(name, Home.of(os.environ))
    folder, suite = place.folder, suite_of(place.manifest())
    chat = resolve_model(
        model,
        base_url=base_url,
        environ=os.environ,
        count_tokens=count_tokens_for(model, environ=os.environ),
    )
    book = _book().for_endpoint(endpoint_url(base_url, os.environ))
    waiting = to_judge(folder, suite, ModelJudge(chat))
    if not waiting:
        write_out(f"{place}: nothing to judge; every answer has a verdict of {model}")
        return ExitCode.ANSWERED
    if book.price(model) is None:
        say(f"the price of {model} is unknown, so what the judge takes will be too")
    say(f"{count(waiting, 'answer')} to judge by {model}")
    told = asyncio.run(_judged(folder, suite, chat, model=model, book=book))
    place.push()
    if told.failed and not told.answers:
        raise ModelUnreachable(f"the judge {model} judged no answer: {told.last_error}")
    write_out("\n".join(_lines(place, told, model=model)))
    return ExitCode.PROVIDER if told.failed else ExitCode.ANSWERED


async def _judged(
    folder: Path, suite: Suite, chat: OpenAICompatible, *, model: str, book: PriceBook
) -> JudgedRun:
    try:
        return await judge_run(
            folder, suite, ModelJudge(chat), price=lambda usage: reprice(usage, book, model)
        )
    finally:
        await chat.aclose()


def _book() -> PriceBook:
    own = Home.of(os.environ).prices
    return default_book(on=datetime.now(UTC).date(), overrides=own if own.exists() else None)


def _lines(place: BenchPlace, told: JudgedRun, *, model: str) -> list[str]:
    price = "at an unknown price" if told.usd is None else f"for {dollars(told.usd)}"
    lines = [
        f"{place}: {count(told.answers, 'answer')} judged by {model} {price}; "
        f"{told.changed:,} changed"
    ]
    if told.unread:
        lines.append(f"{count(told.unread, 'answer')} without a readable verdict; scores stand")
    if told.failed:
        lines.append(f"{count(told.failed, 'answer')} not judged: {told.last_error}; run it again")
    return lines

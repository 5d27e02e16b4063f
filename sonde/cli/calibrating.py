"""`calibrate`: a suite is played, and what may be promised is stored and told."""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..agents.calibration_file import calibration_text
from ..benchmarks.calibration.calibrating import Calibrated, Plan, agent_maker, calibrate
from ..benchmarks.calibration.promises import (
    Promise,
    as_json,
    calibration_error,
    promises_of,
)
from ..benchmarks.suites.loading import load_suite
from ..costs.purse import Purse
from ..memory.home import Home
from ..records.belief import BeliefName
from ..records.errors import SetupError
from ..tools.corpus.corpus import Corpus
from .calibration_page import calibration_page
from .exits import ExitCode
from .figures import count, percent, seconds
from .model_name import model_of
from .screen import check_can_write, say, write_file, write_out

_LINES_A_SUITE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationWishes:
    """What a person asked for."""

    suite: str
    """The suite, by name or path."""
    model: str | None
    """Model by name."""
    base_url: str | None
    """Address of its server."""
    belief: BeliefName
    """Where the probabilities of possible answers come from."""
    policy: str
    """The query policy."""
    delta: float
    """Chance that a promise of the stop is broken."""
    promise: Literal["answered", "all"]
    """Of which runs the error is promised."""
    size: int | None
    """Tasks to draw."""
    seed: int
    """Seed of all draws."""
    scorer: str | None
    """How answers are judged; None leaves it to the suite."""
    output: Path | None
    """File of the calibration."""
    html: Path | None
    """File of the page."""
    max_usd: float | None
    """Most dollars of all episodes together."""
    max_tokens: int | None
    """Most tokens of all episodes together."""
    is_quiet: bool
    """Whether progress is left out."""


def calibrate_on(wishes: CalibrationWishes) -> ExitCode:
    """Calibrate and write the files.

    Raises:
        SetupError: Something must be mended first.
        SuiteError: The suite cannot be read, or is too small.
    """
    try:
        plan = Plan(
            policy=wishes.policy, delta=wishes.delta, population=wishes.promise, seed=wishes.seed
        )
    except ValueError as err:
        raise SetupError(str(err)) from err
    suite = load_suite(
        wishes.suite, size=wishes.size, seed=wishes.seed if wishes.size else None,
        scorer=wishes.scorer,
    )  # fmt: skip
    output = wishes.output or Path(f"{suite.name}.calibration.json")
    for path in (output, wishes.html):
        if path is not None:
            check_can_write(path)
    home = Home.of(os.environ)
    corpus = Corpus.open(list(suite.corpus), index_root=home.indexes) if suite.corpus else None
    purse = Purse(usd=wishes.max_usd, tokens=wishes.max_tokens, clock=time.monotonic)
    make_agent = agent_maker(
        model_of(wishes.model, os.environ),
        corpus,
        options={
            "base_url": wishes.base_url,
            "belief": wishes.belief,
            "environ": os.environ,
            "purse": purse,
        },
    )
    tell = None if wishes.is_quiet else _teller()
    found = asyncio.run(calibrate(suite, make_agent, plan, purse=purse, on_episode=tell))
    promises = promises_of(found.calibration)
    write_file(output, calibration_text(found.calibration, promises=as_json(promises)))
    if wishes.html is not None:
        write_file(wishes.html, calibration_page(found, promises))
    write_out(_summary(found, promises) + "\n")
    say(f"written to {output}" + (f" and {wishes.html}" if wishes.html else ""))
    return ExitCode.ANSWERED


def _teller() -> Callable[[int, int], None]:
    """Return what tells of progress: one line that is renewed on a terminal, else ten lines."""
    start = time.monotonic()

    def tell(done: int, total: int) -> None:
        words = f"{done} of {count(total, 'episode')}, {seconds(time.monotonic() - start)}"
        if sys.stderr.isatty():
            end = "\n" if done == total else ""
            sys.stderr.write(f"\r\x1b[2K{words}{end}")
            sys.stderr.flush()
        elif done == total or done % max(1, total // _LINES_A_SUITE) == 0:
            say(words)

    return tell


def _summary(found: Calibrated, promises: tuple[Promise, ...]) -> str:
    calibration = found.calibration
    error = calibration_error(calibration)
    right = sum(each.is_right[-1] for each in calibration.episodes) / len(calibration.episodes)
    lines = [
        f"{calibration.suite}: {len(found.fitted)} episodes to fit on, "
        f"{len(calibration.episodes)} fresh ones",
        f"setup {calibration.setup.fingerprint}: policy {calibration.setup.policy}; "
        f"{calibration.setup.model}",
        f"likeliest answer right in {percent(right)} of the fresh episodes; calibration error "
        + ("unknown" if error is None else f"{error:.3f}"),
        *_vacuous(calibration.set_thresholds),
        "",
        "error level   certified stop                          conformal set at the stop",
    ]
    lines += [f"{each.alpha:<14g}{_stop(each):<40}{_set(each)}" for each in promises]
    refused = [each for each in promises if each.confidence is None]
    lines += [f"\nrefused at {each.alpha:g}: {each.stop_reason}" for each in refused[:1]]
    lines += [f"refused at {each.alpha:g}: {each.stop_reason}" for each in refused[1:]]
    return "\n".join(lines)


def _vacuous(thresholds: Sequence[float]) -> list[str]:
    """Return a line that says so where C-IP has nothing to choose by."""
    if not thresholds or any(thresholds):
        return []
    return [
        "all thresholds of cip are 0, since too few tasks were played at random (an eighth of them "
        "all): it ranks as gain does, so give more tasks, or take --policy gain"
    ]


def _stop(promise: Promise) -> str:
    if promise.confidence is None:
        return "refused"
    return f"at {promise.confidence:.3f}, {percent(promise.share_stopped or 0.0)} of runs reach it"


def _set(promise: Promise) -> str:
    if promise.least_probability is None:
        return f"refused: {promise.set_reason}"
    return f"what has {promise.least_probability:.4f} or more"

"""Which limits hold a benchmark run, and how far each is used: for a run that one has stopped."""

from collections.abc import Mapping

from ..benchmarks.runner.manifest import Manifest
from ..benchmarks.runner.tally import Tally
from ..costs.day_ledger import DayLedger, limit_of
from ..memory.home import Home
from .figures import dollars


def limits_in_words(manifest: Manifest, tally: Tally, environ: Mapping[str, str]) -> str:
    """Return the limits in dollars and tokens that hold a run, with what is used of each.

    Raises:
        SetupError: The environment names a limit of the day that is no amount.
    """
    found: list[str] = []
    if manifest.max_usd is not None:
        used = "an unknown amount" if tally.cost_usd is None else dollars(tally.cost_usd)
        found.append(f"{used} of the {dollars(manifest.max_usd)} of the run (--max-usd)")
    if manifest.max_tokens is not None:
        used = "an unknown number" if tally.tokens is None else f"{tally.tokens:,}"
        found.append(f"{used} of the {manifest.max_tokens:,} tokens of the run (--max-tokens)")
    day_usd = limit_of(environ)
    if day_usd is not None:
        spent = dollars(DayLedger(Home.of(environ).spending).spent_usd())
        found.append(
            f"{spent} of the {dollars(day_usd)} of this day by UTC (--max-usd-per-day; it refuses "
            "models of unknown price)"
        )
    return "; ".join(found)

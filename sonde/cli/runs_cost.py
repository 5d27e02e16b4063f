"""`runs cost`: what stored runs cost, summed in four ways."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType

from ..benchmarks.runner.manifest import MANIFEST
from ..benchmarks.runner.places import agents_home
from ..costs.bill import BillLine, Charge, bill, charges, charges_by_tool
from ..costs.day_ledger import DayLedger, limit_of
from ..costs.pricing import PriceBook
from ..costs.repricing import repriced_events
from ..memory.home import Home, RunFolder
from ..memory.journal import read_journal
from ..models.resolve import endpoint_url
from ..records.errors import SetupError
from ..records.events import Event, RunStarted
from ..records.unknown import add_known
from .figures import count, dollars, seconds
from .price_choice import book_named
from .printable import shortened
from .screen import say, write_out

Named = Sequence[tuple[str, Charge]]
_LONGEST_NAME = 48


def _by(key: Callable[[Charge], str]) -> Callable[[Sequence[Event]], Named]:
    return lambda events: [(key(charge), charge) for charge in charges(events)]


_WAYS: Mapping[str, Callable[[Sequence[Event]], Named]] = MappingProxyType(
    {
        "model": _by(lambda charge: charge.model),
        "day": _by(lambda charge: charge.day),
        "node": _by(lambda charge: charge.node),
        "tool": charges_by_tool,
    }
)


def tell_cost(
    run_ids: Sequence[str], *, by: str | None, prices: Path | None, as_json: bool
) -> None:
    """Write what runs cost: all stored ones, or those that are named, by id or bench folder.

    Args:
        run_ids: The runs that are meant; none means all.
        by: What is summed by; None makes a table of each.
        prices: Prices under which all is priced again; None tells what was booked.
        as_json: Whether JSON is written.

    Raises:
        SetupError: A name means no run, or the prices cannot be read.
    """
    book = None if prices is None else book_named(prices)
    home = Home.of(os.environ)
    meant = [folder for each in run_ids for folder in _meant(home, each)]
    folders = meant if run_ids else home.list_runs()
    journals = [_events(folder) for folder in folders]
    if book is not None:
        journals = [_under(book, events) for events in journals]
    ways = [by] if by else list(_WAYS)
    tables = {way: bill(p for events in journals for p in _WAYS[way](events)) for way in ways}
    today = DayLedger(home.spending).spent_usd()
    if as_json:
        told = {way: [asdict(line) for line in lines] for way, lines in tables.items()}
        told |= {"price_book": book.book_id} if book else {}
        write_out(json.dumps({**told, "booked_today_usd": today}, ensure_ascii=False, indent=2))
        return
    if not folders:
        write_out(f"no runs in {', '.join(run_ids) or home.runs} yet")
        return
    write_out("\n\n".join(_table(way, lines) for way, lines in tables.items()))
    if book is not None:
        say(f"priced by {book.book_id}")
    limit = limit_of(os.environ)
    of_limit = f" of {dollars(limit)}" if limit is not None else ""
    say(f"{count(len(folders), 'run')}; booked today (UTC), at most: {dollars(today)}{of_limit}")


def _meant(home: Home, name: str) -> Sequence[RunFolder]:
    """Return the run of an id, or all attempts of a benchmark run's folder."""
    if (Path(name) / MANIFEST).is_file():
        return Home(agents_home(Path(name))).list_runs()
    return [home.run(name)]


def _events(folder: RunFolder) -> Sequence[Event]:
    try:
        return read_journal(folder.journal).events
    except SetupError as err:
        say(f"note: {err}")
        return ()


def _under(book: PriceBook, events: Sequence[Event]) -> Sequence[Event]:
    """Return a run's events under another book, at the endpoint that the run asked."""
    started = next((each for each in events if isinstance(each, RunStarted)), None)
    origin = started.settings.get("origin") if started else None
    url = origin.get("base_url") if isinstance(origin, Mapping) else None
    here = book.for_endpoint(endpoint_url(str(url) if url else None, os.environ))
    return repriced_events(events, here)


def _table(way: str, lines: Sequence[BillLine]) -> str:
    if not lines:
        return f"by {way}: no model was called, and nothing bought"
    rows = [[f"by {way}", "calls", "tokens", "list price", "time"], *map(_row, lines), _sum(lines)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def _sum(lines: Sequence[BillLine]) -> list[str]:
    return _row(
        BillLine(
            name="in all",
            calls=sum(line.calls for line in lines),
            tokens=add_known(*(line.tokens for line in lines)),
            cost_usd=add_known(*(line.cost_usd for line in lines)),
            wall_s=sum(line.wall_s for line in lines),
        )
    )


def _row(line: BillLine) -> list[str]:
    return [
        shortened(line.name, _LONGEST_NAME),
        f"{line.calls:,.2f}".rstrip("0").rstrip("."),
        "unknown" if line.tokens is None else f"{line.tokens:,}",
        "unknown" if line.cost_usd is None else dollars(line.cost_usd),
        seconds(line.wall_s),
    ]

"""The search providers as a table, each tried where that was asked for."""

import asyncio
import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import httpx

from ..costs.service_prices import service_book
from ..memory.home import Home
from ..records.errors import SetupError, SondeError
from ..records.extras import install_hint
from ..tools.search.configured import OFFERS, Offer, known_names
from ..tools.web.fetching import web_client
from .exits import ExitCode
from .figures import seconds
from .printable import one_line
from .screen import write_out

_QUESTION = "deepest point of the ocean"
_ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One provider."""

    name: str
    """Its name."""
    state: str
    """`ready`, `no key`, `no address` or `missing`; after a test `answers` or `fails`."""
    usd_a_call: float | None
    """What a call costs; None is unknown."""
    detail: str
    """What it needs, or what came of the test."""


def show_providers(names: str, *, is_tried: bool, as_json: bool) -> ExitCode:
    """Write the table and return the exit code.

    Raises:
        SetupError: A name is not known, or the prices cannot be read.
    """
    rows = asyncio.run(_rows(_chosen(names), is_tried=is_tried, environ=os.environ))
    if as_json:
        write_out(json.dumps([asdict(row) for row in rows], indent=2))
    else:
        lines = [
            f"{row.name:<10} {row.state:<10} {_price(row.usd_a_call):<18} {one_line(row.detail)}"
            for row in rows
        ]
        write_out("\n".join(line.rstrip() for line in lines))
    has_failed = any(row.state == "fails" for row in rows)
    return ExitCode.PROVIDER if has_failed else ExitCode.ANSWERED


def _chosen(names: str) -> Sequence[Offer]:
    if names.strip() == _ALL:
        return OFFERS
    wanted = [name.strip().lower() for name in names.split(",") if name.strip()]
    by_name = {offer.name: offer for offer in OFFERS}
    unknown = [name for name in wanted if name not in by_name]
    if unknown or not wanted:
        what = repr(unknown[0]) if unknown else "without a name"
        raise SetupError(f"no search provider {what}; there are: {known_names()}")
    return [by_name[name] for name in wanted]


async def _rows(
    offers: Sequence[Offer], *, is_tried: bool, environ: Mapping[str, str]
) -> Sequence[Row]:
    prices = service_book(Home.of(environ).prices).services or {}
    async with web_client() as client:
        rows = [_row(offer, prices, environ) for offer in offers]
        if not is_tried:
            return rows
        return await asyncio.gather(
            *(_tried(row, offer, client, environ) for row, offer in zip(rows, offers, strict=True))
        )


def _row(offer: Offer, prices: Mapping[str, float], environ: Mapping[str, str]) -> Row:
    state, detail = "ready", "needs no key"
    if not offer.is_installed:
        state, detail = "missing", install_hint("web")
    elif offer.variable:
        is_set = offer.is_configured(environ)
        state = "ready" if is_set else f"no {offer.needs}"
        detail = f"{offer.variable} is {'set' if is_set else 'not set'}"
    return Row(name=offer.name, state=state, usd_a_call=prices.get(offer.name), detail=detail)


async def _tried(
    row: Row, offer: Offer, client: httpx.AsyncClient, environ: Mapping[str, str]
) -> Row:
    if row.state != "ready":
        return row
    start = time.perf_counter()
    try:
        answer = await offer.made(client, environ).search(_QUESTION, limit=3)
    except SondeError as err:
        return replace(row, state="fails", detail=str(err))
    took = seconds(time.perf_counter() - start)
    return replace(row, state="answers", detail=f"{len(answer.hits)} results in {took}")


def _price(usd: float | None) -> str:
    if usd is None:
        return "price unknown"
    return "free" if usd == 0 else f"${usd:g} a call"

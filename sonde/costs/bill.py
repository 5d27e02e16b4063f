"""What a run's calls and purchases took, by model or seller, day, node and tool."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ..records.events import Event, ModelCalled, ModelRetried, ToolReturned
from ..records.json_types import JsonValue
from ..records.tooling import Purchase
from ..records.unknown import add_known
from ..records.usage import Usage

NO_TOOL = "(no tool)"
"""Calls of rounds in which no tool was used: answers, mostly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What one model call took, or what a tool bought."""

    round: int
    """The round that it belongs to."""
    model: str
    """The model that answered, or the seller of what a tool bought."""
    node: str
    """The node of the graph that called; the tool, for what a tool bought."""
    day: str
    """Day by UTC, such as 2026-11-24."""
    usage: Usage
    """Its tokens."""
    cost_usd: float | None
    """Its list price; None is unknown."""
    wall_s: float
    """Seconds that it took."""
    calls: float = 1.0
    """1, or the part of the call that is told here."""
    is_purchase: bool = False
    """Whether a tool bought it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """The sum of some calls. None is unknown."""

    name: str
    """What they have in common."""
    calls: float
    """How many there are; a call that chose two tools is half for each."""
    tokens: int | None
    """Their tokens."""
    cost_usd: float | None
    """Their list price."""
    wall_s: float
    """Seconds that they took."""


def charges(events: Iterable[Event]) -> list[Charge]:
    """Return the calls of a run: failed attempts too, and what tools bought."""
    found: list[Charge] = []
    models: dict[str, tuple[str, str]] = {}
    retried: list[ModelRetried] = []
    for event in events:
        if isinstance(event, ModelRetried):
            retried.append(event)
        elif isinstance(event, ModelCalled):
            models[event.call_id] = (event.model, event.node)
            found.append(_charge(event, event.model, event.node, event.wall_s))
        elif isinstance(event, ToolReturned):
            found += [_bought(event, each) for each in event.purchases]
    for event in retried:
        model, node = models.get(event.call_id, ("(lost)", "(lost)"))
        found.append(_charge(event, model, node, 0.0, calls=0.0))
    return found


def charges_by_tool(events: Sequence[Event]) -> list[tuple[str, Charge]]:
    """Return calls with the tool that they chose: the one that was used in their round.

    A call that chose several tools is divided among them; what a tool bought is that tool's.
    """
    used: defaultdict[int, list[str]] = defaultdict(list)
    for event in events:
        if isinstance(event, ToolReturned):
            used[event.round].append(event.tool)
    shares: list[tuple[str, Charge]] = []
    for charge in charges(events):
        tools = [charge.node] if charge.is_purchase else used.get(charge.round) or [NO_TOOL]
        shares += [(tool, _part(charge, at, len(tools))) for at, tool in enumerate(tools)]
    return shares


def bill(named: Iterable[tuple[str, Charge]]) -> list[BillLine]:
    """Return the sums of charges by name, the dearest first; unknown ones come last."""
    groups: defaultdict[str, list[Charge]] = defaultdict(list)
    for name, charge in named:
        groups[name].append(charge)
    lines = [_line(name, group) for name, group in groups.items()]
    return sorted(lines, key=lambda line: (line.cost_usd is None, -(line.cost_usd or 0), line.name))


def bill_as_json(
    events: Sequence[Event], members: Sequence[tuple[str, Sequence[Event]]] = ()
) -> dict[str, JsonValue]:
    """Return the bill by node and by tool, as an attempt's record keeps it.

    Args:
        events: What happened in the run.
        members: Name and events of each run of a member, where a team ran; their nodes stand under
            the member's name, such as `ann/decide`.
    """
    nodes = [(charge.node, charge) for charge in charges(events)]
    tools = charges_by_tool(events)
    for name, its in members:
        nodes += [(f"{name}/{charge.node}", charge) for charge in charges(its)]
        tools += charges_by_tool(its)
    by_node, by_tool = bill(nodes), bill(tools)
    return {"by_node": _table(by_node), "by_tool": _table(by_tool)}


def _table(lines: Sequence[BillLine]) -> dict[str, JsonValue]:
    return {
        line.name: {"calls": line.calls, "tokens": line.tokens, "cost_usd": line.cost_usd}
        for line in lines
    }


def _charge(
    event: ModelCalled | ModelRetried, model: str, node: str, wall_s: float, *, calls: float = 1.0
) -> Charge:
    return Charge(
        round=event.round,
        model=model,
        node=node,
        day=_day(event),
        usage=event.usage,
        cost_usd=event.cost_usd,
        wall_s=wall_s,
        calls=calls,
    )


def _bought(event: ToolReturned, bought: Purchase) -> Charge:
    return Charge(
        round=event.round,
        model=bought.seller,
        node=event.tool,
        day=_day(event),
        usage=bought.usage or Usage.zero(),  # what is sold by the call takes no tokens
        cost_usd=bought.cost_usd,
        wall_s=0.0,
        calls=bought.calls,
        is_purchase=True,
    )


def _day(event: ModelCalled | ModelRetried | ToolReturned) -> str:
    return datetime.fromtimestamp(event.at, UTC).date().isoformat()


def _part(charge: Charge, at: int, parts: int) -> Charge:
    """Return one of the equal parts of a call; its tokens stay whole, and add up to all."""
    if parts == 1:
        return charge
    total = charge.usage.total
    share = None if total is None else total * (at + 1) // parts - total * at // parts
    return replace(
        charge,
        usage=Usage(uncached_input=share, output=0),
        cost_usd=None if charge.cost_usd is None else charge.cost_usd / parts,
        wall_s=charge.wall_s / parts,
        calls=charge.calls / parts,
    )


def _line(name: str, group: Sequence[Charge]) -> BillLine:
    return BillLine(
        name=name,
        calls=sum(charge.calls for charge in group),
        tokens=add_known(*(charge.usage.total for charge in group)),
        cost_usd=add_known(*(charge.cost_usd for charge in group)),
        wall_s=sum(charge.wall_s for charge in group),
    )

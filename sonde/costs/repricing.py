"""The events of a run under another price book: what was billed is history, list prices are not."""

from collections.abc import Iterable
from dataclasses import replace

from ..records.events import Event, ModelCalled, ModelRetried, ToolReturned
from .pricing import PriceBook, reprice
from .service_prices import price_of, repriced


def repriced_events(
    events: Iterable[Event], book: PriceBook, *, model: str | None = None
) -> list[Event]:
    """Return events with the list price of each model call and each purchase under a book.

    What a seller told itself stays, and so does the cost of a tool that says not what it bought.

    Args:
        events: What happened in a run, in order.
        book: The book, for the endpoint that the run asked.
        model: The model as the user named it; None takes the name that each call was answered by.
    """
    found = list(events)
    names = {each.call_id: each.model for each in found if isinstance(each, ModelCalled)}
    return [_repriced(each, book, model, names) for each in found]


def _repriced(event: Event, book: PriceBook, model: str | None, names: dict[str, str]) -> Event:
    if isinstance(event, ModelCalled | ModelRetried):
        if event.usage.total == 0:  # nothing was sent
            return replace(event, cost_usd=0.0)
        name = model or names.get(event.call_id, "")
        return replace(event, cost_usd=reprice(event.usage, book, name))
    if isinstance(event, ToolReturned) and event.purchases:
        bought = repriced(event.purchases, book)
        return replace(event, purchases=bought, cost_usd=price_of(bought))
    return event

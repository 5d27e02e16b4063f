"""A round's action: a tool is called, or the person is asked, and what comes of it is kept.

It can be carried out again after a crash: a result that was finished stands in the journal and is
taken from there, so no finished step is repeated.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from langgraph.types import interrupt

from ..costs.service_prices import price_of, priced
from ..records.errors import BudgetExceeded, SourcesDown, ToolError
from ..records.events import BudgetTold, PersonAsked, ToolCalled, ToolReturned
from ..records.evidence import Passage
from ..records.stopping import Limit, StopReason
from ..records.tooling import Action, Purchase, ToolResult
from ..text.words import encodable
from .choosing import chosen_action
from .deciding import stop_at_limit
from .record import result_json
from .run import Run
from .state import RunState

INDEX = "index"
"""Under this name stands what indexing bought, before the first round: no step of the run."""
_TOOL_LIMIT_S = 900.0


async def act(state: RunState, run: Run) -> RunState:
    """Carry out the round's action and keep what it brings."""
    run.round = state.get("round", 1)
    decision = run.record.decision(run.round, run.store)
    action = chosen_action(run, decision) if decision else None
    if decision is None or action is None:
        return RunState(next="answer", stop=str(StopReason.NO_GAIN))
    result = run.record.result(run.round, run.store)
    if result is None:
        try:
            result = await _carry_out(run, action)
        except BudgetExceeded as err:
            return stop_at_limit(run, err)
        except SourcesDown as err:
            run.warn(str(err))
            return RunState(next="answer", stop=str(StopReason.PROVIDER_ERROR))
    before = run.memory_after(run.round - 1, state.get("kept_turns", 0))
    run.memory = before.advance(decision.report, action, result)
    run.memory_round = run.round
    run.emit(
        BudgetTold(at=run.now(), round=run.round, spent=run.guard.spent(), left=run.guard.left())
    )
    return RunState(next="round", kept_turns=run.memory.kept_turns)


async def ask(state: RunState, run: Run) -> RunState:
    """Put the round's question to the person: by a tool, or by an interrupt of the graph."""
    run.round = state.get("round", 1)
    decision = run.record.decision(run.round, run.store)
    action = chosen_action(run, decision) if decision else None
    if action is not None and run.round not in run.record.results:
        question = action.arguments.get("question", "")
        run.emit(PersonAsked(at=run.now(), round=run.round, question=str(question)))
        if run.the_parts().asks_by_interrupt:
            start = run.now()
            said: object = interrupt({"question": question})
            _tell_called(run, action)
            told = ToolResult(text=f"The person answers: {said}")
            _keep(run, action, told, run.now() - start)
    return await act(state, run)


async def _carry_out(run: Run, action: Action) -> ToolResult:
    toolbox = run.the_parts().toolbox
    bought = _priced(run, toolbox.worst_purchases(action))
    worst_usd = price_of(bought)
    if bought:
        await run.guard.admit_purchase(worst_usd)
    _tell_called(run, action, worst_usd=worst_usd)
    start = run.now()
    left = run.guard.seconds_left()
    clock = asyncio.timeout(_TOOL_LIMIT_S if left is None else left)
    try:
        async with clock:
            result = await toolbox.call(action)
    except TimeoutError as err:
        if left is not None and clock.expired():
            raise BudgetExceeded(
                f"the time was up during {action.tool}", limit=Limit.SECONDS
            ) from err
        result = ToolResult(text=f"{action.tool} took over {_TOOL_LIMIT_S:.0f} s", is_error=True)
    except ToolError as err:
        result = ToolResult(text=str(err), is_error=True)
    return _keep(run, action, result, run.now() - start)


def _tell_called(run: Run, action: Action, *, worst_usd: float | None = None) -> None:
    run.emit(
        ToolCalled(
            at=run.now(),
            round=run.round,
            tool=action.tool,
            arguments=action.arguments,
            worst_usd=worst_usd,
        )
    )


def _keep(run: Run, action: Action, result: ToolResult, wall_s: float) -> ToolResult:
    """Store every page of a result whole, give it its id, and write the result down."""
    added = [(run.store.add(_readable(page)), page.score) for page in result.passages]
    pages = {each.passage.evidence_id: replace(each.passage, score=score) for each, score in added}
    bought = _priced(run, result.purchases)
    kept = replace(
        result, text=encodable(result.text), passages=tuple(pages.values()), purchases=bought
    )
    for each in kept.warnings:
        run.warn(each)
    run.emit(
        ToolReturned(
            at=run.now(),
            round=run.round,
            tool=action.tool,
            result_id=run.store.put(result_json(kept)),
            evidence_ids=tuple(str(each) for each in pages),
            new_evidence=sum(1 for each, _ in added if each.is_new),
            is_error=kept.is_error,
            wall_s=wall_s,
            characters=len(kept.text) + sum(len(page.text) for page in kept.passages),
            purchases=bought,
            cost_usd=price_of(bought),
        )
    )
    return kept


def book_index(run: Run, purchases: Sequence[Purchase]) -> None:
    """Book what indexing the corpus bought before the run's first round, if anything."""
    if not purchases:
        return
    bought = _priced(run, purchases)
    made = ToolResult(text="vectors of the corpus, to search it by meaning", purchases=bought)
    run.emit(
        ToolReturned(
            at=run.now(),
            round=0,
            tool=INDEX,
            result_id=run.store.put(result_json(made)),
            characters=len(made.text),
            purchases=bought,
            cost_usd=price_of(bought),
        )
    )


def _priced(run: Run, purchases: Sequence[Purchase]) -> tuple[Purchase, ...]:
    return priced(purchases, run.the_parts().prices)


def _readable(page: Passage) -> Passage:
    """Return a page whose texts can be written down, whatever the tool took them from."""
    return replace(
        page,
        source=encodable(page.source),
        doc_id=encodable(page.doc_id),
        title=encodable(page.title),
        text=encodable(page.text),
    )

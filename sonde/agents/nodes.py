"""The nodes of the graph: decide, act, ask. (The answer has its own file.)

Each node can be run again after a crash: what it had finished stands in the journal and is taken
from there, so no finished step is repeated and no call is booked twice.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from langgraph.types import interrupt

from ..costs.service_prices import price_of, priced
from ..memory.workspace import Memory
from ..policies.confidence_set import entropy_nats, highest_mass_set
from ..records.belief import AnswerBelief
from ..records.decision import Decision
from ..records.errors import BudgetExceeded, ContextOverflow, ModelError, SourcesDown, ToolError
from ..records.events import (
    BudgetTold,
    DecisionMade,
    LimitReached,
    PersonAsked,
    QueryChosen,
    RoundStarted,
    ToolCalled,
    ToolReturned,
    UncertaintyMeasured,
)
from ..records.evidence import Passage
from ..records.stopping import Limit, StopReason
from ..records.tooling import Action, Purchase, ToolKind, ToolResult, ToolSpec
from ..text.words import encodable
from .choosing import choose, chosen_action, kinds_of
from .clarifying import clarify
from .record import decision_json, result_json
from .run import Run
from .state import RunState

_TOOL_LIMIT_S = 900.0


async def decide(state: RunState, run: Run) -> RunState:
    """Begin a round: rebuild the workspace, let the reasoner decide; go to act, ask or answer."""
    done = run.round = state.get("round", 0)
    try:
        run.guard.check_round(done)
        run.round = done + 1
        decision = run.record.decision(run.round, run.store)
        if decision is None:  # else it was decided before the process died
            memory = _rebuilt(run, state.get("kept_turns", 0))
            decision = await _decided(run, memory)
        elif decision.belief is not None and not run.record.has_belief(run.round):
            run.emit(_uncertainty(run, decision.belief))  # the process died between the two
    except BudgetExceeded as err:
        return stop_at_limit(run, err)
    except ModelError as err:
        run.warn(f"the model failed: {err}")
        failed = str(StopReason.PROVIDER_ERROR)
        return RunState(round=run.round, next="answer", stop=failed, detail=err.detail)
    return await _after(decision, run, state)


async def _decided(run: Run, memory: Memory) -> Decision:
    """Return the round's decision, written down: to ask the person first, or the reasoner's."""
    if asking := await clarify(run, memory):
        decision, choice = asking
        note_decision(run, decision)
        run.emit(QueryChosen(at=run.now(), round=run.round, choice=choice))
        return decision
    decision = corrected(run, await decide_fitting(run, memory, run.offered_tools()))
    note_decision(run, decision)
    return decision


def _rebuilt(run: Run, kept_turns: int) -> Memory:
    """Return the memory that the round under way begins with."""
    memory = run.memory_after(run.round - 1, kept_turns)
    tokens = run.view(memory).tokens
    run.emit(
        RoundStarted(at=run.now(), round=run.round, tokens=tokens, kept_turns=memory.kept_turns)
    )
    return memory


async def _after(decision: Decision, run: Run, state: RunState) -> RunState:
    """Return where a decision leads."""
    if decision.draft is not None:
        return RunState(round=run.round, next="answer")
    memory = run.memory_after(run.round - 1, state.get("kept_turns", 0))
    choice = await choose(run, decision, memory)
    if choice.ends == "certified":
        return RunState(round=run.round, next="answer")
    if choice.chosen is None:
        run.warn(choice.reason)
        return RunState(round=run.round, next="answer", stop=str(StopReason.NO_GAIN))
    action = decision.actions[choice.chosen]
    is_for_a_person = kinds_of(run).get(action.tool) is ToolKind.ASK
    return RunState(round=run.round, next="ask" if is_for_a_person else "act")


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
    return RunState(next="decide", kept_turns=run.memory.kept_turns)


async def ask(state: RunState, run: Run) -> RunState:
    """Put the round's question to the person: by a tool, or by an interrupt of the graph."""
    run.round = state.get("round", 1)
    decision = run.record.decision(state.get("round", 1), run.store)
    action = chosen_action(run, decision) if decision else None
    if action is not None and state.get("round", 1) not in run.record.results:
        run.emit(
            PersonAsked(
                at=run.now(),
                round=state.get("round", 1),
                question=str(action.arguments.get("question", "")),
            )
        )
        if run.the_parts().asks_by_interrupt:
            start = run.now()
            said: object = interrupt({"question": action.arguments.get("question", "")})
            run.emit(
                ToolCalled(
                    at=run.now(), round=run.round, tool=action.tool, arguments=action.arguments
                )
            )
            told = ToolResult(text=f"The person answers: {said}")
            _keep(run, action, told, run.now() - start)
    return await act(state, run)


def stop_at_limit(run: Run, err: BudgetExceeded) -> RunState:
    """Return the way to the answer after a limit."""
    note_limit(run, err)
    return RunState(round=run.round, next="answer", stop=str(StopReason.of_limit(err.limit)))


def note_limit(run: Run, err: BudgetExceeded) -> None:
    """Tell of a limit that was reached, and whose it is."""
    run.emit(
        LimitReached(
            at=run.now(),
            round=run.round,
            limit=err.limit,
            message=str(err),
            is_shared=err.is_shared,
        )
    )


def corrected(run: Run, decision: Decision) -> Decision:
    """Return a decision with its belief at the calibrated temperature, where there is one."""
    certifying = run.the_parts().chooser.certifying
    if certifying is None or decision.belief is None:
        return decision
    length = len(run.record.decisions)
    return replace(decision, belief=certifying.corrected(decision.belief, length=length))


def note_decision(run: Run, decision: Decision, *, is_forced: bool = False) -> None:
    """Store a decision, then write it into the journal with its belief in figures."""
    digest = run.store.put(decision_json(decision))
    run.record.at_hand = (digest, decision)
    draft = decision.draft
    run.emit(
        DecisionMade(
            at=run.now(),
            round=run.round,
            decision_id=digest,
            kind="act" if draft is None else "abstain" if draft.is_abstention else "answer",
            report_tokens=run.count_tokens(decision.report.text),
            is_forced=is_forced,
            cpu_s=decision.work.cpu_s,
            passages_read=decision.work.passages_read,
        )
    )
    if decision.belief is not None:
        run.emit(_uncertainty(run, decision.belief))


def _uncertainty(run: Run, belief: AnswerBelief) -> UncertaintyMeasured:
    probabilities = [candidate.probability for candidate in belief.candidates]
    chosen = highest_mass_set(probabilities, alpha=run.the_parts().settings.alpha)
    top = belief.top
    return UncertaintyMeasured(
        at=run.now(),
        round=run.round,
        top=top.text if top else None,
        probability=top.probability if top else None,
        entropy_nats=entropy_nats([*probabilities, belief.none_of_these]),
        set_size=None if chosen is None else len(chosen),
        none_of_these=belief.none_of_these,
        leaders=belief.leaders(),
    )


async def decide_fitting(run: Run, memory: Memory, tools: Sequence[ToolSpec]) -> Decision:
    """Decide, once more with half the workspace where the model's context overflowed."""
    reasoner, is_final = run.the_parts().reasoner, run.is_final
    try:
        return await reasoner.decide(run.view(memory), tools, is_final=is_final)
    except ContextOverflow as err:
        run.shrink /= 2
        run.warn(f"the prompt did not fit the model's context ({err}); the workspace was halved")
        return await reasoner.decide(run.view(memory), tools, is_final=is_final)


async def _carry_out(run: Run, action: Action) -> ToolResult:
    toolbox = run.the_parts().toolbox
    bought = _priced(run, toolbox.worst_purchases(action))
    worst_usd = price_of(bought)
    if bought:
        await run.guard.admit_purchase(worst_usd)
    run.emit(
        ToolCalled(
            at=run.now(),
            round=run.round,
            tool=action.tool,
            arguments=action.arguments,
            worst_usd=worst_usd,
        )
    )
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


def _priced(run: Run, purchases: Sequence[Purchase]) -> tuple[Purchase, ...]:
    parts = run.the_parts()
    return priced(purchases, parts.service_prices, token_prices=parts.token_prices)


def _readable(page: Passage) -> Passage:
    """Return a page whose texts can be written down, whatever the tool took them from."""
    return replace(
        page,
        source=encodable(page.source),
        doc_id=encodable(page.doc_id),
        title=encodable(page.title),
        text=encodable(page.text),
    )

"""A round's decision: rebuild the workspace, let the reasoner decide, write it down.

It can be made again after a crash: a decision that was finished stands in the journal and is taken
from there, so no call is booked twice.
"""

from collections.abc import Sequence

from ..memory.workspace import Memory
from ..records.belief_events import QueryChosen
from ..records.decision import Decision
from ..records.errors import BudgetExceeded, ModelError
from ..records.events import DecisionMade, RoundStarted
from ..records.result import MODEL_FAILED
from ..records.stopping import StopReason
from ..records.tooling import ToolKind, ToolSpec
from .believing import corrected, is_fallback, settle
from .choosing import choose, kinds_of
from .clarifying import clarify
from .fitting import asked_fitting
from .record import decision_json
from .run import Run
from .state import RunState


async def decide(state: RunState, run: Run) -> RunState:
    """Begin a round: rebuild the workspace, let the reasoner decide; go to act, ask or answer."""
    done = run.round = state.get("round", 0)
    try:
        run.guard.check_round(done)
        run.round = done + 1
        decision = run.record.decision(run.round, run.store)
        if decision is None:
            memory = _rebuilt(run, state.get("kept_turns", 0))
            decision = await _decided(run, memory)
        else:  # it was decided before the process died
            memory = run.memory_after(done, state.get("kept_turns", 0))
            decision = await settle(run, decision, memory)
    except BudgetExceeded as err:
        return stop_at_limit(run, err)
    except ModelError as err:
        run.warn(f"{MODEL_FAILED}{err}")
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
    decision = await decide_fitting(run, memory, run.offered_tools())
    return await written_down(run, decision, memory)


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


def stop_at_limit(run: Run, err: BudgetExceeded) -> RunState:
    """Return the way to the answer after a limit."""
    run.tell_limit(err)
    return RunState(round=run.round, next="answer", stop=str(StopReason.of_limit(err.limit)))


async def written_down(
    run: Run, decision: Decision, memory: Memory, *, is_forced: bool = False
) -> Decision:
    """Return a new decision with the belief that the run goes by, both in the journal."""
    if not is_fallback(run, decision.belief):
        decision = corrected(run, decision, is_forced=is_forced)
    note_decision(run, decision, is_forced=is_forced)
    return await settle(run, decision, memory, is_forced=is_forced)


def note_decision(run: Run, decision: Decision, *, is_forced: bool = False) -> None:
    """Store a decision, then write it into the journal."""
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


async def decide_fitting(run: Run, memory: Memory, tools: Sequence[ToolSpec]) -> Decision:
    """Decide, once more with half the workspace where the model's context overflowed."""
    reasoner, is_final = run.the_parts().reasoner, run.is_final
    return await asked_fitting(
        run, memory, lambda view: reasoner.decide(view, tools, is_final=is_final)
    )

"""Asking the reasoner of a run, once more in half the workspace where its context overflowed."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from ..memory.workspace import Memory
from ..models.fitting import LESS, ask_fitting
from ..records.errors import ContextOverflow
from ..records.view import View
from .run import Run

_Answer = TypeVar("_Answer")


async def asked_fitting(
    run: Run, memory: Memory, ask: Callable[[View], Awaitable[_Answer]]
) -> _Answer:
    """Return what comes of asking about a memory as the run renders it.

    Where the model's context overflows, the workspace is halved from there on and told to be.

    Raises:
        ModelError: The model failed; `ContextOverflow` where half the workspace was too much.
        BudgetExceeded: A call that it needs could pass a limit.
    """

    def halve(err: ContextOverflow) -> None:
        run.shrink *= LESS
        run.warn(f"the prompt did not fit the model's context ({err}); the workspace was halved")

    return await ask_fitting(lambda _: ask(run.view(memory)), on_overflow=halve)

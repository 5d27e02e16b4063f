"""The links of a team as the gate sees them, from what its members hold and have said."""

from collections.abc import Callable, Sequence

import numpy as np

from ...policies.distributions import Floats
from ...policies.gating.links import Links, LinkState, links_of
from .exchange import Exchange
from .member import Teammate
from .notebook import Notebook


def sense(
    members: Sequence[Teammate],
    notebooks: Sequence[Notebook],
    exchange: Exchange,
    *,
    open_questions: Sequence[str | None],
    decider: int,
    round_fraction: float,
) -> Links:
    """Return every link of a team before a round; no model is asked.

    Args:
        members: The team.
        notebooks: What each member holds.
        exchange: What went between them.
        open_questions: What each member could not find out.
        decider: The member whose answer is the team's.
        round_fraction: Number of the round over the number of gated rounds.
    """
    size = len(members)
    news = [
        [exchange.news(book, other.name) if i != j else [] for j, other in enumerate(members)]
        for i, book in enumerate(notebooks)
    ]
    answers = [book.answer for book in notebooks]
    names = [member.name for member in members]
    state = LinkState(
        novel=_matrix(size, lambda i, j: len(news[i][j])),
        novel_confidence=_matrix(
            size, lambda i, j: max((claim.confidence for claim in news[i][j]), default=0.0)
        ),
        confidence=np.array([0.0 if each is None else each.confidence for each in answers]),
        is_final=np.array([each is not None for each in answers]),
        match=_matrix(size, lambda i, j: _match(members[j], open_questions[i])),
        sent_before=_matrix(size, lambda i, j: exchange.has_spoken(names[i], names[j])) > 0,
        final_sent=_matrix(size, lambda i, j: exchange.has_answered(names[i], names[j])) > 0,
        decider=decider,
        round_fraction=round_fraction,
    )
    return links_of(state, roles=tuple(member.role for member in members))


def _match(receiver: Teammate, open_question: str | None) -> float:
    return 0.0 if open_question is None else receiver.match(open_question)


def _matrix(size: int, value: Callable[[int, int], float]) -> Floats:
    return np.array([[float(value(i, j)) for j in range(size)] for i in range(size)])

"""Many questions played at once: members work, a gate opens links, claims are delivered.

Vectorised over questions. The same rules as the real team's: the surest claim of a hop stands, a
derived claim is as sure as what it was derived from times what it was looked up with, and who
received nothing is not called.
"""

from dataclasses import dataclass, field

import numpy as np

from ...policies.gating.links import Links, LinkState, links_of
from .questions import Questions
from .world import MOST_HOPS, NOWHERE, Flags, Floats, Ints, World

MESSAGE_TOKENS, CLAIM_TOKENS = 12, 14
"""Tokens of an empty message, and of each claim in it."""
_EPSILON = 1e-9


@dataclass(slots=True, kw_only=True)
class Play:
    """B questions under way. Hop 0 is the start, which everybody knows."""

    world: World
    """Where it is played."""
    questions: Questions
    """What is asked."""
    claims_a_message: int | None = None
    """Most claims of a message; None for no limit."""
    value: Ints = field(init=False)
    """(B, N, 4): what each member believes each hop to lead to; -1 unknown."""
    confidence: Floats = field(init=False)
    """(B, N, 4): how sure it is."""
    exchanged: Floats = field(init=False)
    """(B, N, N, 4): highest confidence of the hop's claim that went between two members."""
    sent: Flags = field(init=False)
    """(B, N, N): whether i has sent j anything."""
    final_sent: Flags = field(init=False)
    """(B, N, N): whether i has sent j an answer."""
    tokens: Floats = field(init=False)
    """(B,): message tokens, of senders and receivers."""
    messages: Ints = field(init=False)
    """(B,): messages delivered."""
    calls: Ints = field(init=False)
    """(B,): times that a member was called."""
    worked: list[Flags] = field(init=False)
    """For each round, (B, N, 4): whether the member worked the hop out itself."""
    received: list[Ints] = field(init=False)
    """For each round, (B, N, 4): from whom the hop's claim was taken; -1 from nobody."""

    def __post_init__(self) -> None:
        q, n_members = self.questions, self.world.n_members
        shape = (len(q), n_members, MOST_HOPS + 1)
        self.value = np.full(shape, NOWHERE, dtype=np.int64)
        self.confidence = np.zeros(shape)
        self.value[..., 0], self.confidence[..., 0] = q.start[:, None], 1.0
        self.value[..., 1:] = np.where(q.is_invented, q.invented, NOWHERE)
        self.confidence[..., 1:] = np.where(q.is_invented, q.invented_confidence, 0.0)
        links = (len(q), n_members, n_members)
        self.exchanged = np.zeros((*links, MOST_HOPS + 1))
        self.sent = np.zeros(links, dtype=np.bool_)
        self.final_sent = np.zeros(links, dtype=np.bool_)
        self.tokens = np.zeros(len(q))
        self.messages = np.zeros(len(q), dtype=np.int64)
        self.calls = np.zeros(len(q), dtype=np.int64)
        self.worked, self.received = [], []
        self.work(np.ones(shape[:2], dtype=np.bool_))
        self.received.append(np.full(shape, NOWHERE, dtype=np.int64))

    @property
    def answer(self) -> Ints:
        """What the coordinator answers; -1 where it abstains: (B,)."""
        return self.value[self._rows, 0, self.questions.hops]

    @property
    def answer_confidence(self) -> Floats:
        """How sure it is; NaN where it abstains: (B,)."""
        sure = self.confidence[self._rows, 0, self.questions.hops]
        return np.where(self.answer == NOWHERE, np.nan, sure)

    @property
    def is_right(self) -> Flags:
        """Whether the answer is right: (B,)."""
        return self.answer == self.questions.answer

    @property
    def _rows(self) -> Ints:
        return np.arange(len(self.questions))

    def work(self, is_called: Flags) -> None:
        """Let the members that are called follow relations from what they believe."""
        q, members = self.questions, np.arange(self.world.n_members)[None, :]
        done = np.zeros(self.value.shape, dtype=np.bool_)
        for hop in range(1, MOST_HOPS + 1):
            before = self.value[..., hop - 1]
            may = (before != NOWHERE) & (hop <= q.hops)[:, None] & is_called
            at = (members, q.relations[:, hop - 1][:, None], np.maximum(before, 0))
            found = self.world.table[at]
            sure = self.world.confidence[at] * self.confidence[..., hop - 1]
            is_better: Flags = may & (found != NOWHERE) & (sure > self.confidence[..., hop])
            self._believe(hop, is_better, found, sure)
            done[..., hop] = is_better
        self.calls += is_called.sum(axis=1)
        self.worked.append(done)

    def links(self, round_number: int) -> Links:
        """Return every link as features, before the messages of a round."""
        world, q = self.world, self.questions
        novel = self._is_novel()
        confidence = self.confidence[..., 1:]
        is_known = self.value[..., 1:] != NOWHERE
        final = self.confidence[self._rows, :, q.hops]
        deepest = (is_known * np.arange(1, MOST_HOPS + 1)).max(axis=-1)
        open_hop = np.minimum(deepest, MOST_HOPS - 1)
        match = q.match[self._rows[:, None, None], np.arange(world.n_members), open_hop[..., None]]
        state = LinkState(
            novel=novel.sum(axis=-1).astype(np.float64),
            novel_confidence=(novel * confidence[:, :, None, :]).max(axis=-1),
            confidence=final,
            is_final=self.value[self._rows, :, q.hops] != NOWHERE,
            match=np.where((deepest >= q.hops[:, None])[..., None], 0.0, match),
            sent_before=self.sent,
            final_sent=self.final_sent,
            decider=0,
            round_fraction=round_number / world.n_rounds,
        )
        return links_of(state, roles=world.roles)

    def deliver(self, is_open: Flags, *, repeats: bool) -> None:
        """Send messages along the open links; those who receive any work again."""
        is_known = self.value[..., 1:] != NOWHERE
        whole = np.broadcast_to(is_known[:, :, None, :], (*is_open.shape, MOST_HOPS))
        carried = (whole if repeats else self._is_novel()) & is_open[..., None]
        if self.claims_a_message is not None:
            carried &= self._most_telling(carried, self.claims_a_message)
        self._charge(is_open, carried)
        self._note_sent(is_open, carried)
        self._receive(carried)
        is_called: Flags = np.any(is_open, axis=1)
        self.work(is_called)

    def _is_novel(self) -> Flags:
        is_known = self.value[..., 1:] != NOWHERE
        sure = self.confidence[:, :, None, 1:]
        return is_known[:, :, None, :] & (sure > self.exchanged[..., 1:] + _EPSILON)

    def _most_telling(self, carried: Flags, most: int) -> Flags:
        """Keep the claims that are expected to move the receiver's belief most.

        An answer goes before anything else that moves as much; then come the earlier hops.
        """
        mine, theirs = self.confidence[:, :, None, 1:], self.confidence[:, None, :, 1:]
        agree = self.value[:, :, None, 1:] == self.value[:, None, :, 1:]
        effect = np.where(mine > theirs, mine - np.where(agree, theirs, 0.0), 0.0)
        ranked = np.where(carried, effect, -1.0)
        is_answer = np.arange(1, MOST_HOPS + 1) == self.questions.hops[:, None]
        is_other = np.broadcast_to(~is_answer[:, None, None, :], ranked.shape)
        order = np.lexsort((is_other, -ranked), axis=-1)  # stable, so earlier hops come first
        rank = np.argsort(order, axis=-1, kind="stable")
        return rank < most

    def _charge(self, is_open: Flags, carried: Flags) -> None:
        """Charge each claim once to its sender, and once to every receiver."""
        read = is_open * MESSAGE_TOKENS + carried.sum(axis=-1) * CLAIM_TOKENS
        written = is_open.any(axis=2) * MESSAGE_TOKENS
        written = written + carried.any(axis=2).sum(axis=-1) * CLAIM_TOKENS
        self.tokens += read.sum(axis=(1, 2)) + written.sum(axis=1)
        self.messages += is_open.sum(axis=(1, 2))

    def _note_sent(self, is_open: Flags, carried: Flags) -> None:
        self.sent |= is_open
        at_last_hop = np.take_along_axis(
            carried, (self.questions.hops - 1)[:, None, None, None], axis=3
        )
        self.final_sent |= at_last_hop[..., 0]
        sure = np.where(carried, self.confidence[:, :, None, 1:], 0.0)
        both = np.maximum(sure, sure.transpose(0, 2, 1, 3))
        self.exchanged[..., 1:] = np.maximum(self.exchanged[..., 1:], both)

    def _receive(self, carried: Flags) -> None:
        source = np.full(self.value.shape, NOWHERE, dtype=np.int64)
        for hop in range(1, MOST_HOPS + 1):
            offered = np.where(carried[..., hop - 1], self.confidence[:, :, None, hop], 0.0)
            best = offered.argmax(axis=1)
            sure = np.take_along_axis(offered, best[:, None], axis=1)[:, 0]
            said = np.take_along_axis(self.value[..., hop], best, axis=1)
            is_better: Flags = sure > self.confidence[..., hop]
            self._believe(hop, is_better, said, sure)
            source[..., hop] = np.where(is_better, best, NOWHERE)
        self.received.append(source)

    def _believe(self, hop: int, is_better: Flags, value: Ints, sure: Floats) -> None:
        self.value[..., hop] = np.where(is_better, value, self.value[..., hop])
        self.confidence[..., hop] = np.where(is_better, sure, self.confidence[..., hop])

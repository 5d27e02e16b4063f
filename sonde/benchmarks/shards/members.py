"""The shards world played by a real team: members that look relations up, and no model.

Same rules as the vectorised play, so that both give the same answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ...agents.team.exchange import MessageCost
from ...agents.team.member import Assignment, Work
from ...agents.team.team import Team
from ...policies.gating.gates import Gate
from ...records.claims import ANSWER, Claim
from ...records.errors import SuiteError
from .play import CLAIM_TOKENS, MESSAGE_TOKENS
from .questions import Questions
from .world import MOST_HOPS, NOWHERE, World

SHARDS_COST = MessageCost(claim_tokens=lambda _: CLAIM_TOKENS, envelope=MESSAGE_TOKENS)
"""What the world's messages cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardMember:
    """One member of the world's team. It knows the questions by their words."""

    world: World
    """The world."""
    questions: Questions
    """The questions that may be asked."""
    rows: Mapping[str, int]
    """Which question stands behind which words."""
    index: int
    """Its index in the world."""

    @property
    def name(self) -> str:
        """Its name."""
        return self.world.roles[self.index]

    @property
    def role(self) -> str:
        """Its role, which is its name."""
        return self.name

    @property
    def profile(self) -> str:
        """The relations that it owns."""
        owned = [r for r, how in enumerate(self.world.ownership[self.index]) if how == 2]
        return " ".join(f"r{relation}" for relation in owned)

    def match(self, open_question: str) -> float:
        """Return how able it looks to answer a hop of a question: `ROW:HOP`."""
        row, hop = map(int, open_question.split(":"))
        return float(self.questions.match[row, self.index, hop])

    async def work(self, task: Assignment) -> Work:
        """Claim what it invents in round 0, and follow relations from what it holds."""
        row = self._row(task.question)
        held = {claim.subject: claim for claim in task.held}
        made: list[Claim] = []
        for hop in range(1, int(self.questions.hops[row]) + 1):
            subject = self._subject(row, hop)
            for claim in (self._invented(task, row, hop), self._followed(task, row, hop, held)):
                known = held.get(subject)
                if claim is not None and (known is None or claim.confidence > known.confidence):
                    held[subject] = claim
                    made.append(claim)
        return Work(claims=tuple(made), open_question=self._open(row, held), model="shards")

    def _row(self, question: str) -> int:
        if question not in self.rows:
            raise SuiteError(f"{question!r} is no question of this world; ask one of its suite")
        return self.rows[question]

    def _subject(self, row: int, hop: int) -> str:
        return ANSWER if hop == self.questions.hops[row] else f"hop {hop}"

    def _invented(self, task: Assignment, row: int, hop: int) -> Claim | None:
        at = (row, self.index, hop - 1)
        if task.round or not self.questions.is_invented[at]:
            return None
        return task.claim(
            self._subject(row, hop),
            f"e{self.questions.invented[at]}",
            confidence=float(self.questions.invented_confidence[at]),
            source="thin air",
        )

    def _followed(
        self, task: Assignment, row: int, hop: int, held: Mapping[str, Claim]
    ) -> Claim | None:
        before = held.get(self._subject(row, hop - 1)) if hop > 1 else None
        if hop > 1 and before is None:
            return None
        entity = int(before.value[1:]) if before else int(self.questions.start[row])
        relation = int(self.questions.relations[row, hop - 1])
        found = int(self.world.table[self.index, relation, entity])
        if found == NOWHERE:
            return None
        sure = float(self.world.confidence[self.index, relation, entity])
        return task.claim(
            self._subject(row, hop),
            f"e{found}",
            confidence=sure * (before.confidence if before else 1.0),
            parents=(before.id,) if before else (),
            source=f"r{relation}(e{entity})",
        )

    def _open(self, row: int, held: Mapping[str, Claim]) -> str | None:
        """Return the hop after the deepest one that is known; None where that was the last."""
        hops = int(self.questions.hops[row])
        known = [hop for hop in range(1, hops + 1) if self._subject(row, hop) in held]
        deepest = max(known, default=0)
        return None if deepest >= hops else f"{row}:{min(deepest, MOST_HOPS - 1)}"


def shards_team(
    world: World,
    questions: Questions,
    *,
    gate: Gate | str | None = None,
    tau: float | None = None,
    home: str | None = None,
) -> Team:
    """Return the world's team, ready to be asked `questions.text(row)`.

    Args:
        world: The world.
        questions: What may be asked.
        gate: Who hears what; the novelty rule by default.
        tau: Under this confidence the decider has everything new told to everybody.
        home: Where runs stand.
    """
    rows = {questions.text(row): row for row in range(len(questions))}
    members = [
        ShardMember(world=world, questions=questions, rows=rows, index=index)
        for index in range(world.n_members)
    ]
    return Team(
        members,
        gate=gate,
        tau=tau,
        rounds=world.n_rounds,
        message_cost=SHARDS_COST,
        check_share=0.0,
        home=home,
    )

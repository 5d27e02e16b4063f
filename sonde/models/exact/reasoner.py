"""The exact reasoner: which item of a table is meant, by questions and exact Bayes."""

from collections.abc import Sequence
from hashlib import sha256
from time import thread_time
from typing import NamedTuple

import numpy as np

from ...policies.distributions import Floats
from ...policies.model_belief import Forecast
from ...policies.query_policy import TIE_NATS
from ...policies.table_belief import TableBelief
from ...records.belief import AnswerBelief, BeliefSource, Candidate
from ...records.decision import Decision, Draft, Work
from ...records.report import Report
from ...records.tooling import Action, ToolKind, ToolSpec
from ...records.view import View
from ..reasoner import Capability, Forecasts
from .fact_table import FactTable

PERSON_SAYS = "The person answers: "
"""What stands before an answer of a person."""
_NO_ANSWER = "?"
_LEAST_SHOWN = 1e-12
_SUREST = 0.95


_NOBODY = Draft(text="Nobody is there to be asked, and nothing else tells.", is_abstention=True)


class _Said(NamedTuple):
    """One question that was asked, and what was understood."""

    column: int
    value: int | None


class ExactReasoner:
    """Finds the item of a table that is meant. Its actions are questions to whoever is asked.

    It asks through the first tool of kind `ask` that takes a `question`: a person, or a tool that
    answers. Its own favourite is the question of highest information gain. It remembers nothing:
    the answers so far stand in the report.
    """

    def __init__(
        self,
        table: FactTable,
        *,
        noise: float = 0.0,
        sure_at: float = _SUREST,
        exponents: Sequence[float] = (1.0,),
        source: BeliefSource = "exact",
        name: str | None = None,
    ) -> None:
        """Set it up.

        Args:
            table: The facts.
            noise: Chance that an answer is wrong.
            sure_at: Probability from which it answers rather than asks on.
            exponents: Power of the reports by the number of answers; 1 is exact.
            source: Where its probabilities are said to come from.
            name: Its name on the bill.

        Raises:
            ValueError: The noise or an exponent cannot be used.
        """
        self._table = table
        self._noise = noise
        self._start = TableBelief.start(table.likelihoods(noise), exponents=exponents)
        self._sure_at = sure_at
        self._source: BeliefSource = source
        self._name = name or f"exact: {table.name}"

    @property
    def name(self) -> str:
        """Its name on the bill."""
        return self._name

    @property
    def table(self) -> FactTable:
        """The facts, as it believes them."""
        return self._table

    @property
    def version(self) -> str:
        """Digest of the table and the noise: part of a calibration's fingerprint."""
        facts = repr((self._table.items, self._table.columns, self._noise, self._start.exponents))
        return sha256(facts.encode() + self._table.cells.tobytes()).hexdigest()[:12]

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What it can do."""
        return frozenset({Capability.BELIEF, Capability.FORECAST, Capability.NO_CALLS})

    def overhead_tokens(self, tools: Sequence[ToolSpec]) -> int:
        """Return 0: there is no prompt."""
        return 0

    async def decide(
        self, view: View, tools: Sequence[ToolSpec], *, is_final: bool = False
    ) -> Decision:
        """Decide one round: ask on, or answer once it is sure or no question tells anything."""
        began = thread_time()
        said = self._said(view)
        belief = self._belief(said)
        asking = next((tool.name for tool in tools if tool.kind is ToolKind.ASK), None)
        actions = () if is_final else self._questions(belief, said, asking)
        draft = None if actions else _draft(belief) if said or asking else _NOBODY
        return Decision(
            report=self._report(said, belief),
            belief=self._stated(belief),
            actions=actions,
            draft=draft,
            work=Work(cpu_s=thread_time() - began),
        )

    async def forecast(
        self, view: View, decision: Decision, actions: Sequence[Action]
    ) -> Forecasts | None:
        """Return P(answer | item) of each question, exactly."""
        del view
        if decision.belief is None:
            return None
        places = {item: place for place, item in enumerate(self._table.items)}
        rows = [places[each.text] for each in decision.belief.candidates]
        found = [self._forecast(action, rows) for action in actions]
        return Forecasts(by_action=found, basis=f"exact Bayes over {len(places)} items")

    def _forecast(self, action: Action, rows: Sequence[int]) -> Forecast:
        question = str(action.arguments.get("question", ""))
        column = self._table.column_of(question)
        if column is None:
            raise ValueError(f"the table knows no question {question!r}")
        count = len(self._table.columns[column].values)
        table: Floats = self._start.table.likelihood[:count, rows, column].astype(np.float64)
        return Forecast(query=question, likelihood=tuple(tuple(row) for row in table.tolist()))

    def _belief(self, said: Sequence[_Said]) -> TableBelief:
        belief = self._start
        for each in said:
            if each.value is not None:
                belief = belief.update(each.column, each.value)
        return belief

    def _stated(self, belief: TableBelief) -> AnswerBelief:
        order: list[int] = np.argsort(-belief.probs, kind="stable").tolist()
        kept = [i for i in order if belief.probs[i] > _LEAST_SHOWN]
        total = float(belief.probs[kept].sum())
        return AnswerBelief(
            candidates=tuple(
                Candidate(text=self._table.items[i], probability=float(belief.probs[i]) / total)
                for i in kept
            ),
            none_of_these=0.0,
            source=self._source,
            is_calibrated=self._source == "exact",
        )

    def _questions(
        self, belief: TableBelief, said: Sequence[_Said], asking: str | None
    ) -> tuple[Action, ...]:
        if asking is None or belief.probs.max() >= self._sure_at:
            return ()
        asked = {each.column for each in said}
        columns = [i for i in range(len(self._table.columns)) if i not in asked]
        gains = belief.gains(columns).values
        order = sorted(range(len(columns)), key=lambda i: (-round(float(gains[i]), 9), columns[i]))
        useful = [i for i in order if gains[i] > TIE_NATS]
        total = float(gains[useful].sum()) if useful else 1.0
        return tuple(
            Action(
                tool=asking,
                arguments={"question": self._table.columns[columns[i]].question},
                prior=round(float(gains[i]) / total, 4),
            )
            for i in useful
        )

    def _said(self, view: View) -> list[_Said]:
        """Return what was asked and answered so far: from the report, then from the turns shown."""
        found: dict[int, _Said] = {}
        names = {column.name: place for place, column in enumerate(self._table.columns)}
        for line in view.report.tried:
            name, _, value = line.rpartition(" = ")
            if name in names:
                found[names[name]] = self._understood(names[name], value)
        for turn in view.turns:
            column = self._table.column_of(str(turn.action.arguments.get("question", "")))
            if column is not None and column not in found:
                text = turn.result.text if turn.result else turn.observation
                found[column] = self._understood(column, text.removeprefix(PERSON_SAYS))
        return list(found.values())

    def _understood(self, column: int, text: str) -> _Said:
        return _Said(column, self._table.columns[column].value_of(text))

    def _report(self, said: Sequence[_Said], belief: TableBelief) -> Report:
        tried: list[str] = []
        for column, value in said:
            about = self._table.columns[column]
            tried.append(f"{about.name} = {_NO_ANSWER if value is None else about.values[value]}")
        return Report(prose=belief.note or "", tried=tuple(tried))


def _draft(belief: TableBelief) -> Draft:
    return Draft(text=belief.support[int(belief.probs.argmax())])

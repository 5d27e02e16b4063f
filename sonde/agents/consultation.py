"""An agent asked as a member of a team: its result, with what it found beside."""

from dataclasses import dataclass

from ..records.evidence import Passage
from ..records.report import Report
from ..records.result import Result
from .driving import Driver
from .run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation:
    """What a run came to, with what stands behind its result."""

    result: Result
    """The result."""
    report: Report
    """The last report: findings by their ids."""
    pages: dict[str, Passage]
    """The pages of the report's findings, by id."""
    is_salvaged: bool = False
    """Whether the answer was taken from a reply that could not be read as it was meant."""


async def consultation(driver: Driver, run: Run) -> Consultation:
    """Take an open run to its end, and return its result with what stands behind it."""
    report, pages, is_salvaged = Report(), dict[str, Passage](), False

    def look(ended: Run) -> None:
        nonlocal report, is_salvaged
        forced = ended.record.forced_decision(ended.store)
        is_salvaged = bool(forced and forced.draft and forced.draft.is_salvaged)
        decision = ended.record.latest_decision(ended.round, ended.store)
        report = decision.report if decision else report
        found = {each.evidence_id: ended.store.get(each.evidence_id) for each in report.findings}
        pages.update({name: page for name, page in found.items() if page is not None})

    result = await driver.drive(run, before_closing=look)
    return Consultation(result=result, report=report, pages=pages, is_salvaged=is_salvaged)

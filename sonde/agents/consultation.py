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


async def consultation(driver: Driver, run: Run) -> Consultation:
    """Take an open run to its end, and return its result with what stands behind it."""
    report, pages = Report(), dict[str, Passage]()

    def look(ended: Run) -> None:
        nonlocal report
        decision = ended.record.latest_decision(ended.round, ended.store)
        report = decision.report if decision else report
        found = {each.evidence_id: ended.store.get(each.evidence_id) for each in report.findings}
        pages.update({name: page for name, page in found.items() if page is not None})

    result = await driver.drive(run, before_closing=look)
    return Consultation(result=result, report=report, pages=pages)

"""What a person reads of a team's run under way."""

from ..records.events import Event
from ..records.team_events import ClaimMade, LinksWeighed, TeamChecked, TeamEscalated
from .figures import count, percent
from .printable import shortened

_LONGEST_ANSWER = 60


def team_line(event: Event) -> str | None:
    """Return a line of progress for an event of a team, or None where it is worth none."""
    match event:
        case ClaimMade() if event.claim.is_answer:
            said = shortened(event.claim.value, _LONGEST_ANSWER)
            return f"{event.claim.agent} answers {said} · {percent(event.claim.confidence)}"
        case LinksWeighed():
            open_links = sum(link.is_open for link in event.links)
            all_links = count(len(event.links), "message")
            return f"{open_links} of {all_links} go, says the {event.gate} gate"
        case TeamEscalated():
            return escalated_in_words(event)
        case TeamChecked():
            return checked_in_words(event)
        case _:
            return None


def escalated_in_words(event: TeamEscalated) -> str:
    """Return why a team goes back to full communication."""
    sure = "no answer" if event.confidence is None else f"{percent(event.confidence)} sure"
    return f"{sure}, under {event.tau:.2f}: everything new is told to everybody"


def checked_in_words(event: TeamChecked) -> str:
    """Return what came of a check."""
    outcome = "another answer" if event.is_lost else "the same answer"
    return (
        f"the gated run {event.gated_run} came to {outcome}; "
        f"{event.losses} of {count(event.checks, 'check')} lost"
    )

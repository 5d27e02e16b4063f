"""What happened in a team's run, as steps of its trace."""

from ..records.claims import Claim
from ..records.events import Event
from ..records.team_events import (
    ClaimMade,
    LinksWeighed,
    MemberWorked,
    MessageSent,
    TeamChecked,
    TeamEscalated,
)
from .figures import count, percent, seconds
from .printable import shortened
from .team_lines import checked_in_words, escalated_in_words
from .trace_steps import Step

_LONGEST_VALUE = 90
_LONGEST_SUBJECT = 40


def team_step(event: Event) -> Step | None:
    """Return an event of a team as a step of its trace, or None where it is none."""
    match event:
        case MemberWorked():
            return Step(verb="calls", words=f"{event.member}, {seconds(event.wall_s)}")
        case ClaimMade():
            return Step(verb="claims", words=_claim(event.claim))
        case LinksWeighed():
            return _weighed(event)
        case MessageSent():
            held = count(len(event.claims), "claim")
            taken = f", {len(event.taken)} taken over" if event.taken else ", none of use"
            tokens = count(event.tokens_read + event.tokens_written, "token")
            words = f"{event.sender} to {event.receiver}: {held}{taken}; {tokens}"
            return Step(verb="sends", words=words, items=tuple(("", each) for each in event.taken))
        case TeamEscalated():
            return Step(verb="escalates", words=escalated_in_words(event))
        case TeamChecked():
            return Step(verb="checks", words=checked_in_words(event), is_trouble=event.is_alarm)
        case _:
            return None


def _claim(claim: Claim) -> str:
    rests = f"; rests on {', '.join(claim.parents)}" if claim.parents else ""
    subject = shortened(claim.subject, _LONGEST_SUBJECT)
    value = shortened(claim.value, _LONGEST_VALUE)
    return f"{claim.id} {subject}: {value} · {percent(claim.confidence)}{rests}"


def _weighed(event: LinksWeighed) -> Step:
    opened = [link for link in event.links if link.is_open]
    words = f"{event.gate}: {len(opened)} of {count(len(event.links), 'link')} open"
    ranked = sorted(opened, key=lambda link: -link.probability)
    items = tuple(
        (percent(link.probability), f"{link.sender} to {link.receiver}") for link in ranked
    )
    return Step(verb="gates", words=words, items=items)

"""Who is in a team: members with names of their own, and which of them decides."""

from collections.abc import Sequence
from typing import cast

from ...records.errors import SetupError
from ...records.mistakes import as_list, mistaken
from ..agent import Agent
from .agent_member import NAME, Member, checked_name
from .graph import ROUTER
from .member import Teammate

_EXAMPLE = 'Team([Agent(corpus="docs/"), Agent(corpus="notes/")])'
_LONGEST_WISH = 36
"""Characters of a corpus's name in that of a member; a number may follow."""
_NEEDED = ("name", "role", "profile", "match", "work")


def named(members: Sequence[Agent | Teammate]) -> tuple[Teammate, ...]:
    """Return members, with agents named after the folder of their corpus, or by number.

    Raises:
        SetupError: There are none, one cannot be a member, or two have one name.
    """
    given = as_list("members", members, wanted="a list of agents", example=_EXAMPLE)
    if not given:
        raise SetupError("a team needs at least one member")
    found: list[Teammate] = []
    for number, each in enumerate(given, start=1):
        if not isinstance(each, Agent):
            found.append(_teammate(each))
            continue
        taken = {member.name for member in found}
        wish = each.sources.corpus_name[:_LONGEST_WISH]
        wish = wish if NAME.fullmatch(wish) else f"agent{number}"
        found.append(Member(wish if wish not in taken else f"{wish}{number}", each))
    names = [member.name for member in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None or ROUTER in names:
        raise SetupError(f"the name {twice or ROUTER!r} is taken; give each member another name")
    return tuple(found)


def _teammate(given: object) -> Teammate:
    if not all(hasattr(given, each) for each in _NEEDED):
        raise mistaken("a member", given, wanted="an agent", example=_EXAMPLE)
    member = cast(Teammate, given)
    checked_name(member.name)
    return member


def index_of(decider: str | int, members: Sequence[Teammate]) -> int:
    """Return the index of the member that decides.

    Raises:
        SetupError: There is none of that name or index.
    """
    names = [member.name for member in members]
    if isinstance(decider, str) and decider in names:
        return names.index(decider)
    if isinstance(decider, int) and 0 <= decider < len(names):
        return decider
    raise SetupError(f"no member {decider!r} to decide; there are: {', '.join(names)}")

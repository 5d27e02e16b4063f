"""Information-seeking rate and efficiency: which required entities a run obtained, and how fast.

ISR = |R n O| / |R|, of the required entities R and those obtained, O (WebLeaper). ISE is told in
two readings: `ise_paper` = |R| / T as its text prints it (targets per action), and `ise_found` =
entities first obtained in an opened document per action, which is what the text describes. Their
difference is large for a run that finds little.
"""

from collections.abc import Sequence
from typing import NamedTuple

from ...records.json_types import JsonObject, JsonValue
from ...text.words import words
from .score import Obtained, Seen


class Seeking(NamedTuple):
    """How far a run got with the entities that its task requires."""

    required: int
    """|R|."""
    found: int
    """|R n O|: obtained in any text that was shown."""
    opened: int
    """Obtained in an opened document before a search had shown them."""
    steps: int | None
    """T: actions carried out; None is unknown."""

    @property
    def isr(self) -> float:
        """Share of the required entities that was obtained."""
        return self.found / self.required

    @property
    def ise_paper(self) -> float | None:
        """Targets per action; None without actions."""
        return self.required / self.steps if self.steps else None

    @property
    def ise_found(self) -> float | None:
        """Entities newly obtained in opened documents, per action; None without actions."""
        return self.opened / self.steps if self.steps else None

    def told(self) -> JsonObject:
        """Return the figures by name."""
        return {
            "isr": self.isr,
            "ise_paper": self.ise_paper,
            "ise_found": self.ise_found,
            "entities_opened": self.opened,
        }


def required_entities(value: JsonValue) -> tuple[tuple[str, ...], ...]:
    """Return the required entities as a suite's metadata tells them under `required`.

    Each is a name, or a list of names that must stand in one text together: an entity with its
    attribute.
    """
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    found = [(each,) if isinstance(each, str) else _names(each) for each in value]
    return tuple(each for each in found if each)


def seeking(required: Sequence[tuple[str, ...]], obtained: Obtained) -> Seeking | None:
    """Return how many required entities a run obtained; None where none is required or it is
    unknown what the run was shown."""
    if not required or obtained.seen is None:
        return None
    wanted = {names: [f" {' '.join(words(name))} " for name in names] for names in required}
    found: set[tuple[str, ...]] = set()
    opened = 0
    for seen in obtained.seen:
        text = _flat(seen)
        new = {
            names
            for names, flat in wanted.items()
            if names not in found and all(name in text for name in flat)
        }
        found |= new
        opened += len(new) if seen.is_opened else 0
    return Seeking(len(wanted), len(found), opened, obtained.steps)


def _flat(seen: Seen) -> str:
    return f" {' '.join(words(f'{seen.title}. {seen.text}'))} "


def _names(value: JsonValue) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    return tuple(each for each in value if isinstance(each, str))

"""A candidate answer with its probability, and where it stands."""

from dataclasses import dataclass

from .sides import Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One candidate answer: equal words in one or more places."""

    text: str
    """The words as they stand in the likeliest place."""
    key: str
    """The words as answers are compared."""
    probability: float
    """How likely it is."""
    places: tuple[int, ...] = ()
    """Its spans, likeliest first."""
    grounds: tuple[Ground, ...] = ()
    """For a verdict on a closed question: the sentences that it rests on."""
    is_list: bool = False
    """Whether it is several things, each in one of the places."""

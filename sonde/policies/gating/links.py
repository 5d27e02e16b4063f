"""Links between the members of a team as numbers: what a gate sees before it opens any."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..distributions import Floats, entropies

Flags = NDArray[np.bool_]
"""Yes or no, in an array."""

FEATURES = (
    "constant",
    "novelty",
    "novel_confidence",
    "sender_entropy",
    "receiver_answered",
    "receiver_match",
    "receiver_is_decider",
    "sender_is_final",
    "round_fraction",
    "novelty*match",
    "novelty*final*decider",
    "sent_before",
)
"""Names of a link's features, in the order of the last axis."""
FEATURES_VERSION = 1
"""Changes whenever a feature comes, goes, or is reckoned in another way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """What is known of every link i -> j before a round; leading axes are runs, if any."""

    novel: Floats
    """Claims of i that are new to j as far as i knows: (..., N, N)."""
    novel_confidence: Floats
    """Highest confidence of these claims, 0 where there is none: (..., N, N)."""
    confidence: Floats
    """Each member's confidence in the answer that it holds, 0 where it holds none: (..., N)."""
    is_final: Flags
    """Whether a member holds an answer: (..., N)."""
    match: Floats
    """How well j looks able to answer what is open to i, 0 to 1 or noisy: (..., N, N)."""
    sent_before: Flags
    """Whether i has sent j anything in this run: (..., N, N)."""
    final_sent: Flags
    """Whether i has sent j an answer in this run: (..., N, N)."""
    decider: int
    """The member whose answer is the team's."""
    round_fraction: float
    """Number of the round over the number of gated rounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Every link of a team before a round, as features."""

    features: Floats
    """(..., N, N, F), in the order of `FEATURES`; a NaN is a figure that could not be had."""
    roles: tuple[str, ...]
    """Role of each member."""
    decider: int
    """The member whose answer is the team's."""
    is_first_answer: Flags
    """Whether a message would bring the decider its sender's answer for the first time."""
    is_novel: Flags
    """Whether the sender has anything that is new to the receiver."""

    @property
    def is_link(self) -> Flags:
        """Whether an entry joins two members: (N, N), false on the diagonal."""
        return ~np.eye(len(self.roles), dtype=np.bool_)


def links_of(state: LinkState, *, roles: tuple[str, ...]) -> Links:
    """Return the features of every link.

    Confidence and entropy share one scale: the sender's entropy is that of the belief "my answer is
    right, or it is not", in bits, so that it lies between 0 and 1; who holds no answer has none.
    """
    novel: Floats = np.minimum(state.novel, 1.0)
    shape: tuple[int, ...] = novel.shape
    is_decider: Floats = np.eye(shape[-1])[state.decider]
    to_decider: Flags = np.greater(is_decider, 0)
    final: Floats = state.is_final.astype(np.float64)[..., :, None]
    columns: list[Floats] = [
        np.ones(shape),
        novel,
        state.novel_confidence,
        binary_entropy_bits(state.confidence)[..., :, None],
        state.confidence[..., None, :],
        state.match,
        is_decider,
        final,
        np.full(shape, state.round_fraction),
        novel * state.match,
        novel * final * is_decider,
        state.sent_before.astype(np.float64),
    ]
    features = np.stack([np.broadcast_to(each, shape) for each in columns], axis=-1)
    is_novel: Flags = state.novel > 0
    first: Flags = is_novel & state.is_final[..., :, None] & to_decider & ~state.final_sent
    return Links(
        features=features,
        roles=roles,
        decider=state.decider,
        is_first_answer=first & ~np.eye(shape[-1], dtype=np.bool_),
        is_novel=is_novel,
    )


def binary_entropy_bits(confidence: Floats) -> Floats:
    """Return the entropy, in bits, of being right with each of these probabilities.

    >>> binary_entropy_bits(np.array([0.0, 0.5, 1.0])).tolist()
    [0.0, 1.0, 0.0]
    """
    pair = np.stack([confidence, 1.0 - confidence], axis=-1)
    return entropies(pair) / np.log(2.0)

"""What every event carries, whatever it tells of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EventBase:
    """What every event carries."""

    at: float
    """Seconds since the epoch."""
    round: int = 0
    """The round it belongs to; 0 before the first."""

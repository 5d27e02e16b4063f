"""Episodes that a calibration can be made of, for tests of what it promises."""

from sonde.policies.calibration import Episode


def episodes(confidence: float, count: int = 120) -> tuple[Episode, ...]:
    """Return runs that are never wrong once they reach a confidence."""
    return tuple(
        Episode(
            task=f"t{n}",
            part="stop" if n % 2 else "set",
            confidences=(0.25, 0.6, confidence, 0.999),
            is_right=(False, False, True, True),
            true_probs=(0.25, 0.4, confidence, 0.999),
        )
        for n in range(count)
    )

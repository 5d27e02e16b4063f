"""The risk of deploying what a validation split liked best: SharpeRatio@k."""

from collections.abc import Sequence
from math import inf

import numpy as np


def sharpe_ratio_at_k(
    validation: Sequence[float], held_out: Sequence[float], *, baseline: float, k: int
) -> float:
    """Return (best of the top k - baseline) / spread of the top k, on held-out tasks.

    Kiyohara et al. 2024 (arXiv 2311.18207), eq. 3; the top k are ranked on the validation split. As
    in the authors' code the spread is the sample's (ddof 1) and a best below the baseline
    counts as 0, so k = 1 has no ratio.

    Args:
        validation: Score of each configuration on the validation split: the ranking.
        held_out: Its score on the rest.
        baseline: Held-out score of what one would run otherwise.
        k: How many configurations are tried out.

    Returns:
        The ratio; infinity where the top k are alike and beat the baseline, 0 where none does.

    Raises:
        ValueError: k is below 2 or above the number of configurations.
    """
    if not 2 <= k <= len(validation) or len(validation) != len(held_out):
        raise ValueError(f"SharpeRatio@{k} needs k from 2 to {len(validation)} configurations")
    ranked = sorted(range(len(validation)), key=lambda at: (-validation[at], at))
    top = np.array([held_out[at] for at in ranked[:k]])
    gain = max(0.0, float(top.max()) - baseline)
    spread = float(np.std(top, ddof=1))
    if gain == 0:
        return 0.0
    return inf if spread == 0 else gain / spread

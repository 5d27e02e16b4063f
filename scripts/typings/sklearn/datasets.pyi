"""The handwritten digits that come with scikit-learn."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

def load_digits(
    *,
    return_X_y: Literal[True],  # noqa: N803
) -> tuple[NDArray[np.float64], NDArray[np.int64]]: ...

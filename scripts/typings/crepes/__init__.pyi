"""The part of crepes that the tests use; the package ships no types."""

from typing import Self

import numpy as np
from numpy.typing import NDArray

class ConformalClassifier:
    def fit(self, alphas: NDArray[np.float64]) -> Self: ...
    def predict_set(
        self, alphas: NDArray[np.float64], *, confidence: float, smoothing: bool
    ) -> NDArray[np.int64]: ...

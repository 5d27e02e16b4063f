"""Tables that the policies are measured on: Animals with Attributes 2, and handwritten digits."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from sonde.policies.table import Table

_SHARED = os.environ.get("SONDE_SHARED_DATA")
_FOLDER = Path(_SHARED) if _SHARED else Path(__file__).parents[3] / "shared" / "data"


class DigitSplit(NamedTuple):
    """Binarised digits: a naive Bayes table, and pictures to calibrate and to test on."""

    table: Table
    prior: NDArray[np.float64]
    calibration: NDArray[np.int64]
    calibration_truths: NDArray[np.int64]
    test: NDArray[np.int64]
    test_truths: NDArray[np.int64]


DigitSplitter = Callable[[int], DigitSplit]


def _animals(name: str) -> list[str]:
    lines = (_FOLDER / "awa2" / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[-1].strip().replace("+", " ") for line in lines if line.strip()]


@pytest.fixture(scope="session")
def awa2_50() -> NDArray[np.float64]:
    """Fifty animals by 85 attributes, 0 or 1."""
    path = _FOLDER / "awa2" / "predicate-matrix-binary.txt"
    if not path.is_file():
        pytest.skip("needs the AwA2 tables; set SONDE_SHARED_DATA to the folder that holds awa2/")
    return np.loadtxt(path)


@pytest.fixture(scope="session")
def awa2_20(awa2_50: NDArray[np.float64]) -> NDArray[np.float64]:
    """Twenty of them."""
    everyone = _animals("classes.txt")
    return awa2_50[[everyone.index(name) for name in _animals("classes20.txt")]]


@pytest.fixture(scope="session")
def split_digits() -> DigitSplitter:
    """Return a function that splits the digits by a seed: 900, 450 and 447 pictures."""
    datasets = pytest.importorskip("sklearn.datasets", reason="needs scikit-learn's digits")
    pixels, labels = datasets.load_digits(return_X_y=True)
    is_dark = (pixels >= 8).astype(np.int64)

    def split(seed: int) -> DigitSplit:
        order = np.random.default_rng(seed).permutation(len(labels))
        train, calibration, test = order[:900], order[900:1350], order[1350:]
        rows = [is_dark[train][labels[train] == digit] for digit in range(10)]
        return DigitSplit(
            table=Table.binary(np.stack([(row.sum(0) + 1) / (len(row) + 2) for row in rows])),
            prior=np.array([len(row) / len(train) for row in rows]),
            calibration=is_dark[calibration],
            calibration_truths=labels[calibration],
            test=is_dark[test],
            test_truths=labels[test],
        )

    return split

"""Tables that the policies are measured on: Animals with Attributes 2."""

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

_SHARED = os.environ.get("SONDE_SHARED_DATA")
_FOLDER = Path(_SHARED) if _SHARED else Path(__file__).parents[3] / "shared" / "data"


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

"""The tables of Animals with Attributes 2, and one thread for all."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

_SHARED = os.environ.get("SONDE_SHARED_DATA")
_FOLDER = Path(_SHARED) if _SHARED else Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Keep linear algebra to one thread: on a busy machine two wait for each other."""
    with threadpool_limits(limits=1):
        yield


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

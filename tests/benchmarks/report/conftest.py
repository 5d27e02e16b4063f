"""The folder of published tables."""

import os
from pathlib import Path

import pytest

_SHARED = os.environ.get("SONDE_SHARED_DATA")
_FOLDER = Path(_SHARED) if _SHARED else Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture(scope="session")
def published() -> Path:
    folder = _FOLDER / "costs"
    if not folder.is_dir():
        pytest.skip("needs the published tables; set SONDE_SHARED_DATA to the folder with costs/")
    return folder

"""Corpora for the tests of the index."""

from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for documents."""
    path = tmp_path / "documents"
    path.mkdir()
    return path


@pytest.fixture
def index_root(tmp_path: Path) -> Path:
    """Where indexes may lie."""
    return tmp_path / "indexes"

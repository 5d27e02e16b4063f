"""A small corpus and a scripted model, for whole runs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sonde.agents.agent import Agent

DOCUMENTS = {
    "trieste.md": (
        "# Trieste\n\nThe bathyscaphe Trieste was designed by Auguste Piccard. On 23 January 1960 "
        "Jacques Piccard and Don Walsh took the Trieste to the floor of the Challenger Deep."
    ),
    "piccard.md": (
        "# Auguste Piccard\n\nAuguste Piccard was born in Basel in 1884. In 1931 he rose to the "
        "stratosphere in the balloon FNRS."
    ),
    "walsh.md": "# Don Walsh\n\nDon Walsh was a lieutenant of the United States Navy.",
    "alvin.md": "# Alvin\n\nThe submersible Alvin was commissioned in 1964 at Woods Hole.",
}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


MakeAgent = Callable[..., Agent]


@pytest.fixture
def make_agent(corpus: Path, home: Path) -> MakeAgent:
    """Return a maker of agents over the small corpus, in a home of their own."""

    def make(model: Any = None, **options: Any) -> Agent:
        return Agent(model, corpus=corpus, home=home, environ={}, **options)

    return make

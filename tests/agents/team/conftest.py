"""Three small corpora; what one member owns, the others do not."""

import shutil
from pathlib import Path

import pytest

from sonde import Agent, Team
from sonde.agents.team.member import Teammate

_PAGES = {
    "ships": ("trieste.md", "hms-challenger.md"),
    "people": ("bathysphere.md", "gloria-hollister.md"),
    "places": ("mariana-trench.md", "lindenberg-observatory.md"),
}
_ARTICLES = Path(__file__).parents[3] / "examples" / "sounding"
QUESTION = "Who paid for the building of the bathysphere?"
"""Only `people` owns the article that tells."""
ANSWER = "Otis Barton"


@pytest.fixture
def corpora(tmp_path: Path) -> dict[str, Path]:
    """The folders of three corpora, by name."""
    for folder, pages in _PAGES.items():
        (tmp_path / folder).mkdir()
        for name in pages:
            shutil.copy(_ARTICLES / name, tmp_path / folder / name)
    return {folder: tmp_path / folder for folder in _PAGES}


@pytest.fixture
def members(corpora: dict[str, Path], tmp_path: Path) -> list[Agent | Teammate]:
    """An agent for each corpus; none of them needs a model."""
    return [Agent(corpus=folder, home=tmp_path / "home") for folder in corpora.values()]


@pytest.fixture
def team(members: list[Agent | Teammate], tmp_path: Path) -> Team:
    """The team, under the novelty rule."""
    return Team(members, decider="ships", home=tmp_path / "home")

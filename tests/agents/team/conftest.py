"""Three small corpora that together answer what none of them answers alone."""

from pathlib import Path

import pytest

from sonde import Agent, Team
from sonde.agents.team.member import Teammate

_PAGES = {
    "ships": {
        "hms-erebus.md": "# HMS Erebus\n\nHMS Erebus was a bomb vessel of the Royal Navy. She was "
        "built at Pembroke Dockyard in 1826. On her last voyage she was commanded by James "
        "Fitzjames.",
        "fram.md": "# Fram\n\nThe Fram was a schooner built for polar ice by Colin Archer. Her "
        "hull was rounded so that the ice would lift her.",
    },
    "people": {
        "james-fitzjames.md": "# James Fitzjames\n\nJames Fitzjames was born in Rio de Janeiro in "
        "1813. He was an officer of the Royal Navy.",
        "colin-archer.md": "# Colin Archer\n\nColin Archer was a naval architect. He was born in "
        "Larvik, where he later had his yard.",
    },
    "places": {
        "larvik.md": "# Larvik\n\nLarvik is a town in Vestfold in Norway. It is known for its "
        "beech forest and for larvikite, a blue stone.",
        "pembroke.md": "# Pembroke Dockyard\n\nPembroke Dockyard was founded in 1814 in Wales. It "
        "closed in 1926.",
    },
}


@pytest.fixture
def corpora(tmp_path: Path) -> dict[str, Path]:
    """The folders of three corpora, by name."""
    for folder, pages in _PAGES.items():
        (tmp_path / folder).mkdir()
        for name, text in pages.items():
            (tmp_path / folder / name).write_text(text, encoding="utf-8")
    return {folder: tmp_path / folder for folder in _PAGES}


@pytest.fixture
def members(corpora: dict[str, Path], tmp_path: Path) -> list[Agent | Teammate]:
    """An agent for each corpus; none of them needs a model."""
    return [Agent(corpus=folder, home=tmp_path / "home") for folder in corpora.values()]


@pytest.fixture
def team(members: list[Agent | Teammate], tmp_path: Path) -> Team:
    """The team, under the novelty rule."""
    return Team(members, decider="ships", home=tmp_path / "home")

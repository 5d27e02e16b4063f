"""A suite's card, `suite.json`: what a folder or file of tasks does not say by itself."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ...records.errors import SuiteError

CARD = "suite.json"
"""Name of the card in a folder of tasks."""


class Card(BaseModel):
    """Everything is optional; without a card the usual names are looked for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str | None = None
    """The suite's name; the folder's where it is not given."""
    scorer: str | None = None
    """Name of the scorer."""
    tasks: str | None = None
    """File of the tasks, from the card's folder."""
    corpus: tuple[str, ...] = ()
    """Folders and files that all tasks are answered from, from the card's folder."""
    fields: dict[str, str] = Field(default_factory=dict[str, str])
    """Names that the file has for id, input, target, choices, files, level, cluster, metadata."""
    split: str | None = None
    """Which split of a Parquet folder."""
    answerer: str | None = None
    """Name of the simulated person who answers questions."""


def read_card(folder: Path) -> Card:
    """Return the card of a folder; an empty one where there is none.

    Raises:
        SuiteError: The card cannot be read.
    """
    path = folder / CARD
    if not path.is_file():
        return Card()
    try:
        return Card.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as err:
        raise SuiteError(f"cannot read {path}: {err}") from err
    except ValidationError as err:
        first = err.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise SuiteError(f"{path}: {where}: {first['msg']}; mend the card") from err

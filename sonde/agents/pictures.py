"""The pictures that an agent shows its model, read from files."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from ..records.errors import SetupError
from ..records.pictures import Picture, picture_tokens
from ..tools.files.images import SHOWN, ImageBroken, image_facts, image_format

MOST_PICTURES = 8
"""Most pictures of one agent: each is sent again in every round."""
MOST_BYTES = 5 << 20
"""Most bytes of one picture: 5 MiB, the least of the limits that providers publish."""


def read_pictures(paths: Sequence[str | Path]) -> tuple[Picture, ...]:
    """Return the pictures of these files, in their order.

    Raises:
        SetupError: There are too many, or one cannot be read, is too large or is no picture.
    """
    if len(paths) > MOST_PICTURES:
        raise SetupError(
            f"{len(paths)} pictures are more than the {MOST_PICTURES} that a model is shown; "
            "leave some out"
        )
    return tuple(_read(Path(path).expanduser()) for path in paths)


def is_picture(path: Path) -> bool:
    """Return whether a path is a file that begins like a picture that models take."""
    try:
        with path.expanduser().open("rb") as handle:
            return image_format(handle.read(32)) in SHOWN
    except OSError:
        return False


def _read(path: Path) -> Picture:
    try:
        with path.open("rb") as handle:
            data = handle.read(MOST_BYTES + 1)
    except OSError as err:
        raise SetupError(
            f"the picture {str(path)!r} cannot be read: {err.strerror or err}; check the path"
        ) from err
    if len(data) > MOST_BYTES:
        raise SetupError(
            f"the picture {str(path)!r} is larger than {MOST_BYTES >> 20} MiB; make it smaller"
        )
    try:
        facts = image_facts(BytesIO(data))
    except ImageBroken as err:
        raise SetupError(
            f"{str(path)!r} cannot be shown to a model ({err}); give a PNG, JPEG, GIF or WebP"
        ) from err
    if facts.format not in SHOWN:
        raise SetupError(
            f"{str(path)!r} cannot be shown to a model (it is {facts.format}); save it as a PNG, "
            "JPEG, GIF or WebP"
        )
    tokens = picture_tokens(facts.width, facts.height)
    return Picture(mime=facts.mime, data=data, tokens=tokens)

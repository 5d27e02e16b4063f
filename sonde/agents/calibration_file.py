"""Calibrations as files: JSON that a person can read, compare and keep under version control."""

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ..policies.calibration import Calibration
from ..records.errors import SetupError
from ..records.json_types import JsonValue

FORMAT = 1
"""Version of the file; a file of another one is refused."""
_CALIBRATION = TypeAdapter(Calibration)


def calibration_text(calibration: Calibration, *, promises: Mapping[str, JsonValue]) -> str:
    """Return a calibration as JSON text: an episode a line, so that two files can be compared.

    Args:
        calibration: The calibration.
        promises: What it can and cannot promise, for a reader; nothing is read back from it.
    """
    body: dict[str, JsonValue] = _CALIBRATION.dump_python(calibration, mode="json")
    episodes = body.pop("episodes")
    head = {
        "format": FORMAT,
        "fingerprint": calibration.setup.fingerprint,
        **body,
        "promises": dict(promises),
    }
    text = json.dumps(head, indent=1, ensure_ascii=False)
    rows = ",\n  ".join(
        json.dumps(each, ensure_ascii=False)
        for each in (episodes if isinstance(episodes, list) else [])
    )
    return f'{text[:-2]},\n "episodes": [\n  {rows}\n ]\n}}\n'


def read_calibration(path: Path) -> Calibration:
    """Return the calibration of a file.

    Raises:
        SetupError: It cannot be read, is of another version, or was changed by hand.
    """
    try:
        body: JsonValue = json.loads(path.read_text(encoding="utf-8"))
    except OSError as err:
        raise SetupError(
            f"cannot read the calibration {str(path)!r}: {err.strerror}; make one: sonde calibrate"
        ) from err
    except ValueError as err:
        raise SetupError(
            f"{str(path)!r} is no calibration: it is not JSON ({err}); make one: sonde calibrate"
        ) from err
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise SetupError(
            f"{str(path)!r} is no calibration that this version reads; make one: sonde calibrate"
        )
    kept = {name: body[name] for name in body if name not in ("format", "fingerprint", "promises")}
    try:
        calibration = _CALIBRATION.validate_json(json.dumps(kept))
    except ValidationError as err:
        first = err.errors()[0]
        where = ".".join(str(each) for each in first["loc"]) or "the file"
        what = first["msg"].removeprefix("Value error, ")
        raise SetupError(
            f"the calibration {str(path)!r} cannot be used: {where}: {what}; make it again: "
            "sonde calibrate"
        ) from err
    if body.get("fingerprint") != calibration.setup.fingerprint:
        raise SetupError(
            f"the calibration {str(path)!r} was changed by hand: its fingerprint is not that of "
            "its setup; make it again: sonde calibrate"
        )
    return calibration

"""Rows of a file: JSON lines and CSV, each with its line, for errors that say where."""

import csv
import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from ...records.errors import SuiteError
from ...records.json_types import JsonObject

_LARGEST_CELL = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a suite's file."""

    path: Path
    """The file."""
    line: int
    """Where it starts: the line, or the number of the row in a file that has no lines."""
    values: JsonObject
    """Its values by name."""

    @property
    def place(self) -> str:
        """File and line, as an error tells them."""
        return f"{self.path}:{self.line}"

    def refuse(self, problem: str) -> SuiteError:
        """Return the error that tells what is wrong with this row."""
        return SuiteError(f"{self.place}: {problem}")


def json_rows(path: Path) -> Iterator[Row]:
    """Yield the objects of a file of JSON lines; blank lines are passed over.

    Raises:
        SuiteError: A line is no JSON object, or the file cannot be read.
    """
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            value: object = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as err:
            raise SuiteError(
                f"{path}:{number}: this line is no JSON ({err}); each line must be one object"
            ) from err
        if not isinstance(value, dict):
            raise SuiteError(f"{path}:{number}: a JSON object is needed, as in {{...}}")
        yield Row(path=path, line=number, values=cast(JsonObject, value))


def csv_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a CSV file whose first row names the columns; empty cells are left out.

    Raises:
        SuiteError: A row does not fit the header, or the file cannot be read.
    """
    with _large_cells():
        rows = list(_csv_rows(path))
    yield from rows


def _csv_rows(path: Path) -> Iterator[Row]:
    reader = csv.DictReader(_lines(path), strict=True)
    try:
        for cells in reader:
            if None in cells or None in cells.values():
                raise SuiteError(
                    f"{path}:{reader.line_num}: this row does not have the"
                    f" {len(reader.fieldnames or ())} cells of the header; quote what holds commas"
                )
            values = {name: cell for name, cell in cells.items() if cell.strip()}
            if values:
                yield Row(path=path, line=reader.line_num, values=values)
    except csv.Error as err:
        raise SuiteError(f"{path}:{reader.line_num}: this is no CSV ({err}); mend the row") from err


@contextmanager
def _large_cells() -> Generator[None]:
    """Let cells be large; the limit is one of the whole process, so it is set back at once."""
    before = csv.field_size_limit(_LARGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            yield from handle
    except UnicodeDecodeError as err:
        raise SuiteError(f"{path} is not UTF-8 ({err.reason}); save it as UTF-8") from err
    except OSError as err:
        raise SuiteError(f"cannot read {path}: {err.strerror or err}; check the path") from err

"""Parquet files as Hugging Face publishes data sets, read by DuckDB."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from glob import escape
from pathlib import Path
from typing import cast

from ...records.errors import SuiteError
from ...records.json_types import JsonObject, JsonValue
from .rows import Row

_BATCH = 1_000
_SPLIT_MARK = "-"


def parquet_files(folder: Path, *, split: str | None = None) -> list[Path]:
    """Return the files of one split of a folder, such as `data/test-00000-of-00002.parquet`.

    Raises:
        SuiteError: There is no such split, or several and none is named.
    """
    splits: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*.parquet")):
        name = (path.parent.relative_to(folder) / path.name.split(_SPLIT_MARK)[0]).as_posix()
        splits.setdefault(name.removeprefix("data/").removesuffix(".parquet"), []).append(path)
    names = ", ".join(splits) or "none"
    if split is None and len(splits) == 1:
        return next(iter(splits.values()))
    if split is None:
        raise SuiteError(f"{folder} has several splits; name one of: {names}")
    if split not in splits:
        raise SuiteError(f"{folder} has no split {split!r}; there are: {names}")
    return splits[split]


def parquet_rows(paths: Sequence[Path]) -> Iterator[Row]:
    """Yield the rows of files, in order; images and other bytes are left out.

    Raises:
        SuiteError: A file cannot be read.
    """
    import duckdb  # here, since most suites need none

    for path in paths:
        number = 0
        with duckdb.connect() as connection:
            try:
                found = connection.execute("SELECT * FROM read_parquet(?)", [escape(str(path))])
                names = [str(column[0]) for column in found.description or ()]
                while batch := found.fetchmany(_BATCH):
                    for cells in batch:
                        number += 1
                        yield Row(path=path, line=number, values=_values(names, cells))
            except duckdb.Error as err:
                first = str(err).partition("\n")[0]
                raise SuiteError(f"cannot read {path}: {first}; download it again") from err


def _values(names: Sequence[str], cells: Sequence[object]) -> JsonObject:
    pairs = zip(names, cells, strict=True)
    return {name: _json(cell) for name, cell in pairs if not isinstance(cell, bytes)}


def _json(value: object) -> JsonValue:
    """Return a value of DuckDB's as JSON has it; bytes and infinities are unknown."""
    if isinstance(value, Mapping):
        members = cast(Mapping[object, object], value)
        return {str(name): _json(each) for name, each in members.items()}
    if isinstance(value, list | tuple):
        return [_json(each) for each in cast(Sequence[object], value)]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return None if value is None or isinstance(value, bytes) else str(value)

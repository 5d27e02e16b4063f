"""Keeping the warehouse up to date: which folders it is made of, and what has changed in them."""

from collections.abc import Sequence
from pathlib import Path

from ..home import Home
from .bench_list import listed_benches
from .taking_in import forget, take_in_asked, take_in_bench
from .warehouse import Warehouse


def bring_up_to_date(warehouse: Warehouse, home: Home, *, folders: Sequence[Path] = ()) -> int:
    """Take in what has changed since the last time, and return how many lines that were.

    Args:
        warehouse: The warehouse.
        home: Where runs of `sonde ask` and the list of benchmark runs stand.
        folders: Further folders of benchmark runs.

    Raises:
        SetupError: A folder cannot be read.
    """
    lines = take_in_asked(warehouse, home.runs).lines
    for place in listed_benches(home):
        if (Path(place) / "bench.json").is_file():
            lines += take_in_bench(warehouse, Path(place)).lines
        else:
            forget(warehouse, Path(place))
    for folder in folders:
        lines += take_in_bench(warehouse, folder).lines
    return lines

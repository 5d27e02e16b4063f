"""A folder whose name looks like a pattern is taken in as itself."""

from typing import TYPE_CHECKING

import pytest

from sonde.memory.warehouse.taking_in import take_in_bench
from sonde.memory.warehouse.warehouse import Warehouse

if TYPE_CHECKING:
    from conftest import Bench


@pytest.mark.parametrize("name", ["run[1]", "r*n1"])
def test_a_folders_name_is_no_pattern(bench: "Bench", name: str) -> None:
    bench.run(limit=3, folder=bench.folder.with_name("run1"))  # what the pattern would match
    odd = bench.folder.with_name(name)
    bench.run(limit=2, folder=odd)
    with Warehouse.in_memory() as warehouse:
        take_in_bench(warehouse, odd)
        assert warehouse.ask("SELECT count(*) FROM attempts").rows[0][0] == 2

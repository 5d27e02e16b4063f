"""Which folders hold benchmark runs: a list in the home, so that the warehouse finds them."""

from pathlib import Path

from ...records.errors import SetupError
from ..home import Home


def remember_bench(home: Home, folder: Path) -> None:
    """Note the folder of a benchmark run, so that the warehouse finds it.

    Raises:
        SetupError: The home cannot be written.
    """
    place = str(folder.absolute())
    if place in listed_benches(home):
        return
    try:
        home.path.mkdir(parents=True, exist_ok=True)
        with home.bench_list.open("a", encoding="utf-8") as file:
            file.write(f"{place}\n")
    except OSError as err:
        raise SetupError(
            f"cannot write {home.bench_list}: {err.strerror or err}; "
            "set SONDE_HOME to a folder that you may write to"
        ) from err


def listed_benches(home: Home) -> list[str]:
    """Return the folders, in the order in which they came.

    Raises:
        SetupError: The list cannot be read.
    """
    try:
        text = home.bench_list.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except OSError as err:
        raise SetupError(f"cannot read {home.bench_list}: {err.strerror or err}") from err
    return list(dict.fromkeys(line for line in text.splitlines() if line))

"""CPU of a request, and prompt tokens: the plain client and sonde side by side, at several lengths.

    python scripts/model_speed.py [--calls 4 32 256] [--repeats 5] [--only NAME ...] [--long]

An agent calls one trivial tool K times and answers, against the loopback server at zero latency.
Every figure is of a process of its own, contestants in turn, and the median of the repeats. `ratio`
is the median of each repeat's ratio to the plain client with a constant prompt, measured just
before; `of min` is that of the two least times, which other work on the machine disturbs least.
`--long` runs K = 2,048 beside K = 32 instead; its ratios are to the same contestant at K = 32.
"""

import argparse
import statistics
from collections.abc import Sequence
from pathlib import Path

from loopback import Figures, Server, loopback_server, measured
from task_meter import REPORT

_HERE = Path(__file__).parent
_RAW, _SONDE = _HERE / "raw_clients.py", _HERE / "sonde_client.py"
_BASE = "constant"
_CONTESTANTS = {
    "constant": _RAW,
    "append": _RAW,
    "sonde": _SONDE,
    "sonde+checkpoints": _SONDE,
}
_HEAD = (
    f"{'contestant':20}{'K':>6}{'CPU ms':>9}{'min':>8}{'ratio':>8}{'of min':>8}"
    f"{'prompt tokens':>15}{'largest':>9}{'cached':>8}{'peak MB':>9}"
)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, nargs="+", default=[4, 32, 256])
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--only", nargs="+", choices=_CONTESTANTS, default=list(_CONTESTANTS))
    options.add_argument("--long", action="store_true", help="K = 2,048 beside K = 32")
    chosen = options.parse_args()
    print(_HEAD)
    with loopback_server() as server:
        if chosen.long:
            _long(server, chosen.repeats)
        else:
            for calls in chosen.calls:
                _compare(server, calls, chosen.repeats, chosen.only)


def _compare(server: Server, calls: int, repeats: int, names: Sequence[str]) -> None:
    """Measure the contestants in turn; the plain client is always among them."""
    found: dict[str, list[Figures]] = {name: [] for name in dict.fromkeys([_BASE, *names])}
    for _ in range(repeats):
        for name in found:
            found[name].append(_once(server, name, calls))
    base = [each.cpu_ms for each in found[_BASE]]
    for name, figures in found.items():
        _print(name, calls, figures, base)


def _long(server: Server, repeats: int) -> None:
    """Compare lengths: each repeat runs both, so that the machine's load is the same."""
    for name in ("constant", "sonde", "sonde+checkpoints"):
        pairs = [(_once(server, name, 32), _once(server, name, 2_048)) for _ in range(repeats)]
        base = [short.cpu_ms for short, _ in pairs]
        _print(name, 32, [short for short, _ in pairs], base)
        _print(name, 2_048, [long for _, long in pairs], base)


def _once(server: Server, name: str, calls: int) -> Figures:
    report = "" if name == "append" else REPORT
    return measured([_CONTESTANTS[name]], name, session=server.session(report=report), calls=calls)


def _print(name: str, calls: int, figures: Sequence[Figures], base: Sequence[float]) -> None:
    times = [each.cpu_ms for each in figures]
    ratio = statistics.median(time / other for time, other in zip(times, base, strict=True))
    bill = figures[0].bill
    peak = statistics.median(each.peak_mb for each in figures)
    print(
        f"{name:20}{calls:>6}{statistics.median(times):>9.2f}{min(times):>8.2f}{ratio:>8.2f}"
        f"{min(times) / min(base):>8.2f}{bill.prompt:>15,}{bill.largest:>9,}"
        f"{bill.cached / bill.prompt:>8.0%}{peak:>9.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()

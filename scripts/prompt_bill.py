"""What the prompts of one task cost under each memory policy, with cached tokens at three prices.

    python scripts/prompt_bill.py [--calls 4 16 32 64 256]

The loopback server counts what was sent and what its cache would have held (the longest beginning
that the last prompt had too, from 1,024 tokens, in steps of 128: OpenAI's rule). Prices are in
thousands of uncached prompt tokens; replies are the same under all policies and are left out.
`auto` knows the price of a cached token, so it runs once for each; its ratio is to the cheaper of
the other two, and the last column says whether it is within 5%.
"""

import argparse

from loopback import Bill, Server, loopback_server
from sonde_client import agent_for
from task_meter import REPORT, question

from sonde.memory.policy import MemoryPolicy

_CACHED_PRICES = (0.1, 0.5, 1.0)
_WORKSPACE_TOKENS = 200_000
"""Large enough for every history here: the comparison is of prices, not of caps."""
_ALLOWED = 1.05


def main() -> None:
    """Run each policy and print its bill."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, nargs="+", default=[4, 16, 32, 64, 256])
    print(
        f"{'K':>4}{'cached at':>11}{'append':>10}{'workspace':>11}{'auto':>9}{'ratio':>8}  within"
    )
    with loopback_server() as server:
        for calls in options.parse_args().calls:
            append = _bill(server, MemoryPolicy.APPEND, calls, price=1.0)
            workspace = _bill(server, MemoryPolicy.WORKSPACE, calls, price=1.0)
            for price in _CACHED_PRICES:
                auto = _bill(server, MemoryPolicy.AUTO, calls, price=price)
                _print(calls, price, append, workspace, auto)


def _bill(server: Server, memory: MemoryPolicy, calls: int, *, price: float) -> Bill:
    session = server.session(report=REPORT)
    agent = agent_for(
        session.base_url,
        calls=calls,
        memory=memory,
        workspace_tokens=_WORKSPACE_TOKENS,
        cached_price=price,
    )
    result = agent.run(question(calls, "bill"))
    if result.answer != "done":
        raise RuntimeError(f"{memory} ended with {result.answer!r} ({result.warnings})")
    return session.bill("bill")


def _print(calls: int, price: float, append: Bill, workspace: Bill, auto: Bill) -> None:
    costs = [bill.cost(price) / 1_000 for bill in (append, workspace, auto)]
    ratio = costs[2] / min(costs[:2])
    row = f"{calls:>4}{price:>11.0%}{costs[0]:>10,.1f}{costs[1]:>11,.1f}{costs[2]:>9,.1f}"
    print(f"{row}{ratio:>8.3f}  {'yes' if ratio <= _ALLOWED else 'NO'}", flush=True)


if __name__ == "__main__":
    main()

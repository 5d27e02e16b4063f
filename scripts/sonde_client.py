"""sonde as a contestant: its graph alone, and the agent as it is used, with each memory policy."""

import tempfile

from raw_clients import MODEL
from task_meter import Do, Make, main, observe, question

from sonde import Agent, Budget, tool
from sonde.agents.graph import recursion_limit
from sonde.costs.pricing import ModelPrice, PriceBook
from sonde.memory.policy import MemoryPolicy


@tool
async def step(n: int) -> str:
    """Take the next sounding.

    Args:
        n: Its number.
    """
    return observe(n)


def agent_for(
    base_url: str,
    *,
    calls: int,
    memory: MemoryPolicy = MemoryPolicy.WORKSPACE,
    workspace_tokens: int = 16_000,
    cached_price: float | None = None,
) -> Agent:
    """Return the agent with the one tool; its files stand in a new folder for temporary ones."""
    price = ModelPrice(input_per_mtok=1, output_per_mtok=4, cache_read_per_mtok=cached_price)
    prices = PriceBook(book_id="speed", prices={MODEL: price}) if cached_price else None
    return Agent(
        f"openai:{MODEL}",
        base_url=base_url,
        tools=[step],
        memory=memory,
        workspace_tokens=workspace_tokens,
        budget=Budget(rounds=calls + 2),
        prices=prices,
        home=tempfile.mkdtemp(prefix="sonde-speed-"),
        environ={},
    )


def graph_alone(base_url: str, calls: int) -> Do:
    """Return the graph without checkpoints; journal and evidence store are written all the same."""
    graph = agent_for(base_url, calls=calls).graph
    limit = recursion_limit(calls + 2)

    async def do(calls: int, task: str) -> object:
        ended = await graph.ainvoke(  # pyright: ignore[reportUnknownMemberType] -- its overloads are open
            {"question": question(calls, task)}, {"recursion_limit": limit}
        )
        return ended["answer"]

    return do


def whole_agent(base_url: str, calls: int) -> Do:
    """Return the agent as it is used: with checkpoints, journal and evidence store."""
    agent = agent_for(base_url, calls=calls)

    async def do(calls: int, task: str) -> object:
        return (await agent.arun(question(calls, task))).answer

    return do


SONDE: dict[str, Make] = {"sonde": graph_alone, "sonde+checkpoints": whole_agent}

if __name__ == "__main__":
    main(SONDE)

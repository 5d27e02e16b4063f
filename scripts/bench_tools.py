"""The one tool of the agents that the benchmark scripts run."""

from task_meter import observe

from sonde import tool


@tool
async def step(n: int) -> str:
    """Take the next sounding."""
    return observe(n)

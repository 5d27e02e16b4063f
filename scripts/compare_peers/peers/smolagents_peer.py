"""smolagents' tool-calling agent, which is synchronous."""

from smolagents import LogLevel, OpenAIServerModel, ToolCallingAgent, tool
from task_meter import RULES, Do, main, observe, question


@tool
def step(n: int) -> str:
    """Take the next sounding.

    Args:
        n: Its number.
    """
    return observe(n)


def make(base_url: str, calls: int) -> Do:
    """Return the agent as its tutorial builds it."""
    model = OpenAIServerModel("tiny", api_base=base_url, api_key="none")
    agent = ToolCallingAgent(
        tools=[step], model=model, instructions=RULES, verbosity_level=LogLevel.OFF
    )

    async def do(calls: int, task: str) -> object:
        return agent.run(question(calls, task), max_steps=calls + 10)

    return do


main({"smolagents": make})

"""The OpenAI Agents SDK, on chat completions."""

from openai import AsyncOpenAI
from task_meter import RULES, Do, main, observe, question

from agents import (
    Agent,
    OpenAIChatCompletionsModel,
    Runner,
    function_tool,
    set_tracing_disabled,
)

set_tracing_disabled(True)


@function_tool
async def step(n: int) -> str:
    """Take the next sounding."""
    return observe(n)


def make(base_url: str, calls: int) -> Do:
    """Return the agent as its tutorial builds it."""
    client = AsyncOpenAI(base_url=base_url, api_key="none", max_retries=0)
    model = OpenAIChatCompletionsModel(model="tiny", openai_client=client)
    agent = Agent(name="sounder", instructions=RULES, model=model, tools=[step])

    async def do(calls: int, task: str) -> object:
        ended = await Runner.run(agent, question(calls, task), max_turns=calls + 10)
        return ended.final_output

    return do


main({"openai_agents": make})

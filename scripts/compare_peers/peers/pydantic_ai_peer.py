"""pydantic-ai's agent."""

from pydantic_ai import Agent, UsageLimits
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider
from task_meter import RULES, Do, main, observe, question


def make(base_url: str, calls: int) -> Do:
    """Return the agent as its tutorial builds it."""
    model = OpenAIChatModel("tiny", provider=OpenAIProvider(base_url=base_url, api_key="none"))
    agent = Agent(model, system_prompt=RULES)

    @agent.tool_plain
    async def step(n: int) -> str:
        """Take the next sounding."""
        return observe(n)

    async def do(calls: int, task: str) -> object:
        limits = UsageLimits(request_limit=calls + 10)
        return (await agent.run(question(calls, task), usage_limits=limits)).output

    return do


main({"pydantic_ai": make})

"""AutoGen's assistant."""

from autogen_agentchat.agents import AssistantAgent
from autogen_ext.models.openai import OpenAIChatCompletionClient
from task_meter import RULES, Do, main, observe, question


async def step(n: int) -> str:
    """Take the next sounding."""
    return observe(n)


def make(base_url: str, calls: int) -> Do:
    """Return the agent as its tutorial builds it; a task gets a new one, on the same client."""
    features = {
        "vision": False,
        "function_calling": True,
        "json_output": False,
        "family": "unknown",
        "structured_output": False,
    }
    client = OpenAIChatCompletionClient(
        model="tiny", base_url=base_url, api_key="none", model_info=features
    )

    async def do(calls: int, task: str) -> object:
        agent = AssistantAgent(
            "sounder",
            client,
            tools=[step],
            system_message=RULES,
            max_tool_iterations=calls + 10,
        )
        ended = await agent.run(task=question(calls, task))
        return ended.messages[-1]

    return do


main({"autogen": make})

"""LangChain's `create_agent`."""

from langchain.agents import create_agent
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from task_meter import RULES, Do, main, observe, question


@tool
async def step(n: int) -> str:
    """Take the next sounding."""
    return observe(n)


def make(base_url: str, calls: int) -> Do:
    """Return the agent as its tutorial builds it."""
    model = ChatOpenAI(model="tiny", base_url=base_url, api_key="none", max_retries=0)
    agent = create_agent(model, [step], system_prompt=RULES)

    async def do(calls: int, task: str) -> object:
        asked = {"messages": [("user", question(calls, task))]}
        ended = await agent.ainvoke(asked, {"recursion_limit": 2 * calls + 10})
        return ended["messages"][-1].content

    return do


main({"langchain": make})

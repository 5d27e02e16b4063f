"""The agent: a LangGraph graph of rebuild, decide, act, ask and answer, and the door to it."""

"""The agent: a LangGraph graph of decide, act, ask and answer, and the door to it."""

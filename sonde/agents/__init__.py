"""The agent: a LangGraph graph of rounds, questions to the person and the answer, and its door."""

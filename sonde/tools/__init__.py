"""What an agent can do: the `@tool` decorator, the toolbox, corpus search, reading, arithmetic."""

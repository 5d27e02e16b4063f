"""What an agent is asked: the task, with its choices and the names of its attachments."""

from string import ascii_uppercase

from ..suites.suite import Task
from .agent_config import AgentConfig


def question_of(task: Task, config: AgentConfig) -> str:
    """Return the text of a task for an agent.

    Choices are listed where the task does not name them itself. Attachments are named for an agent
    that writes; the reader that needs no model searches for every word that it is given.
    """
    parts = [config.instructions.strip()] if config.instructions.strip() else []
    parts.append(task.input)
    if task.choices and not all(choice in task.input for choice in task.choices):
        letters = zip(ascii_uppercase, task.choices, strict=False)
        parts.append("\n".join(f"{letter}. {choice}" for letter, choice in letters))
    if task.files and (config.asks_model or config.factory is not None):
        names = ", ".join(path.name for path in task.files)
        parts.append(f"Attached: {names}")
    return "\n\n".join(parts)

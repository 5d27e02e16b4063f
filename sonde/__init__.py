"""Agents that ask for what they do not know, and count what it costs.

>>> from sonde import Agent
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .agents.agent import Agent as Agent
    from .agents.builtin_tools import by_interrupt as by_interrupt
    from .agents.team.agent_member import Member as Member
    from .agents.team.team import Team as Team
    from .costs.budget import Budget as Budget
    from .costs.pricing import ModelPrice as ModelPrice
    from .costs.pricing import PriceBook as PriceBook
    from .models.exact.fact_table import FactTable as FactTable
    from .models.exact.reading import read_fact_table as read_fact_table
    from .models.exact.reasoner import ExactReasoner as ExactReasoner
    from .models.reasoner import Capability as Capability
    from .models.scripted import ScriptedModel as ScriptedModel
    from .models.simulated.reasoner import SimulatedReasoner as SimulatedReasoner
    from .records.belief import AnswerBelief as AnswerBelief
    from .records.belief import Candidate as Candidate
    from .records.decision import Decision as Decision
    from .records.decision import Draft as Draft
    from .records.errors import SetupError as SetupError
    from .records.errors import SondeError as SondeError
    from .records.errors import ToolError as ToolError
    from .records.events import AnswerDelta as AnswerDelta
    from .records.events import Event as Event
    from .records.events import RunStopped as RunStopped
    from .records.events import ToolCalled as ToolCalled
    from .records.events import ToolReturned as ToolReturned
    from .records.evidence import Citation as Citation
    from .records.evidence import Passage as Passage
    from .records.evidence import Quote as Quote
    from .records.report import Report as Report
    from .records.result import Result as Result
    from .records.stopping import StopReason as StopReason
    from .records.tooling import Action as Action
    from .records.tooling import ToolKind as ToolKind
    from .records.tooling import ToolResult as ToolResult
    from .records.tooling import ToolSpec as ToolSpec
    from .records.usage import Usage as Usage
    from .records.view import View as View
    from .tools.corpus.corpus import Corpus as Corpus
    from .tools.decorator import tool as tool
    from .tools.mcp.tools import mcp_tools as mcp_tools
    from .tools.python_tool import PythonTool as PythonTool
    from .tools.query_table_tool import QueryTableTool as QueryTableTool
    from .tools.web_tools import web_tools as web_tools

__version__ = "0.1.0"

_HOMES = {
    "Action": "records.tooling",
    "Agent": "agents.agent",
    "AnswerBelief": "records.belief",
    "AnswerDelta": "records.events",
    "Budget": "costs.budget",
    "Candidate": "records.belief",
    "Capability": "models.reasoner",
    "Citation": "records.evidence",
    "Corpus": "tools.corpus.corpus",
    "Decision": "records.decision",
    "Draft": "records.decision",
    "Event": "records.events",
    "ExactReasoner": "models.exact.reasoner",
    "FactTable": "models.exact.fact_table",
    "Member": "agents.team.agent_member",
    "ModelPrice": "costs.pricing",
    "Passage": "records.evidence",
    "PriceBook": "costs.pricing",
    "PythonTool": "tools.python_tool",
    "QueryTableTool": "tools.query_table_tool",
    "Quote": "records.evidence",
    "Report": "records.report",
    "Result": "records.result",
    "RunStopped": "records.events",
    "ScriptedModel": "models.scripted",
    "SetupError": "records.errors",
    "SimulatedReasoner": "models.simulated.reasoner",
    "SondeError": "records.errors",
    "StopReason": "records.stopping",
    "Team": "agents.team.team",
    "ToolCalled": "records.events",
    "ToolError": "records.errors",
    "ToolKind": "records.tooling",
    "ToolResult": "records.tooling",
    "ToolReturned": "records.events",
    "ToolSpec": "records.tooling",
    "Usage": "records.usage",
    "View": "records.view",
    "by_interrupt": "agents.builtin_tools",
    "mcp_tools": "tools.mcp.tools",
    "read_fact_table": "models.exact.reading",
    "tool": "tools.decorator",
    "web_tools": "tools.web_tools",
}

__all__ = sorted(_HOMES)  # pyright: ignore[reportUnsupportedDunderAll] -- made from the table above


def __getattr__(name: str) -> object:
    """Load a public name from its home on first use, so that `import sonde` stays light."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sonde' has no attribute {name!r}")
    thing = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = thing
    return thing


def __dir__() -> list[str]:
    return [*__all__, "__version__"]

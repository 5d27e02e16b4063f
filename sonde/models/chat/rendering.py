"""A view of the workspace as the messages that a chat model reads.

The stable part stands first, because providers cache prefixes: rules and tools, then question and
day, then the report, then the actions that came after it, to which a memory that appends only adds.
Everything that a page may have had a hand in is made harmless; observations stand inside a fence as
well.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from ...records.json_types import JsonObject
from ...records.messages import Message
from ...records.pictures import Picture
from ...records.report import Report
from ...records.tooling import Action, ToolSpec
from ...records.view import Turn, View
from .delimiters import Fence, neutralise
from .prompts import Prompts

ToolProtocol = Literal["text", "native"]
"""Whether tools are called by tags in the text, or by the provider's own means."""
Pair = tuple[Message, Message]
_SHOWN_REPLY_TOKENS = 300
_PROBLEM_TOKENS = 200
_TOKENS_AROUND_A_MESSAGE = 4
"""Role and separators, as OpenAI's chat templates spend them."""
_WORDS_PER_TOKEN = 0.75
_EMPTY = "(empty)"
_IN_EVERY_SCHEMA = ("type", "additionalProperties")


class Renderer:
    """Writes the prompts of one reasoner, and counts what they take."""

    def __init__(
        self,
        prompts: Prompts,
        *,
        count_tokens: Callable[[str], int],
        max_output_tokens: int,
        today: date,
        tool_protocol: ToolProtocol,
        keeps_report: bool = True,
        images: Sequence[Picture] = (),
    ) -> None:
        self._prompts = prompts
        self._count = count_tokens
        self._today = f"{today:%A}, {today.isoformat()}"
        self._protocol: ToolProtocol = tool_protocol
        self._keeps_report = keeps_report
        self._images = tuple(images)
        self._report_words = max(30, int(max_output_tokens * _WORDS_PER_TOKEN / 2))
        self._overheads: dict[tuple[str, int], int] = {}
        self._offered: tuple[ToolSpec, ...] = ()
        self._how_to_act: str | None = None

    def pair(self, view: View, tools: Sequence[ToolSpec], *, is_final: bool = False) -> Pair:
        """Return the system and the user message of a round."""
        report = view.report.text
        name = "final" if is_final else self._name_of_round(view)
        notes = [neutralise(note) for note in view.notes]
        if name == "react" and view.is_report_due:
            due = self._prompts.snippet("report", {"report_words": str(self._report_words)})
            notes.append(due)
        values = {
            "acting": "" if is_final else self._acting(tools),
            "report_words": str(self._report_words),
            "date": self._today,
            "question": view.question,
            "report": neutralise(report) or ("" if name == "react" else _EMPTY),
            "turns": "\n\n".join(_render_turn(turn, view.question) for turn in view.turns)
            or _EMPTY,
            "notes": "\n".join(notes),
        }
        system, user = self._prompts.pair(name, values)
        return system, replace(user, images=self._images)

    def _name_of_round(self, view: View) -> str:
        if not self._keeps_report:
            return "react"
        return "later" if view.report.text or view.turns else "first"

    def repair(self, reply_text: str, problems: Sequence[str]) -> tuple[Message, Message]:
        """Return the faulty reply, shortened, and what is to be mended in it."""
        lines = "\n".join(f"- {problem}" for problem in problems)
        shown = self._shortened(reply_text, _SHOWN_REPLY_TOKENS).strip()
        values = {"problems": self._shortened(lines, _PROBLEM_TOKENS)}
        return (
            Message(role="assistant", content=shown or _EMPTY),
            Message(role="user", content=self._prompts.snippet("repair", values)),
        )

    def overhead_tokens(self, tools: Sequence[ToolSpec], *, turns: int) -> int:
        """Return the tokens of the longest prompt besides the view, a repair call included."""
        key = (self._listing(tools), turns)
        if key not in self._overheads:
            self._overheads[key] = self._count_overhead(tools, turns)
        return self._overheads[key]

    def rules_tokens(self, tools: Sequence[ToolSpec]) -> int:
        """Return the tokens of a round's system message, as an action has just been taken."""
        blank = Turn(action=Action(tool="", arguments={}), observation="")
        system, _ = self.pair(View(question="", report=Report(), turns=(blank,), tokens=0), tools)
        return self._tokens((system,))

    def _count_overhead(self, tools: Sequence[ToolSpec], turns: int) -> int:
        blank = Turn(action=Action(tool="", arguments={}), observation="")
        some = View(question="", report=Report(prose="-"), turns=(blank,) * turns, tokens=0)
        none = View(question="", report=Report(), tokens=0)
        pairs = (self.pair(some, tools), self.pair(some, (), is_final=True), self.pair(none, tools))
        longest = max(self._tokens(pair) for pair in pairs)
        native = self._count(self._listing(tools)) if self._protocol == "native" else 0
        repair = self._tokens(self.repair("", ())) + _SHOWN_REPLY_TOKENS + _PROBLEM_TOKENS
        return longest + native + repair

    def _tokens(self, messages: Sequence[Message]) -> int:
        shown = sum(image.tokens for one in messages for image in one.images)
        return shown + sum(self._count(one.content) + _TOKENS_AROUND_A_MESSAGE for one in messages)

    def _acting(self, tools: Sequence[ToolSpec]) -> str:
        """Return how to act; written anew only where other tools are offered than before."""
        if self._how_to_act is None or self._offered != tuple(tools):
            name, values = "native", dict[str, str]()
            if self._protocol == "text":
                name, values = "tags", {"tools": self._listing(tools) or "(none)"}
            self._offered, self._how_to_act = tuple(tools), self._prompts.snippet(name, values)
        return self._how_to_act

    def _listing(self, tools: Sequence[ToolSpec]) -> str:
        return "\n".join(_json(_lean(tool)) for tool in tools)

    def _shortened(self, text: str, most_tokens: int) -> str:
        """Return a text's beginning and its longer end, with what is left out marked."""
        if self._count(text) <= most_tokens:
            return text
        for room in (most_tokens * 4, most_tokens * 2, most_tokens, most_tokens // 2):
            shorter = f"{text[: room // 3]}\n[... left out ...]\n{text[-(room // 2) :]}"
            if self._count(shorter) <= most_tokens:
                return shorter
        return ""


def _json(value: JsonObject) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _lean(tool: ToolSpec) -> JsonObject:
    """Return a tool as the prompt lists it, without what every schema of arguments says."""
    own = {name: value for name, value in tool.parameters.items() if name not in _IN_EVERY_SCHEMA}
    return {"name": tool.name, "description": tool.description, "parameters": own}


def _render_turn(turn: Turn, question: str) -> str:
    """Return a turn inside a fence of its own, the same in every round that shows it."""
    fence = Fence.around(question, turn.action.key, turn.observation)
    return f"{neutralise(turn.action.key)}\n{fence.wrap(turn.observation)}"

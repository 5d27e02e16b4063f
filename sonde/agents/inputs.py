"""What a builder or a person gives, checked: questions, paths, tools, names."""

import unicodedata
from collections.abc import Callable, Sequence
from math import isfinite
from pathlib import Path
from typing import TypeAlias, cast

from pydantic import PydanticUserError, TypeAdapter

from ..memory.policy import MemoryPolicy
from ..models.chat.rendering import ToolProtocol
from ..records.errors import SetupError
from ..records.mistakes import as_list, as_paths, mistaken
from ..text.words import encodable
from ..tools.decorator import tool
from ..tools.langchain_tool import LangChainLike, LangChainTool, is_langchain_tool
from ..tools.tool import Tool
from .state import MAX_QUESTION_CHARS

CorpusPaths: TypeAlias = str | Path | Sequence[str | Path]
"""One path or several: folders or files."""
_CORPUS = {"wanted": "a folder, a file or a list of them", "example": 'Agent(corpus="docs/")'}
_TOOLS = {"wanted": "a list of tools or functions", "example": "Agent(tools=[count_copies])"}
_IMAGES = {"wanted": "a list of pictures", "example": 'Agent(images=["chart.png"])'}
Given: TypeAlias = Tool | Callable[..., object] | LangChainLike
"""A tool as a builder may give it: ours, a plain function, or one made for LangChain."""


def checked_question(question: str) -> str:
    """Return the question without control characters, each accent on its letter.

    Raises:
        SetupError: It is no text, or empty, or so long that it is a document.
    """
    if not isinstance(question, str):  # pyright: ignore[reportUnnecessaryIsInstance] -- a builder's
        raise mistaken("question", question, wanted="a text", example='agent.run("How deep?")')
    clean = "".join(
        " " if unicodedata.category(char) == "Cc" and char not in "\n\t" else char
        for char in unicodedata.normalize("NFC", encodable(question))
    ).strip()
    if not clean:
        raise SetupError("the question is empty; write what you want to know")
    if len(clean) > MAX_QUESTION_CHARS:
        raise SetupError(
            f"the question has {len(clean):,} characters, over the limit of "
            f"{MAX_QUESTION_CHARS:,}; put the text into a file and give that (`corpus=...`)"
        )
    return clean


def checked_run_id(run_id: str) -> str:
    """Return the id of a run.

    Raises:
        SetupError: It is no text.
    """
    if not isinstance(run_id, str):  # pyright: ignore[reportUnnecessaryIsInstance] -- a builder's
        raise mistaken("run_id", run_id, wanted="a text", example="agent.resume(result.run_id)")
    return run_id


def checked_alpha(alpha: float | None) -> float:
    """Return the error level, 0.1 where none is given.

    Raises:
        SetupError: It does not lie between 0 and 1.
    """
    if alpha is None:
        return 0.1
    if not 0 < alpha < 1:
        raise SetupError(f"alpha must lie between 0 and 1, not {alpha}")
    return alpha


def checked_price(ask_price: float) -> float:
    """Return the price of a question to a person, in searches.

    Raises:
        SetupError: It is no number above 0.
    """
    if not (isfinite(ask_price) and ask_price > 0):
        raise SetupError(f"the ask price must be a number above 0, in searches, not {ask_price}")
    return ask_price


def memory_policy(name: MemoryPolicy | str) -> MemoryPolicy:
    """Return a memory policy by its name.

    Raises:
        SetupError: There is none of that name.
    """
    try:
        return MemoryPolicy(name)
    except ValueError as err:
        raise SetupError(
            f"no memory policy {name!r}; there are: {', '.join(MemoryPolicy)}"
        ) from err


def checked_timeout(call_timeout_s: float | None) -> float | None:
    """Return the limit of one call, if there can be such a one; None is no limit of its own.

    Raises:
        SetupError: It is no number above 0.
    """
    if call_timeout_s is not None and not (isfinite(call_timeout_s) and call_timeout_s > 0):
        raise SetupError(
            f"a call's limit must be a number of seconds above 0, not {call_timeout_s}"
        )
    return call_timeout_s


def checked_protocol(name: str) -> ToolProtocol:
    """Return a tool protocol by its name.

    Raises:
        SetupError: There is none of that name.
    """
    if name not in ("text", "native"):
        raise SetupError(f"no tool protocol {name!r}; there are: text, native")
    return name


def output_adapter(output_type: type) -> TypeAdapter[object]:
    """Return what makes an answer an instance of a type.

    Raises:
        SetupError: It is no type that pydantic knows, or its JSON is no object.
    """
    example = "Agent(model, output_type=Dive), with `class Dive(BaseModel)`"
    try:
        adapter = TypeAdapter[object](output_type)
        form = adapter.json_schema().get("type", "object")  # a union of objects has none
    except PydanticUserError as err:
        raise mistaken("output_type", output_type, wanted="a type", example=example) from err
    if form != "object":
        wanted = f"a type whose JSON is an object and no {form}"
        raise mistaken("output_type", output_type, wanted=wanted, example=example)
    return adapter


def corpus_paths(corpus: CorpusPaths | None) -> list[Path]:
    """Return the paths of a corpus.

    Raises:
        SetupError: One of them does not exist.
    """
    if corpus is None:
        return []
    paths = as_paths("corpus", corpus, **_CORPUS)
    for path in paths:
        if not path.exists():
            web = "the web is searched and read by `tools=web_tools(...)`"
            step = web if _is_url(path) else "check the path"
            raise SetupError(f"there is no file or folder {str(path)!r}; {step}")
    return paths


def _is_url(path: Path) -> bool:
    return path.parts[0] in ("http:", "https:")


def names_of(paths: Sequence[Path]) -> tuple[str, ...]:
    """Return paths by the names under which another agent would know them again."""
    return tuple(str(path.resolve()) for path in paths)


def image_paths(images: CorpusPaths) -> list[Path]:
    """Return the paths of pictures.

    Raises:
        SetupError: What was given holds something else than paths.
    """
    return as_paths("images", images, **_IMAGES)


def as_tools(given: Sequence[Given]) -> list[Tool]:
    """Return tools as they are, or made of plain functions or of LangChain tools.

    Raises:
        SetupError: It is no list, or one of them is none of these.
    """
    return [as_tool(cast(Given, each)) for each in as_list("tools", given, **_TOOLS)]


def as_tool(given: Given) -> Tool:
    """Return a tool as it is, or one made of a plain function or of a LangChain tool.

    Raises:
        SetupError: It is none of these.
    """
    if hasattr(given, "spec") and hasattr(given, "call"):
        return cast(Tool, given)
    if is_langchain_tool(given):
        return LangChainTool(given)
    if callable(given):
        return tool(given)
    raise mistaken("tools", given, **_TOOLS)

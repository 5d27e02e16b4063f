"""The tool `python`: a short program in an interpreter that has no files, network or packages."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec

from ..records.errors import SetupError, ToolError
from ..records.extras import install_hint
from ..records.json_types import JsonObject, JsonValue
from ..records.tooling import ToolKind, ToolResult, ToolSpec
from .results import cut_middle
from .worker_thread import in_thread

_LONGEST_CODE = 50_000
_MOST_PRINTED = 1 << 20
_LONGEST_RESULT = 20_000
_PARAMETERS: Mapping[str, JsonValue] = {
    "type": "object",
    "properties": {
        "code": {
            "type": "string",
            "description": "The program. Its printed output and the value of its last line are "
            "returned.",
        },
        "inputs": {
            "type": "object",
            "description": "Values by name that the program finds as variables.",
        },
    },
    "required": ["code"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonTool:
    """Runs Python in pydantic-monty, an interpreter that is made without a way out.

    Each call starts a process of its own and ends it: nothing is left for the next one.

    Raises:
        SetupError: The package is not installed.
    """

    seconds: float = 5.0
    """How long a program may run."""
    most_bytes: int = 64 << 20
    """How much memory it may use."""
    timeout_s: float = 30.0
    """How long a call may take, starting the interpreter too."""

    def __post_init__(self) -> None:
        if find_spec("pydantic_monty") is None:
            raise SetupError(f"the tool python needs: {install_hint('python')}")

    @property
    def spec(self) -> ToolSpec:
        """What it offers."""
        return ToolSpec(
            name="python",
            description=(
                "Run a short Python program to work something out. There are no files, no network "
                f"and few modules (math, re, json, datetime, random); it has {self.seconds:g} s."
            ),
            parameters=_PARAMETERS,
            kind=ToolKind.COMPUTE,
        )

    async def call(self, arguments: JsonObject) -> ToolResult:
        """Run a program.

        Raises:
            ToolError: It failed, ran out of time or memory, or tried what it may not.
        """
        code, inputs = arguments.get("code"), arguments.get("inputs") or {}
        if not isinstance(code, str) or not code.strip():
            raise ToolError("give `code`, a Python program")
        if len(code) > _LONGEST_CODE:
            raise ToolError(
                f"the program has over {_LONGEST_CODE:,} characters; write a shorter one"
            )
        if not isinstance(inputs, Mapping) or not all(name.isidentifier() for name in inputs):
            raise ToolError("`inputs` must be an object whose names are Python identifiers")
        text = await in_thread(lambda: self._run(code, inputs))
        return ToolResult(text=cut_middle(text, max_chars=_LONGEST_RESULT))

    def _run(self, code: str, inputs: JsonObject) -> str:
        import pydantic_monty as monty

        printed = monty.CollectString(_MOST_PRINTED)
        limits = monty.ResourceLimits(
            max_feed_duration_secs=self.seconds,
            max_memory=self.most_bytes,
            max_recursion_depth=400,
            max_suspensions=100,
        )
        try:
            pool = monty.Monty(
                max_processes=1, checkout_timeout=5.0, request_timeout=self.seconds + 5.0
            )
            with pool, pool.checkout(limits=limits, os_policy={"sleep": "zero"}) as session:
                value = session.feed_run(code, inputs=dict(inputs), print_callback=printed)
        except monty.MontyError as err:
            said = f"{printed.output}\n" if printed.output else ""
            raise ToolError(f"{said}{_fault(err)}") from err
        except (ValueError, TypeError, TimeoutError) as err:
            raise ToolError(f"the program was not run: {err}") from err
        return _told(printed.output, value)


def _fault(err: Exception) -> str:
    text = str(err).strip() or type(err).__name__
    if "Permission" in text or "not supported in this environment" in text:
        return f"{text}; programs have no files, no network and no view of this machine"
    return text


def _told(printed: str, value: object) -> str:
    if value is None:
        return printed or "done; nothing was printed, and the last line has no value"
    shown = f"value: {value!r}"
    return f"{printed.rstrip()}\n{shown}" if printed else shown

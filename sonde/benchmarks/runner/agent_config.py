"""An agent's configuration: what an evaluator writes into a small YAML file."""

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from ...agents.brain_making import is_own
from ...costs.budget import Budget
from ...memory.policy import MemoryPolicy
from ...records.belief import BeliefName

_NAME = r"^[A-Za-z0-9][A-Za-z0-9._+=@-]{0,99}$"
_OBJECT = r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$"
EXACT_OF_TASK = "exact"
"""Model of an agent that reasons exactly over the table attached to each task."""
_Count = Annotated[int, Field(ge=0)]
_Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]


def _listed(value: object) -> object:
    """Take one text for a list of one."""
    return [value] if isinstance(value, str) else value


def _memory(value: object) -> object:
    """Take the other name of a policy for its own."""
    return "append" if value == "react" else value


class BudgetConfig(BaseModel):
    """Limits of one attempt; what is left out is no limit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    usd: _Amount | None = None
    """Dollars."""
    tokens: _Count | None = None
    """Tokens of all model calls."""
    rounds: _Count | None = None
    """Decisions."""
    seconds: _Amount | None = None
    """Seconds by the clock."""
    calls: _Count | None = None
    """Model calls."""

    def as_budget(self) -> Budget:
        """Return the limits as an agent takes them."""
        return Budget(**self.model_dump())


class TeamConfig(BaseModel):
    """Agents that answer together; the decider's answer is the team's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    members: Annotated[tuple["AgentConfig", ...], Field(min_length=2)]
    """The agents, or in a file the names of their files."""
    decider: str | None = None
    """Name of the member that answers; the first by default."""
    gate: str | None = None
    """Who hears what: `novelty`, `open`, `hand`, `chain`, `star`, or a gate's file."""
    rounds: Annotated[int, Field(ge=0)] = 2
    """Rounds of messages."""
    tau: Annotated[float, Field(ge=0, le=1)] | None = None
    """Under this confidence everything new is told to everybody."""

    def gate_of(self, folder: str | None) -> str | Path | None:
        """Return the gate's name, or its file from a folder."""
        if self.gate is None or not self.gate.endswith(".json"):
            return self.gate
        return Path(folder or ".") / self.gate


class AgentConfig(BaseModel):
    """What makes one agent differ from another. Frozen: its digest is its name in the records."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=_NAME)] = "agent"
    """For people; the digest does not hold it. The file's name where it is left out."""
    model: str | None = None
    """Name of a chat model; None is the reader that needs no model. `exact` is the exact reasoner
    over the table that each task has attached, `exact:TABLE.csv` the one over a table."""
    base_url: str | None = None
    """Address of an OpenAI-compatible server; else OPENAI_BASE_URL, else OpenAI."""
    belief: BeliefName = "stated"
    """Where a model's probabilities of possible answers come from: its reply, or further calls."""
    policy: str | None = None
    """How the next action is chosen: `model`, `gain`, `cip`, `random`."""
    clarify: Literal["never", "auto", "always"] = "never"
    """Whether it asks the suite's person what a question leaves open."""
    ask_price: Annotated[float, Field(gt=0)] = 3.0
    """What a question to the person costs, in searches."""
    calibration: str | None = None
    """What `sonde calibrate` wrote, from the file's folder: a certified stop and set."""
    memory: Annotated[MemoryPolicy, BeforeValidator(_memory)] = MemoryPolicy.WORKSPACE
    """What is kept of the past; `react` is another name of `append`."""
    tool_protocol: Literal["text", "native"] = "text"
    """How a model calls tools: by tags in its reply, or by its provider's own means."""
    call_timeout_s: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    """The longest that one call of the model may take, its retries included."""
    prompts: str | None = None
    """Folder of prompts of your own, from the file's folder."""
    tools: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    """Further tools, as `package.module:name`; each names a tool or a plain function."""
    web: str | None = None
    """Search providers, such as `auto`: adds `search_web` and `read_page`."""
    team: TeamConfig | None = None
    """Other agents that answer in its place, together."""
    corpus: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    """Files and folders to search besides the suite's own, from the file's folder."""
    suite_corpus: bool = True
    """Whether it searches what the suite has all tasks answered from."""
    budget: BudgetConfig = BudgetConfig()
    """Limits of one attempt."""
    alpha: Annotated[float, Field(gt=0, lt=1)] | None = None
    """The confidence set holds 1 - alpha of the belief."""
    workspace_tokens: Annotated[int, Field(ge=1)] = 16_000
    """Cap of the whole prompt of a round."""
    seed: int | None = None
    """Sampling seed; repetition n is asked with seed + n - 1."""
    instructions: str = ""
    """Said before every question, such as the form that an answer is to have."""
    factory: Annotated[str, Field(pattern=_OBJECT)] | None = None
    """An agent of your own, as `package.module:name`: a function that is given an `AgentOrder` and
    returns an object with `arun(question, listeners=...)`."""
    settings: dict[str, str | int | float | bool | None] = {}
    """Whatever the factory reads; nothing else does."""
    variant: str | None = None
    """Tells agents of equal settings apart that name other files, since they stand elsewhere."""
    folder: str | None = None
    """Folder that paths of the corpus are named from; the digest does not hold it."""
    is_simulation: bool = False
    """Whether a simulated model stands in; told wherever the figures appear."""

    @model_validator(mode="after")
    def _check_factory(self) -> Self:
        if self.factory is None and self.settings:
            raise ValueError("settings are read by a factory alone; name one, or leave them out")
        if self.factory is not None and self.tools:
            raise ValueError("with a factory, tools are the factory's own; leave them out")
        if self.team is not None and (self.factory or self.model or self.tools or self.corpus):
            raise ValueError("model, tools and corpus of a team are its members'; leave them out")
        return self

    @property
    def asks_model(self) -> bool:
        """Whether it asks a chat model, rather than a reasoner of our own; or a member does."""
        members = () if self.team is None else self.team.members
        is_chat = not (self.model in (None, EXACT_OF_TASK) or is_own(self.model or ""))
        return is_chat or any(each.asks_model for each in members)

    @property
    def is_priced(self) -> bool:
        """Whether a price book says what it costs: it asks a chat model, or searches the web."""
        members = () if self.team is None else self.team.members
        return self.asks_model or self.web is not None or any(each.is_priced for each in members)

    @property
    def sha256(self) -> str:
        """Digest of everything but the name and the folder."""
        said = self.model_dump(mode="json", exclude=_NOT_SAID, exclude_defaults=True)
        text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def limited(
        self, *, usd: float | None, seconds: float | None, seed: int | None
    ) -> "AgentConfig":
        """Return the configuration under limits and a seed that the command line adds.

        The smaller of two limits holds; a seed of its own stands.
        """
        budget = self.budget.model_copy(
            update={
                "usd": _smaller(self.budget.usd, usd),
                "seconds": _smaller(self.budget.seconds, seconds),
            }
        )
        own = seed if self.seed is None else self.seed
        return self.model_copy(update={"budget": budget, "seed": own})

    @property
    def corpus_paths(self) -> tuple[Path, ...]:
        """The paths of its own corpus."""
        return tuple(path for each in self.corpus if (path := self.path_of(each)) is not None)

    def path_of(self, name: str | None) -> Path | None:
        """Return a path as it is meant, from the file's folder; None for none."""
        return None if name is None else Path(self.folder or ".") / Path(name).expanduser()


_NOT_SAID: Any = {
    "name": True,
    "folder": True,
    "team": {"members": {"__all__": {"folder"}}},
}
"""What the digest leaves out: the name for people, and where files stand."""


def _smaller(one: float | None, other: float | None) -> float | None:
    given = [each for each in (one, other) if each is not None]
    return min(given, default=None)

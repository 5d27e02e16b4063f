"""What a person asked for on the command line, as values."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ..records.belief import BeliefName
from ..records.errors import SetupError
from ..tools.files.table_names import WITHOUT_TEXT
from .hands import Hands
from .options import Format

_BY_SUFFIX: dict[str, Format] = {
    ".md": "md",
    ".markdown": "md",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of a run; None is no limit, or for a run that goes on: as it was."""

    usd: float | None = None
    """Dollars."""
    tokens: int | None = None
    """Tokens."""
    rounds: int | None = None
    """Rounds."""
    calls: int | None = None
    """Model calls."""
    seconds: float | None = None
    """Seconds."""

    @property
    def is_empty(self) -> bool:
        """Whether no limit was given."""
        return self == Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRequest:
    """A team that is to be asked."""

    file: Path
    """The team's file."""
    gate: str | None = None
    """Who hears what; None leaves it to the file."""
    message_budget: int | None = None
    """Most claims of a message; None leaves it to the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A question, with all that shapes its run."""

    question: str
    """What is asked; `-` stands for stdin."""
    corpus: tuple[Path, ...]
    """Folders and files to answer from."""
    model: str | None
    """Model by name; None for SONDE_MODEL, else the reader that needs none."""
    base_url: str | None
    """Address of the model's server."""
    embedder: str | None
    """Embedding model by name; None searches by words alone."""
    limits: Limits
    """What the run may use."""
    memory: str
    """Memory policy by name."""
    workspace_tokens: int
    """Cap of a round's prompt."""
    alpha: float
    """Error level of the confidence set."""
    seed: int | None
    """Sampling seed for the model and for the random policy; None sends none."""
    tool_protocol: Literal["text", "native"] = "text"
    """How the model calls tools."""
    vision: bool = False
    """Whether the model is shown the pictures among the files."""
    call_timeout_s: float | None = None
    """The longest that one call of the model may take; None takes the client's own limit."""
    prompts: Path | None = None
    """Folder of the person's own prompts."""
    record: Path | None = None
    """Folder in which calls are kept."""
    replay: Path | None = None
    """Folder of calls that stand in for the model."""
    hands: Hands = field(default_factory=Hands)
    """What may be reached besides the corpus."""
    team: TeamRequest | None = None
    """A team to ask in place of one agent; it brings its own corpora and models."""
    belief: BeliefName = "stated"
    """Where the probabilities of possible answers come from."""
    policy: str = "model"
    """How the next action is chosen."""
    ask_price: float = 3.0
    """What a question to the person costs, in searches."""
    clarify: str = "never"
    """Whether the person is asked what the question leaves open."""
    calibration: Path | None = None
    """File of a calibration."""

    @property
    def asks_a_person(self) -> bool:
        """Whether the run may put questions to the person."""
        return self.clarify != "never" or (self.model or "").startswith("exact:")

    max_usd_per_day: float | None = None
    """Most dollars of the day, over all processes; None goes by the environment."""

    @property
    def documents(self) -> tuple[Path, ...]:
        """Those of the folders and files that can be searched by words."""
        return tuple(path for path in self.corpus if path.suffix.lower() not in WITHOUT_TEXT)

    def __post_init__(self) -> None:
        if self.belief != "stated" and self.team is not None:
            raise SetupError("--belief is for one agent; leave out --team or --belief")
        if self.vision and self.team is not None:
            raise SetupError("--vision shows pictures to one model; leave out --team or --vision")
        if self.embedder is not None and not self.corpus:
            raise SetupError("--embedder searches a corpus; name one with --corpus PATH")
        if self.embedder is not None and self.limits.usd is not None:
            raise SetupError(
                "an embedder is paid for indexing before the run begins, so a limit in dollars of "
                "the run cannot be kept; leave out --max-usd or --embedder"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenWishes:
    """How the person wants to see a run."""

    output: Path | None = None
    """File of the answer; None is stdout."""
    format: Format | None = None
    """How the answer is written; None goes by the file's name."""
    is_stream: bool = False
    """Whether events go to stdout."""
    has_drafts: bool = True
    """Whether the answer is shown while it is written, where it can be."""
    is_quiet: bool = False
    """Whether progress is left out."""
    is_verbose: bool = False
    """Whether progress tells more."""

    def __post_init__(self) -> None:
        if self.is_quiet and self.is_verbose:
            raise SetupError("-q and -v exclude each other; give one of them")

    @property
    def is_for_the_eye(self) -> bool:
        """Whether a terminal may show the answer in its own way: no form of text was asked for."""
        return self.format is None and self.output is None

    @property
    def chosen_format(self) -> Format:
        """The format asked for, or the one that the file's name ends in, or text."""
        if self.format is not None or self.output is None:
            return self.format or "text"
        return _BY_SUFFIX.get(self.output.suffix.lower(), "text")


def team_request(
    file: Path | None, *, gate: str | None, message_budget: int | None
) -> TeamRequest | None:
    """Return the team that is to be asked, or None.

    Raises:
        SetupError: A gate or a message budget is given, and no team.
    """
    if file is not None:
        return TeamRequest(file=file, gate=gate, message_budget=message_budget)
    if gate is not None or message_budget is not None:
        raise SetupError("--gate and --message-budget are for a team; name one: --team FILE.yaml")
    return None

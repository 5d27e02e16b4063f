"""What a builder gives, looked at before it is used: a thing of the wrong kind is named at once."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, cast

from ..costs.budget import Budget
from ..costs.pricing import PriceBook
from ..records.mistakes import is_number, is_path, is_whole, mistaken


class Kind(NamedTuple):
    """What a setting takes."""

    fits: Callable[[object], bool]
    """Whether a thing is of this kind."""
    wanted: str
    """What is wanted, in words."""
    example: str
    """A value that would do."""


def _is_text(given: object) -> bool:
    return isinstance(given, str)


def _is_mapping(given: object) -> bool:
    return isinstance(given, Mapping)


def _is_budget(given: object) -> bool:
    return isinstance(given, Budget)


def _is_price_book(given: object) -> bool:
    return isinstance(given, PriceBook)


_BUDGET = Kind(_is_budget, "a Budget", "Budget(usd=0.50, rounds=8)")
_ENVIRON = Kind(_is_mapping, "a mapping of names to texts", "os.environ")
_HOME = Kind(is_path, "a folder", '"sonde-home/"')
_SEED = Kind(is_whole, "a whole number", "7")
AGENT_KINDS: Mapping[str, Kind] = {
    "alpha": Kind(is_number, "a number between 0 and 1", "0.1"),
    "ask_price": Kind(is_number, "a number above 0, in searches", "3.0"),
    "ask_user": Kind(callable, "a function that takes the question", "input"),
    "base_url": Kind(_is_text, "an address", '"http://127.0.0.1:11434/v1"'),
    "budget": _BUDGET,
    "call_timeout_s": Kind(is_number, "a number of seconds above 0", "120"),
    "clarify": Kind(_is_text, "auto, never or always", '"auto"'),
    "environ": _ENVIRON,
    "home": _HOME,
    "memory": Kind(_is_text, "the name of a memory policy", '"workspace"'),
    "origin": Kind(_is_mapping, "a mapping of names to values", '{"made_by": "mine"}'),
    "prices": Kind(
        _is_price_book,
        "a price book",
        'PriceBook(book_id="mine", prices={"tiny": ModelPrice(...)})',
    ),
    "prompts": Kind(is_path, "a folder", '"prompts/"'),
    "record": Kind(is_path, "a folder", '"recorded/"'),
    "replay": Kind(is_path, "a folder", '"recorded/"'),
    "seed": _SEED,
    "tool_protocol": Kind(_is_text, "text or native", '"text"'),
    "workspace_tokens": Kind(is_whole, "a whole number of tokens", "16_000"),
}
"""What an agent's settings take, besides the model, the corpus and the tools."""
TEAM_KINDS: Mapping[str, Kind] = {
    "budget": _BUDGET,
    "check_share": Kind(is_number, "a share between 0 and 1", "0.03"),
    "environ": _ENVIRON,
    "home": _HOME,
    "message_budget": Kind(is_whole, "a whole number of claims, 1 or more", "4"),
    "rounds": Kind(is_whole, "a whole number, 1 or more", "3"),
    "seed": _SEED,
    "tau": Kind(is_number, "a confidence between 0 and 1", "0.5"),
}
"""What a team's settings take, besides the members and the gate."""


def check_kinds(taker: str, kinds: Mapping[str, Kind], given: Mapping[str, object]) -> None:
    """Refuse what is not of the kind that is wanted; None passes, for it leaves a setting out.

    Args:
        taker: What is being made, as it is called in Python: `Agent`.
        kinds: What its settings take.
        given: The settings by name.

    Raises:
        SetupError: One is of another kind.
    """
    for name, value in given.items():
        kind = kinds[name]
        if value is not None and not kind.fits(value):
            example = _as_budget(value) if kind is _BUDGET else kind.example
            raise mistaken(name, value, wanted=kind.wanted, example=f"{taker}({name}={example})")


def _as_budget(value: object) -> str:
    """Return how what was meant is written as a budget, as far as that can be told."""
    if not isinstance(value, Mapping):
        return _BUDGET.example
    limits = cast(Mapping[object, object], value)
    return f"Budget({', '.join(f'{name}={limit!r}' for name, limit in limits.items())})"

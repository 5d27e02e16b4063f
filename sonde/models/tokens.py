"""Counting tokens without a network: by a tokenizer's table where one lies on this machine."""

import hashlib
import tempfile
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from .token_estimate import estimate_tokens

# A run of a million spaces overflows the stack of the tokenizer's regular expression, so a text
# is counted in slices; each cut adds a token at most.
_SLICE_CHARS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCounter:
    """Counts the tokens of a text."""

    name: str
    """Name of the tokenizer's table, or `estimate`."""
    is_estimate: bool
    """Whether the counts are a rule of thumb; a bill made of them has to say so."""
    count: Callable[[str], int]
    """The count of one text."""

    def __call__(self, text: str) -> int:
        """Return how many tokens a text has."""
        return self.count(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenTable:
    """A tokenizer as tiktoken publishes it: a file of ranks, and how text is cut before it."""

    name: str
    """Name of the encoding."""
    file_name: str
    """Name of the file of ranks in tiktoken's cache: the SHA-1 of the address it comes from."""
    sha256: str
    """SHA-256 of the file of ranks."""
    pattern: str
    """Regular expression of the pieces, in tiktoken's dialect."""


ESTIMATE = TokenCounter(name="estimate", is_estimate=True, count=estimate_tokens)
"""The counter that needs no table."""

_CONTRACTION = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
_UPPER, _LOWER = r"\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}", r"\p{Ll}\p{Lm}\p{Lo}\p{M}"
_O200K = TokenTable(
    name="o200k_base",
    file_name="fb374d419588a4632f3f557e76b4b70aebbca790",
    sha256="446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    pattern=(
        rf"[^\r\n\p{{L}}\p{{N}}]?[{_UPPER}]*[{_LOWER}]+{_CONTRACTION}"
        rf"|[^\r\n\p{{L}}\p{{N}}]?[{_UPPER}]+[{_LOWER}]*{_CONTRACTION}"
        r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
)
_CL100K = TokenTable(
    name="cl100k_base",
    file_name="9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
    sha256="223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    pattern=(
        r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+"
        r"| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
    ),
)
_TABLES = {
    "o200k_base": _O200K,
    "o200k_harmony": _O200K,  # differs in special tokens only, which text never holds
    "cl100k_base": _CL100K,
}


def count_tokens_for(
    model: str | None, *, environ: Mapping[str, str], folders: Sequence[Path] = ()
) -> TokenCounter:
    """Return the best counter for a model that needs no download.

    Args:
        model: Name of the model, with or without the provider before it
            (`openai/gpt-4o`, `openai:gpt-4o`).
        environ: Names tiktoken's cache in `TIKTOKEN_CACHE_DIR` or `DATA_GYM_CACHE_DIR`.
        folders: Further folders that may hold a table under the name that tiktoken's cache
            gives it; they are looked into first.
    """
    table = _table_of(model) if model else None
    if table is None:
        return ESTIMATE
    return counter_from(table, [*folders, *_known_folders(environ)]) or ESTIMATE


def counter_from(table: TokenTable, folders: Sequence[Path]) -> TokenCounter | None:
    """Return a counter of the first folder that holds the table whole, or None.

    A file with the wrong sum is passed over and left alone; tiktoken itself would delete it and
    start a download that has no timeout.
    """
    for folder in folders:
        path = folder / table.file_name
        if path.is_file() and (counter := _load(table, path)):
            return counter
    return None


def _table_of(model: str) -> TokenTable | None:
    from tiktoken.model import encoding_name_for_model  # here: counting may never be needed

    bare = model.removeprefix("openai:").rsplit("/", 1)[-1]
    try:
        return _TABLES.get(encoding_name_for_model(bare))
    except KeyError:
        return None


def _known_folders(environ: Mapping[str, str]) -> Iterator[Path]:
    for variable in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        if named := environ.get(variable):
            yield Path(named)
    yield Path(tempfile.gettempdir()) / "data-gym-cache"
    spec = find_spec("litellm")  # a package that carries the tables; this does not import it
    for location in (spec and spec.submodule_search_locations) or ():
        yield Path(location) / "litellm_core_utils" / "tokenizers"


@lru_cache(maxsize=8)
def _load(table: TokenTable, path: Path) -> TokenCounter | None:
    import tiktoken

    try:
        data = path.read_bytes()
    except OSError:
        return None
    if hashlib.sha256(data).hexdigest() != table.sha256:
        return None
    lines = (line.split() for line in data.splitlines() if line)
    encoding = tiktoken.Encoding(
        table.name,
        pat_str=table.pattern,
        mergeable_ranks={b64decode(token): int(rank) for token, rank in lines},
        special_tokens={},
    )

    def count(text: str) -> int:
        slices = (text[at : at + _SLICE_CHARS] for at in range(0, len(text), _SLICE_CHARS))
        return sum(len(encoding.encode_ordinary(piece)) for piece in slices)

    return TokenCounter(name=table.name, is_estimate=False, count=count)

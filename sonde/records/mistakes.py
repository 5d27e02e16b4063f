"""What a builder gives, by its kind, and how it is told that it is of the wrong one."""

from collections.abc import Sequence
from numbers import Integral, Real
from os import PathLike
from pathlib import Path
from typing import cast

from .errors import SetupError

_LONGEST = 60


def is_number(given: object) -> bool:
    """Return whether a thing is a number; a truth is none.

    >>> is_number(0.5), is_number("0.5"), is_number(True)
    (True, False, False)
    """
    return not isinstance(given, bool) and isinstance(given, Real)


def is_whole(given: object) -> bool:
    """Return whether a thing is a whole number; a truth is none.

    >>> is_whole(6), is_whole(6.0), is_whole("six")
    (True, False, False)
    """
    return not isinstance(given, bool) and isinstance(given, Integral)


def is_path(given: object) -> bool:
    """Return whether a thing can name a file or a folder."""
    return isinstance(given, (str, PathLike))


def mistaken(name: str, given: object, *, wanted: str, example: str) -> SetupError:
    """Return the error for a thing of the wrong kind: what it is, what is wanted, and how.

    >>> str(mistaken("corpus", 3, wanted="a folder or a file", example='Agent(corpus="docs/")'))
    'corpus must be a folder or a file, not 3 (an int); for example: Agent(corpus="docs/")'
    """
    shown, kind = repr(given), type(given).__name__
    if len(shown) > _LONGEST:
        shown = shown[: _LONGEST - 1] + "…"
    article = "an" if kind[:1].lower() in "aeiou" else "a"
    return SetupError(
        f"{name} must be {wanted}, not {shown} ({article} {kind}); for example: {example}"
    )


def as_list(name: str, given: object, *, wanted: str, example: str) -> list[object]:
    """Return what was given as a list.

    Raises:
        SetupError: It is a text, or nothing that can be gone through.
    """
    is_row = isinstance(given, (Sequence, set, frozenset))
    if not is_row or isinstance(given, (str, bytes)):
        raise mistaken(name, given, wanted=wanted, example=example)
    return list(cast(Sequence[object], given))


def as_paths(name: str, given: object, *, wanted: str, example: str) -> list[Path]:
    """Return one path or several as a list, with `~` as the home.

    Raises:
        SetupError: What was given is, or holds, something else.
    """
    listed = [given] if is_path(given) else as_list(name, given, wanted=wanted, example=example)
    for each in listed:
        if not is_path(each):
            raise mistaken(name, each, wanted=wanted, example=example)
    return [Path(cast(str, each)).expanduser() for each in listed]

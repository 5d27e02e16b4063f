"""How it is told that a thing of the wrong kind was given."""

from numbers import Integral, Real

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

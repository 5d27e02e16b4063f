"""GAIA's quasi-exact match, with all of its traps.

The rule has three branches, chosen by the truth alone (Mialon et al., arXiv 2311.12983, and its
public scoring script): a number, a list, else a text. `lint_suite` names the truths that it treats
in a way their author may not expect.
"""

import re
import string

_LIST_MARKS = re.compile(r"[,;]")
_DROPPED_FROM_NUMBERS = str.maketrans("", "", "$%,")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_SPACE = re.compile(r"\s")


def gaia_match(prediction: str, truth: str) -> bool:
    """Return whether GAIA counts an answer as right.

    >>> gaia_match("$1,850", "1850"), gaia_match("the sea gull", "seagull")
    (True, False)
    """
    if is_number(truth):
        return _as_number(prediction) == float(truth)
    if _LIST_MARKS.search(truth):
        said, wanted = _LIST_MARKS.split(prediction), _LIST_MARKS.split(truth)
        return len(said) == len(wanted) and all(map(_is_same_element, said, wanted))
    return _bare(prediction) == _bare(truth)


def is_number(text: str) -> bool:
    """Return whether Python reads a text as a number: "4_2", "inf" and "nan" are among them."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def _is_same_element(said: str, wanted: str) -> bool:
    """Compare elements of lists: punctuation counts here, as in the official rule."""
    if is_number(wanted):
        return _as_number(said) == float(wanted)
    return _SPACE.sub("", said).lower() == _SPACE.sub("", wanted).lower()


def _as_number(text: str) -> float:
    """Return a number without its signs of money and per cent; what is none counts as infinite."""
    bare = text.translate(_DROPPED_FROM_NUMBERS)
    return float(bare) if is_number(bare) else float("inf")


def _bare(text: str) -> str:
    return _SPACE.sub("", text).lower().translate(_PUNCTUATION)

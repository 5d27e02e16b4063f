"""Tokens of a text by rule of thumb: no table, no network, a few microseconds a page.

The text is cut into pieces as byte-pair tokenizers cut it (words, groups of three digits, runs of
punctuation and of spaces), and each kind of piece has a weight: how many tokens of `o200k_base` it
took on English prose, source code, JSON, CSV, base64, and Chinese, Japanese, Korean and Russian
text. On such texts the estimate is 3 to 20 % off, to either side; lists of rare words in other
languages are off by up to half, mostly above, and Vietnamese comes out twofold. Leave a margin of
a quarter where a limit is hard.
"""

import re
from math import ceil
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits, punctuation

_WORD = 0.947
_WORD_CHAR_BEYOND_8 = 0.362
_CASE_CHANGE = 1.417
_THREE_DIGITS = 1.155
_NEWLINE = 0.195
_SPACE_RUN = 0.795
_PUNCTUATION_RUN = 0.883
_PUNCTUATION_CHAR_BEYOND_1 = 0.09
_OTHER_CHAR = 1.676

_FOREIGN_CHARS = (
    (re.compile("[ªµºÀ-\u024f\u1e00-\u1e9f]+"), 1.4),  # accented Latin letters
    (re.compile("[\u1ea0-\u1eff]+"), 0.2),  # those of Vietnamese, which sit inside known words
    (re.compile("[\u0370-\u03ff\u0530-\u10ff\u1200-\u1dff]+"), 0.4),  # Greek, Hebrew, Arabic, ...
    (re.compile("[\u0400-\u052f]+"), 0.282),  # Cyrillic
    (re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+"), 0.914),  # Han
    (re.compile("[\u3040-\u30ff]+"), 0.682),  # Kana
    (re.compile("[\u1100-\u11ff\uac00-\ud7af]+"), 0.763),  # Hangul
    (re.compile("[\u2010-\u2027\u3000-\u303f\uff00-\uff0f]+"), 0.9),  # dashes, quotes, full stops
)
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_SPACES = re.compile(rb"[ \t]{2,}")


def _keep_only(chars: str) -> bytes:
    """Return a table for `bytes.translate` that turns all other bytes into spaces."""
    kept = frozenset(chars.encode("ascii"))
    return bytes(byte if byte in kept else 0x20 for byte in range(256))


_LETTERS = _keep_only(ascii_letters)
_DIGITS = _keep_only(digits)
_PUNCTUATION = _keep_only(punctuation)
_LETTER_CASE = bytes.maketrans((ascii_lowercase + ascii_uppercase).encode(), b"a" * 26 + b"A" * 26)


def estimate_tokens(text: str) -> int:
    """Return about how many tokens a text has: 0 for the empty text only.

    The estimate never falls when a text grows at its end.

    >>> estimate_tokens("How deep is the Mariana Trench?")
    7
    """
    if not text:
        return 0
    # Splitting bytes counts pieces several times faster than a regular expression finds them.
    data = text.encode("utf-8", "replace")
    tokens = _word_tokens(data) + _sign_tokens(data)
    if len(data) != len(text):
        tokens += _foreign_tokens(text)
    return max(1, ceil(tokens))


def _word_tokens(data: bytes) -> float:
    words = data.translate(_LETTERS).split()
    beyond = sum([len(word) - 8 for word in words if len(word) > 8])
    changes = data.translate(_LETTER_CASE).count(b"aA")
    groups = sum([(len(run) + 2) // 3 for run in data.translate(_DIGITS).split()])
    return (
        _WORD * len(words)
        + _WORD_CHAR_BEYOND_8 * beyond
        + _CASE_CHANGE * changes
        + _THREE_DIGITS * groups
    )


def _sign_tokens(data: bytes) -> float:
    runs = data.translate(_PUNCTUATION).split()
    beyond = sum(map(len, runs)) - len(runs)
    has_runs = b"  " in data or b"\t" in data  # looked for first: most texts have none
    return (
        _PUNCTUATION_RUN * len(runs)
        + _PUNCTUATION_CHAR_BEYOND_1 * beyond
        + _NEWLINE * data.count(b"\n")
        + (_SPACE_RUN * len(_SPACES.findall(data)) if has_runs else 0.0)
    )


def _foreign_tokens(text: str) -> float:
    foreign = "".join(_FOREIGN.findall(text))
    tokens, rest = 0.0, len(foreign)
    for chars, weight in _FOREIGN_CHARS:
        count = sum(map(len, chars.findall(foreign)))
        tokens += weight * count
        rest -= count
    return tokens + _OTHER_CHAR * rest

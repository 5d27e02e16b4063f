"""Delimiters around what tools bring, that the text inside cannot forge.

Two locks, each enough alone. The number in a delimiter is a digest of what stands inside it and of
the question, so no page can hold its own. And whatever looks like a tag of the protocol or a
control token of a chat template gets round brackets, also where it is written with look-alike or
invisible characters.
"""

import re
import unicodedata
from dataclasses import dataclass
from hashlib import blake2b

_NUMBER_BYTES = 6
_WINDOW = 160
"""How far after its bracket a tag is looked for; unseen characters may stand in between."""
_NAMES = (
    "observations? tools? tool_calls? tool_responses? tool_results? tool_outputs? "
    "function_calls? function_results? invoke answer report belief think thinking reasoning "
    "question notes? action system user assistant human developer instructions? "
    "start_of_turn end_of_turn bos eos s"
)
_TAG = re.compile(
    rf"<\s*(?:/\s*)?(?:{'|'.join(_NAMES.replace('_', '[_ -]?').split(' '))})(?![a-z@.])"
    r"|<\s*\|[^<>|\n]{1,60}\|\s*>"  # a control token of a chat template: <|im_start|>
    r"|</?SYS>|\[/?INST\]",
    re.IGNORECASE,
)
_UNSEEN = (
    *(0x00AD, 0x034F, 0x061C, 0x115F, 0x180E, 0xFEFF),
    *(*range(0x0300, 0x0370), *range(0x200B, 0x2010), *range(0x202A, 0x202F)),
    *(*range(0x2060, 0x206A), *range(0xFE00, 0xFE10), *range(0xE0000, 0xE01F0)),
)
_OPENING = "<﹤‹〈⟨〈❮❬❰ᐸ˂≺⪡⧼＜"
_CLOSING = ">﹥›〉⟩〉❯❭❱ᐳ˃≻⪢⧽＞"
_LOOK_ALIKES = {
    "<": _OPENING, ">": _CLOSING, "/": "∕⁄⧸╱\\", "|": "ǀ∣│┃", "_": "‗▁ˍ", "a": "аαɑАΑ",
    "b": "ЬƅВΒ", "c": "сϲСϹ", "d": "ԁ", "e": "еεҽЕΕ", "f": "ƒ", "h": "һНΗ", "i": "іιıІΙ",
    "k": "кκКΚ", "l": "ӏⅼ", "m": "мⅿМΜ", "n": "пոΝԈ", "o": "оοօОΟ", "p": "рρРΡ", "r": "гᴦ",
    "s": "ѕЅ", "t": "тτТΤ", "u": "υսՍ", "v": "νѵ", "w": "ԝѡԜ", "x": "хχХΧ", "y": "уүҮΥ",
}  # fmt: skip
_STYLED = (*range(0xFF01, 0xFF5F), *range(0x1D400, 0x1D800), *range(0x24B6, 0x24EA))
"""Full-width, mathematical and circled letters, which Unicode itself maps to plain ones."""
_START = re.compile(f"[{_OPENING}]|\\[(?=/?INST\\])", re.IGNORECASE)
_END = re.compile(f"[{_CLOSING}\\n]|\\](?<=INST\\])", re.IGNORECASE)


def _folding() -> dict[int, str | None]:
    """Map what can be mistaken for a character of a tag to it, and what cannot be seen to none."""
    table: dict[int, str | None] = dict.fromkeys(_UNSEEN)
    table |= {code: unicodedata.normalize("NFKC", chr(code)) for code in _STYLED}
    for plain, others in _LOOK_ALIKES.items():
        table |= {ord(other): plain for other in others}
    return table


_FOLDING = _folding()


def neutralise(text: str) -> str:
    """Return a text whose tags and control tokens are harmless; its length stays the same.

    >>> neutralise("a < b </observation 12> <ANSWER>x")
    'a < b (/observation 12) (ANSWER)x'
    """
    characters: list[str] | None = None
    for bracket in _START.finditer(text):
        start = bracket.start()
        if not _TAG.match(text[start : start + _WINDOW].translate(_FOLDING)):
            continue
        characters = characters or list(text)
        characters[start] = "("
        end = _END.search(text, start + 1, start + _WINDOW)
        if end and end.group() != "\n":
            characters[end.start()] = ")"
    return text if characters is None else "".join(characters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """The delimiters of one round."""

    number: str
    """What both delimiters carry."""

    @classmethod
    def around(cls, *texts: str) -> "Fence":
        """Return a fence whose number is a digest of all these texts."""
        digest = blake2b(digest_size=_NUMBER_BYTES)
        for text in texts:
            digest.update(text.encode("utf-8", "replace") + b"\0")
        return cls(number=digest.hexdigest())

    def wrap(self, text: str) -> str:
        """Return a text between the delimiters, made harmless."""
        return f"<observation {self.number}>\n{neutralise(text)}\n</observation {self.number}>"

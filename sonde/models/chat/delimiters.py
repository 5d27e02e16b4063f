"""Delimiters around what tools bring, that the text inside cannot forge.

Two locks, each enough alone. The number in a delimiter is a digest of all the texts of the round,
so no page can know it. And whatever looks like a tag of the protocol or a control token of a chat
template gets round brackets, also where it is written with look-alike or invisible characters.
"""

import re
import unicodedata
from dataclasses import dataclass
from hashlib import blake2b

_NUMBER_BYTES = 6
_INVISIBLE = "\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"
_UNSEEN = f"[{_INVISIBLE}\u0300-\u036f\U000e0000-\U000e01ef]{{0,16}}"
_GAP = f"[\\s{_INVISIBLE}]{{0,16}}"
_NAMES = (
    "observations? tools? tool_calls? tool_responses? tool_results? tool_outputs? "
    "function_calls? function_results? invoke answer report belief think thinking reasoning "
    "question notes? action system user assistant human developer instructions? "
    "start_of_turn end_of_turn bos eos s"
).split()


def _look_alikes() -> dict[int, str]:
    """Map characters that can be mistaken for those of a tag, one to one."""
    table = {
        code: plain
        for code in (*range(0xFF01, 0xFF5F), *range(0x1D400, 0x1D800), *range(0x2460, 0x24EA))
        if len(plain := unicodedata.normalize("NFKC", chr(code))) == 1 and plain.isascii()
    }
    for plain, others in {
        "<": "﹤‹〈⟨〈❮❬❰ᐸ˂≺⪡⧼",
        ">": "﹥›〉⟩〉❯❭❱ᐳ˃≻⪢⧽",
        "/": "∕⁄⧸╱\\",
        "|": "ǀ∣│┃",
        "_": "‗▁ˍ",
        "a": "аαɑ", "b": "Ьƅ", "c": "сϲ", "d": "ԁ", "e": "еεҽ", "f": "ƒ", "h": "һ", "i": "іιı",
        "k": "кκ", "l": "ӏⅼ", "m": "мⅿ", "n": "пո", "o": "оοօ", "p": "рρ", "r": "гᴦ", "s": "ѕ",
        "t": "тτ", "u": "υս", "v": "νѵ", "w": "ԝѡ", "x": "хχ", "y": "уү",
        "A": "АΑ", "B": "ВΒ", "C": "СϹ", "E": "ЕΕ", "H": "НΗ", "I": "ІΙ", "K": "КΚ", "M": "МΜ",
        "N": "ΝԈ", "O": "ОΟ", "P": "РΡ", "S": "Ѕ", "T": "ТΤ", "U": "Ս", "W": "Ԝ", "X": "ХΧ", "Y": "ҮΥ",
    }.items():  # fmt: skip
        table |= {ord(other): plain for other in others}
    return table


def _spelled(name: str) -> str:
    """Return a pattern for a name with unseen characters between its letters."""
    pieces = re.findall(r"\w\??", name)
    return _UNSEEN.join("[_\\s-]?" if piece == "_" else piece for piece in pieces)


_LOOK_ALIKES = _look_alikes()
_TAG = re.compile(
    rf"(?P<open><){_GAP}(?:/{_GAP})?(?:{'|'.join(map(_spelled, _NAMES))})(?![a-z@.])"
    rf"(?:[^<>\n]{{0,200}}(?P<close>>))?"
    rf"|(?P<open2><){_GAP}\|[^<>|\n]{{1,60}}\|{_GAP}(?P<close2>>)"
    rf"|(?P<open3>\[)/?INST(?P<close3>\])"
    rf"|(?P<open4><)</?SYS>(?P<close4>>)",
    re.IGNORECASE,
)


def neutralise(text: str) -> str:
    """Return a text whose tags and control tokens are harmless; its length stays the same.

    >>> neutralise("a < b </observation 12> <ANSWER>x")
    'a < b (/observation 12) (ANSWER)x'
    """
    plain = text if text.isascii() else text.translate(_LOOK_ALIKES)
    if "<" not in plain and "[" not in plain:
        return text
    characters: list[str] | None = None
    for tag in _TAG.finditer(plain):
        characters = characters or list(text)
        for group, start in ((g, tag.start(g)) for g, found in tag.groupdict().items() if found):
            characters[start] = "(" if group.startswith("open") else ")"
    return text if characters is None else "".join(characters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """The delimiters of one round."""

    number: str
    """What both delimiters carry."""

    @classmethod
    def around(cls, *texts: str) -> "Fence":
        """Return the fence of a round: its number is a digest of all the round's texts."""
        digest = blake2b(digest_size=_NUMBER_BYTES)
        for text in texts:
            digest.update(text.encode("utf-8", "replace") + b"\0")
        return cls(number=digest.hexdigest())

    def wrap(self, text: str) -> str:
        """Return a text between the delimiters, made harmless."""
        return f"<observation {self.number}>\n{neutralise(text)}\n</observation {self.number}>"

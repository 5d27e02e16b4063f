"""Which language a text is in, as far as its function words tell; no more than a guess."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 2
"""Function words that it takes to tell a language."""
_ENGLISH = frozenset(
    """
    a about after an and any are as at be been before between but by can could did do does during
    for from had has have he her his how i in into is it its many most much no not of on or our out
    over she should so some than that the their them then there these they this those through to
    under until up was we were what when where which while who whom whose why will with would you
    your
    """.split()
)
_ASKING = frozenset("how what when where which who whom whose why".split())
"""English alone begins a question so, whatever foreign names follow."""
_OTHERS: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "German": """
            aber als am auf aus bei beim bis das dass dem den der des die ein eine einem einen
            einer eines er es für hat hatte hatten ich im ist kann können mit nach nicht noch
            oder sich sie sind über um und unter vom von vor wann war waren warum was welche
            welchem welchen welcher welches wem wen wer werden wessen wie wieviel wo wohin
            worden wurde wurden zu zum zur
            """,
        "French": """
            au aux avec ce cette ces combien comment dans de des du elle elles en est et était
            été il ils la le les leur lequel laquelle mais ne ou où par pas pour pourquoi quand
            que quel quelle quelles quels qui quoi sa se ses son sont sur un une
            """,
        "Spanish": """
            al como con cuál cuáles cuándo cuánto cuánta cuántos cuántas cómo de del desde donde
            dónde el ella en es esta este fue fueron ha hasta la las lo los más no para pero por
            porque qué que quién quiénes se sin sobre su sus un una y
            """,
        "Italian": """
            al alla anche che chi come con cosa da dal dalla degli dei del della delle di dove e
            era gli ha il in la le lo ma nel nella non per perché quale quali quando quanti
            quanto quanta sono sua suo stata stato sul sulla un una
            """,
        "Portuguese": """
            ao aos as com como da das de do dos e em é foi foram mais na não nas no nos o onde
            os ou para pela pelo por porque qual quais quando quanto quantos que quem se sua são
            um uma
            """,
        "Dutch": """
            aan als bij dat de deze dit door een en er het hij hoe hoeveel in is maar met naar
            niet om ook op te toen uit van voor waar waarom wanneer was wat welk welke werd
            werden wie zij zijn
            """,
        "Swedish": """
            att av den det de där efter en ett från för har hon han hur i inte med men när och
            om som på sig till under var vad vem vilken vilket vilka varför är
            """,
    }.items()
}

_OURS = "English"
_LANGUAGES_OF: Mapping[str, tuple[str, ...]] = {
    word: tuple(name for name, words in (*_OTHERS.items(), (_OURS, _ENGLISH)) if word in words)
    for word in _ENGLISH.union(*_OTHERS.values())
}
"""The languages that each function word is of."""


def foreign_language(text: str) -> str | None:
    """Return the language of a text that is surely not English, by its name; None otherwise.

    A language is told by its function words: it needs two or more of them, and more than English
    has. A text in letters of which fewer than half are Latin is in "another script".

    >>> foreign_language("Wann wurde die erste Radiosonde gestartet?")
    'German'
    >>> foreign_language("When did Die Fledermaus open in Paris?") is None
    True
    """
    if not text.isascii() and not _is_latin(text):
        return "another script"
    said = _WORD.findall(unicodedata.normalize("NFC", text))
    if not said or said[0].lower() in _ASKING:
        return None
    found = [said[0].lower(), *(word for word in said[1:] if word.islower())]  # no names
    counts = Counter(name for word in found for name in _LANGUAGES_OF.get(word, ()))
    english = counts.pop(_OURS, 0)
    name, most = max(counts.items(), key=lambda item: item[1], default=("", 0))
    return name if most >= _LEAST and most > english else None


def _is_latin(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    latin = sum(
        char.isascii() or unicodedata.name(char, "").startswith("LATIN") for char in letters
    )
    return latin * 2 >= len(letters)

"""Invented names: pronounceable, each once, and none the beginning or the end of another."""

import random
from collections.abc import Iterable, Sequence

_STARTS = "b br c d dr f g gr h j k kl l m n p pr r s st t tr v w z th sh".split()
_VOWELS = "a e i o u a e i o u ia ei".split()
_MIDDLES = "l m n r s v d t k nd rn lm st rk vr".split()
_ENDS = "n r l s m th nd rk lt sk ne ra lo vi ko tha mir don gar wen".split()
_FIRST_NAMES = """
    Ada Alma Anton Arlo Bela Bruno Carla Cyril Dora Edda Edwin Elsa Emil Enzo Felix Flora
    Greta Hanno Hedda Hugo Ida Igor Ines Ivo Jana Jasper Karla Kilian Lena Lothar Luca Marta
    Milan Mina Nadia Nils Nora Odile Oskar Paula Petra Quentin Ralf Rita Ruben Selma Silas
    Tilda Tomas Ulla Una Vera Viktor Wanda Willem Xenia Yannick Yvo Zelda Zoran
""".split()
_ADJECTIVES = """
    Amber Broken Burning Copper Crooked Distant Drifting Empty Endless Faithful Fallen
    Forgotten Frozen Gentle Gilded Golden Hidden Hollow Idle Iron Ivory Lonely Lost Narrow
    Northern Painted Patient Quiet Restless Rusted Sacred Scarlet Second Secret Silent Silver
    Sleeping Southern Stolen Sunken Tangled Unwritten Velvet Wandering Wasted Winter
""".split()
_NOUNS = """
    Anchor Arcade Archive Balcony Bell Border Candle Canal Chapel Compass Courtyard Crossing
    Ferry Garden Gate Harbour Harvest Hour Island Journey Key Ladder Lantern Letter Lighthouse
    Map Market Meadow Mirror Mountain Orchard Palace Paradise Portrait Railway Return River
    Shore Silence Staircase Station Summer Tide Tower Voyage Wall Well Window
""".split()


class Names:
    """A source of names that never gives the same one twice."""

    def __init__(self, rng: random.Random, *, real: Iterable[str] = ()) -> None:
        """Make a source.

        Args:
            rng: The only source of chance.
            real: Names of real things, which no invented name is to be taken for.
        """
        self._rng = rng
        self._taken = {name.lower() for name in real}

    def word(self, *, syllables: int = 2) -> str:
        """Return an invented word with a capital."""
        while True:
            parts = [self._pick(_STARTS) + self._pick(_VOWELS)]
            parts += [self._pick(_MIDDLES) + self._pick(_VOWELS) for _ in range(syllables - 1)]
            name = ("".join(parts) + self._pick(_ENDS)).capitalize()
            if 5 <= len(name) <= 12 and self._is_new(name):
                return name

    def person(self) -> str:
        """Return a first name and an invented family name."""
        return f"{self._pick(_FIRST_NAMES)} {self.word()}"

    def title(self) -> str:
        """Return the title of a book."""
        while True:
            name = f"The {self._pick(_ADJECTIVES)} {self._pick(_NOUNS)}"
            if self._is_new(name):
                return name
            if len(self._taken) > len(_ADJECTIVES) * len(_NOUNS):
                return f"{name} of {self.word()}"

    def _pick(self, names: Sequence[str]) -> str:
        return self._rng.choice(names)

    def _is_new(self, name: str) -> bool:
        low = name.lower()
        if any(low.startswith(other) or other.startswith(low) for other in self._taken):
            return False
        self._taken.add(low)
        return True

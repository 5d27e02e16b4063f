"""Small closed word classes that question analysis and span features look at."""

from collections.abc import Mapping
from enum import IntEnum

MONTHS = frozenset(
    """january february march april may june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec""".split()
)
_SMALL_NUMBERS = """zero one two three four five six seven eight nine ten eleven twelve thirteen
fourteen fifteen sixteen seventeen eighteen nineteen twenty""".split()
NUMBER_WORDS: Mapping[str, float] = {
    **{word: value for value, word in enumerate(_SMALL_NUMBERS)},
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "hundred": 100,
    "dozen": 12,
    "half": 0.5,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
}
MAGNITUDES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
ORDINALS = frozenset(
    """first second third fourth fifth sixth seventh eighth ninth tenth last final""".split()
)
UNITS = frozenset(
    """mile miles km kilometre kilometres kilometer kilometers metre metres meter meters feet foot
    ft inch inches cm mm m acre acres hectare hectares year years month months week weeks day days
    hour hours minute minutes second seconds pound pounds kg kilogram kilograms tonne tonnes ton
    tons dollar dollars euro euros percent per cent degree degrees celsius fahrenheit litre litres
    liter liters gallon gallons mph watt watts""".split()
)
PEOPLE_ENDINGS = ("ish", "ese", "ian", "ican")
"""Single capitalised words with these endings are peoples and languages more often than names."""
_PROFESSION_ENDINGS = ("ist", "ian", "ists", "ians", "grapher", "graphers", "eer", "eers")
_SHORTEST_PROFESSION = 6
"""Letters of a profession with such an ending: a list and a mist are none."""
PAST_FORMS = frozenset(
    """became began bore bought broke brought built came caught chose did drew drove fell felt
    fought found flew gave got grew had held hit kept knew laid lay led left lost made met paid put
    ran rode rose sang sank sat saw sent set shot sold spent spoke stood swam taught threw told took
    went wore won wrote""".split()
)
"""Past forms that do not end in -ed; none of them is a noun that a question often asks for."""
BE = frozenset("is was are were be been being became become".split())
PERSON_NOUNS = frozenset(
    """person people man woman men women boy girl actor actress singer author writer director
    president king queen emperor empress prince princess scientist player coach founder leader
    composer artist poet philosopher politician minister musician producer inventor painter
    brother sister wife husband father mother son daughter general saint pope governor mayor host
    character drummer guitarist bassist quarterback comedian rapper novelist playwright architect
    journalist senator lawyer chef model designer engineer explorer astronaut physicist chemist
    mathematician historian economist psychologist footballer golfer boxer wrestler driver manager
    owner ceo chairman commander captain lord duke count baron knight hero villain detective
    songwriter screenwriter filmmaker dancer conductor pianist star celebrity monarch ruler
    dictator chancellor judge justice candidate winner champion nominee creator editor cartoonist
    photographer sculptor soldier officer admiral pilot spy murderer killer figure""".split()
)
PLACE_NOUNS = frozenset(
    """country countries city cities state states county counties town region place location
    continent island river village province capital nation area district street university school
    college stadium sea ocean lake mountain hotel borough neighborhood planet headquarters venue
    park arena airport hospital museum bridge building castle church desert forest peninsula
    territory suburb port valley municipality prefecture kingdom empire address road highway
    site campus""".split()
)
DATE_NOUNS = frozenset(
    """year years date day month century decade era period time season birthday age weekday
    """.split()
)
NUMBER_NOUNS = frozenset(
    """number percentage percent population amount rate size length height distance score cost
    price temperature depth weight speed elevation altitude total width area capacity salary
    budget""".split()
)
WORK_NOUNS = frozenset(
    """film movie book novel song album show series band group company team club organization
    organisation magazine newspaper game party award language religion war battle act law treaty
    league airline label studio agency play opera musical poem program programme brand product
    single episode sitcom corporation firm bank store network channel station franchise orchestra
    society institute tribe dynasty army regiment ship aircraft car engine event tournament
    festival genre instrument sport""".split()
)


def is_profession(noun: str) -> bool:
    """Return whether a noun in lower case names people by what they do, going by its ending.

    >>> is_profession("geologists"), is_profession("list")
    (True, False)
    """
    return len(noun) >= _SHORTEST_PROFESSION and noun.endswith(_PROFESSION_ENDINGS)


class QuestionKind(IntEnum):
    """What kind of answer a question asks for; the order is part of the trained weights."""

    WHO = 0
    WHEN = 1
    WHERE = 2
    HOW_MANY = 3
    HOW_MUCH = 4
    HOW = 5
    WHY = 6
    PERSON = 7
    PLACE = 8
    DATE = 9
    NUMBER = 10
    WORK = 11
    WHICH = 12
    WHAT = 13
    YES_NO = 14
    DEFINITION = 15
    OTHER = 16


class KindGroup(IntEnum):
    """Kinds of questions that ask for the same sort of thing."""

    PERSON = 0
    DATE = 1
    PLACE = 2
    NUMBER = 3
    NAME = 4
    OTHER = 5


GROUP_OF_KIND = {
    QuestionKind.WHO: KindGroup.PERSON,
    QuestionKind.PERSON: KindGroup.PERSON,
    QuestionKind.WHEN: KindGroup.DATE,
    QuestionKind.DATE: KindGroup.DATE,
    QuestionKind.WHERE: KindGroup.PLACE,
    QuestionKind.PLACE: KindGroup.PLACE,
    QuestionKind.HOW_MANY: KindGroup.NUMBER,
    QuestionKind.HOW_MUCH: KindGroup.NUMBER,
    QuestionKind.NUMBER: KindGroup.NUMBER,
    QuestionKind.WORK: KindGroup.NAME,
    QuestionKind.WHICH: KindGroup.NAME,
}


def group_of(kind: QuestionKind) -> KindGroup:
    """Return the group that a kind of question belongs to."""
    return GROUP_OF_KIND.get(kind, KindGroup.OTHER)


KIND_OF_NOUN: Mapping[QuestionKind, frozenset[str]] = {
    QuestionKind.DATE: DATE_NOUNS,
    QuestionKind.NUMBER: NUMBER_NOUNS,
    QuestionKind.PERSON: PERSON_NOUNS,
    QuestionKind.PLACE: PLACE_NOUNS,
    QuestionKind.WORK: WORK_NOUNS,
}


def is_known_noun(noun: str) -> bool:
    """Return whether the lists hold a noun in lower case, in the singular or the plural."""
    names = KIND_OF_NOUN.values()
    return any(noun in held or noun.removesuffix("s") in held for held in names)

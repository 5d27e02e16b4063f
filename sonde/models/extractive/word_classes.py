"""Classes of single words that tell what a span names: a country, a firm, a profession."""

from enum import IntEnum
from functools import lru_cache

from .lexicon import (
    DATE_NOUNS,
    MONTHS,
    NUMBER_WORDS,
    ORDINALS,
    PERSON_NOUNS,
    PLACE_NOUNS,
    UNITS,
    WORK_NOUNS,
)

_COUNTRIES = frozenset(
    """afghanistan albania algeria andorra angola argentina armenia australia austria azerbaijan
    bahamas bahrain bangladesh barbados belarus belgium belize benin bhutan bolivia bosnia botswana
    brazil brunei bulgaria burma burundi cambodia cameroon canada chad chile china colombia congo
    croatia cuba cyprus czechoslovakia denmark dominica ecuador egypt england eritrea estonia
    ethiopia fiji finland france gabon gambia georgia germany ghana greece greenland grenada
    guatemala guinea guyana haiti honduras hungary iceland india indonesia iran iraq ireland israel
    italy jamaica japan jordan kazakhstan kenya korea kosovo kuwait laos latvia lebanon lesotho
    liberia libya liechtenstein lithuania luxembourg macedonia madagascar malawi malaysia maldives
    mali malta mauritania mauritius mexico moldova monaco mongolia montenegro morocco mozambique
    myanmar namibia nepal netherlands nicaragua niger nigeria norway oman pakistan palestine panama
    paraguay peru philippines poland portugal prussia qatar romania russia rwanda samoa scotland
    senegal serbia seychelles singapore slovakia slovenia somalia spain sudan suriname swaziland
    sweden switzerland syria taiwan tajikistan tanzania thailand togo tonga trinidad tunisia turkey
    turkmenistan uganda ukraine uruguay uzbekistan vanuatu venezuela vietnam wales yemen yugoslavia
    zambia zimbabwe usa uk us ussr britain""".split()
)
_STATES = frozenset(
    """alabama alaska arizona arkansas california colorado connecticut delaware florida hawaii idaho
    illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota
    mississippi missouri montana nebraska nevada ohio oklahoma oregon pennsylvania tennessee texas
    utah vermont virginia washington wisconsin wyoming carolina dakota hampshire jersey ontario
    quebec alberta manitoba scotia columbia queensland victoria bavaria""".split()
)
_PEOPLES = frozenset(
    """american british english scottish irish welsh french german italian spanish dutch russian
    chinese japanese korean indian canadian australian mexican brazilian swedish norwegian danish
    finnish polish czech greek turkish israeli egyptian roman jewish muslim christian catholic
    european african asian latin arab swiss austrian belgian hungarian portuguese ukrainian
    israeli iranian iraqi pakistani thai filipino vietnamese cuban""".split()
)
_FIRMS = frozenset(
    """inc ltd corp corporation company co group records entertainment pictures studios studio
    productions university college school institute association society council committee agency
    department ministry bank airlines motors foundation union league club fc united party church
    museum library hospital press times network television radio orchestra band army navy force
    brothers bros sons commission bureau office""".split()
)
_SAINTS_AND_KINGS = frozenset("i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi jr sr".split())


class WordClass(IntEnum):
    """What a word tells of the span that it ends; the order is part of the trained weights."""

    COUNTRY = 0
    STATE = 1
    PEOPLE = 2
    FIRM = 3
    NUMERAL = 4
    MONTH = 5
    NUMBER_WORD = 6
    ORDINAL = 7
    UNIT = 8
    PERSON_NOUN = 9
    PLACE_NOUN = 10
    WORK_NOUN = 11
    DATE_NOUN = 12
    DIGITS = 13
    CAPITAL = 14
    AGENT = 15
    ACTION = 16
    ABSTRACT = 17
    MANNER = 18
    PARTICIPLE = 19
    PLURAL = 20
    OTHER = 21
    ACRONYM = 22
    DECADE = 23


_BY_LIST = (
    (_COUNTRIES, WordClass.COUNTRY),
    (_STATES, WordClass.STATE),
    (_PEOPLES, WordClass.PEOPLE),
    (MONTHS, WordClass.MONTH),
    (frozenset(NUMBER_WORDS), WordClass.NUMBER_WORD),
    (ORDINALS, WordClass.ORDINAL),
    (UNITS, WordClass.UNIT),
    (PERSON_NOUNS, WordClass.PERSON_NOUN),
    (_FIRMS, WordClass.FIRM),
    (PLACE_NOUNS, WordClass.PLACE_NOUN),
    (WORK_NOUNS, WordClass.WORK_NOUN),
    (DATE_NOUNS, WordClass.DATE_NOUN),
)
_BY_ENDING = (
    (("er", "or", "ist", "ian"), WordClass.AGENT),
    (("ing",), WordClass.ACTION),
    (("tion", "sion", "ment", "ness", "ity", "ism", "ance", "ence", "ship"), WordClass.ABSTRACT),
    (("ly",), WordClass.MANNER),
    (("ed",), WordClass.PARTICIPLE),
    (("s",), WordClass.PLURAL),
)


@lru_cache(maxsize=100_000)
def word_class(lower: str, *, is_capital: bool, is_acronym: bool = False) -> WordClass:
    """Return the class of a word in lower case."""
    if lower[0].isdigit():
        return WordClass.DECADE if lower.endswith("s") else WordClass.DIGITS
    if is_capital and lower in _SAINTS_AND_KINGS:
        return WordClass.NUMERAL
    for names, found in _BY_LIST:
        if lower in names:
            return found
    if is_acronym:
        return WordClass.ACRONYM
    if is_capital:
        return WordClass.CAPITAL
    for endings, found in _BY_ENDING:
        if lower.endswith(endings):
            return found
    return WordClass.OTHER

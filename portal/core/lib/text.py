"""Cleaning of typed text, and pinyin for ordering and searching Chinese names.

Three strengths of cleaning: `clean` for what is stored (keeps Chinese punctuation), `clean_name` for names of persons,
`fold` for comparing two spellings, never for storing. Pinyin comes from pypinyin's character table with the overrides
of `readings.py`; both tables are built once per process, at first use.
"""

import os
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from portal.core.lib.readings import GIVEN_NAME, PLACE_CHARACTERS, PLACE_PHRASES, SURNAMES

# Characters that need no second look; anything else, or a doubled or outer space, takes the slow way.
_PLAIN = "!-~·—‘-”…、-】\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002f7ff\U0002fa20-\U0003ffff（），．：；？！￥"
_NEEDS_CLEANING = re.compile(f"[^ {_PLAIN}]|^ | $|  ")

_WIDE = "".join(chr(point + 0xFEE0) for point in b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_FULL_WIDTH = {ord(wide): ord(wide) - 0xFEE0 for wide in _WIDE}
_REMOVED = dict.fromkeys(
    [
        *range(0x00, 0x09),
        *range(0x0E, 0x1C),  # controls; the rest of them are spaces
        *range(0x7F, 0x85),
        *range(0x86, 0xA0),
        0xAD,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
        *range(0xD800, 0xE000),  # lone surrogates: no database stores them
        *range(0xFFF9, 0xFFFD),
    ]
)
_RADICALS = {point: unicodedata.normalize("NFKC", chr(point)) for point in range(0x2F00, 0x2FD6)}
_CLEANED = {**_FULL_WIDTH, **_REMOVED, **_RADICALS}
_HAN = r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_SPACE_BETWEEN_HAN = re.compile(f"(?<={_HAN}) (?={_HAN})")
_DOT = re.compile(rf"(?<=\w) ?[·•‧∙⋅・･] ?(?=\w)|(?<={_HAN}) ?[.．。｡] ?(?={_HAN})")
_LONGEST_PINYIN, _LONGEST_INITIALS = 120, 20  # as the columns of a person hold them
_NO_SEARCH_LETTER = re.compile(r"[^0-9a-z\n]+")


def clean(text: str) -> str:
    """A cell's text as it should be stored.

    Full-width digits and Latin letters become half-width, Kangxi radicals and composed characters their common form;
    control, zero-width and direction characters and lone surrogates go; every run of white space becomes one space.
    Chinese punctuation and full-width brackets stay.
    """
    if not _NEEDS_CLEANING.search(text):
        return text
    return " ".join(unicodedata.normalize("NFC", text.translate(_CLEANED)).split())


def clean_name(text: str) -> str:
    """A person's name as it should be stored: as `clean`, no spaces between Chinese characters (张 三 is 张三), and one
    form (·) of the dot inside names of ethnic minorities."""
    name = clean(text)
    if " " in name:
        name = _SPACE_BETWEEN_HAN.sub("", name)
    return name if name.isalpha() else _DOT.sub("·", name)


def fold(text: str) -> str:
    """A key for comparing: compatibility forms, case and all white space folded away, so （东） equals (东)."""
    return "".join(unicodedata.normalize("NFKC", clean(text)).casefold().split())


@lru_cache(maxsize=1)
def _syllables() -> dict[str, str]:
    """The commonest reading of every Chinese character, without tone; ü is v. About 42,000 entries."""
    # The phrase table costs 45 MB and 0.3 s and reads names wrongly (长宁 as zhang ning); pypinyin leaves it out here.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415  (heavy: only when a name is read)

    marks = str.maketrans("āáǎàēéěèōóǒòīíǐìūúǔùüǖǘǚǜńňǹḿ", "aaaaeeeeooooiiiiuuuuvvvvvnnnm")
    return {chr(point): readings.split(",", 1)[0].translate(marks) for point, readings in PINYIN_DICT.items()}


@lru_cache(maxsize=1)
def _given_syllables() -> dict[str, str]:
    return {**_syllables(), **GIVEN_NAME}


@lru_cache(maxsize=65536)
def pinyin_key(name: str) -> str:
    """The pinyin by which names of persons are ordered and found: syllables without tones, one space between them.

    Surnames have their own readings (单雄信 is "shan xiong xin"). Latin letters and digits stay, in lower case; a
    character without a reading stays as it is, other signs go. Sort by it with COLLATE "C", then by the name. Of the
    longest names (forty characters and more) only as much is kept as the column holds.
    """
    surname = name[:2] if len(name) > 2 and name[:2] in SURNAMES else name[:1]
    if surname in SURNAMES:
        head, rest = [SURNAMES[surname]], name[len(surname) :]
    else:
        head, rest = [], name
    table = _given_syllables()
    parts: list[str] = []
    for character in rest:
        if reading := table.get(character):
            parts.append(f" {reading} ")
        elif character.isalnum():
            parts.append(character.lower())
        elif character in " ·":
            parts.append(" ")
    return " ".join([*head, *"".join(parts).split()])[:_LONGEST_PINYIN].rstrip()


def name_initials(name: str) -> str:
    """The first letters of a person's name for searching: 单雄信 gives sxx. Of long names the first twenty."""
    return "".join(part[0] for part in pinyin_key(name).split())[:_LONGEST_INITIALS]


@lru_cache(maxsize=1)
def _initial_table() -> dict[int, str]:
    table = {ord(character): syllable[0] for character, syllable in _syllables().items()}
    table |= {ord(character): letter for character, letter in PLACE_CHARACTERS.items()}
    table |= {point: chr(plain) for point, plain in _FULL_WIDTH.items()}
    return table


@lru_cache(maxsize=1)
def _phrases() -> re.Pattern[str]:
    return re.compile("|".join(sorted(PLACE_PHRASES, key=len, reverse=True)))


def initials(name: str) -> str:
    """The first letters of a place's name for searching: 长宁区 gives cnq. Digits and Latin letters stay, in lower
    case; signs and characters without a reading go."""
    return initials_of([name])[0]


def initials_of(names: Iterable[str]) -> list[str]:
    """`initials` of many names in one pass: all 665,276 divisions in under a second."""
    text = "\n".join(name.replace("\n", " ") for name in names)
    text = _phrases().sub(lambda found: PLACE_PHRASES[found[0]], text)
    return _NO_SEARCH_LETTER.sub("", text.translate(_initial_table()).lower()).split("\n")

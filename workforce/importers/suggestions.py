"""What was probably meant, where the intent is clear: offered with the error, never put in by the portal itself.

A suggestion is the text to type into the cell. Of ID numbers only the doubtful characters are told, for suggestions are
stored; and no check digit is ever worked out for anybody: a wrong one says that some digit is wrong, not which.
"""

import difflib
import re
import unicodedata
from datetime import date

from portal.core.lib.dates import FIRST, LAST, DateError
from portal.core.lib.identity import IdError, IdNumber, normalise, parse_id
from portal.core.lib.text import fold
from workforce.enums import CertificateLevel
from workforce.importers.columns import BY_KEY, MEANING, PRINTED

_DIGITS_OF_LETTERS = str.maketrans("OQDILZSB|", "000112581")
_LAST_SIGNS = "×✕✖*Х"  # what stands for the last character X
_NUMBERS = re.compile(r"\d+")
_AROUND = re.compile(r"[年月日号时.\-/、,，\s]*")
_NEGATIONS = ("非", "不", "无", "未", "原", "拟", "兼")
_YES_NO = {True: ("有", "对", "y", "yes", "true", "1", "是的"), False: ("不是", "非", "没有", "n", "no", "false", "0")}
_CHINESE_NUMBERS = {word: str(number) for number, word in enumerate("一二三四五六七八九十", 1)}
_CHINESE_NUMBERS |= {f"十{word}": str(number) for number, word in enumerate("一二三四五六七八", 11)}
_SIMILAR = 0.6
# What certificates are called by their level; 初级社会工作师 contains the name of the level above it.
_CERTIFICATE_LEVELS = {
    "初级": CertificateLevel.ASSISTANT,
    "助理": CertificateLevel.ASSISTANT,
    "中级": CertificateLevel.SOCIAL_WORKER,
    "高级": CertificateLevel.SENIOR,
}


def suggested(code: str, key: str, cell: str, params: dict) -> dict[str, str]:
    """Parameters to add to an issue: {"suggestion": text} where there is one."""
    found = ""
    if code == "choice" and key in BY_KEY:
        found = choice(BY_KEY[key].choices, cell)
    elif code in _DATES:
        found = day(cell)
    elif code == "birth_contradicts":
        found = birth(cell, params.get("id_birth"))
    elif code == "grade_number":
        found = _CHINESE_NUMBERS.get(cell.rstrip("级档等").removeprefix("第"), "")
    return {"suggestion": found} if found else {}


_DATES = {error.value for error in (DateError.SWAPPED, DateError.YEAR_LAST, DateError.UNREADABLE)}


def choice(name: str, cell: str) -> str:
    """The printed word that a text contains or nearly is, where there is exactly one: 正职岗位 gives 正职."""
    text, printed = fold(cell), PRINTED[name]
    if name == "是否":
        return next((printed[value] for value, words in _YES_NO.items() if text in words), "")
    if text.startswith(_NEGATIONS):
        return ""
    if name == "证书等级" and (text in _CERTIFICATE_LEVELS or "社" in text):
        values = {value for word, value in _CERTIFICATE_LEVELS.items() if word in text}
        if values:
            return printed[values.pop()] if len(values) == 1 else ""
    words = {fold(word): value for word, value in MEANING[name].items()}
    inside = [word for word in words if word in text and (len(word) > 1 or name == "性别")]
    longest = [word for word in inside if not any(word in other and word != other for other in inside)]
    values = {words[word] for word in longest}
    if not inside and len(text) > 1:
        values = {words[word] for word in words if text in word}
    if not inside and not values:
        values = {words[word] for word in difflib.get_close_matches(text, words, n=2, cutoff=_SIMILAR)}
    return printed[values.pop()] if len(values) == 1 else ""


def day(cell: str) -> str:
    """The only day that the three numbers of a text can mean: 2024-25-03 and 25/3/2024 give 2024-03-25."""
    text = unicodedata.normalize("NFKC", cell)
    numbers = [found for found in _NUMBERS.findall(text) if len(found) <= 4]
    if len(numbers) != 3 or not _AROUND.fullmatch(_NUMBERS.sub("", text)):
        return ""
    years = [number for number in numbers if len(number) == 4]
    if len(years) != 1 or len(numbers[1]) == 4:
        return ""
    year, rest = int(years[0]), [int(number) for number in numbers if len(number) != 4]
    days = {_day(year, *rest), _day(year, *reversed(rest))} - {None}
    if len(numbers[0]) == 4 and (first := _day(year, *rest)):  # written the usual way round, with unusual signs
        days = {first}
    return days.pop().isoformat() if len(days) == 1 else ""


def _day(year: int, month: int, day_of_month: int) -> date | None:
    try:
        found = date(year, month, day_of_month)
    except ValueError:
        return None
    return found if FIRST <= found <= LAST else None


def birth(cell: str, told: object) -> str:
    """The date of birth of the ID number, where the one typed differs in the order of month and day alone."""
    try:
        typed, right = date.fromisoformat(cell[:10]), date.fromisoformat(str(told)[:10])
    except ValueError:
        return ""
    swapped = (typed.year, typed.day, typed.month) == (right.year, right.month, right.day)
    return right.isoformat() if swapped else ""


def doubtful_characters(cell: str, error: IdError) -> dict[str, str]:
    """The letters in an ID number that are surely digits: with digits in their place the number is right.

    {"letters": "O、l", "digits": "0、1"} in the order of the number; nothing where replacing them does not mend it.
    """
    if error is not IdError.CHARACTERS:
        return {}
    text = normalise(cell)
    last = "X" if text[-1:] in _LAST_SIGNS else text[-1:].translate(_DIGITS_OF_LETTERS)
    mended = text[:-1].translate(_DIGITS_OF_LETTERS) + last
    if not isinstance(parse_id(mended), IdNumber):
        return {}
    pairs = dict.fromkeys((old, new) for old, new in zip(text, mended, strict=True) if old != new)
    typed = "".join(cell.split())
    letters = [old.lower() if old not in typed and old.lower() in typed else old for old, _new in pairs]
    return {"letters": "、".join(letters), "digits": "、".join(new for _old, new in pairs)}

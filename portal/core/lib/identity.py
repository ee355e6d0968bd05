"""Numbers that name persons and bodies: citizen ID number, phone number, unified social credit code.

Each `parse_...` takes a raw cell (text, or the number Excel made of it) and returns either the clean value or one
member of an error Enum; nothing is repaired by guessing. A long number that a spreadsheet stored as a number has lost
its last digits for good and is reported as DESTROYED.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from enum import Enum
from operator import mul
from typing import NamedTuple

# GB 11643-1999: weights of the first 17 digits and the check characters for the weighted sum modulo 11.
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_ID_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_ID_CHARACTERS = re.compile(r"[0-9]*X?")
_FIRST_BIRTH_YEAR = 1900

# GB 32100-2015: 31 characters (no I O S V Z), weights 3^(i-1) mod 31.
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_VALUE = {character: value for value, character in enumerate(_CREDIT_ALPHABET)}
_CREDIT_WEIGHTS = tuple(pow(3, position, 31) for position in range(17))

_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?E[+-]?[0-9]+")
_INVISIBLE = re.compile("[\\s\x00-\x1f\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u2069\ufeff]+")
_LARGEST_EXACT = 10**15  # Excel keeps 15 digits; a longer number has lost the rest

SYNTHETIC_AREA = "999999"  # no place has this area code, so no person can have a number that begins with it


class IdError(Enum):
    """Why a text is no citizen ID number; the values are error codes of sheets and forms."""

    EMPTY = "id_empty"
    DESTROYED = "id_destroyed"
    MASKED = "id_masked"
    CHARACTERS = "id_characters"
    FIFTEEN_DIGITS = "id_fifteen_digits"
    LENGTH = "id_length"
    BIRTH_DATE = "id_birth_date"
    CHECK_DIGIT = "id_check_digit"


class PhoneError(Enum):
    """Why a text is no telephone number."""

    EMPTY = "phone_empty"
    MASKED = "phone_masked"
    CHARACTERS = "phone_characters"
    LENGTH = "phone_length"


class CreditCodeError(Enum):
    """Why a text is no unified social credit code."""

    EMPTY = "credit_empty"
    DESTROYED = "credit_destroyed"
    LENGTH = "credit_length"
    CHARACTERS = "credit_characters"
    CHECK_DIGIT = "credit_check_digit"


class IdNumber(NamedTuple):
    """A valid citizen ID number and what it says of its bearer; `sex` is M or F.

    `doubtful`: the last three digits are 000, as in numbers whose end Excel replaced by zeros and whose check digit
    still fits by chance (one in eleven); worth a warning, not an error.
    """

    number: str
    birth: date
    sex: str
    doubtful: bool


def normalise(raw: str | float | int) -> str:
    """The characters of a number as typed: half-width, upper case, without spaces or Excel's leading apostrophe."""
    if isinstance(raw, int | float):
        return _digits_of(raw)
    text = raw if raw.isascii() else unicodedata.normalize("NFKC", raw)
    return _INVISIBLE.sub("", text).lstrip("'").upper()


def _digits_of(value: float | int) -> str:
    """A number cell as text: exact whole numbers in full, numbers beyond Excel's 15 digits in scientific notation."""
    if abs(value) >= _LARGEST_EXACT:
        return f"{float(min(value, 1e300)):E}"
    return str(int(value)) if value == value // 1 else repr(value).upper()


def check_digit(seventeen: str) -> str:
    """The 18th character of a citizen ID number from its first 17 digits (GB 11643-1999)."""
    return _ID_CHECKS[sum(map(mul, _ID_WEIGHTS, map(int, seventeen))) % 11]


def parse_id(raw: str | float | int) -> IdNumber | IdError:
    """Reads a citizen ID number (公民身份号码, GB 11643-1999): shape, real birth date, check digit.

    The area code is not judged: abolished codes stay valid. Whether birth and sex agree with what else the sheet says
    is for the caller to compare.
    """
    text = raw if isinstance(raw, str) and _ID_SHAPE.fullmatch(raw) else normalise(raw)
    if not _ID_SHAPE.fullmatch(text):
        return _id_shape_error(text)
    doubtful = text.endswith("000")
    try:
        birth = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return IdError.BIRTH_DATE
    if birth.year < _FIRST_BIRTH_YEAR:
        return IdError.BIRTH_DATE
    if text[17] != check_digit(text[:17]):
        return IdError.DESTROYED if doubtful else IdError.CHECK_DIGIT
    return IdNumber(text, birth, "M" if int(text[16]) % 2 else "F", doubtful)


def _id_shape_error(text: str) -> IdError:
    if not text:
        return IdError.EMPTY
    if _SCIENTIFIC.fullmatch(text):
        return IdError.DESTROYED
    if text.count("*") > 1:  # a single one may stand for the X
        return IdError.MASKED
    if not _ID_CHARACTERS.fullmatch(text):
        return IdError.CHARACTERS
    return IdError.FIFTEEN_DIGITS if len(text) == 15 and text.isdigit() else IdError.LENGTH


def synthetic(birth: date, seq: int, area: str = SYNTHETIC_AREA) -> str:
    """An invented ID number for demonstrations and tests: the check digit is right, but nobody can bear it.

    `seq` 1 to 999 is the sequence within the day, odd for men, even for women. The default area code does not exist.
    """
    if not 1 <= seq <= 999:
        raise ValueError(f"seq must lie between 1 and 999, not {seq}.")
    seventeen = f"{area}{birth:%Y%m%d}{seq:03d}"
    return seventeen + check_digit(seventeen)


def mask(number: str, head: int = 3, tail: int = 4) -> str:
    """A number with all but its first 3 and last 4 characters starred (110***********002X); short ones wholly."""
    hidden = len(number) - head - tail
    if hidden < 1:
        return "*" * len(number)
    return number[:head] + "*" * hidden + number[len(number) - tail :]


_PHONE_NOISE = re.compile("[-.()\u2010-\u2015\u2212]+")
_PHONE_CHARACTERS = re.compile(r"\+?[0-9]+")
_MOBILE = re.compile(r"(?:\+?(?:00)?86)?(1[3-9][0-9]{9})")
_LANDLINE = re.compile(r"(?:\+?(?:00)?86)?0?(10|2[0-9]|[3-9][0-9]{2})([2-8][0-9]{6,7})")


def parse_phone(raw: str | float | int) -> str | PhoneError:
    """Reads a telephone number of mainland China: mobile as 11 digits, landline as area-number (022-27301234).

    A landline needs its area code with the leading 0: without it the number cannot be told apart from others. Spaces,
    hyphens, brackets and +86 are dropped.
    """
    text = _PHONE_NOISE.sub("", normalise(raw))
    if not text:
        return PhoneError.EMPTY
    if "*" in text:
        return PhoneError.MASKED
    if not _PHONE_CHARACTERS.fullmatch(text):
        return PhoneError.CHARACTERS
    if found := _MOBILE.fullmatch(text):
        return found[1]
    if found := _LANDLINE.fullmatch(text):
        international = text.startswith(("+", "0086"))
        if international or text.startswith("0"):
            return f"0{found[1]}-{found[2]}"
    return PhoneError.LENGTH


def mask_phone(phone: str) -> str:
    """A telephone number with its middle starred: 138****5678, 022-****1234."""
    area, dash, local = phone.rpartition("-")
    return area + dash + (mask(local, 0, 4) if dash else mask(local))


def credit_check(seventeen: str) -> str:
    """The 18th character of a unified social credit code from its first 17 (GB 32100-2015)."""
    value: Callable[[str], int] = _CREDIT_VALUE.__getitem__
    return _CREDIT_ALPHABET[-sum(map(mul, _CREDIT_WEIGHTS, map(value, seventeen))) % 31]


def parse_credit_code(raw: str | float | int) -> str | CreditCodeError:
    """Reads a unified social credit code (统一社会信用代码, GB 32100-2015): alphabet and check character.

    The prefixes 54 (village committees) and 55 (residents' committees) are in use though not in the standard; the
    kind of body is therefore not judged.
    """
    text = normalise(raw)
    if not text:
        return CreditCodeError.EMPTY
    if _SCIENTIFIC.fullmatch(text) and (isinstance(raw, float | int) or "." in text or "+" in text):
        return CreditCodeError.DESTROYED
    if not all(character in _CREDIT_VALUE for character in text):
        return CreditCodeError.CHARACTERS
    if len(text) != 18:
        return CreditCodeError.LENGTH
    return text if text[17] == credit_check(text[:17]) else CreditCodeError.CHECK_DIGIT

"""Statistical division codes: levels, subtrees as code ranges, kinds (GB/T 2260 and the 12-digit statistical code).

A code has 2, 4, 6, 9 or 12 digits; a parent's code is a prefix of its child's. Pure: no tables.
"""

import enum

LENGTHS = (2, 4, 6, 9, 12)
COUNTRY = "000000"
"""What GB/T 2260 calls the whole country; no division has it, and figures alone know it as a place."""
FORMAL_NAMES = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}


class Level(enum.IntEnum):
    PROVINCE = 1
    CITY = 2
    DISTRICT = 3
    STREET = 4
    COMMUNITY = 5


LEVEL_KEYS = {"province": 1, "city": 2, "district": 3, "street": 4, "community": 5}
KEY_OF_LEVEL = {0: "country"} | {level: key for key, level in LEVEL_KEYS.items()}


def level_of(code: str) -> Level:
    """Level of an unpadded code. Raises ValueError for any other length."""
    return Level(LENGTHS.index(len(code)) + 1)


def ancestors(code: str) -> list[str]:
    """Codes above `code`, nearest first."""
    return [code[:length] for length in reversed(LENGTHS) if length < len(code)]


def code_range(code: str) -> tuple[str, str]:
    """[low, high) of all codes in the subtree of `code`, itself included; "" and COUNTRY are the whole country."""
    if code in ("", COUNTRY):
        return "", ":"
    return code, code[:-1] + chr(ord(code[-1]) + 1)


def within(code: str, scope: str) -> bool:
    """Whether `code` lies in the subtree of `scope` ("" and COUNTRY = the whole country)."""
    return code.startswith(as_scope(scope))


def as_scope(code: str) -> str:
    """A place of figures as a scope of rows: "" is everything."""
    return "" if code == COUNTRY else code


def candidates(text: str) -> list[str]:
    """Codes that `text` may stand for, best first: as written, then without padding zeros.

    `441900` is both a county of its own and the padded 4419, so the code as written goes first.
    """
    text = text.strip()
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        return []
    found = [text] if len(text) in LENGTHS else []
    for length in reversed(LENGTHS):
        if length < len(text) and not text[length:].strip("0"):
            found.append(text[:length])
    return found


def kind_of(code: str) -> str:
    """Kind of division told by its code: statistical coding rules, township digits 7-9 and village digits 10-12."""
    if len(code) <= 6:
        return ("province", "city", "district")[LENGTHS.index(len(code))]
    number = int(code[-3:])
    if len(code) == 9:
        return "street" if number < 100 else "town" if number < 200 else "township" if number < 400 else "zone"
    if number < 200:
        return "residents"
    if number < 400:
        return "villagers"
    return "residents_zone" if number < 500 else "villagers_zone"

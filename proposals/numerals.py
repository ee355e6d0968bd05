"""Numbers in Chinese characters, as sessions are called: 市政协十四届五次会议 (domain §1.L). Pure."""

_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
MOST = 9999
_VALUES = {sign: value for value, sign in enumerate(_DIGITS)} | {"〇": 0, "两": 2}


def chinese(number: int) -> str:
    """A number from 0 to 9999 in characters: 14 十四, 20 二十, 105 一百零五, 110 一百一十, 1010 一千零一十.

    Raises ValueError for others.
    """
    if not 0 <= number <= MOST:
        raise ValueError(number)
    if number == 0:
        return _DIGITS[0]
    words, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            words += (_DIGITS[0] if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = bool(words) and not digit
    return words.removeprefix("一") if words.startswith("一十") else words


def number_of(text: str) -> int | None:
    """The number that characters or digits name, 十四 and 14 alike; None where they name none up to 9999."""
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 4 else None
    total, digit = 0, 0
    for sign in text:
        if sign in _VALUES:
            digit = _VALUES[sign]
        elif sign in _PLACES[1:]:
            total, digit = total + (digit or 1) * 10 ** _PLACES.index(sign), 0
        else:
            return None
    number = total + digit
    return number if text and text in _spellings(number) else None


def _spellings(number: int) -> tuple[str, ...]:
    """How a number is written: 十四 also as 一十四, a hundred or thousand also with 两."""
    if number > MOST:
        return ()
    usual = chinese(number)
    full = f"一{usual}" if usual.startswith("十") else usual
    return (usual, full, usual.replace("零", "〇"), usual.replace("二百", "两百").replace("二千", "两千"))


def session_name(place_name: str, term: int, meeting: int) -> str:
    """A session as letters call it: 市政协, 14, 5 is 市政协十四届五次会议."""
    return f"{place_name}{chinese(term)}届{chinese(meeting)}次会议"

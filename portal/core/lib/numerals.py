"""Numbers in characters, as headings of official documents bear them. Source: GB/T 9704-2012, 7.3.3. Pure."""

_DIGITS = "〇一二三四五六七八九"


def chinese_number(number: int) -> str:
    """1 to 999 in Chinese numerals: 14 is 十四, 20 is 二十, 105 is 一百〇五."""
    if not 0 < number < 1000:
        raise ValueError(f"{number} is not between 1 and 999")
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and units:
        text += "〇"
    return text + (_DIGITS[units] if units else "")

"""Measures of an official document on A4, shared by the Word file and the PDF. Source: GB/T 9704-2012, 5, 7 and 10.1.

Lengths in millimetres where the name says `mm`, else in points.
"""

import unicodedata

MM = 72 / 25.4  # points

PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 210, 297
TOP_MM, BOTTOM_MM, LEFT_MM, RIGHT_MM = 37, 35, 28, 26
TYPE_WIDTH_MM = PAGE_WIDTH_MM - LEFT_MM - RIGHT_MM  # 156
TYPE_HEIGHT_MM = PAGE_HEIGHT_MM - TOP_MM - BOTTOM_MM  # 225
LINES, CHARACTERS = 22, 28

BODY, TITLE, SMALL, CELL = 16.0, 22.0, 14.0, 12.0  # 三号, 二号, 四号, 小四
LINE = 28.95  # 22 lines on 225 mm
TITLE_LINE = 34.0
SMALL_LINE = 22.0
CHARACTER = TYPE_WIDTH_MM * MM / CHARACTERS  # 28 of them fill a line, so each is a hair narrower than its 16 points
CLOSE_UP = -5  # what Word takes off each for that, in twentieths of a point
RED = "FF0000"

FILE_ISSUER_MM = 35  # 文件式: from the type area's top to the issuer's
FILE_RULE_MM, FILE_RULE = 4, 1.5  # the red line below the number
LETTER_ISSUER_MM = 30  # 信函格式: from the page's top
LETTER_RULE_MM, LETTER_RULE_WIDTH_MM, LETTER_FOOT_MM = 4, 170, 20
LETTER_GAP = BODY * 7 / 8  # from the first double line to the number
THICK, GAP, THIN = 2.25, 1.5, 0.75  # of the red double lines
IMPRINT_PAD = 3.0  # above and below each line of 版记
IMPRINT_THICK, IMPRINT_THIN = 0.35 * MM, 0.25 * MM  # first and last, middle lines of 版记
FOLIO_MM = 7  # from the type area's bottom to the dashes of the page number
ISSUER_LARGEST = {"file": 48.0, "letter": 40.0}
WHOLE_ROWS = 12  # a table of so many rows stands on one page
SEAL_LINES = 2  # left empty above a signature that a seal will cover


def width_of(text: str) -> float:
    """Width in characters: digits and Latin letters take half of a Chinese character."""
    return sum(1.0 if unicodedata.east_asian_width(one) in "WFA" else 0.5 for one in text)


def ordinal_width(count: int) -> float:
    """Room for the number before each of several names, in characters; none before a single one."""
    return 0.0 if count < 2 else 1.25 if count < 10 else 1.75


def issuer_size(issuer: str, style: str) -> float:
    """The largest size, in whole points, at which the issuer's name stands on one line."""
    room = (TYPE_WIDTH_MM if style == "file" else LETTER_RULE_WIDTH_MM) * MM
    return min(ISSUER_LARGEST[style], float(int(room / max(width_of(issuer), 1.0))))


def closing_indents(signature: str, date: str, *, sealed: bool) -> tuple[float, float]:
    """How many characters the signature and the date stand in from the right (7.3.5).

    With a seal the date stands 4 in and the signature is centred on it. Without, the signature stands 2 in and the date
    begins 2 characters after it; a date that would then reach further right than 2 moves the signature instead.
    """
    unit, day = width_of(signature), width_of(date)
    if sealed:
        indent = 4 + (day - unit) / 2
        return (indent, 4.0) if indent >= 0 else (0.0, (unit - day) / 2)
    if not signature:
        return 0.0, 2.0
    if day + 2 <= unit:
        return 2.0, unit - day
    return 4 + day - unit, 2.0

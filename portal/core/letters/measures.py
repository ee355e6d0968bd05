"""Measures of an official document on A4, shared by the Word file and the PDF. Source: GB/T 9704-2012, 5, 7 and 10.1.

Lengths in millimetres where the name says `mm`, else in points.
"""

import unicodedata
from math import ceil

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
SEAL_LINES = 2  # left empty above a signature that a seal will cover: its top is then less than a line below the text
SEAL = 8.0  # characters: the width of a seal of 42 mm with what keeps it from touching the next
SEAL_ROWS = 4  # lines between rows of joint signatures, for the same reason
ABREAST = 3  # signatures in a row at most
HEAD_LINE = 1.2  # pitch of several issuers above each other, in their size
# Lines per page that a letter may be set with so that no page holds a signature or 版记 alone, the usual one first (7.3.5.4).
PITCHES = (LINES, 23, 21, 24, 20)


def width_of(text: str) -> float:
    """Width in characters: digits and Latin letters take half of a Chinese character."""
    return sum(1.0 if unicodedata.east_asian_width(one) in "WFA" else 0.5 for one in text)


def ordinal_width(count: int) -> float:
    """Room for the number before each of several names, in characters; none before a single one."""
    return 0.0 if count < 2 else 1.25 if count < 10 else 1.75


def pitch(lines: int) -> float:
    """From line to line, in points, so that a page holds so many."""
    return LINE if lines == LINES else int(TYPE_HEIGHT_MM * MM / lines * 100) / 100


def issuer_size(issuer: str, style: str) -> float:
    """The largest size, in whole points, at which the issuer's name stands on one line."""
    room = (TYPE_WIDTH_MM if style == "file" else LETTER_RULE_WIDTH_MM) * MM
    return min(ISSUER_LARGEST[style], float(int(room / max(width_of(issuer), 1.0))))


def joint_size(names: tuple[str, ...], style: str) -> float:
    """The largest size at which several issuers stand beside the word 文件, a third of the page high at most."""
    widest = max(width_of(name) for name in names)
    room = TYPE_WIDTH_MM * MM / (widest + 2.5)
    return float(int(min(ISSUER_LARGEST[style], room, 75 * MM / (len(names) * HEAD_LINE))))


def joint_places(names: tuple[str, ...], date: str, *, sealed: bool) -> tuple[tuple[tuple[float, str], ...], ...]:
    """Joint signatures in rows: how many characters each has its middle from the right, and its name (7.3.5.1).

    The last one stands over the date, the others fill their rows from the right, as far apart as their seals and names
    need. Without seals they stand below each other, the leading unit first.
    """
    widest = max(width_of(name) for name in names)
    into = closing_indents("　" * ceil(widest), date, sealed=sealed)[1]
    middle = max(into + width_of(date) / 2, widest / 2)
    apart, columns = max(widest + 1, SEAL), 1
    room = CHARACTERS - middle - max(widest, SEAL) / 2
    while sealed and columns < min(ABREAST, len(names)) and apart * columns <= room:
        columns += 1
    if columns > 1:
        apart = max(apart, min(room, CHARACTERS - 2 * middle) / (columns - 1))
    rows = [names[at : at + columns] for at in range(0, len(names), columns)]
    return tuple(
        tuple((middle + apart * (len(row) - 1 - place), name) for place, name in enumerate(row)) for row in rows
    )


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

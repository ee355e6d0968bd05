"""Looking through the members of a workbook, as they stream by, for what would make a parser ask for too much memory.

The parser takes any namespace prefix, either kind of quote and the last of two equal attributes, so what is dangerous
cannot be listed; `Scan` lists what is harmless and calls everything else irregular.
"""

import re
from dataclasses import dataclass, field

from portal.core.sheets.errors import SheetError

MEGABYTE = 1024 * 1024

_HEAD_BYTES = 1024
_HUGE_COUNT = re.compile(rb"""uniqueCount\s*=\s*["'](?![0-9]{1,7}["'])""")  # the parser reserves memory for it
_PREFIXED = re.compile(rb":c[\s>/]")  # a cell with a namespace prefix
_BARE = re.compile(rb'<c(?:[\t\r\n>/]| (?!r="))')  # a cell without a place first, or with odd white space


@dataclass
class Scan:
    """What the members of a package hold, gathered while they stream by.

    `regular`: every cell is written in the usual form, `<c r="B5"`. `plain`: moreover every cell with content lies
    within columns A to CZ and twice the permitted rows and is no error value; then the parser's grid stays small.
    Anything else is read through `compact.py`, which is slower and keeps count. `longest` bounds the bytes of one
    shared string; `formulas` tells whether there may be any.
    """

    rows: int
    cells: int = 0
    regular: bool = True
    plain: bool = True
    formulas: bool = False
    longest: int = 0
    _carry: bytes = b""
    _run: int = 0
    _odd: re.Pattern[bytes] = field(init=False)

    def __post_init__(self) -> None:
        near, style, kind = _numbers_up_to(2 * self.rows), rb' s="[0-9]+"', rb' t="[a-zA-Z]+"'
        attributes = rb"(?:>|%s(?:>|%s>)|%s(?:>|%s>))" % (style, kind, kind, style)
        filled = rb'[A-C]?[A-Z](?:%s)"%s' % (near, attributes)
        blank = rb'[A-Z]{1,3}[0-9]{1,7}"(?:%s)?(?:%s)? ?/>' % (style, kind)
        self._odd = re.compile(rb'<c r="(?!%s|%s)' % (filled, blank))

    def feed(self, data: bytes, strings: bool) -> None:
        """Takes the next piece of a member; `strings` for the table of shared strings."""
        data = self._carry + data
        cut = data.rfind(b"<")
        if cut < 0 or len(data) - cut > MEGABYTE:  # no tag is that long, and a text that is will be refused later
            self.plain = self.regular = self.regular and len(data) < MEGABYTE
            cut = len(data)
        self._carry = data[cut:]
        self._look(data[:cut], strings)

    def end(self, strings: bool) -> None:
        """The member is over."""
        self._look(self._carry, strings)
        self._carry, self._run = b"", 0

    def _look(self, data: bytes, strings: bool) -> None:
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise SheetError("file_damaged")
        if strings:
            self._measure(data)
        self.cells += data.count(b"<c ")
        self.regular = self.regular and not _BARE.search(data) and not _PREFIXED.search(data)
        self.formulas = self.formulas or not self.regular or b"</f>" in data
        self.plain = self.plain and self.regular and b't="e"' not in data and not self._odd.search(data)

    def _measure(self, data: bytes) -> None:
        if _HUGE_COUNT.search(data):
            raise SheetError("file_damaged")
        first, *rest = data.split(b"<si")
        self._run += len(first)
        if self._run > _HEAD_BYTES:  # what stands before the first string is short
            self.longest = max(self.longest, self._run)
        if rest:
            self.longest = max(self.longest, *map(len, rest))
            self._run = len(rest[-1])


def _numbers_up_to(limit: int) -> bytes:
    """A pattern for whole numbers that are surely not above `limit`, to the first digit: 40000 gives 1 to 39999."""
    digits, first = len(str(limit)), int(str(limit)[0])
    shorter = rb"[1-9][0-9]{0,%d}" % (digits - 2)
    return shorter if first == 1 else shorter + rb"|[1-%d][0-9]{%d}" % (first - 1, digits - 1)

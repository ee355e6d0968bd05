"""Formulas that were never calculated: a program wrote them and no spreadsheet has worked them out since.

The parser answers nothing for them, or nought, and a roster must hold neither without its owner knowing.
"""

import re
from collections.abc import Iterator

from portal.core.sheets.compact import sheet_part
from portal.core.sheets.errors import SheetError
from portal.core.sheets.guards import Package

_CHUNK = 1024 * 1024
_NAME = rb"(?:\w{1,20}:)?"
# A cell whose formula is followed by no value, or an empty one; the empty text as a result has the kind "str".
_CELL = re.compile(
    rb"<%(n)sc\b([^<>]*)>\s*<%(n)sf\b[^<>]*(?:/>|>[^<]*</%(n)sf>)\s*(<%(n)sv\s*/>\s*|<%(n)sv>\s*</%(n)sv>\s*)?</%(n)sc>"
    % {b"n": _NAME}
)
_PLACE = re.compile(rb"""\sr=["']([A-Za-z]{1,3}([0-9]{1,7}))["']""")
_TEXT = re.compile(rb"""\st=["']str["']""")


def refuse_uncalculated(package: Package, sheet: str) -> None:
    """SheetError naming the first cell of a worksheet with a formula that has no result."""
    actual = package.names.get(sheet_part(package, sheet).lower())
    if actual is None:
        raise SheetError("file_damaged")
    for attributes in _uncalculated(package, actual):
        found = _PLACE.search(attributes)
        place, row = (found[1].decode(), int(found[2])) if found else ("?", None)
        raise SheetError("formula_uncalculated", {"cell": place}, row)


def _uncalculated(package: Package, name: str) -> Iterator[bytes]:
    carry = b""
    with package.archive.open(name) as stream:
        while piece := stream.read(_CHUNK):
            piece = carry + piece
            for found in _CELL.finditer(piece):
                if not (_TEXT.search(found[1]) and found[2]):
                    yield found[1]
            cut = max(piece.rfind(b"</row>"), piece.rfind(b":row>"), len(piece) - _CHUNK, 0)
            carry = piece[cut:]

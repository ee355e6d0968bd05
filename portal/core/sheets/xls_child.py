"""Reads an old .xls workbook from standard input in a process of its own and prints its visible sheets as JSON.

The parser of this format trusts the file's own sizes and may ask for any amount of memory, so it runs under limits and
apart from the web server and the workers (see reading.py). Started by path; imports nothing of the portal.
"""

import json
import resource
import struct
import sys
from datetime import date, datetime, time, timedelta
from io import BytesIO

from python_calamine import CalamineError, PasswordError, SheetTypeEnum, SheetVisibleEnum, load_workbook

MEMORY = 768 * 1024 * 1024
SECONDS = 20
_BEGINS = b"\x09\x08\x10\x00\x00\x06\x05\x00"  # BOF of the globals of Excel 97 and later
_DATEMODE, _END, _FIRST_RECORDS = 0x22, 0x0A, 60


def encode(value: object) -> object:
    """A cell that JSON does not know: a day, or anything else as its text."""
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return str(value) if isinstance(value, time | timedelta) else repr(value)


def epoch_1904(data: bytes) -> bool:
    """Whether days are counted from 1904 (record DATEMODE), which the parser applies to cells formatted as days alone.

    The record stands among the first of the workbook, which are read where its stream begins.
    """
    at = data.find(_BEGINS)
    for _record in range(_FIRST_RECORDS):
        if not 0 <= at <= len(data) - 6:
            return False
        kind, size, value = struct.unpack_from("<HHH", data, at)
        if kind in (_DATEMODE, _END):
            return kind == _DATEMODE and value == 1
        at += 4 + size
    return False


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most_rows = int(sys.argv[1])
    try:
        data = sys.stdin.buffer.read()
        book = load_workbook(BytesIO(data))
        sheets = []
        for meta in book.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet or meta.visible != SheetVisibleEnum.Visible:
                continue
            sheet = book.get_sheet_by_name(meta.name)
            left = [""] * (sheet.start[1] if sheet.start else 0)
            rows = [
                (number, left + row) for number, row in enumerate(sheet.iter_rows(), 1) if any(c != "" for c in row)
            ]
            merged = sheet.merged_cell_ranges or []
            sheets.append({"name": meta.name, "rows": rows[: most_rows + 1], "merged": merged})
    except PasswordError:
        answer: dict[str, object] = {"error": "file_encrypted"}
    except CalamineError:
        answer = {"error": "file_damaged"}
    else:
        answer = {"sheets": sheets, "epoch_1904": epoch_1904(data)}
    json.dump(answer, sys.stdout, default=encode)


if __name__ == "__main__":
    main()

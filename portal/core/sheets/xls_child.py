"""Reads an old .xls workbook from standard input in a process of its own and prints its visible sheets as JSON.

The parser of this format trusts the file's own sizes and may ask for any amount of memory, so it runs under limits and
apart from the web server and the workers (see reading.py). Started by path; imports nothing of the portal.
"""

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from io import BytesIO

from python_calamine import CalamineError, PasswordError, SheetTypeEnum, SheetVisibleEnum, load_workbook

MEMORY = 768 * 1024 * 1024
SECONDS = 20


def encode(value: object) -> object:
    """A cell that JSON does not know: a day, or anything else as its text."""
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return str(value) if isinstance(value, time | timedelta) else repr(value)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most_rows = int(sys.argv[1])
    try:
        book = load_workbook(BytesIO(sys.stdin.buffer.read()))
        sheets = []
        for meta in book.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet or meta.visible != SheetVisibleEnum.Visible:
                continue
            sheet = book.get_sheet_by_name(meta.name)
            left = [""] * (sheet.start[1] if sheet.start else 0)
            rows = [
                (number, left + row) for number, row in enumerate(sheet.iter_rows(), 1) if any(c != "" for c in row)
            ]
            sheets.append({"name": meta.name, "rows": rows[: most_rows + 1]})
    except PasswordError:
        answer: dict[str, object] = {"error": "file_encrypted"}
    except CalamineError:
        answer = {"error": "file_damaged"}
    else:
        answer = {"sheets": sheets}
    json.dump(answer, sys.stdout, default=encode)


if __name__ == "__main__":
    main()

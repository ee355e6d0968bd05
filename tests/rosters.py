"""Roster sheets for tests: rows as people type them, written as CSV or xlsx."""

import csv
import io
from datetime import date

import xlsxwriter

from portal.core.lib.identity import synthetic
from portal.core.sheets.actions import create_batch, request_apply
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.running import apply_batch, judge_batch
from tests import world as w
from workforce.importers import ROSTER
from workforce.importers.columns import COLUMNS, HEADER

BORN = date(1991, 5, 20)


def number(seq: int = 1, birth: date = BORN) -> str:
    """An invented ID number that no fixture person has; odd numbers are men's."""
    return synthetic(birth, seq)


def line(seq: int = 1, **cells) -> dict[str, object]:
    """A valid row for a new worker at 春风社区; `cells` by column key, None leaves a cell empty."""
    usual = {
        "code": w.SPRING,
        "name": f"新{'一二三四五六七八九'[seq % 9]}",
        "id_number": number(seq),
        "tier": "工作人员",
        "body": "社区工作站",
        "title": "工作人员",
        "entry": "聘用",
        "valid_from": "2025-03-01",
        "party": "一号街道办事处",
        "contract_kind": "劳动合同",
        "contract_from": "2025-03-01",
    }
    return {key: cell for key, cell in {**usual, **cells}.items() if cell is not None}


def headers(lines: list[dict]) -> list[str]:
    """The keys that the lines use, in the order of the contract, with the required ones."""
    used = {key for cells in lines for key in cells}
    return [column.key for column in COLUMNS if column.key in used or column.required]


def as_csv(lines: list[dict], keys: list[str] | None = None) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    keys = keys or headers(lines)
    writer.writerow([HEADER.get(key, key) for key in keys])
    writer.writerows([cells.get(key, "") for key in keys] for cells in lines)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(lines: list[dict], keys: list[str] | None = None) -> bytes:
    """A workbook with numbers as numbers and dates as dates, without any of the template's manners."""
    keys = keys or headers(lines)
    rows = [[cells.get(key) for key in keys] for cells in lines]
    return workbook({"花名册": [[HEADER.get(key, key) for key in keys], *rows]})


def workbook(sheets: dict[str, list[list]]) -> bytes:
    """A workbook of these sheets; None leaves a cell empty."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for position, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if cell is not None:
                        sheet.write(position, column, cell)
    return out.getvalue()


def table(lines: list[dict]) -> list[list]:
    """The lines under their header."""
    keys = headers(lines)
    return [[HEADER[key] for key in keys], *([cells.get(key) for key in keys] for cells in lines)]


def upload(by, division, content: bytes, filename: str = "名册.csv", **more) -> ImportBatch:
    return create_batch(importer=ROSTER, division=division, filename=filename, content=content, by=by, **more)


def judged(by, division, lines: list[dict] | bytes, filename: str = "名册.csv", **more) -> ImportBatch:
    """Uploads and checks."""
    content = lines if isinstance(lines, bytes) else as_csv(lines)
    return judge_batch(upload(by, division, content, filename, **more).pk, ROSTER)


def applied(by, division, lines: list[dict] | bytes, filename: str = "名册.csv") -> ImportBatch:
    """Uploads, checks, confirms and applies."""
    batch = judged(by, division, lines, filename)
    request_apply(batch=batch, importer=ROSTER, by=by)
    return apply_batch(batch.pk, by, ROSTER)


def errors(batch: ImportBatch) -> list[tuple[int, str, str]]:
    """Every error as (row, column, code), in the order of the sheet."""
    return [(row.number, e["column"], e["code"]) for row in batch.rows.order_by("number") for e in row.errors]


def warnings(batch: ImportBatch) -> list[tuple[int, str, str]]:
    return [(row.number, e["column"], e["code"]) for row in batch.rows.order_by("number") for e in row.warnings]


def counts(batch: ImportBatch) -> dict[str, int]:
    return {key: value for key, value in batch.counts.items() if isinstance(value, int) and value}


def problems(batch: ImportBatch) -> list[str]:
    return [error["code"] for error in batch.problem.get("errors", [])]

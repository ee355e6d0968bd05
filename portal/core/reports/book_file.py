"""A report as a workbook: a sheet of words, a sheet per table with basis, day and source above it, and the definitions.

Numbers are numbers, so that people can go on counting; no text is run as a formula. The same report gives the same bytes.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from portal.core.reports.paper import Cell, Paper, Table
from portal.core.sheets.writing import HEADER_FORMAT, OPTIONS, TEXT_FORMAT, safe_text, sheet_title

WORDS, DEFINITIONS, BELOW = "报告正文", "指标说明", "{title}·各地"
_A4 = 9
_CHARACTERS = 5  # of a column per share of width
_WRAPPED = {"text_wrap": True, "valign": "top"}


@dataclass(frozen=True)
class _Looks:
    title: Format
    note: Format
    head: Format
    text: Format
    numbers: dict[int, Format]

    @classmethod
    def of(cls, book: Workbook) -> "_Looks":
        places = {n: f"#,##0.{'0' * n}" if n else "#,##0" for n in range(5)}
        return cls(
            title=book.add_format({"bold": True, "font_size": 14}),
            note=book.add_format({"font_color": "#444444"}),
            head=book.add_format(HEADER_FORMAT),
            text=book.add_format(TEXT_FORMAT | _WRAPPED),
            numbers={n: book.add_format({"num_format": form, "valign": "top"}) for n, form in places.items()},
        )


def book_file(paper: Paper, at: datetime) -> bytes:
    """The workbook; `at` stands in its properties as the time it was made."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {**OPTIONS, "in_memory": True}) as book:
        book.set_properties(
            {
                "title": safe_text(paper.title),
                "subject": safe_text(paper.subtitle),
                "author": safe_text(paper.author),
                "comments": f"SHA-256 {paper.digest}",
                "created": at.replace(tzinfo=None, microsecond=0),
            }
        )
        looks = _Looks.of(book)
        _words(book, paper, looks)
        for part in paper.parts:
            for number, table in enumerate(part.tables):
                name = BELOW.format(title=part.title) if number else part.title
                _sheet(book.add_worksheet(sheet_title(name)), paper, table, looks)
        _sheet(book.add_worksheet(DEFINITIONS), paper, paper.definitions, looks)
    return buffer.getvalue()


def _words(book: Workbook, paper: Paper, looks: _Looks) -> None:
    """Everything that is not a table, in the order of the document."""
    sheet = book.add_worksheet(WORDS)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 100)
    lines = [("", text) for text in (paper.stamp, *paper.lead) if text]
    for part in paper.parts:
        lines += [(part.heading, text) for text in part.says]
        lines += [(remark.title, remark.text) for remark in part.remarks]
    lines += [("", text) for text in paper.closing]
    row = _top(sheet, paper, (), looks)
    for column, label in enumerate(("部分", "内容")):
        sheet.write_string(row, column, label, looks.head)
    sheet.freeze_panes(row + 1, 0)
    for number, line in enumerate(lines, row + 1):
        for column, text in enumerate(line):
            sheet.write_string(number, column, safe_text(text), looks.text)
    _print_setup(sheet, paper, row)


def _top(sheet: Worksheet, paper: Paper, notes: Iterable[str], looks: _Looks, title: str = "") -> int:
    """Title and the lines under it; returns the row where the table begins."""
    lines = [text for text in (f"{paper.title}{paper.subtitle}", title, paper.stamp) if text]
    for row, text in enumerate(lines):
        sheet.write_string(row, 0, safe_text(text), looks.title if not row else looks.note)
    for row, text in enumerate(notes, len(lines)):
        sheet.write_string(row, 0, safe_text(text), looks.note)
        lines.append(text)
    return len(lines)


def _sheet(sheet: Worksheet, paper: Paper, table: Table, looks: _Looks) -> None:
    top = _top(sheet, paper, (paper.as_of, *table.notes), looks, table.title)
    for column, head in enumerate(table.heads):
        sheet.set_column(column, column, head.width * _CHARACTERS)
        sheet.write_string(top, column, safe_text(head.label), looks.head)
    for row, cells in enumerate(table.rows, top + 1):
        for column, cell in enumerate(cells):
            _write(sheet, row, column, cell, looks)
    if table.rows:
        sheet.autofilter(top, 0, top + len(table.rows), len(table.heads) - 1)
    sheet.freeze_panes(top + 1, 1)
    _print_setup(sheet, paper, top)


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, looks: _Looks) -> None:
    if cell.number is None:
        sheet.write_string(row, column, safe_text(cell.text), looks.text)
    else:
        sheet.write_number(row, column, cell.number, looks.numbers[cell.places])


def _print_setup(sheet: Worksheet, paper: Paper, head: int) -> None:
    """A4 across, as wide as the page, the head on every page, page n of m."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.set_header(f"&L{paper.author.replace('&', '&&')}&R{paper.stamp}")
    sheet.set_footer("&C&P / &N")

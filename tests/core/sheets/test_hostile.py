"""Files that must be refused: each with its own answer, quickly, and without the memory they ask for."""

import json
import subprocess
import sys
import zipfile
from contextlib import nullcontext
from io import BytesIO
from pathlib import Path

import pytest

from portal.core.lib.text import clean
from portal.core.sheets import reading
from portal.core.sheets.errors import FILE, SheetError
from portal.core.sheets.guards import Limits
from tests.core.sheets import makers
from tests.core.sheets.makers import MAIN, cell, packed, parts, row, sheet_xml, xlsx

ONE = row(1, cell("A1", 1))
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"


def refusal(data: bytes, name: str, **limits: int) -> str:
    with pytest.raises(SheetError) as caught:
        reading.read_sheet(data, name, limits=Limits(**limits))
    assert caught.value.message
    assert "%(" not in caught.value.message
    return caught.value.code


def patched(data: bytes, old: bytes, new: bytes) -> bytes:
    assert old in data and len(old) == len(new)
    return data.replace(old, new)


def lying(size: int) -> bytes:
    """A package whose directory claims that a sheet of 3 MB has `size` bytes."""
    data = bytearray(xlsx(**{SHEET: sheet_xml(ONE + " " * 3_000_000)}))
    at = data.rindex(SHEET.encode()) - 46
    data[at + 24 : at + 28] = size.to_bytes(4, "little")
    return bytes(data)


def encrypted_member() -> bytes:
    data = bytearray(xlsx(ONE))
    data[data.rindex(SHEET.encode()) - 46 + 8] |= 1
    return bytes(data)


def twice(name: str) -> bytes:
    output = BytesIO(xlsx(ONE))
    with zipfile.ZipFile(output, "a") as archive, pytest.warns(UserWarning) if name == SHEET else nullcontext():
        archive.writestr(name, sheet_xml(row(1, cell("A1", 2))))
    return output.getvalue()


HIDDEN = '<sheet name="S" sheetId="1" state="hidden" r:id="rId1"/>'
STRAY = '<row r="1048576"><c r="%s" s="0"%s><v>1</v></c></row>'
FORMULA = '<row r="3"><c r="B3" s="0"><f>SUM(A1:A2)</f>%s</c></row>'
PREFIXED = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>%s</x:sheetData></x:worksheet>'
CASES = {
    "empty file": (b"", "a.xlsx", "file_empty"),
    "pdf renamed": (b"%PDF-1.7 \n%\xe2\xe3", "a.xlsx", "file_mismatch"),
    "png renamed": (b"\x89PNG\r\n\x1a\n\0", "a.xlsx", "file_mismatch"),
    "text renamed": ("姓名,身份证号".encode(), "a.xlsx", "file_mismatch"),
    "tab separated text named xls": ("姓名\t身份证号".encode("gbk"), "a.xls", "file_mismatch"),
    "xlsx named xls": (xlsx(ONE), "a.xls", "file_mismatch"),
    "xlsx named csv": (xlsx(ONE), "a.csv", "file_mismatch"),
    "xls named xlsx": (makers.ole(makers.biff()), "a.xlsx", "file_mismatch"),
    "web page named xls": (b"\xef\xbb\xbf\n<html><table><tr><td>1</td></tr></table></html>", "a.xls", "file_html"),
    "xml of 2003 named xls": (b'<?xml version="1.0"?><Workbook xmlns="urn:x"/>', "a.xls", "file_html"),
    "web page named xlsx": (b"<!DOCTYPE html><html></html>", "a.xlsx", "file_html"),
    "macro workbook": (xlsx(ONE), "a.xlsm", "file_type"),
    "macro workbook named xlsx": (xlsx(ONE, **{"xl/vbaProject.bin": b"Sub Auto_Open"}), "a.xlsx", "file_macros"),
    "formula without a result": (xlsx(FORMULA % ""), "a.xlsx", "formula_uncalculated"),
    "formula with an empty result": (xlsx(FORMULA % "<v></v>"), "a.xlsx", "formula_uncalculated"),
    "formula with no result at all": (xlsx(FORMULA % "<v/>"), "a.xlsx", "formula_uncalculated"),
    "formula with a prefix": (
        xlsx(**{SHEET: PREFIXED % (FORMULA % "").replace("<", "<x:").replace("<x:/", "</x:")}), "a.xlsx",
        "formula_uncalculated"),
    "program": (b"MZ\x90\0", "a.exe", "file_type"),
    "no ending": (xlsx(ONE), "花名册", "file_type"),
    "password on xlsx": (makers.ole(bytes(5000), "EncryptedPackage"), "a.xlsx", "file_encrypted"),
    "password on xlsx named xls": (makers.ole(bytes(5000), "EncryptedPackage"), "a.xls", "file_encrypted"),
    "password on xls": (
        makers.ole(makers.biff(before=makers.record(0x2F, b"\1" + bytes(53)))), "a.xls", "file_encrypted"),
    "password on a member": (encrypted_member(), "a.xlsx", "file_encrypted"),
    "word document": (packed({"word/document.xml": "<x/>"}), "a.xlsx", "file_mismatch"),
    "binary workbook": (packed({"xl/workbook.bin": "x"}), "a.xlsx", "file_mismatch"),
    "open document": (packed({"mimetype": "x", "content.xml": "<x/>"}), "a.xlsx", "file_mismatch"),
    "zip of anything": (packed({"a.txt": "x"}), "a.xlsx", "file_mismatch"),
    "cut short": (xlsx(ONE)[:-30], "a.xlsx", "file_damaged"),
    "bytes behind the end": (xlsx(ONE) + b"x", "a.xlsx", "file_damaged"),
    "bytes before the start": (b"PK\x03\x04" + xlsx(ONE), "a.xlsx", "file_damaged"),
    "two members of one name": (twice(SHEET), "a.xlsx", "file_damaged"),
    "two members but for case": (twice("XL/Worksheets/Sheet1.xml"), "a.xlsx", "file_damaged"),
    "bzip2 inside": (packed(parts(ONE), zipfile.ZIP_BZIP2), "a.xlsx", "file_damaged"),
    "bit flipped inside": (patched(xlsx(ONE), b"xl/styles.xml", b"xl/stylez.xml")[:-4], "a.xlsx", "file_damaged"),
    "too many members": (xlsx(ONE, **{f"xl/media/{n}.xml": "<x/>" for n in range(200)}), "a.xlsx", "file_parts"),
    "honest bomb": (xlsx(ONE, **{"xl/media/a.xml": " " * 401_000_000}), "a.xlsx", "file_bomb"),
    "ratio": (xlsx(**{SHEET: sheet_xml(ONE + " " * 3_000_000)}), "a.xlsx", "file_bomb"),
    "size understated": (lying(1000), "a.xlsx", "file_bomb"),
    "document type": (xlsx(**{SHEET: "<!DOCTYPE x>" + sheet_xml(ONE)}), "a.xlsx", "file_damaged"),
    "entities": (
        xlsx(**{SHEET: '<!DOCTYPE x [<!ENTITY a "aaa">]>' + sheet_xml(ONE)}), "a.xlsx", "file_damaged"),
    "far corner": (xlsx(ONE + STRAY % ("XFD1048576", "")), "a.xlsx", "too_many_columns"),
    "far corner in small letters": (xlsx(ONE + STRAY % ("xfd1048576", "")), "a.xlsx", "too_many_columns"),
    "far corner by a second place": (
        xlsx('<row r="1"><c r="A1" r="XFD1048576"><v>1</v></c></row>'), "a.xlsx", "file_damaged"),
    "far corner behind a quote": (xlsx(ONE + STRAY % ("XFD1048576", ' x="/>"')), "a.xlsx", "too_many_columns"),
    "row beyond the sheet": (xlsx('<row r="9999999"><c r="A9999999"><v>1</v></c></row>'), "a.xlsx", "file_damaged"),
    "rows out of order": (
        xlsx(row(5, cell("A5", "#N/A", "e")) + row(4, cell("A4", 1))), "a.xlsx", "file_damaged"),
    "strings for terabytes": (
        xlsx(ONE, **{STRINGS: f'<sst xmlns="{MAIN}" uniqueCount="99999999999"></sst>'}), "a.xlsx", "file_damaged"),
    "string that is not there": (xlsx(row(1, cell("A1", 7, "s"))), "a.xlsx", "file_damaged"),
    "broken xml": (xlsx(**{SHEET: sheet_xml(ONE)[:-40]}), "a.xlsx", "file_damaged"),
    "broken workbook": (xlsx(ONE, **{"xl/workbook.xml": "<workbook"}), "a.xlsx", "file_damaged"),
    "cell of no kind": (xlsx(row(1, cell("A1", 1, "zzz"))), "a.xlsx", "file_damaged"),
    "no sheet at all": (xlsx(ONE, **{"xl/workbook.xml": makers.workbook_xml("<!-- -->")}), "a.xlsx", "no_sheet"),
    "only a hidden sheet": (xlsx(ONE, **{"xl/workbook.xml": makers.workbook_xml(HIDDEN)}), "a.xlsx", "no_sheet"),
    "nothing inside": (xlsx(), "a.xlsx", "no_rows"),
    "xls without a stream": (makers.ole(bytes(5000), "Other"), "a.xls", "file_damaged"),
    "xls with a hidden sheet": (makers.ole(makers.biff(hidden=True)), "a.xls", "no_sheet"),
    "xls with nothing inside": (makers.ole(makers.biff()), "a.xls", "no_rows"),
    "xls for terabytes": (
        makers.ole(makers.biff(makers.record(0x200, b"\0" * 4 + b"\xff" * 4 + b"\0\0\xff\xff\0\0"))),
        "a.xls", "file_damaged"),
    "xls cut short": (makers.ole(makers.biff(makers.biff_number(1, 1, 1)))[:1500], "a.xls", "file_damaged"),
    "csv of bytes": (bytes(range(256)), "a.csv", "not_text"),
    "csv with zeros": ("\ufeff甲\0,乙".encode("utf-16"), "a.csv", "not_text"),
    "csv in no encoding": (b"\xff\xff\x80\x80", "a.csv", "bad_encoding"),
    "csv with half a surrogate": (b"\xff\xfe\x00\xd8\x41\x00", "a.csv", "bad_encoding"),
    "csv of blank lines": (b"\n\n ,\n", "a.csv", "no_rows"),
    "csv with an open quote": (b'a,b\n"c,d\n' + b"e,f\n" * 2000, "a.csv", "csv_unclosed_quote"),
    "csv with a huge cell": (b"a,b\n" + b"x" * 200_000 + b",c\n", "a.csv", "cell_too_long"),
    "csv of a million commas": (b"," * 1_000_000, "a.csv", "file_damaged"),
    "csv too wide": (b",".join([b"a"] * 61), "a.csv", "too_many_columns"),
    "csv too long": (b"a\n" * 120_011, "a.csv", "too_many_rows"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_hostile_file_is_refused_with_its_own_answer(case):
    data, name, code = CASES[case]
    assert refusal(data, name) == code


def test_every_file_error_is_met_by_a_test():
    elsewhere = {"file_too_large", "file_text_volume", "sheets_alike"}
    assert {code for _data, _name, code in CASES.values()} | elsewhere == set(FILE)


def test_cell_of_the_first_formula_without_a_result_is_named():
    rows = row(1, cell("A1", "姓名")) + '<row r="2"><c r="A2"><f>1</f><v>1</v></c></row>' + FORMULA % ""
    with pytest.raises(SheetError) as caught:
        reading.read_sheet(xlsx(rows), "a.xlsx")
    assert (caught.value.params, caught.value.row) == ({"cell": "B3"}, 3)


def test_formula_is_read_by_its_result_and_nothing_is_fetched():
    """Also where it points into another workbook: the result that the spreadsheet kept is all that is read."""
    rows = (
        '<row r="1"><c r="A1"><f>[1]Sheet1!$A$1</f><v>5</v></c>'
        '<c r="B1" t="str"><f>IF(A1=5,"","x")</f><v></v></c><c r="C1" t="str"><f>"a"&amp;"b"</f><v>ab</v></c></row>'
    )
    link = f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{makers.OFFICE}" r:id="rId1"/></externalLink>'
    target = makers.relations(
        f'<Relationship Id="rId1" Type="{makers.OFFICE}/externalLinkPath" Target="http://127.0.0.1:9/x.xlsx" '
        'TargetMode="External"/>'
    )
    members = {
        "xl/externalLinks/externalLink1.xml": link,
        "xl/externalLinks/_rels/externalLink1.xml.rels": target,
    }
    assert reading.read_sheet(xlsx(rows, **members), "a.xlsx").rows[0].cells == [5.0, "", "ab"]


def test_formula_in_a_sheet_that_is_not_read_does_not_matter():
    sheets = [f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(("花名册", "汇总"), 1)]
    rels = makers.relations(*(makers.relation("worksheet", f"worksheets/sheet{n}.xml", n) for n in (1, 2)))
    members = {
        "xl/workbook.xml": makers.workbook_xml(*sheets),
        "xl/_rels/workbook.xml.rels": rels,
        "xl/worksheets/sheet2.xml": sheet_xml(FORMULA % ""),
    }
    assert reading.read_sheet(xlsx(ONE, **members), "a.xlsx").sheet == "花名册"


def test_hidden_rows_and_columns_are_read():
    head = '<cols><col min="2" max="2" width="0" hidden="1"/></cols>'
    rows = row(1, cell("A1", "甲"), cell("B1", "乙")) + '<row r="2" hidden="1"><c r="B2"><v>7</v></c></row>'
    grid = reading.read_sheet(xlsx(**{SHEET: sheet_xml(rows, head)}), "a.xlsx")
    assert grid.rows == [reading.Row(1, ["甲", "乙"]), reading.Row(2, ["", 7.0])]


def test_control_characters_in_cells_harm_nobody():
    rows = row(1, cell("A1", "张_x0000__x000B_三"), cell("B1", "a&#9;b&#10;c"))
    found = reading.read_sheet(xlsx(rows), "a.xlsx").rows[0].cells
    assert [clean(text) for text in found][1] == "a b c"
    assert clean(found[0]) in ("张三", "张 三")


def test_file_over_the_size_limit_is_refused_unread(tmp_path):
    path = tmp_path / "a.xlsx"
    with path.open("wb") as file:
        file.truncate(41 * 1024 * 1024)
    with pytest.raises(SheetError) as caught:
        reading.read_sheet(path, "a.xlsx")
    assert (caught.value.code, caught.value.params) == ("file_too_large", {"size": "41.0", "limit": 40})


@pytest.mark.parametrize("place", ["A", "B"])
def test_shared_string_named_by_a_million_cells_is_refused(place):
    """32 KB named 20,000 times would be 600 MB in the parser; the slow way counts and stops."""
    rows = "".join(row(number, cell(f"{place}{number}", 0, "s")) for number in range(1, 20_000))
    assert refusal(xlsx(rows, f"<si><t>{'x' * 32_000}</t></si>"), "a.xlsx") == "file_text_volume"
    assert refusal(xlsx(ONE + row(2, cell("A2", 0, "s")), f"<si><t>{'x' * 40_000}</t></si>"), "a.xlsx", text=10) == (
        "cell_too_long"
    )


def test_long_shared_string_named_once_is_read():
    rows = "".join(row(number, cell(f"A{number}", number % 2000 and 1, "s")) for number in range(1, 20_000))
    grid = reading.read_sheet(xlsx(rows, f"<si><t>{'长' * 30_000}</t></si><si><t>短</t></si>"), "a.xlsx")
    assert len(grid.rows) == 19_999
    assert sum(len(found.cells[0]) for found in grid.rows) == 9 * 30_000 + 19_990


def million(*extra: str, cells: bool) -> bytes:
    """A header, 1,048,574 formatted empty rows, and what comes behind."""
    blank = '<c r="A%d" s="1"/><c r="B%d" s="1"/>' if cells else ""
    rows = (f'<row r="{n}" s="1">{blank % (n, n) if cells else ""}</row>' for n in range(2, 1_048_576))
    return xlsx(row(1, cell("A1", "姓名"), cell("B1", "性别")) + "".join(rows) + "".join(extra))


@pytest.mark.parametrize("cells", [False, True], ids=["rows", "cells"])
def test_million_empty_rows_are_skipped_quickly(cells):
    grid = reading.read_sheet(million(cells=cells), "a.xlsx")
    assert grid.rows == [reading.Row(1, ["姓名", "性别"])]


def test_value_in_the_last_row_of_the_sheet_is_read_with_its_number():
    grid = reading.read_sheet(million(row(1_048_576, cell("A1048576", "张三")), cells=True), "a.xlsx")
    assert grid.rows == [reading.Row(1, ["姓名", "性别"]), reading.Row(1_048_576, ["张三", ""])]


_MEASURE = """
import json, resource, sys, time
import django.conf
django.conf.settings.configure()
from portal.core.sheets import reading
from portal.core.sheets.errors import SheetError
rss = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
out = {}
for path in sys.argv[1:]:
    before, began = rss(), time.process_time()
    try:
        code = str(len(reading.read_sheet(path, path).rows))
    except SheetError as error:
        code = error.code
    out[path] = [code, time.process_time() - began, rss() - before]
print(json.dumps(out))
"""


def test_bombs_are_refused_in_a_moment_and_without_memory(tmp_path):
    """Bar: under 0.2 s of processor time and 50 MB each, measured in a process of its own."""
    wide = "".join(cell(f"{letter}1", 0, "s") for letter in "ABCDEFGHIJKLMNOPQRST")
    bombs = {
        "zip": (xlsx(ONE, **{"xl/media/a.xml": " " * 99_000_000}), "file_bomb"),
        "lie": (lying(5000), "file_bomb"),
        "corner": (xlsx(ONE + STRAY % ("XFD1048576", "")), "too_many_columns"),
        "column": (xlsx(ONE + STRAY % ("BH1048576", "")), "2"),
        "strings": (xlsx(ONE, **{STRINGS: f'<sst xmlns="{MAIN}" uniqueCount="4294967295"></sst>'}), "file_damaged"),
        "copies": (
            xlsx("".join(wide.replace('1"', f'{n}"').join([f'<row r="{n}">', "</row>"]) for n in range(1, 500)),
                 f"<si><t>{'x' * 32_000}</t></si>"), "file_text_volume"),
    }  # fmt: skip
    for name, (data, _code) in bombs.items():
        (tmp_path / f"{name}.xlsx").write_bytes(data)
    paths = [str(tmp_path / f"{name}.xlsx") for name in bombs]
    root = Path(reading.__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, *paths], cwd=root, capture_output=True, check=True, text=True
    )
    found = json.loads(done.stdout)
    assert {Path(path).stem: code for path, (code, _time, _rss) in found.items()} == {
        name: code for name, (_data, code) in bombs.items()
    }
    assert {path: time for path, (_code, time, _rss) in found.items() if time > 0.2} == {}
    assert {path: rss for path, (_code, _time, rss) in found.items() if rss > 50} == {}

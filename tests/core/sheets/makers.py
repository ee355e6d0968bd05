"""Files for the reader's tests, built by hand so that they may be as wrong as an attacker likes."""

import io
import struct
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><cellXfs count="2"><xf numFmtId="0"/>'
    '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def relation(kind: str, target: str, number: int = 1) -> str:
    return f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def relations(*entries: str) -> str:
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(entries)}</Relationships>'


def sheet_xml(rows: str, head: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}">{head}<sheetData>{rows}</sheetData></worksheet>'


def workbook_xml(*sheets: str, properties: str = "") -> str:
    listed = sheets or ('<sheet name="S" sheetId="1" r:id="rId1"/>',)
    return f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}<sheets>{"".join(listed)}</sheets></workbook>'


def parts(rows: str = "", strings: str = "", **changed: str | bytes | None) -> dict[str, str | bytes]:
    """The members of a small workbook; keyword `styles="…"` and the like replace one, None takes it away."""
    members: dict[str, str | bytes | None] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": relations(relation("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": workbook_xml(),
        "xl/_rels/workbook.xml.rels": relations(relation("worksheet", "worksheets/sheet1.xml")),
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/worksheets/sheet1.xml": sheet_xml(rows),
    }
    return {name: content for name, content in (members | changed).items() if content is not None}


def packed(members: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return output.getvalue()


def xlsx(rows: str = "", strings: str = "", **changed: str | bytes | None) -> bytes:
    return packed(parts(rows, strings, **changed))


def cell(reference: str, value: object, kind: str = "", style: str = "") -> str:
    """A cell in the form Excel writes: a text inline, anything else as a value."""
    attributes = (f' s="{style}"' if style else "") + (f' t="{kind}"' if kind else "")
    if isinstance(value, str) and not kind:
        return f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{reference}"{attributes}><v>{value}</v></c>'


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def biff(*cells: bytes, texts: tuple[str, ...] = (), before: bytes = b"", hidden: bool = False) -> bytes:
    """The Workbook stream of an .xls file of Excel 97 with one sheet named S."""
    start = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + before
    fonts = record(0xE0, bytes(20)) + record(0xE0, struct.pack("<HH", 0, 14) + bytes(16))
    table = b"".join(struct.pack("<HB", len(text), 1) + text.encode("utf-16-le") for text in texts)
    table = record(0xFC, struct.pack("<II", len(texts), len(texts)) + table)
    sheet_at = len(start) + len(fonts) + len(record(0x85, bytes(8) + b"S")) + len(table) + 4
    bound = record(0x85, struct.pack("<IBBBB", sheet_at, int(hidden), 0, 1, 0) + b"S")
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + b"".join(cells)
    return start + fonts + bound + table + record(0x0A, b"") + sheet + record(0x0A, b"")


def biff_number(row: int, column: int, value: float, style: int = 0) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, style, value))


def biff_text(row: int, column: int, index: int) -> bytes:
    return record(0xFD, struct.pack("<HHHI", row, column, 0, index))


def ole(stream: bytes, name: str = "Workbook") -> bytes:
    """A compound file (OLE 2) with one stream."""
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // 512)
    free, end, fat_sector = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    chain = [fat_sector, end, *range(3, 2 + sectors), end]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    root = _entry("Root Entry", 5, end, 0, child=1)
    return (
        header + table + (root + _entry(name, 2, 2, len(stream))).ljust(512, b"\0") + stream.ljust(sectors * 512, b"\0")
    )


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    text = name.encode("utf-16-le")
    links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2, kind, 1) + links
    return head + bytes(36) + struct.pack("<IQ", start, size)

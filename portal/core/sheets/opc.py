"""The parts of a workbook as a package: which is which, and how one more is entered.

Only the plain way of writing them is understood; `Unpatchable` says that a file is written otherwise, and the caller
writes it anew instead.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr, unescape

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORKBOOK, TYPES, STYLES = "xl/workbook.xml", "[Content_Types].xml", "xl/styles.xml"
KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml."
SHEET_TYPE, COMMENTS_TYPE = f"{KINDS}worksheet+xml", f"{KINDS}comments+xml"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_LARGEST = 64 * 1024 * 1024  # of a part that is read whole
_RELATION = re.compile(r"<Relationship\b[^>]*>")
_SHEET = re.compile(r"<sheet\b[^>]*>")
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


class Unpatchable(Exception):
    """The package is not written in the usual way."""


class Parts:
    """The members of a package by their place in it; changed ones are kept aside until they are written, `streams` are
    those that are made only then."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = {entry.filename.lower(): entry for entry in archive.infolist()}
        self.changed: dict[str, bytes] = {}
        self.streams: dict[str, Iterable[str]] = {}

    def has(self, name: str) -> bool:
        return name in self.changed or name in self.streams or name.lower() in self.names

    def read(self, name: str) -> bytes:
        """A part; empty where there is none."""
        if name in self.changed:
            return self.changed[name]
        entry = self.names.get(name.lower())
        if entry is None:
            return b""
        if entry.file_size > _LARGEST:
            raise Unpatchable(name)
        return self.archive.read(entry)

    def actual(self, name: str) -> str:
        """A part's name as the package writes it."""
        entry = self.names.get(name.lower())
        return name if entry is None else entry.filename

    def text(self, name: str) -> str:
        return self.read(name).decode("utf-8-sig")

    def free(self, pattern: str) -> str:
        """A name of a new part by a pattern such as xl/comments%s.xml."""
        return next(name for n in range(1, 10_000) if not self.has(name := pattern % n))

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part refers to: id -> (kind, name of the other part)."""
        found = {}
        for tag in _RELATION.findall(self.text(relations_of(part))):
            target = attribute(tag, "Target")
            place = target[1:] if target.startswith("/") else posixpath.normpath(f"{posixpath.dirname(part)}/{target}")
            found[attribute(tag, "Id")] = attribute(tag, "Type").rpartition("/")[2], place
        return found

    def relate(self, part: str, kind: str, target: str) -> str:
        """Enters a reference from a part to another one and returns its id."""
        name = relations_of(part)
        text = self.text(name) or f'<Relationships xmlns="{RELATIONS}"></Relationships>'
        key = next(f"rIdMark{n}" for n in range(1, 10_000) if f'"rIdMark{n}"' not in text)
        entry = f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="/{target}"/>'
        self.changed[name] = insert_before_end(
            re.sub(r"<Relationships([^>]*)/>", r"<Relationships\1></Relationships>", text), "Relationships", entry
        )
        return key

    def declare(self, name: str, kind: str) -> None:
        """Says in the table of contents what a new part is."""
        entry = f'<Override PartName="/{name}" ContentType="{kind}"/>'
        self.changed[TYPES] = insert_before_end(self.text(TYPES), "Types", entry)

    def declare_vml(self) -> None:
        text = self.text(TYPES)
        if not re.search(r'Extension="vml"', text, re.IGNORECASE):
            kind = "application/vnd.openxmlformats-officedocument.vmlDrawing"
            start = re.search(r"<Types\b[^>]*>", text)
            if start is None:
                raise Unpatchable(TYPES)
            entry = f'<Default Extension="vml" ContentType="{kind}"/>'
            self.changed[TYPES] = f"{text[: start.end()]}{entry}{text[start.end() :]}".encode()

    def sheets(self) -> dict[str, str]:
        """The worksheets by title, in order, with the names of their parts."""
        relations = self.relations(WORKBOOK)
        found = {}
        for tag in _SHEET.findall(self.text(WORKBOOK)):
            key = re.search(r'\s\w+:id="([^"]*)"', tag)
            if key is None or key[1] not in relations:
                raise Unpatchable(WORKBOOK)
            found[attribute(tag, "name")] = relations[key[1]][1]
        return found

    def add_first_sheet(self, title: str) -> str:
        """Enters a new worksheet before all others, the one that is shown, and returns the name of its part."""
        part = self.free("xl/worksheets/sheetMark%s.xml")
        key = self.relate(WORKBOOK, "worksheet", part)
        self.declare(part, SHEET_TYPE)
        text = self.text(WORKBOOK)
        numbers = [int(number) for number in re.findall(r'\bsheetId="(\d+)"', text)]
        entry = (
            f'<sheet xmlns:r="{OFFICE}" name={quoteattr(title)} sheetId="{max(numbers, default=0) + 1}" r:id="{key}"/>'
        )
        text, count = re.subn(r"<sheets>", lambda _found: f"<sheets>{entry}", text, count=1)
        if not count:
            raise Unpatchable(WORKBOOK)
        # Names that hold for one sheet, such as its print area, mention the sheet by its place.
        text = re.sub(r'\blocalSheetId="(\d+)"', lambda found: f'localSheetId="{int(found[1]) + 1}"', text)
        self.changed[WORKBOOK] = show_first(text).encode()
        return part


def show_first(text: str) -> str:
    """The workbook with its first sheet on top."""
    return re.sub(r'\s(?:activeTab|firstSheet)="\d+"', "", text)


def relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"


def attribute(tag: str, name: str) -> str:
    """An attribute of a tag in clear; empty where it has none."""
    found = re.search(rf"""\s{name}\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    return unescape(found[1] or found[2] or "", {"&quot;": '"', "&apos;": "'"}) if found else ""


def insert_before_end(text: str, element: str, entry: str) -> bytes:
    at = text.rfind(f"</{element}>")
    if at < 0:
        raise Unpatchable(element)
    return f"{text[:at]}{entry}{text[at:]}".encode()


def plain_text(text: str) -> str:
    """A text as XML can hold it."""
    return escape(_NOT_XML.sub("", text))

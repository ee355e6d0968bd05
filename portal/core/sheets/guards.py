"""Judging an uploaded file before any parser sees it.

A parser of spreadsheets allocates what a file tells it to: two cells at opposite corners make 400 GB. So the container
is judged first, by what it really holds (every member is inflated in a stream and thrown away), not by what its
headers claim; and the sheets are scanned for cells that would make the parser's grid large (`scan.py`).
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from portal.core.sheets import csvtext
from portal.core.sheets.errors import SheetError
from portal.core.sheets.scan import MEGABYTE, Scan

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC = b"PK\x03\x04"
WORKBOOK = "xl/workbook.xml"
STRINGS = "xl/sharedstrings.xml"
MACROS = "xl/vbaproject.bin"
HEAD_ROWS = 10  # titles and headers, counted beside the rows of data
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_XLS_BEGIN = b"\x09\x08\x10\x00\x00\x06\x05\x00"  # the BOF record of a workbook of Excel 97 to 2003
_FILEPASS, _FIRST_RECORDS = 0x2F, 4
_CHUNK = 256 * 1024
_ENTRY_BYTES = 46  # of the central directory, without the name
_FREE_RATIO = MEGABYTE  # so much may come out of anything


@dataclass(frozen=True)
class Limits:
    """How much a sheet may hold. `rows` are rows of data, beside up to ten of titles and headers."""

    bytes: int = 40 * MEGABYTE
    parts: int = 200
    unpacked: int = 400 * MEGABYTE
    ratio: int = 100
    rows: int = 120_000
    columns: int = 60
    text: int = 256 * MEGABYTE


@dataclass
class Package:
    """A zip container that passed the guards."""

    archive: zipfile.ZipFile
    scan: Scan
    names: dict[str, str]  # lower-case name -> name as written

    def read(self, name: str) -> bytes:
        """A member by its name in any case; empty when there is none."""
        actual = self.names.get(name.lower())
        return b"" if actual is None else self.archive.read(actual)


def found_type(data: bytes) -> str:
    """What the first bytes say a file is: zip, ole, html, pdf, image, rar, text or unknown."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(ZIP_MAGIC):
        return "zip"
    if data.startswith(OLE_MAGIC):
        return "ole"
    if re.match(rb"<(?:html|!doctype|table|head|meta|script|\?xml|!--)", head):
        return "html"
    for magic, name in _MAGICS:
        if data.startswith(magic):
            return name
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in data or csvtext.bare_utf16(data):
        return "text"
    return "unknown"


_MAGICS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"PK\x05\x06", "ZIP"),
    (b"\x1f\x8b", "gzip"),
)


def is_encrypted(data: bytes) -> bool:
    """Whether an OLE container holds a workbook under a password: an encrypted xlsx, or an xls whose first records
    after its beginning hold a FILEPASS."""
    if _ENCRYPTED in data:
        return True
    at = data.find(_XLS_BEGIN)
    for _ in range(_FIRST_RECORDS):
        if at < 0 or at + 4 > len(data):
            return False
        kind, length = struct.unpack_from("<HH", data, at)
        if kind == _FILEPASS:
            return True
        at += 4 + length
    return False


def open_package(data: bytes, limits: Limits) -> Package:
    """Opens an xlsx container; SheetError where it is damaged, encrypted, too large inside, or no workbook."""
    _check_directory(data, limits)
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, UnicodeDecodeError) as error:
        raise SheetError("file_damaged") from error
    entries = archive.infolist()
    names = {entry.filename.replace("\\", "/").lower(): entry.filename for entry in entries}
    if len(names) != len(entries):  # two members of one name: which of them a parser takes is anyone's guess
        raise SheetError("file_damaged")
    if any(entry.flag_bits & 1 for entry in entries):
        raise SheetError("file_encrypted")
    if MACROS in names:
        raise SheetError("file_macros")
    if WORKBOOK not in names:
        raise SheetError("file_mismatch", {"suffix": ".xlsx", "found": _kind_of_zip(names)})
    _check_sizes(sum(entry.file_size for entry in entries), len(data), limits)
    scan, unpacked = Scan(limits.rows), 0
    for entry in entries:
        strings = entry.filename.lower() == STRINGS
        size = 0
        for piece in _inflate(data, entry):
            size += len(piece)
            if size > entry.file_size:
                raise SheetError("file_bomb", {"limit": limits.unpacked // MEGABYTE})
            scan.feed(piece, strings)
        scan.end(strings)
        if size != entry.file_size:
            raise SheetError("file_damaged")
        unpacked += size
    _check_sizes(unpacked, len(data), limits)
    return Package(archive, scan, names)


def _check_directory(data: bytes, limits: Limits) -> None:
    """Judges the number of members before anything is allocated for them, and that the directory stands where every
    reader looks for it: the end record last, without a comment, right behind the directory."""
    at = len(data) - 22
    if at < 0 or data[at : at + 4] != b"PK\x05\x06" or data[-2:] != b"\0\0":
        raise SheetError("file_damaged")
    count, size, start = struct.unpack_from("<HLL", data, at + 10)
    if data[at - 20 : at - 16] == b"PK\x06\x07":  # zip64, as Java's streaming writers always use it
        at -= 76
        if at < 0 or data[at : at + 4] != b"PK\x06\x06":
            raise SheetError("file_damaged")
        count, size, start = struct.unpack_from("<QQQ", data, at + 32)
    if start + size != at:
        raise SheetError("file_damaged")
    if count > limits.parts or size > limits.parts * (_ENTRY_BYTES + 400):
        raise SheetError("file_parts", {"count": max(count, size // _ENTRY_BYTES), "limit": limits.parts})


def _check_sizes(unpacked: int, packed: int, limits: Limits) -> None:
    if unpacked > limits.unpacked or unpacked > max(_FREE_RATIO, packed * limits.ratio):
        raise SheetError("file_bomb", {"limit": limits.unpacked // MEGABYTE})


def _inflate(data: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The pieces of a member as they really are, whatever its headers claim."""
    start = entry.header_offset
    if data[start : start + 4] != ZIP_MAGIC or start + 30 > len(data):
        raise SheetError("file_damaged")
    name, extra = struct.unpack_from("<HH", data, start + 26)
    start += 30 + name + extra
    packed = memoryview(data)[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        yield from (bytes(packed[at : at + _CHUNK]) for at in range(0, len(packed), _CHUNK))
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise SheetError("file_damaged")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for at in range(0, len(packed), _CHUNK):
            yield inflater.decompress(packed[at : at + _CHUNK], MEGABYTE)
            while inflater.unconsumed_tail:
                yield inflater.decompress(inflater.unconsumed_tail, MEGABYTE)
    except zlib.error as error:
        raise SheetError("file_damaged") from error
    if not inflater.eof:
        raise SheetError("file_damaged")


def _kind_of_zip(names: dict[str, str]) -> str:
    kinds = {"word/document.xml": "Word", "ppt/presentation.xml": "PowerPoint", "xl/workbook.bin": "xlsb"}
    if found := next((kind for name, kind in kinds.items() if name in names), ""):
        return found
    return "ODS" if "content.xml" in names and "mimetype" in names else "ZIP"

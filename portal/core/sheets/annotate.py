"""The user's own workbook with everything the check found in it: marked cells with comments, and a summary in front.

An xlsx file is changed as it streams through, so that all that is not marked stays byte for byte what it was: formats,
widths, pictures, charts, other sheets. A file of another kind, or written in an unusual way, is first written anew as a
plain workbook with the same rows. Memory does not grow with the sheet.
"""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO

from portal.core.sheets import files
from portal.core.sheets.errors import HEADER, SheetError
from portal.core.sheets.headers import recogniser, standing
from portal.core.sheets.importer import Importer
from portal.core.sheets.issuesheet import TITLE, IssueSheet
from portal.core.sheets.mapping import mapping_of
from portal.core.sheets.marks import Marks, gather, lifted
from portal.core.sheets.merged import Downwards, merged_in
from portal.core.sheets.models import BatchState, ImportBatch
from portal.core.sheets.notes import write_notes
from portal.core.sheets.opc import STYLES, WORKBOOK, Parts, Unpatchable, show_first
from portal.core.sheets.patching import SheetPatch, not_selected
from portal.core.sheets.reports import issues_of
from portal.core.sheets.restyle import Styles
from portal.core.sheets.rewriting import head_of, rewrite

_CHUNK = 1024 * 1024
_LEVEL = 4  # of compression: half the time of the usual one, a tenth larger


def annotatable(batch: ImportBatch) -> bool:
    """Whether there is something to mark and a file to mark it in."""
    if not files.exists(batch):
        return False
    codes = {error["code"] for error in batch.problem.get("errors", [])}
    if batch.state == BatchState.FAILED:
        return bool(codes) and codes <= set(HEADER)
    return batch.state == BatchState.JUDGED and bool(batch.counts.get("error") or batch.counts.get("warned"))


def write_annotated(
    target: str | Path | IO[bytes], *, content: bytes, filename: str, batch: ImportBatch, importer: Importer
) -> None:
    """Writes the annotated workbook, always as xlsx; `target` has to be seekable.

    Uploaded again it reads like the plain file: comments, fills and the summary are not read, and marks of an earlier
    check give way to those of the next. SheetError when the file cannot be taken at all.
    """
    with _opened(target) as output:
        if filename.lower().endswith(".xlsx"):
            try:
                _annotate(output, BytesIO(content), batch, importer)
                return
            except (Unpatchable, zipfile.BadZipFile, UnicodeDecodeError):
                output.seek(0)
                output.truncate()
        with tempfile.TemporaryFile() as plain:
            known = recogniser(importer.columns, mapping_of(batch.kind, batch.division_id))
            rewrite(plain, content, filename, known)
            plain.seek(0)
            try:
                _annotate(output, plain, batch, importer)
            except Unpatchable as error:  # a workbook of our own writing can be marked
                raise SheetError("file_damaged") from error


@contextmanager
def _opened(target: str | Path | IO[bytes]) -> Iterator[IO[bytes]]:
    if isinstance(target, str | Path):
        with Path(target).open("w+b") as file:
            yield file
    else:
        yield target


def _annotate(output: IO[bytes], source: IO[bytes], batch: ImportBatch, importer: Importer) -> None:
    with zipfile.ZipFile(source) as archive:
        parts = Parts(archive)
        mapping = mapping_of(batch.kind, batch.division_id)
        grid = head_of(parts, recogniser(importer.columns, mapping))
        positions, _rows = standing(grid, importer.columns, mapping)
        marks, kinds = gather(issues_of(batch, importer, positions))
        styles = Styles(parts.read(STYLES))
        sheets = parts.sheets()
        marks = lifted(marks, _merged(parts, sheets[grid.sheet]))
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as book:
            _write_sheet(book, parts, sheets[grid.sheet], marks, styles)
            summary = sheets.pop(TITLE, "") or parts.add_first_sheet(TITLE)
            parts.changed[WORKBOOK] = show_first(parts.text(WORKBOOK)).encode()
            with book.open(summary, "w", force_zip64=True) as member:
                member.writelines(IssueSheet(styles, grid.sheet, kinds).pieces(issues_of(batch, importer, positions)))
            parts.changed[STYLES] = styles.document()
            _write_rest(book, parts, {sheets[grid.sheet], summary}, set(sheets.values()))


def _merged(parts: Parts, sheet: str) -> Downwards:
    entry = parts.names.get(sheet.lower())
    if entry is None:
        raise Unpatchable(sheet)
    with parts.archive.open(entry) as member:
        return merged_in(iter(lambda: member.read(_CHUNK), b""))


def _write_sheet(book: zipfile.ZipFile, parts: Parts, sheet: str, marks: Marks, styles: Styles) -> None:
    entry = parts.names.get(sheet.lower())
    if entry is None:
        raise Unpatchable(sheet)
    patch = SheetPatch(marks, styles.marked)

    def drawing_of(done: SheetPatch) -> str:
        return write_notes(parts, sheet, done.resolved, done.drawing) if done.resolved else ""

    with parts.archive.open(entry) as member, book.open(entry.filename, "w", force_zip64=True) as copy:
        for piece in patch.run(iter(lambda: member.read(_CHUNK), b""), drawing_of):
            copy.write(piece)


def _write_rest(book: zipfile.ZipFile, parts: Parts, done: set[str], sheets: set[str]) -> None:
    """Every other member: as changed, else as it was; the sheet in front is the only one selected."""
    finished = {name.lower() for name in (*done, *parts.changed, *parts.streams)}
    others = {name.lower() for name in sheets}
    for name, entry in parts.names.items():
        if name in finished:
            continue
        with parts.archive.open(entry) as member, book.open(entry.filename, "w", force_zip64=True) as copy:
            if name in others:
                copy.write(not_selected(member.read(_CHUNK)))
            shutil.copyfileobj(member, copy, _CHUNK)
    for name, content in parts.changed.items():
        book.writestr(parts.actual(name), content)
    for name, pieces in parts.streams.items():
        with book.open(parts.actual(name), "w", force_zip64=True) as member:
            member.writelines(piece.encode() for piece in pieces)

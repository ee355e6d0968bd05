"""Lists as csv and xlsx: the same rows, fields and territory as the page, one column for every field.

Without `cursor` and `page_size` a sheet holds the whole list. It is written chunk by chunk to a file without a name and
sent from there: memory stays flat, and a fault on the way is an error answer and not half a file.
"""

import hashlib
import itertools
import tempfile
from collections.abc import Iterator
from typing import IO, ClassVar

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer

from portal.core.lib.clock import today
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.writing import Sheet, csv_lines, write_xlsx
from portal.core.web import conditional, paging
from portal.core.web.problems import ProblemError
from portal.core.web.serializers import cell_of, columns_of

MAX_ROWS = 100_000
CHUNK = 1000
_IN_MEMORY = 1024 * 1024
_KINDS = (
    (serializers.DateField, Kind.DATE),
    ((serializers.IntegerField, serializers.DecimalField), Kind.NUMBER),
)


class SheetRenderer(BaseRenderer):
    """A format of whole files; `render` is never called, `write` is."""

    charset = None
    openapi: ClassVar[OpenApiTypes] = OpenApiTypes.STR
    weak: ClassVar[bool] = False

    def write(self, file: IO[bytes], sheet: Sheet) -> None:
        raise NotImplementedError


class FileRenderer(BaseRenderer):
    """Stands for the format of an operation that answers with a file; `render` is never called."""

    charset = None

    @classmethod
    def of(cls, media_type: str) -> "FileRenderer":
        renderer = cls()
        renderer.media_type = media_type
        return renderer


class CSVRenderer(SheetRenderer):
    media_type = "text/csv"
    format = "csv"
    content_type = "text/csv; charset=utf-8; header=present"

    def write(self, file: IO[bytes], sheet: Sheet) -> None:
        header = [column.header for column in sheet.columns]
        for lines in csv_lines(itertools.chain([header], sheet.rows)):
            file.write(lines.encode())


class XLSXRenderer(SheetRenderer):
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"
    content_type = media_type
    openapi = OpenApiTypes.BINARY
    weak = True  # an xlsx holds the moment it was made

    def write(self, file: IO[bytes], sheet: Sheet) -> None:
        write_xlsx(file, [sheet])


SHEETS = (CSVRenderer, XLSXRenderer)


def sheet_response(view, source: paging.Source):
    """The list of a view as a file: the page asked for, or every row of it."""
    request, renderer = view.request, view.request.accepted_renderer
    columns = columns_of(view.get_serializer())
    links = {}
    if view.values["cursor"] or view.values["page_size"]:
        page = paging.page_of(source, request, view.values)
        chunks = iter([page.rows])
        links = {"next": page.next, "prev": page.previous}
    else:
        _check_size(source)
        chunks = paging.chunks(source, CHUNK)
    made = hashlib.sha256(renderer.media_type.encode())
    title = view.basename.removeprefix("api-")
    sheet = Sheet(title, [_column(*column) for column in columns], _cells(view, chunks, columns, made))
    response = _sent(renderer, sheet, f"{title}-{today():%Y%m%d}.{renderer.format}")
    if named := [f'<{address}>; rel="{rel}"' for rel, address in links.items() if address]:
        response["Link"] = ", ".join(named)
    return conditional.answered(request, response, made.hexdigest()[:24], weak=renderer.weak)


def _sent(renderer: SheetRenderer, sheet: Sheet, name: str) -> HttpResponse | FileResponse:
    """The written sheet as an attachment; a short one needs no file."""
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  (a long one is closed with the response)
    try:
        renderer.write(file, sheet)
    except BaseException:
        file.close()
        raise
    size = file.tell()
    file.seek(0)
    if size > _IN_MEMORY:
        return FileResponse(file, as_attachment=True, filename=name, content_type=renderer.content_type)
    with file:
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(size)}
        return HttpResponse(file.read(), content_type=renderer.content_type, headers=headers)


def _column(path: tuple[str, ...], field: serializers.Field) -> Column:
    kind = next((kind for types, kind in _KINDS if isinstance(field, types)), Kind.TEXT)
    return Column(key=path[-1], header=".".join(path), kind=kind, width=max(12, len(path[-1]) + 2))


def _check_size(source: paging.Source) -> None:
    if source.count() > MAX_ROWS:
        raise ProblemError(
            400,
            _("超过 %(limit)s 行，不能一次导出。请用参数缩小范围，或带上 page_size 分页下载。") % {"limit": MAX_ROWS},
            slug="too-many-rows",
        )


def _cells(view, chunks: Iterator[list], columns: list, made) -> Iterator[list]:
    for rows in chunks:
        for row in view.represent(rows):
            cells = [cell_of(row, path, field) for path, field in columns]
            made.update(repr(cells).encode())
            yield cells

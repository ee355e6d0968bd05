"""Where the columns of a roster sheet stand; everything wrong with its header at once."""

from collections.abc import Mapping

from portal.core.sheets.columns import Column
from portal.core.sheets.errors import SheetError
from portal.core.sheets.headers import Layout, find_header
from portal.core.sheets.importer import Unusable
from portal.core.sheets.reading import Grid
from workforce.importers.columns import BY_KEY, COLUMNS, HEADER

IGNORED = ("序号",)


def lay_out(grid: Grid, mapping: Mapping[str, str] | None = None) -> tuple[list[tuple[int, Column]], Layout]:
    """Positions of the known columns, and the rows below the header. Raises `Unusable` with every reason.

    `mapping` is what the office has said of headers of its own, see `portal.core.sheets.mapping`.
    """
    layout, errors = find_header(grid, COLUMNS, ignored=IGNORED, mapping=mapping)
    if layout is None:
        raise Unusable(errors)
    if not {"code", "community"} & set(layout.keys):
        raise Unusable([SheetError("column_missing", {"header": HEADER["code"]}, layout.header_row, HEADER["code"])])
    if not layout.rows:
        raise Unusable([SheetError("no_rows", {}, layout.header_row)])
    return [(position, BY_KEY[key]) for key, position in zip(layout.keys, layout.positions, strict=True)], layout

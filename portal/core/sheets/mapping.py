"""What offices have said their own headers mean: told once, remembered for every later sheet of that office."""

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.audit.actions import action, record
from portal.core.lib.codes import ancestors
from portal.core.lib.dates import ParsedDate, parse_date
from portal.core.lib.identity import mask
from portal.core.lib.text import clean
from portal.core.sheets.columns import column_number
from portal.core.sheets.header_names import header_key
from portal.core.sheets.headers import recogniser, standing
from portal.core.sheets.importer import Importer
from portal.core.sheets.models import ColumnMapping, ImportBatch
from portal.core.sheets.opc import Parts, Unpatchable
from portal.core.sheets.reading import Grid, Knows, read_sheet
from portal.core.sheets.rewriting import head_of, rewrite
from portal.core.territory.models import Division

_UNKNOWN = ("column_unknown", "column_unknown_similar")
_SAMPLES, _LONGEST = 3, 30
_LONG_NUMBER = re.compile(r"\d{7,}[0-9xX]?")


def mapping_of(kind: str, division: str) -> dict[str, str]:
    """Folded header -> column key ('' = leave unread), as said for a division or those above it; the nearest counts."""
    codes = [division, *ancestors(division)]
    found = ColumnMapping.objects.filter(kind=kind, division__in=codes).values_list("division_id", "header", "key")
    from_above = sorted(found, key=lambda entry: len(entry[0]))
    return {header: key for _division, header, key in from_above}


@dataclass
class UnknownColumn:
    """A header that no column has: where it stands, what it may mean, and some of its cells with numbers masked.

    `key` is what an office's word on it is remembered by; `header` may be shown cut.
    """

    key: str
    header: str
    letter: str
    suggestion: str = ""
    samples: list[str] = field(default_factory=list)


def unknown_columns(batch: ImportBatch) -> list[UnknownColumn]:
    """The headers that kept the file of a batch from being checked, in the order of the sheet."""
    found: dict[str, UnknownColumn] = {}
    for error in batch.problem.get("errors", []):
        if error["code"] in _UNKNOWN:
            params = error["params"]
            key = params.get("key") or header_key(params["header"])
            found.setdefault(key, UnknownColumn(key, params["header"], params["letter"], params.get("suggestion", "")))
    return list(found.values())


def look_into(
    unknown: list[UnknownColumn], content: bytes, *, batch: ImportBatch, importer: Importer
) -> dict[str, int]:
    """Adds samples to unknown columns, and tells where the sheet has the columns it is understood to have."""
    known = mapping_of(batch.kind, batch.division_id)
    head = _head(content, batch.filename, recogniser(importer.columns, known))
    positions, rows = standing(head, importer.columns, known)
    for column in unknown:
        at = column_number(column.letter) - 1
        cells = (sample(row.cells[at]) for row in rows if at < len(row.cells))
        column.samples = list(dict.fromkeys(filter(None, cells)))[:_SAMPLES]
    return positions


def _head(content: bytes, filename: str, knows: Knows) -> Grid:
    """The first rows of a sheet of any kind."""
    if filename.lower().endswith(".xlsx"):
        try:
            with zipfile.ZipFile(BytesIO(content)) as archive:
                return head_of(Parts(archive), knows)
        except Unpatchable:
            return read_sheet(content, filename, knows=knows)
    plain = BytesIO()
    rewrite(plain, content, filename, knows, only_head=True)
    return _head(plain.getvalue(), "a.xlsx", knows)


def sample(cell: Any) -> str:
    """A cell as an example of its column: short, and nothing in it that could name a person by number."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)
    text = clean(str(cell))
    if not isinstance(parse_date(cell), ParsedDate):
        text = _LONG_NUMBER.sub(lambda found: mask(found[0], 3, 2), text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


@action
def remember(*, importer: Importer, division: Division, meanings: Mapping[str, str], by) -> None:
    """Keeps what headers of an office mean: header -> column key, '' for one to be left unread.

    ValidationError where the user may not import for the division, or a key is no column.
    """
    _check_right(importer, division, by)
    keys = {column.key for column in importer.columns} | {""}
    if unknown := set(meanings.values()) - keys:
        raise ValidationError(_("没有这样的列：%(keys)s。") % {"keys": "、".join(sorted(unknown))}, code="key")
    for header, key in meanings.items():
        ColumnMapping.objects.update_or_create(
            kind=importer.kind, division=division, header=header_key(header), defaults={"key": key}
        )
    record("columns_explained", by=by, division=division.code, headers=sorted(meanings))


@action
def forget(*, mapping: ColumnMapping, importer: Importer, by) -> None:
    """Forgets what a header means; a later sheet with it is asked about again."""
    _check_right(importer, mapping.division, by)
    record("column_forgotten", by=by, division=mapping.division_id, subject=mapping.header)
    mapping.delete()


def _check_right(importer: Importer, division: Division, by) -> None:
    if not by.can(importer.perm, division.code):
        raise ValidationError(_("您不能为“%(division)s”导入。") % {"division": division.label}, code="not_allowed")

"""Imports of service records: premises, visits, requests, needs, facilities, features, by the machinery of the roster's."""

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm
from portal.core.sheets.importer import Importer
from portal.core.sheets.table_undo import look, tied
from portal.core.sheets.undo import Undo
from ratings.actions.sheets import apply_service_sheet, undo_import
from ratings.importers.flat import Flat
from ratings.importers.judging import PARTS, judge, renewed_basis
from ratings.importers.sheets import SHEETS
from ratings.importers.words import heading, sentence, summary

# General notes of the templates, above the explanations of the columns.
NOTES = (
    _("一行一条记录。日期写成 2026-11-22；截止日期都填最后一天。列的先后可以调整，不要改列名。"),
    _("上传后先检查、再预览，确认之前不会改动。已经登记的记录不会重复，留空的格不改动已登记的内容。"),
)


def show(flat: Flat, key: str, value: Any) -> str:
    """A stored value of a column as the reader reads it."""
    choices = flat.by_key[key].choices if key in flat.by_key else None
    if value in (None, ""):
        return ""
    if isinstance(value, list):
        return "、".join(str(choices(one).label) for one in value) if choices else "、".join(map(str, value))
    return str(choices(value).label) if choices else str(value)


def importer_of(flat: Flat) -> Importer:
    """The importer that a declaration comes to."""
    written = {"model": flat.model, "versioned": flat.versioned}
    return Importer(
        kind=flat.kind,
        label=flat.label,
        perm=Perm.CHANGE_SERVICE,
        columns=flat.columns,
        parts=PARTS,
        judge=partial(judge, flat=flat),
        basis=partial(renewed_basis, flat=flat),
        apply=partial(apply_service_sheet, **written),
        sentence=sentence,
        heading=heading,
        show=partial(show, flat),
        summary=summary,
        undo=Undo(
            models=partial(tied, flat.model),
            look=partial(look, model=flat.model),
            write=partial(undo_import, **written),
        ),
        lists=flat.lists,
        notes=NOTES,
    )


IMPORTERS = tuple(importer_of(flat) for flat in SHEETS)

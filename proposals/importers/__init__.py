"""Imports of proposals and suggestions by the machinery of the roster's: new or corrected by session and number."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm
from portal.core.sheets.importer import Importer
from portal.core.sheets.undo import Undo
from proposals.actions import sheets
from proposals.importers.columns import BODIES, COLUMNS, LISTS, TYPES, YES_NO
from proposals.importers.judging import PARTS, judge, renewed_basis
from proposals.importers.tasks import TASKS
from proposals.importers.words import heading, sentence, summary

NOTES = (
    _("一行一件。先在“会议”中登记会议；会议和编号相同的，更改原来登记的那一件，不会重复。日期写成 2026-01-12。"),
    _("上传后先检查、再预览，确认之前不会改动。留空的格不改动已登记的内容；提案者的电话、地址在页面上登记。"),
)
_WORDS = {
    key: {value: word for word, value in words.items()}
    for key, words in (
        ("body", BODIES),
        ("proposer_type", TYPES),
        ("between_sessions", YES_NO),
        ("key", YES_NO),
        ("first_signer_forwards", YES_NO),
    )
}


def show(key: str, value: Any) -> str:
    """A stored value of a column as the reader reads it."""
    if value in (None, ""):
        return ""
    if isinstance(value, list):
        return "、".join(value)
    return _WORDS[key][value] if key in _WORDS else str(value)


PROPOSALS = Importer(
    kind="proposals",
    label=_("提案和建议"),
    perm=Perm.MANAGE_PROPOSALS,
    columns=COLUMNS,
    parts=PARTS,
    judge=judge,
    basis=renewed_basis,
    apply=sheets.apply_proposal_sheet,
    sentence=sentence,
    heading=heading,
    show=show,
    summary=summary,
    undo=Undo(models=lambda: sheets.TABLES, look=sheets.look, write=sheets.undo_import),
    lists=LISTS,
    notes=NOTES,
)
IMPORTERS = (PROPOSALS, TASKS)

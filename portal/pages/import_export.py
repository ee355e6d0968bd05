"""The list of imports as a sheet."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal import registry
from portal.core.accounts.roles import Perm
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found
from portal.core.sheets.models import BatchState, ImportBatch
from portal.core.web import formats
from portal.pages.import_state import WORKING, badge_of
from portal.pages.import_work import batches_of

# The states that the list shows together, by the word in its address.
GROUPS = {
    "working": (_("正在进行"), WORKING),
    "judged": (_("等待确认"), {BatchState.JUDGED}),
    "applied": (_("已应用"), {BatchState.APPLIED}),
    "undone": (pgettext_lazy("import", "已撤销"), {BatchState.UNDONE}),
    "closed": (_("未应用"), {BatchState.FAILED, BatchState.CANCELLED}),
}
_COUNTS = ("rows", "new", "changed", "unchanged", "leaving", "error")


def find(asked: Asked) -> Found:
    """The imports that the list shows, the latest first."""
    found = batches_of(asked.user).filter(pk__in=ImportBatch.objects.under(asked.under))
    if (group := asked.params.get("group", "")) in GROUPS:
        found = found.filter(state__in=GROUPS[group][1])
    found = found.select_related("division", "uploaded_by").order_by("-uploaded_at")
    return Found(found.count(), _rows(found), filters=str(GROUPS[group][0]) if group in GROUPS else "")


def _rows(found) -> Iterator[list[Any]]:
    for batch in found.iterator(chunk_size=500):
        about = [
            batch.filename,
            str(registry.IMPORTERS[batch.kind].label),
            batch.get_source_display(),
            batch.division_id,
            batch.division.label,
        ]
        counts = [batch.counts.get(key) for key in _COUNTS]
        done = [batch.applied_by, formats.moment(batch.applied_at), batch.undone_by, formats.moment(batch.undone_at)]
        sent = [str(batch.uploaded_by), formats.moment(batch.uploaded_at), badge_of(batch)[1]]
        yield [*about, *sent, *counts, *done, batch.seconds, batch.sha256]


IMPORTS = Export(
    key="imports",
    label=_("导入记录"),
    perm=Perm.IMPORT_ROSTER,
    page="imports",
    columns=(
        Column("file", _("文件"), width=28),
        Column("kind", _("种类"), width=18),
        Column("source", _("来源"), width=10),
        Column("code", _("范围代码"), width=14),
        Column("division", _("导入范围"), width=20),
        Column("by", _("上传人")),
        Column("at", _("上传时间"), width=18),
        Column("state", _("状态"), width=16),
        Column("rows", _("行数"), kind=Kind.NUMBER, width=8),
        Column("new", _("新增（行）"), kind=Kind.NUMBER),
        Column("changed", _("变更（行）"), kind=Kind.NUMBER),
        Column("unchanged", _("不变（行）"), kind=Kind.NUMBER),
        Column("leaving", _("表中没有（行）"), kind=Kind.NUMBER),
        Column("error", _("有错误（行）"), kind=Kind.NUMBER),
        Column("applied_by", _("应用人")),
        Column("applied_at", _("应用时间"), width=18),
        Column("undone_by", _("撤销人")),
        Column("undone_at", _("撤销时间"), width=18),
        Column("seconds", _("用时（秒）"), kind=Kind.NUMBER),
        Column("sha256", _("文件指纹"), width=30),
    ),
    find=find,
)

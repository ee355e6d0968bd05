"""The list of findings: everything the filters leave, in the order shown.

Names of persons go out only to those who may export the roster.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.findings.models import Holder
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found
from portal.pages.finding_texts import holders_of, with_looks, with_texts
from portal.pages.inbox import Inbox

CHUNK = 1000
COLUMNS = [
    Column("id", gettext_lazy("编号"), kind=Kind.NUMBER),
    Column("kind", gettext_lazy("类别"), width=20),
    Column("code", gettext_lazy("区划代码"), width=14),
    Column("division", gettext_lazy("区划"), width=24),
    Column("person", gettext_lazy("姓名")),
    Column("headline", gettext_lazy("情况"), width=60),
    Column("due_on", gettext_lazy("期限"), kind=Kind.DATE),
    Column("state", gettext_lazy("状态")),
    Column("holder", gettext_lazy("处理单位"), width=24),
    Column("level", gettext_lazy("处理层级")),
    Column("held_since", gettext_lazy("转入日期"), kind=Kind.DATE),
    Column("opened_on", gettext_lazy("发现日期"), kind=Kind.DATE),
    Column("seen_on", gettext_lazy("最近检查"), kind=Kind.DATE),
    Column("resolved_on", gettext_lazy("消除日期"), kind=Kind.DATE),
    Column("planned_for", gettext_lazy("计划完成日期"), kind=Kind.DATE),
    Column("excused_until", gettext_lazy("暂缓至"), kind=Kind.DATE),
    Column("by", gettext_lazy("处理人")),
    Column("note", gettext_lazy("处理说明"), width=40),
    Column("remedy", gettext_lazy("怎样消除"), width=40),
]


def _rows(inbox: Inbox) -> Iterator[list[Any]]:
    reader = inbox.user if inbox.user.can(Perm.EXPORT_ROSTER) else None
    found = inbox.filtered.select_related("division").order_by("kind", *inbox.order)
    chunk: list = []
    for finding in found.iterator(chunk_size=CHUNK):
        chunk.append(finding)
        if len(chunk) == CHUNK:
            yield from _lines(chunk, reader)
            chunk = []
    yield from _lines(chunk, reader)


def _lines(chunk: list, reader) -> Iterator[list[Any]]:
    holders = holders_of(chunk)
    for f in with_looks(with_texts(chunk, reader)):
        dates = [f.held_since, f.opened_on, f.looked_on, f.resolved_on, f.planned_for, f.excused_until]
        yield [
            f.pk,
            f.label,
            f.division_id,
            f.division.label,
            f.person.name if f.person else "",
            f.headline,
            f.due_on,
            f.get_state_display(),
            holders.get(f.holder_code, ""),
            str(Holder(f.held_level).label),
            *dates,
            f.acknowledged_by,
            f.note,
            f.remedy,
        ]


def find(asked: Asked) -> Found:
    """The findings that the inbox shows, all pages of every kind."""
    inbox = Inbox(asked.request)
    return Found(inbox.count(), _rows(inbox))


FINDINGS = Export(
    key="findings",
    label=gettext_lazy("预警清单"),
    perm=Perm.VIEW_FINDINGS,
    page="findings",
    columns=COLUMNS,
    find=find,
    personal=True,
)

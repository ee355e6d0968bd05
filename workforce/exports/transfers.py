"""Moves between streets as a sheet, each side as far as it may know."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found
from portal.core.web import formats
from workforce.enums import TransferState
from workforce.queries.transfers import SPEAKS, Standing, transfers_of


def find(asked: Asked) -> Found:
    """Every move out of or into the user's territory, the open ones first, then the latest."""
    waiting = Case(When(state=TransferState.PROPOSED, then=Value(0)), default=Value(1))
    found = transfers_of(asked.user).order_by(waiting, "-id")
    return Found(found.count(), _rows(asked, found))


def _rows(asked: Asked, found) -> Iterator[list[Any]]:
    for one in found.iterator(chunk_size=1000):
        standing = Standing.of(asked.user, one)
        seen = standing.sees_place
        leaves = [one.from_division_id, one.from_division.label] if seen else ["", _("另一街道")]
        joins = [one.to_division_id, one.to_division.label, one.post.get("title", ""), one.effective_on]
        said = [
            one.get_state_display(),
            one.proposed_by,
            formats.moment(one.proposed_at),
            one.reason,
            one.decision_reason,
        ]
        yield [one.pk, standing.name, standing.masked, *leaves, *joins, *said]


TRANSFERS = Export(
    key="transfers",
    label=gettext_lazy("调动清单"),
    perm=SPEAKS,
    page="transfers",
    columns=(
        Column("id", gettext_lazy("编号"), kind=Kind.NUMBER, width=8),
        Column("name", gettext_lazy("姓名")),
        Column("number", gettext_lazy("身份证号"), width=22),
        Column("from_code", gettext_lazy("调出社区代码"), width=16),
        Column("from", gettext_lazy("调出社区"), width=18),
        Column("to_code", gettext_lazy("调入社区代码"), width=16),
        Column("to", gettext_lazy("调入社区"), width=18),
        Column("title", gettext_lazy("新职务"), width=18),
        Column("day", gettext_lazy("生效日期"), kind=Kind.DATE),
        Column("state", gettext_lazy("状态")),
        Column("by", gettext_lazy("提出人")),
        Column("at", gettext_lazy("提出时间"), width=18),
        Column("reason", gettext_lazy("理由"), width=30),
        Column("answer", gettext_lazy("答复"), width=30),
    ),
    find=find,
    personal=True,
)

"""Matters deliberated, as the list shows them."""

from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found, filter_words
from ratings.exports.rows import PLACE, yes
from ratings.forms.deliberation import DeliberationFilter
from ratings.queries.deliberation import deliberations


def find(asked: Asked) -> Found:
    place, form = asked.chosen(Perm.VIEW_SERVICE), DeliberationFilter(asked.params, on=asked.on)
    found = deliberations(asked.user, under=place.code, on=asked.on, **form.asked())
    rows = (
        [
            one.division_id,
            one.division.label,
            one.topic,
            one.get_level_display(),
            one.method,
            one.parties,
            one.get_state_display(),
            one.planned_on,
            one.held_on,
            one.result,
            one.follow_up_by,
            one.follow_up_due,
            one.followed_up_on,
            one.follow_up,
            yes(one.late),
        ]
        for one in found.iterator(chunk_size=500)
    )
    return Found(found.count(), rows, about=place.label, filters=filter_words(form))


DELIBERATIONS = Export(
    key="deliberations",
    label=_L("议事协商"),
    perm=Perm.VIEW_SERVICE,
    page="deliberations",
    page_needs=("place",),
    columns=(
        *PLACE,
        Column("topic", _L("议题"), width=28),
        Column("level", _L("层次"), width=20),
        Column("method", _L("议事形式"), width=16),
        Column("parties", _L("参与方"), width=24),
        Column("state", _L("状态"), width=14),
        Column("planned_on", _L("计划日期"), kind=Kind.DATE),
        Column("held_on", _L("议事日期"), kind=Kind.DATE),
        Column("result", _L("议定结果"), width=36),
        Column("follow_up_by", _L("落实责任人"), width=16),
        Column("follow_up_due", _L("落实期限"), kind=Kind.DATE),
        Column("followed_up_on", _L("落实日期"), kind=Kind.DATE),
        Column("follow_up", _L("落实情况"), width=32),
        Column("late", _L("逾期"), width=8),
    ),
    find=find,
)

"""Points of households, as the list shows them."""

from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found, filter_words
from ratings.exports.rows import PLACE, yes
from ratings.forms.points import PointFilter
from ratings.queries.points import entries


def find(asked: Asked) -> Found:
    place, form = asked.chosen(Perm.VIEW_SERVICE), PointFilter(asked.params, on=asked.on)
    found = entries(asked.user, under=place.code, **form.asked())
    rows = (
        [
            one.division_id,
            one.division.label,
            one.premises.label,
            one.rule.behaviour,
            yes(one.rule.redemption),
            one.points,
            one.on,
            one.evidence,
            one.get_state_display(),
            str(one.entered_by),
            str(one.reviewed_by or ""),
        ]
        for one in found.iterator(chunk_size=500)
    )
    return Found(found.count(), rows, about=place.label, filters=filter_words(form))


POINTS = Export(
    key="points",
    label=_L("积分"),
    perm=Perm.VIEW_SERVICE,
    page="points",
    page_needs=("place",),
    columns=(
        *PLACE,
        Column("premises", _L("住户门牌"), width=20),
        Column("rule", _L("积分事项"), width=24),
        Column("redemption", _L("兑换"), width=8),
        Column("points", _L("积分"), kind=Kind.NUMBER),
        Column("on", _L("日期"), kind=Kind.DATE),
        Column("evidence", _L("依据"), width=24),
        Column("state", _L("状态")),
        Column("entered_by", _L("登记人")),
        Column("reviewed_by", _L("审核人")),
    ),
    find=find,
    personal=True,
)

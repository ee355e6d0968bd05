"""Promises of a year, as the list shows them."""

from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found, filter_words
from proposals.forms.promises import PromiseFilter
from proposals.queries import promises as reads
from proposals.queries.cases import place_of_cases


def find_promises(asked: Asked) -> Found:
    under = place_of_cases(asked.under)
    form = PromiseFilter(asked.params, on=asked.on, user=asked.user, under=under)
    found = reads.listed(asked.user, under=under, on=asked.on, **form.asked())
    rows = (
        [
            one.division_id,
            one.division.label,
            one.year,
            one.handling.proposal.session.label,
            one.handling.proposal.number,
            one.handling.proposal.title,
            one.text,
            one.unit.short,
            one.owner,
            one.due_on,
            one.percent,
            one.noted_on,
            one.first_result,
            one.result,
            one.get_state_display(),
            one.ended_on,
            one.rolled_from.year if one.rolled_from else None,
        ]
        for one in found.select_related(
            "unit", "division", "handling__proposal__session", "rolled_from"
        ).iterator(chunk_size=500)
    )  # fmt: skip
    return Found(found.count(), rows, filters=filter_words(form))


PROMISES = Export(
    key="promises",
    label=_L("承诺事项"),
    perm=Perm.VIEW_PROPOSALS,
    page="promises",
    columns=(
        Column("code", _L("地区代码"), width=14),
        Column("place", _L("地区"), width=14),
        Column("year", _L("年度"), kind=Kind.NUMBER),
        Column("session", _L("会议"), width=22),
        Column("number", _L("提案编号")),
        Column("title", _L("案由"), width=36),
        Column("text", _L("承诺事项"), width=40),
        Column("unit", _L("责任单位"), width=16),
        Column("owner", _L("责任人")),
        Column("due_on", _L("完成期限"), kind=Kind.DATE),
        Column("percent", _L("完成进度（%）"), kind=Kind.NUMBER),
        Column("noted_on", _L("最近进展日期"), kind=Kind.DATE),
        Column("first_result", _L("原办理结果")),
        Column("result", _L("现办理结果")),
        Column("state", _L("状态")),
        Column("ended_on", _L("结束日期"), kind=Kind.DATE),
        Column("rolled_from", _L("转自年度"), kind=Kind.NUMBER),
    ),
    find=find_promises,
    personal=True,
)
EXPORTS = (PROMISES,)

"""Item lists, applications for access and refused items, as the lists show them."""

from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.lib.dated import last_day
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found, filter_words
from portal.core.territory.models import Division
from ratings.exports.rows import PLACE, yes
from ratings.forms.access import ApplicationFilter, ItemFilter, RefusalFilter
from ratings.queries import access as reads

_WHERE = (Column("code", _L("区划代码"), width=14), Column("division", _L("适用范围"), width=18))


def _place(asked: Asked) -> Division | None:
    """The place of the page; the whole country has none."""
    if asked.place or "" in asked.user.territories(Perm.VIEW_SERVICE):
        return asked.place
    return asked.chosen(Perm.VIEW_SERVICE)


def find_items(asked: Asked) -> Found:
    place, form = _place(asked), ItemFilter(asked.params)
    given = form.asked()
    ended = given.pop("show") == "ended"
    code = place.code if place else ""
    found = reads.items(asked.user, code=code, on=asked.on, ended=ended, **given)
    rows = (
        [
            one.division_id,
            one.division.label,
            one.get_list_display(),
            one.title,
            one.department,
            one.basis,
            yes(one.communities),
            yes(one.villages),
            one.valid_from,
            last_day(one.valid_to),
            one.revoked_because,
        ]
        for one in found.iterator(chunk_size=500)
    )
    return Found(found.count(), rows, about=place.label if place else "", filters=filter_words(form))


def find_applications(asked: Asked) -> Found:
    place, form = _place(asked), ApplicationFilter(asked.params)
    found = reads.applications(asked.user, under=place.code if place else "", **form.asked())
    rows = (
        [
            one.division_id,
            one.division.label,
            one.title,
            one.get_list_display(),
            one.department,
            one.basis,
            one.reason,
            one.funds,
            one.staff,
            one.applied_on,
            one.starts_on,
            one.due_on,
            one.get_state_display(),
            one.review,
            one.decision,
            one.number,
            one.decided_on,
        ]
        for one in found.iterator(chunk_size=500)
    )
    return Found(found.count(), rows, about=place.label if place else "", filters=filter_words(form))


def find_refusals(asked: Asked) -> Found:
    place, form = asked.chosen(Perm.VIEW_SERVICE), RefusalFilter(asked.params)
    found = reads.refusals(asked.user, under=place.code, **form.asked())
    rows = (
        [
            one.division_id,
            one.division.label,
            one.title,
            one.department,
            one.asked_on,
            one.reason,
            one.refused_on,
            one.reply,
            one.replied_on,
        ]
        for one in found.iterator(chunk_size=500)
    )
    return Found(found.count(), rows, about=place.label, filters=filter_words(form))


ITEMS = Export(
    key="access",
    label=_L("事项清单"),
    perm=Perm.VIEW_SERVICE,
    page="access",
    columns=(
        *_WHERE,
        Column("list", _L("清单"), width=20),
        Column("title", _L("事项"), width=28),
        Column("department", _L("责任部门"), width=18),
        Column("basis", _L("依据"), width=28),
        Column("communities", _L("适用于社区"), width=10),
        Column("villages", _L("适用于村"), width=10),
        Column("valid_from", _L("列入日期"), kind=Kind.DATE),
        Column("last_day", _L("截止日期"), kind=Kind.DATE),
        Column("revoked", _L("撤销理由"), width=28),
    ),
    find=find_items,
)
APPLICATIONS = Export(
    key="access-applications",
    label=_L("准入申请"),
    perm=Perm.VIEW_SERVICE,
    page="access_applications",
    columns=(
        *_WHERE,
        Column("title", _L("事项"), width=28),
        Column("list", _L("清单"), width=20),
        Column("department", _L("申请部门"), width=18),
        Column("basis", _L("依据"), width=28),
        Column("reason", _L("必要性"), width=32),
        Column("funds", _L("随事转移的经费"), width=18),
        Column("staff", _L("随事转移的人员和条件"), width=18),
        Column("applied_on", _L("申请日期"), kind=Kind.DATE),
        Column("starts_on", _L("拟进入日期"), kind=Kind.DATE),
        Column("due_on", _L("审批期限"), kind=Kind.DATE),
        Column("state", _L("状态")),
        Column("review", _L("审核意见"), width=28),
        Column("decision", _L("审批意见"), width=28),
        Column("number", _L("文号"), width=18),
        Column("decided_on", _L("审批日期"), kind=Kind.DATE),
    ),
    find=find_applications,
)
REFUSALS = Export(
    key="access-refusals",
    label=_L("拒绝的事项"),
    perm=Perm.VIEW_SERVICE,
    page="access_refusals",
    page_needs=("place",),
    columns=(
        *PLACE,
        Column("title", _L("事项"), width=28),
        Column("department", _L("交办部门"), width=18),
        Column("asked_on", _L("交办日期"), kind=Kind.DATE),
        Column("reason", _L("拒绝理由"), width=28),
        Column("refused_on", _L("拒绝日期"), kind=Kind.DATE),
        Column("reply", _L("街镇处理意见"), width=28),
        Column("replied_on", _L("处理日期"), kind=Kind.DATE),
    ),
    find=find_refusals,
)

"""Residents' needs and micro-projects of a year, as the lists show them."""

from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found, filter_words
from ratings.exports.rows import PLACE, yes
from ratings.forms.needs import NeedFilter, ProjectFilter
from ratings.queries import needs as reads


def find_needs(asked: Asked) -> Found:
    place, form = asked.chosen(Perm.VIEW_SERVICE), NeedFilter(asked.params, on=asked.on)
    found = reads.needs(asked.user, under=place.code, on=asked.on, **form.asked())
    rows = (
        [
            one.division_id,
            one.division.label,
            one.title,
            one.text,
            one.get_channel_display(),
            one.found_on,
            yes(one.converted),
            "；".join(project.name for project in one.projects.all()),
        ]
        for one in found.iterator(chunk_size=500)
    )
    return Found(found.count(), rows, about=place.label, filters=filter_words(form))


def find_projects(asked: Asked) -> Found:
    place, form = asked.chosen(Perm.VIEW_SERVICE), ProjectFilter(asked.params, on=asked.on)
    found = reads.projects(asked.user, under=place.code, **form.asked())
    rows = (
        [
            one.division_id,
            one.division.label,
            one.name,
            one.get_state_display(),
            one.served,
            one.lead.name if one.lead else "",
            one.proposed_on,
            one.approved_on,
            one.finished_on,
            one.budget,
            one.result,
        ]
        for one in found.iterator(chunk_size=500)
    )
    return Found(found.count(), rows, about=place.label, filters=filter_words(form))


NEEDS = Export(
    key="needs",
    label=_L("居民需求"),
    perm=Perm.VIEW_SERVICE,
    page="needs",
    page_needs=("place",),
    columns=(
        *PLACE,
        Column("title", _L("需求"), width=28),
        Column("text", _L("说明"), width=32),
        Column("channel", _L("来源"), width=14),
        Column("found_on", _L("发现日期"), kind=Kind.DATE),
        Column("converted", _L("已转化")),
        Column("projects", _L("项目"), width=28),
    ),
    find=find_needs,
)
PROJECTS = Export(
    key="projects",
    label=_L("微治理项目"),
    perm=Perm.VIEW_SERVICE,
    page="projects",
    page_needs=("place",),
    columns=(
        *PLACE,
        Column("name", _L("项目名称"), width=28),
        Column("state", _L("状态")),
        Column("needs", _L("对应需求（个）"), kind=Kind.NUMBER),
        Column("lead", _L("领办人")),
        Column("proposed_on", _L("申报日期"), kind=Kind.DATE),
        Column("approved_on", _L("立项日期"), kind=Kind.DATE),
        Column("finished_on", _L("完成日期"), kind=Kind.DATE),
        Column("budget", _L("经费（元）"), kind=Kind.NUMBER),
        Column("result", _L("成效"), width=32),
    ),
    find=find_projects,
    personal=True,
)

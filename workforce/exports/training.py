"""Training: the classes of a year, and who is in one of them."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found, filter_words
from workforce.enums import TrainingResult
from workforce.exports.people import word
from workforce.forms.training import ClassFilter
from workforce.models import TrainingClass
from workforce.queries import training as reads


def find_classes(asked: Asked) -> Found:
    """The classes that the list shows, with how many of the user's people are in each and came."""
    place = asked.place or (
        asked.chosen(Perm.VIEW_ROSTER) if "" not in asked.user.territories(Perm.VIEW_ROSTER) else None
    )
    form = ClassFilter(asked.params, on=asked.on)
    found = reads.listed(asked.user, under=place.code if place else "", on=asked.on, **form.asked())
    return Found(found.count(), (_class(one) for one in found.iterator(chunk_size=500)), filters=filter_words(form))


def _class(one: TrainingClass) -> list[Any]:
    about = [one.title, one.get_level_display(), one.get_kind_display(), one.topic, one.organiser]
    held = [one.division_id, one.division.label, one.starts_on, one.ends_on, one.hours, one.cost]
    return [*about, *held, one.enrolled, one.came]


def find_enrolments(asked: Asked) -> Found:
    """The user's people in the class `?pk=`; nobody to take out is like no class at all."""
    held = get_object_or_404(reads.classes(asked.user, on=asked.on), pk=asked.key)
    found = reads.enrolments(asked.user, held, Perm.EXPORT_ROSTER)
    if not (count := found.count()):
        raise Http404
    return Found(count, _enrolments(found), about=held.title)


def _enrolments(found) -> Iterator[list[Any]]:
    words = {True: _("是"), False: _("否"), None: ""}
    fields = ("division_id", "division__label", "person__name", "attended", "hours", "result")
    for *who, attended, hours, result in found.values_list(*fields).iterator(chunk_size=2000):
        yield [*who, words[attended], hours, word(TrainingResult.choices, result)]


CLASSES = Export(
    key="classes",
    label=_L("培训班次"),
    perm=Perm.VIEW_ROSTER,
    page="training",
    columns=(
        Column("title", _L("班次名称"), width=28),
        Column("level", _L("层级"), width=8),
        Column("kind", _L("类别"), width=12),
        Column("topic", _L("主题"), width=20),
        Column("organiser", _L("举办单位"), width=20),
        Column("code", _L("区划代码"), width=14),
        Column("division", _L("举办地区"), width=18),
        Column("starts_on", _L("开班日期"), kind=Kind.DATE),
        Column("ends_on", _L("结业日期"), kind=Kind.DATE),
        Column("hours", _L("学时"), kind=Kind.NUMBER, width=8),
        Column("cost", _L("经费（元）"), kind=Kind.NUMBER),
        Column("enrolled", _L("报名（人）"), kind=Kind.NUMBER),
        Column("came", _L("到课（人）"), kind=Kind.NUMBER),
    ),
    find=find_classes,
)
ENROLMENTS = Export(
    key="enrolments",
    label=_L("培训名单"),
    perm=Perm.EXPORT_ROSTER,
    page="training_class",
    page_needs=("pk",),
    columns=(
        Column("code", _L("社区代码"), width=14),
        Column("community", _L("社区"), width=20),
        Column("name", _L("姓名")),
        Column("attended", _L("到课")),
        Column("hours", _L("学时"), kind=Kind.NUMBER),
        Column("result", _L("结业结果")),
    ),
    find=find_enrolments,
    personal=True,
)

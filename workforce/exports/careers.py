"""Careers: directed posts of every district, the honours of a year, and who was put forward for one of them."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found, filter_words
from workforce.enums import NominationStage
from workforce.exports.people import word
from workforce.forms.training import YearFilter
from workforce.models import Award
from workforce.queries import careers as reads
from workforce.queries.careers import DirectedLine


def _under(asked: Asked) -> str:
    """The place of the page: the one asked for, else the reader's first territory, which may be the country."""
    if asked.place is None and "" in asked.user.territories(Perm.VIEW_ROSTER):
        return ""
    return asked.chosen(Perm.VIEW_ROSTER).code


def find_directed(asked: Asked) -> Found:
    """The table of the page: what each district set aside for each group, kind by kind."""
    form = YearFilter(asked.params, on=asked.on)
    year = form.asked()["year"]
    lines = reads.directed(asked.user, under=_under(asked), year=year, on=asked.on)
    rows = [row for line in lines for row in _directed(line, year)]
    return Found(len(rows), rows, filters=filter_words(form))


def _directed(line: DirectedLine, year: int) -> Iterator[list[Any]]:
    """A row for each kind, or one without numbers where the district has entered nothing."""
    about = [line.district.code, line.district.label, year, str(line.group.label)]
    judged = [line.least, _verdict(line)]
    for row in line.rows:
        yield [*about, row.get_kind_display(), row.posts, row.applicants, row.hired, row.document, *judged]
    if not line.rows:
        yield [*about, "", None, None, None, "", *judged]


def _verdict(line: DirectedLine) -> str:
    if line.breach:
        return _("未按规定设岗")
    return _("达标") if line.rule.value else _("未生效")


def find_awards(asked: Asked) -> Found:
    """The honours of the page with what their quota counts, and the stages of the reader's own people."""
    form = YearFilter(asked.params, on=asked.on)
    found = reads.awards(asked.user, under=_under(asked), year=form.asked()["year"])
    return Found(found.count(), (_award(one) for one in found.iterator(chunk_size=500)), filters=filter_words(form))


def _award(one: Award) -> list[Any]:
    about = [one.division_id, one.division.label, one.name, one.get_level_display(), one.year]
    return [*about, one.quota, one.used, *(getattr(one, stage) for stage in NominationStage.values)]


def find_nominations(asked: Asked) -> Found:
    """The user's people put forward for the honour `?pk=`; nobody to take out is like no honour at all."""
    award = get_object_or_404(reads.readable(Award, asked.user, Perm.EXPORT_ROSTER), pk=asked.key)
    found = reads.nominations(asked.user, award, Perm.EXPORT_ROSTER)
    if not (count := found.count()):
        raise Http404
    return Found(count, _nominations(found), about=award.name)


def _nominations(found) -> Iterator[list[Any]]:
    fields = ("division_id", "division__label", "person__name", "stage", "decided_on", "reason")
    for *who, stage, decided_on, reason in found.values_list(*fields).iterator(chunk_size=2000):
        yield [*who, word(NominationStage.choices, stage), decided_on, reason]


DIRECTED = Export(
    key="directed",
    label=_L("定向招录岗位"),
    perm=Perm.VIEW_ROSTER,
    page="careers",
    columns=(
        Column("code", _L("区划代码"), width=14),
        Column("district", _L("区")),
        Column("year", _L("年度"), kind=Kind.NUMBER, width=8),
        Column("group", _L("面向对象"), width=18),
        Column("kind", _L("岗位性质")),
        Column("posts", _L("岗位数"), kind=Kind.NUMBER),
        Column("applicants", _L("报名人数"), kind=Kind.NUMBER),
        Column("hired", _L("录用人数"), kind=Kind.NUMBER),
        Column("document", _L("公告或文件"), width=28),
        Column("least", _L("规定最少（合计）"), kind=Kind.NUMBER),
        Column("verdict", _L("判定"), width=14),
    ),
    find=find_directed,
)
AWARDS = Export(
    key="awards",
    label=_L("荣誉与推荐"),
    perm=Perm.VIEW_ROSTER,
    page="awards",
    columns=(
        Column("code", _L("区划代码"), width=14),
        Column("division", _L("推荐地区"), width=18),
        Column("name", _L("荣誉名称"), width=28),
        Column("level", _L("层级"), width=8),
        Column("year", _L("年度"), kind=Kind.NUMBER, width=8),
        Column("quota", _L("名额（空为不限）"), kind=Kind.NUMBER),
        Column("used", _L("已上报（人）"), kind=Kind.NUMBER),
        Column("nominated", _L("已推荐（人）"), kind=Kind.NUMBER),
        Column("selected", _L("已遴选（人）"), kind=Kind.NUMBER),
        Column("recommended", _L("已上报待定（人）"), kind=Kind.NUMBER),
        Column("awarded", _L("已授予（人）"), kind=Kind.NUMBER),
        Column("declined", _L("未入选（人）"), kind=Kind.NUMBER),
    ),
    find=find_awards,
)
NOMINATIONS = Export(
    key="nominations",
    label=_L("推荐人选"),
    perm=Perm.EXPORT_ROSTER,
    page="award",
    page_needs=("pk",),
    columns=(
        Column("code", _L("社区代码"), width=14),
        Column("community", _L("社区"), width=20),
        Column("name", _L("姓名")),
        Column("stage", _L("进度")),
        Column("decided_on", _L("日期"), kind=Kind.DATE),
        Column("reason", _L("事迹或理由"), width=50),
    ),
    find=find_nominations,
    personal=True,
)

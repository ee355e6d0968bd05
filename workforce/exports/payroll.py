"""A payroll sheet as a workbook: the people with their parts and the sums, and what changed since the month before."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import Level
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found, NotExportable
from portal.core.sheets.writing import Sheet
from workforce.enums import AssessmentGrade, CertificateLevel
from workforce.forms.pay import MonthForm
from workforce.models import StarBonus
from workforce.payroll import Pay
from workforce.queries.payroll import Changed, PayLine, PaySheet, changes, month_before, sheet
from workforce.queries.star_bonuses import amount_words, coefficient_words, star_words

_KEYS = ("grade", "post", "certificate")


def find(asked: Asked) -> Found:
    """The sheet of a month and its difference to the month before; a city or province has to choose a district first."""
    place, on = asked.chosen(Perm.VIEW_PAY), MonthForm.last_day(asked.params, asked.on)
    if place.level < Level.DISTRICT:
        raise NotExportable(_("请先选择一个区、街道或社区。"))
    now, before = (sheet(asked.user, under=place.code, on=day) for day in (on, month_before(on)))
    changed = Sheet(_("与上月相比"), _change_columns(), (_change(one) for one in changes(now, before)))
    now, month = MonthForm.of(asked.params, asked.on).narrowed(now), f"{on:%Y-%m}"
    return Found(len(now.lines), _rows(now), about=f"{place.label} {month} ", filters=month, more=[changed])


def _rows(sheet: PaySheet) -> Iterator[list[Any]]:
    for line in sheet.lines:
        yield _row(line, sheet)
    people = _("%(n)s 人") % {"n": len(sheet.lines)}
    sums = [sheet.sums[key] for key in (*_KEYS, "known")]
    yield ["", "", _("合计"), people, "", None, "", *sums, None, None, "", "", "", "", "", "", sheet.on]


def _row(line: PayLine, sheet: PaySheet) -> list[Any]:
    worker, pay = line.worker, line.pay
    part = pay.part("certificate")
    return [
        worker.code,
        worker.post.division.label,
        worker.person.name,
        worker.post.title,
        worker.post.get_tier_display(),
        line.grade,
        CertificateLevel(part.facts["level"]).label if part else "",
        *(_amount(pay, key) for key in _KEYS),
        pay.known,
        line.basic,
        line.performance,
        missing_words(pay),
        AssessmentGrade(line.result).label if line.result else "",
        *_stars(sheet.star_bonuses.get(line.key, [])),
        sheet.on,
    ]


def _stars(rows: list[StarBonus]) -> list[str]:
    """Star, months, coefficient, amount; after a transfer or a removal there are several, told in the same order."""
    told = [(star_words(row), str(row.months), coefficient_words(row), amount_words(row)) for row in rows]
    return [_("；").join(words) for words in zip(*told, strict=True)] or [""] * 4


def missing_words(pay: Pay) -> str:
    """The parts whose amount is not given, by name."""
    names = {"grade": _("等级工资"), "post": _("职务补贴"), "certificate": _("证书津贴")}
    return _("、").join(names[key] for key in pay.missing)


def _amount(pay: Pay, key: str) -> int | str | None:
    part = pay.part(key)
    return None if part is None else _("金额未提供") if part.amount is None else part.amount


def _change_columns() -> list[Column]:
    return [
        Column("community", _("社区"), width=18),
        Column("name", _("姓名"), width=12),
        Column("kind", _("变动"), width=12),
        Column("before", _("上月（元）"), kind=Kind.NUMBER, width=14),
        Column("now", _("本月（元）"), kind=Kind.NUMBER, width=14),
        Column("difference", _("差额（元）"), kind=Kind.NUMBER, width=14),
    ]


def _change(one: Changed) -> list[Any]:
    kinds = {"new": _("新增"), "left": _("减少"), "changed": _("变动")}
    before, now = (pay.known if pay else None for pay in (one.shift.before, one.shift.now))
    worker = one.line.worker
    return [worker.post.division.label, worker.person.name, kinds[one.shift.kind], before, now, one.shift.difference]


_MONEY = [
    Column(key, label, kind=Kind.NUMBER, width=14)
    for key, label in (
        ("grade_pay", gettext_lazy("等级工资（元）")),
        ("post", gettext_lazy("职务补贴（元）")),
        ("certificate", gettext_lazy("证书津贴（元）")),
        ("known", gettext_lazy("已提供金额合计（元）")),
        ("basic", gettext_lazy("其中基本工资（元）")),
        ("performance", gettext_lazy("其中绩效工资（元）")),
    )
]
PAYROLL = Export(
    key="payroll",
    label=gettext_lazy("薪酬表"),
    perm=Perm.VIEW_PAY,
    page="payroll",
    columns=(
        Column("code", gettext_lazy("社区代码"), width=14),
        Column("community", gettext_lazy("社区"), width=18),
        Column("name", gettext_lazy("姓名"), width=12),
        Column("title", gettext_lazy("职务"), width=20),
        Column("tier", gettext_lazy("岗位层级"), width=10),
        Column("grade", gettext_lazy("岗位等级"), kind=Kind.NUMBER, width=10),
        Column("held", gettext_lazy("证书"), width=18),
        *_MONEY,
        Column("missing", gettext_lazy("未提供金额的项目"), width=24),
        Column("result", gettext_lazy("上年度考核"), width=12),
        Column("star", gettext_lazy("上年度星级"), width=12),
        Column("star_months", gettext_lazy("该星级在岗月数"), width=14),
        Column("star_coefficient", gettext_lazy("星级绩效系数"), width=16),
        Column("star_amount", gettext_lazy("星级绩效金额（元）"), width=18),
        Column("on", gettext_lazy("核算日"), kind=Kind.DATE, width=12),
    ),
    find=find,
    personal=True,
)

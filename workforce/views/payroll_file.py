"""A payroll sheet as a workbook: the people with their parts and the sums, and what changed since the month before."""

from collections.abc import Iterator
from typing import IO, Any

from django.utils.translation import gettext as _

from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.writing import Sheet, write_xlsx
from workforce.enums import AssessmentGrade, CertificateLevel
from workforce.payroll import Pay
from workforce.queries.payroll import Changed, PayLine, PaySheet, changes

_KEYS = ("grade", "post", "certificate")


def payroll_to_xlsx(target: IO[bytes], now: PaySheet, before: PaySheet) -> int:
    """Writes the sheet of a month and its difference to the month before; returns the number of people."""
    write_xlsx(
        target,
        [
            Sheet(_("薪酬表"), _columns(), _rows(now)),
            Sheet(_("与上月相比"), _change_columns(), (_change(one) for one in changes(now, before))),
        ],
    )
    return len(now.lines)


def _columns() -> list[Column]:
    money = [
        Column(key, label, kind=Kind.NUMBER, width=14)
        for key, label in (
            ("grade_pay", _("等级工资（元）")),
            ("post", _("职务补贴（元）")),
            ("certificate", _("证书津贴（元）")),
            ("known", _("已提供金额合计（元）")),
            ("basic", _("其中基本工资（元）")),
            ("performance", _("其中绩效工资（元）")),
        )
    ]
    return [
        Column("code", _("社区代码"), width=14),
        Column("community", _("社区"), width=18),
        Column("name", _("姓名"), width=12),
        Column("title", _("职务"), width=20),
        Column("tier", _("岗位层级"), width=10),
        Column("grade", _("岗位等级"), kind=Kind.NUMBER, width=10),
        Column("held", _("证书"), width=18),
        *money,
        Column("missing", _("未提供金额的项目"), width=24),
        Column("result", _("上年度考核"), width=12),
        Column("on", _("核算日"), kind=Kind.DATE, width=12),
    ]


def _rows(sheet: PaySheet) -> Iterator[list[Any]]:
    for line in sheet.lines:
        yield _row(line, sheet)
    sums = [sheet.sums[key] for key in (*_KEYS, "known")]
    yield [
        "",
        "",
        _("合计"),
        _("%(n)s 人") % {"n": len(sheet.lines)},
        "",
        None,
        "",
        *sums,
        None,
        None,
        "",
        "",
        sheet.on,
    ]


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
        sheet.on,
    ]


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

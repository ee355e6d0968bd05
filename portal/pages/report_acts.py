"""What can be done with one report, as a table: who may, in which states, what it says first, what it calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.reports import actions, signing
from portal.core.reports.declare import ReportKind
from portal.core.reports.models import Report, ReportState
from portal.core.web.keep import page_url
from portal.pages.report_forms import KeepForm, ReasonForm, StepForm
from portal.registry import REPORTS


@dataclass(frozen=True)
class Step:
    """An act on a report. `fresh` counts the figures anew, to show what it would change."""

    label: str | Promise
    icon: str
    perm: Perm
    states: tuple[ReportState, ...]
    sentence: str | Promise
    done: str | Promise
    run: Callable[[Report, ReportKind, dict, Any], Report | None]
    form: type[StepForm] = StepForm
    fresh: bool = False
    primary: bool = False
    reason: str | Promise = ""


def _refresh(report, kind, given, by):
    return actions.refresh_report(report=report, kind=kind, version=given["version"], by=by)


def _sign(report, kind, given, by):
    return signing.sign_report(report=report, kind=kind, by=by, **given)


def _return(report, kind, given, by):
    return signing.return_report(report=report, by=by, **given)


def _publish(report, kind, given, by):
    return signing.publish_report(report=report, version=given["version"], by=by)


def _correct(report, kind, given, by):
    return actions.correct_report(report=report, kind=kind, reason=given["reason"], by=by)


def _discard(report, kind, given, by):
    actions.discard_report(report=report, version=given["version"], by=by)


STEPS: Mapping[str, Step] = {
    "sign": Step(
        gettext_lazy("签发"),
        "check-lg",
        Perm.SIGN_REPORTS,
        (ReportState.DRAFT,),
        gettext_lazy("签发以后，数据和说明不能再改；发布时按签发的内容生成文件。您的姓名和时间会印在报告上。"),
        gettext_lazy("已签发。"),
        _sign,
        KeepForm,
        fresh=True,
        primary=True,
    ),
    "publish": Step(
        gettext_lazy("发布"),
        "send",
        Perm.SIGN_REPORTS,
        (ReportState.SIGNED,),
        gettext_lazy("发布以后，Word 和 Excel 文件永久保存，不能修改或撤回；有错只能发布更正的新版。"),
        gettext_lazy("已发布。"),
        _publish,
        primary=True,
    ),
    "refresh": Step(
        gettext_lazy("更新数据"),
        "arrow-repeat",
        Perm.MAKE_REPORTS,
        (ReportState.DRAFT,),
        gettext_lazy("按现在的登记记录重新统计期末的数字，替换草稿中的数据；您写的说明保留。"),
        gettext_lazy("数据已更新。"),
        _refresh,
        fresh=True,
    ),
    "return": Step(
        gettext_lazy("退回修改"),
        "arrow-return-left",
        Perm.SIGN_REPORTS,
        (ReportState.SIGNED,),
        gettext_lazy("报告退回为草稿，可以更新数据、修改说明，之后重新签发。"),
        gettext_lazy("已退回为草稿。"),
        _return,
        ReasonForm,
        reason=gettext_lazy("退回的原因"),
    ),
    "correct": Step(
        gettext_lazy("更正"),
        "pencil-square",
        Perm.MAKE_REPORTS,
        (ReportState.PUBLISHED,),
        gettext_lazy(
            "按现在的记录编制更正的新版。新版发布以前，这一版仍然有效；发布以后，这一版标为已被更正，文件照样保存。"
        ),
        gettext_lazy("已开始编制更正的新版。"),
        _correct,
        ReasonForm,
        fresh=True,
        reason=gettext_lazy("更正的原因"),
    ),
    "discard": Step(
        gettext_lazy("作废草稿"),
        "x-circle",
        Perm.MAKE_REPORTS,
        (ReportState.DRAFT,),
        gettext_lazy("草稿和其中的说明会被删除。本单位按期编制的报告，下次会再自动编制。"),
        gettext_lazy("草稿已作废。"),
        _discard,
    ),
}


def steps_for(request: HttpRequest, report: Report) -> list[dict[str, Any]]:
    """The acts open to the reader now, as buttons of the page's head."""
    return [
        {
            "label": step.label,
            "icon": step.icon,
            "url": page_url(request, "report_step", report.pk, key),
            "primary": step.primary,
        }
        for key, step in STEPS.items()
        if report.state in step.states and report.kind in REPORTS and request.user.can(step.perm, report.division_id)
    ]

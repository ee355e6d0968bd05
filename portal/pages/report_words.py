"""How reports stand, for the list and the page: badges, the next step, the way through the three states."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.reports.cadence import Standing
from portal.core.reports.declare import kind_label
from portal.core.reports.models import Report, ReportState
from portal.core.reports.queries import Line
from portal.core.reports.words import period_name
from portal.core.web import formats, keep
from portal.registry import REPORTS

_STATES = {
    ReportState.DRAFT: ("changed", gettext_lazy("草稿，待签发")),
    ReportState.SIGNED: ("acknowledged", gettext_lazy("已签发，待发布")),
    ReportState.PUBLISHED: ("done", gettext_lazy("已发布")),
    ReportState.WITHDRAWN: ("ended", gettext_lazy("已被更正")),
}
_STANDINGS = {
    Standing.EXPECTED: ("waiting", gettext_lazy("待编制")),
    Standing.MISSING: ("overdue", gettext_lazy("逾期未编制")),
    Standing.LATE: ("overdue", gettext_lazy("逾期未发布")),
    Standing.PUBLISHED_LATE: ("warning", gettext_lazy("逾期发布")),
}
_REACHED = {ReportState.DRAFT: 1, ReportState.SIGNED: 2, ReportState.PUBLISHED: 3, ReportState.WITHDRAWN: 3}


@dataclass(frozen=True)
class Row:
    """A line of the list as it is shown."""

    line: Line
    label: str
    period: str
    place: str
    badges: tuple[tuple[str, str], ...]
    url: str
    button: str
    make: bool = False


def badges_of(state: str | None, standing: Standing) -> tuple[tuple[str, str], ...]:
    """Keys and words of the badges: what it is, and whether it is late."""
    found = [_STATES[ReportState(state)]] if state else []
    found += [_STANDINGS[standing]] if standing in _STANDINGS else []
    return tuple((key, str(word)) for key, word in found)


def row_of(request: HttpRequest, line: Line) -> Row:
    report, user = line.report, request.user
    url, button, make = "", "", False
    if report is not None:
        url, button = keep.page_url(request, "report", report.pk), _next(report, user)
    elif user.can(Perm.MAKE_REPORTS, line.code):
        url, button, make = keep.page_url(request, "report_new"), _("编制"), True
    return Row(
        line,
        kind_label(line.kind, REPORTS),
        period_name(line.period),
        line.place,
        badges_of(report.state if report else None, line.standing),
        url,
        button,
        make,
    )


def _next(report: Report, user) -> str:
    if report.state == ReportState.DRAFT:
        return _("去签发") if user.can(Perm.SIGN_REPORTS, report.division_id) else _("查看草稿")
    if report.state == ReportState.SIGNED and user.can(Perm.SIGN_REPORTS, report.division_id):
        return _("去发布")
    return _("查看")


def steps_of(report: Report) -> list[dict[str, Any]]:
    """编制 › 签发 › 发布, with where the report stands."""
    reached = _REACHED[report.state]
    return [
        {"label": label, "state": "done" if number < reached else "current" if number == reached else "todo"}
        for number, label in enumerate((_("编制"), _("签发"), _("发布")))
    ]


def facts_of(report: Report) -> list[dict[str, str]]:
    """Who did what, and when."""
    found = [
        (_("数据统计时间"), formats.moment(report.figures_at)),
        (_("发布期限"), formats.day(report.due_on)),
        (_("编制"), f"{_maker(report.made_by)} {formats.moment(report.made_at)}"),
    ]
    if report.signed_at:
        found.append((_("签发"), f"{report.signed_by} {formats.moment(report.signed_at)}"))
    if report.kept_reason:
        found.append((_("沿用原数据的理由"), report.kept_reason))
    if report.published_at:
        found.append((_("发布"), f"{report.published_by} {formats.moment(report.published_at)}"))
    if report.withdrawn_at:
        found.append((_("被更正"), formats.moment(report.withdrawn_at)))
    if report.edition > 1:
        found.append((_("版次"), str(report.edition)))
    found.append((_("数据指纹"), report.digest))
    return [{"label": label, "value": value} for label, value in found]


def _maker(name: str) -> str:
    return _("系统自动编制") if name == "system" else name

"""Reports that wait for a user, as rows of the first page: drafts to sign off, signed ones to publish."""

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.findings.duties import Duty
from portal.core.reports.declare import Kinds, kind_label
from portal.core.reports.models import OPEN, Report, ReportState

SHOWN = 5


def report_duties(kinds: Kinds, user) -> list[Duty]:
    """Open reports of the user's own offices, the most pressing first; those of the levels below are theirs to sign."""
    offices = [code for code in user.territories(Perm.SIGN_REPORTS) if code]
    if not offices:
        return []
    found = Report.objects.filter(division__in=offices, state__in=OPEN).order_by("due_on", "id").defer("content")
    rows = list(found.select_related("division")[: SHOWN + 1])
    duties = [_duty(report, kinds) for report in rows[:SHOWN]]
    if len(rows) > SHOWN:
        count = found.count() - SHOWN
        url = reverse("reports") + "?state=open"
        duties.append(Duty(_("其他待签发、待发布的报告"), count, url, due_on=rows[SHOWN].due_on, button=_("去处理")))
    return duties


def _duty(report: Report, kinds: Kinds) -> Duty:
    signing = report.state == ReportState.DRAFT
    name = {"kind": kind_label(report.kind, kinds), "period": report.period_label}
    return Duty(
        label=(_("%(kind)s（%(period)s）待签发") if signing else _("%(kind)s（%(period)s）待发布")) % name,
        count=1,
        url=reverse("report", args=[report.pk]),
        who=report.division.label,
        due_on=report.due_on,
        button=_("去签发") if signing else _("去发布"),
    )

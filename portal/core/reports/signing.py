"""Signing a report off and publishing it: acts of a person, never of a task."""

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action, signature_of
from portal.core.reports import changing
from portal.core.reports.changing import FiguresOutdated, ReportChanged
from portal.core.reports.comparing import Change, changes
from portal.core.reports.declare import ReportKind
from portal.core.reports.files import render_and_keep
from portal.core.reports.freezing import digest_of, freeze
from portal.core.reports.models import Report, ReportState


def outdated(report: Report, kind: ReportKind) -> list[Change]:
    """What a fresh count of the report's day gives differently from what is frozen in it."""
    return changes(report.content, freeze(kind, report.division, report.span))


@action
def sign_report(*, report: Report, kind: ReportKind, version: int, keep_reason: str = "", by) -> Report:
    """Signs a draft off: what it says now is what will be published. Only a person with the right may.

    FiguresOutdated where a fresh count gives other figures and `keep_reason` does not say why the frozen ones stand.
    """
    changing.check(by, Perm.SIGN_REPORTS, report.division_id, person=True)
    kept_reason = changing.within(keep_reason, _("理由"))
    found = outdated(report, kind)
    if found and not kept_reason:
        raise FiguresOutdated(found)
    kept_reason = kept_reason if found else ""
    report = changing.fresh(report, version, ReportState.SIGNED)
    seal = digest_of({"content": report.content, "remarks": report.remarks})
    return changing.change(
        report,
        version,
        by,
        "sign_report",
        reason=kept_reason,
        state=ReportState.SIGNED,
        signed_by=signature_of(by),
        signed_at=timezone.now(),
        seal=seal,
        kept_reason=kept_reason,
    )


@action
def return_report(*, report: Report, version: int, reason: str, by) -> Report:
    """Makes a signed report that is not out yet a draft again, with a reason."""
    changing.check(by, Perm.SIGN_REPORTS, report.division_id, person=True)
    reason = changing.reason(reason, _("请写明退回修改的理由。"))
    values = {"signed_by": "", "signed_at": None, "seal": "", "kept_reason": ""}
    return changing.change(report, version, by, "return_report", reason=reason, state=ReportState.DRAFT, **values)


@action
def publish_report(*, report: Report, version: int, by) -> Report:
    """Publishes a signed report: its files are made now and kept for good. The one that it corrects is withdrawn."""
    changing.check(by, Perm.SIGN_REPORTS, report.division_id, person=True)
    report = changing.fresh(report, version, ReportState.PUBLISHED)
    if report.seal != digest_of({"content": report.content, "remarks": report.remarks}):
        raise ValidationError(_("报告的内容与签发时不一致，不能发布。请联系系统管理员核查。"))
    if report.corrects_id is not None:
        _withdraw(report.corrects, by)
    values = {"state": ReportState.PUBLISHED, "published_by": signature_of(by), "published_at": timezone.now()}
    published = changing.change(report, version, by, "", **values)
    files = render_and_keep(published)
    changing.note("publish_report", published, by, **{file.form: file.sha256 for file in files})
    return published


def _withdraw(report: Report, by) -> None:
    withdrawn = {"state": ReportState.WITHDRAWN, "withdrawn_at": timezone.now(), "version": F("version") + 1}
    if not Report.objects.filter(pk=report.pk, state=ReportState.PUBLISHED).update(**withdrawn):
        raise ReportChanged
    changing.note("withdraw_report", report, by)

"""Guards that every act on a report shares: who may, what it may become, who was faster, and what the trail says."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import record
from portal.core.reports.cadence import Period
from portal.core.reports.comparing import Change
from portal.core.reports.models import REPORT_NEXT, Report, ReportState

REASON_LENGTH = 500


class ReportExists(ValidationError):
    """Somebody, or the timetable, has made this report already; `report` is that one."""

    def __init__(self, report: Report):
        self.report = report
        super().__init__(_("这一期的报告已经有了，请打开它继续办理。"))


class ReportChanged(ValidationError):
    """Somebody else did something with the report since the reader saw it."""

    def __init__(self):
        super().__init__(_("这份报告刚被别人改动过。请看过最新情况再操作。"))


class FiguresOutdated(ValidationError):
    """A fresh count contradicts the frozen figures; `changes` says where."""

    def __init__(self, found: list[Change]):
        self.changes = found
        super().__init__(
            _("统计以后有 %(count)s 个数字变了。请先更新数据，或者写明沿用原数据的理由。") % {"count": len(found)}
        )


def check(by, perm: Perm, code: str, *, person: bool = False) -> None:
    """Refuses whoever lacks the permission for the division, and the portal itself where a person has to do it."""
    if by is None and not person:
        return
    if by is None or not by.can(perm, code):
        raise ValidationError(_("您没有办理这个单位报告的权限。"))


def lock(kind: str, code: str, period: Period) -> None:
    with connection.cursor() as cursor:
        key = f"{kind} {code} {period.key}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('core.reports'), hashtext(%s))", [key])


def fresh(report: Report, version: int, state: str = "") -> Report:
    """The report as it is now, locked; ReportChanged where it is not what the reader saw, or cannot become `state`."""
    found = Report.objects.select_for_update(of=("self",)).select_related("division", "corrects")
    found = found.filter(pk=report.pk, version=version).first()
    if found is None or (state and state not in REPORT_NEXT[found.state]):
        raise ReportChanged
    return found


def change(report: Report, version: int, by, act: str, *, reason: str = "", **values: Any) -> Report:
    """One guarded change: of drafts, or from one state to one that may follow it."""
    after = values.get("state")
    states = [state for state, following in REPORT_NEXT.items() if after in following] if after else [ReportState.DRAFT]
    found = Report.objects.filter(pk=report.pk, version=version, state__in=states)
    if not found.update(version=F("version") + 1, **values):
        raise ReportChanged
    changed = Report.objects.select_related("division", "corrects").get(pk=report.pk)
    if act:
        note(act, changed, by, reason=reason)
    return changed


def note(act: str, report: Report, by, *, reason: str = "", **detail: Any) -> None:
    record(
        act,
        by=by,
        subject=f"{report.kind} {report.period} #{report.pk}",
        division=report.division_id,
        reason=reason,
        edition=report.edition,
        digest=report.digest,
        **detail,
    )


def reason(text: str, missing: str) -> str:
    if not text.strip():
        raise ValidationError({"reason": missing})
    return within(text, _("原因"))


def within(text: str, label: str) -> str:
    text = text.strip()
    if len(text) > REASON_LENGTH:
        raise ValidationError(_("%(label)s最多 %(most)s 个字。") % {"label": label, "most": REASON_LENGTH})
    return text

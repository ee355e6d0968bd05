"""What is done with reports before they are signed: made, refreshed, remarked on, begun anew as a correction, dropped."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action, signature_of
from portal.core.lib.clock import today
from portal.core.reports import changing
from portal.core.reports.cadence import Period
from portal.core.reports.changing import ReportChanged, ReportExists
from portal.core.reports.declare import Kinds, ReportKind
from portal.core.reports.expected import DueDays
from portal.core.reports.freezing import digest_of, freeze
from portal.core.reports.models import Report, ReportState, ReportSubscription
from portal.core.reports.words import period_name
from portal.core.territory.models import Division

REMARK_LENGTH = 2000
REMARKS = ("causes", "next")


@action
def make_report(*, kind: ReportKind, division: Division, period: Period, by) -> Report:
    """Makes the draft of a period's report with its figures taken now. ReportExists where there is one.

    `by` None is the timetable. Two at once make one: the second waits for the first and then finds it.
    """
    changing.check(by, Perm.MAKE_REPORTS, division.code)
    if period.ends_on >= today():
        raise ValidationError(_("%(period)s还没有结束，结束后才能编制。") % {"period": period_name(period)})
    changing.lock(kind.key, division.code, period)
    there = Report.objects.filter(kind=kind.key, division=division, period=period.key).order_by("-edition").first()
    if there is not None:
        raise ReportExists(there)
    return _draft(kind, division, period, by)


def _draft(kind: ReportKind, division: Division, period: Period, by, **more: Any) -> Report:
    content = _frozen(kind, division, period)
    report = Report.objects.create(
        kind=kind.key,
        division=division,
        cadence=period.cadence.value,
        period=period.key,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        due_on=DueDays().of(division.code, period),
        content=content,
        digest=digest_of(content),
        figures_at=timezone.now(),
        made_by=signature_of(by),
        **more,
    )
    changing.note("make_report", report, by)
    return report


def _frozen(kind: ReportKind, division: Division, period: Period) -> dict[str, Any]:
    try:
        return freeze(kind, division, period)
    except ValueError as error:
        raise ValidationError(
            _("%(day)s 还没有“%(place)s”这个区划，不能编制。") % {"day": period.ends_on, "place": division.label}
        ) from error


@action
def refresh_report(*, report: Report, kind: ReportKind, version: int, by) -> Report:
    """Takes the figures of a draft anew; the remarks stay."""
    changing.check(by, Perm.MAKE_REPORTS, report.division_id)
    content = _frozen(kind, report.division, report.span)
    values = {"content": content, "digest": digest_of(content), "figures_at": timezone.now()}
    return changing.change(report, version, by, "refresh_report", **values)


@action
def write_remarks(*, report: Report, remarks: Mapping[str, Mapping[str, str]], version: int, by) -> Report:
    """Sets what people say to the sections of a draft: {section: {"causes": …, "next": …}}; empty texts are left out."""
    changing.check(by, Perm.MAKE_REPORTS, report.division_id)
    sections = {section["key"] for section in report.content["sections"]}
    cleaned = {
        key: texts
        for key, given in remarks.items()
        if key in sections and (texts := {name: text for name in REMARKS if (text := given.get(name, "").strip())})
    }
    if any(len(text) > REMARK_LENGTH for texts in cleaned.values() for text in texts.values()):
        raise ValidationError(_("每段说明最多 %(most)s 个字。") % {"most": REMARK_LENGTH})
    return changing.change(report, version, by, "write_remarks", remarks=cleaned)


@action
def correct_report(*, report: Report, kind: ReportKind, reason: str, by) -> Report:
    """Begins the corrected edition of a published report, with figures taken now; the old one stays until that is out."""
    changing.check(by, Perm.MAKE_REPORTS, report.division_id, person=True)
    reason = changing.reason(reason, _("请写明更正的原因，它会印在新版上。"))
    changing.lock(report.kind, report.division_id, report.span)
    report.refresh_from_db()
    if report.state != ReportState.PUBLISHED:
        raise ReportChanged
    if later := Report.objects.filter(corrects=report).first():
        raise ReportExists(later)
    more = {
        "edition": report.edition + 1,
        "corrects": report,
        "correction_reason": reason,
        "remarks": report.remarks,
    }
    return _draft(kind, report.division, report.span, by, **more)


@action
def discard_report(*, report: Report, version: int, by) -> None:
    """Drops a draft that nobody needs; one that the timetable expects comes back with the next run."""
    changing.check(by, Perm.MAKE_REPORTS, report.division_id, person=True)
    locked = changing.fresh(report, version)
    if locked.state != ReportState.DRAFT:
        raise ValidationError(_("只有草稿可以作废。"))
    changing.note("discard_report", locked, by)
    locked.delete()


@action
def switch_reports(*, division: Division, kinds: Kinds, wanted: Collection[str], by) -> list[str]:
    """Chooses which kinds of report a division makes, from today on; returns the keys that changed."""
    changing.check(by, Perm.SIGN_REPORTS, division.code, person=True)
    changed = []
    for key, kind in kinds.items():
        on = key in wanted
        line = ReportSubscription.objects.select_for_update().filter(division=division, kind=key).first()
        if on == (line.on if line else division.level in kind.levels):
            continue
        ReportSubscription.objects.update_or_create(division=division, kind=key, defaults={"on": on, "since": today()})
        changed.append(key)
    return changed

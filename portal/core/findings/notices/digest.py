"""The morning e-mail: on working days, to those who want it, about what is theirs; nothing where there is nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core.accounts.models import User
from portal.core.findings.inspection import Inspection
from portal.core.findings.models import Delivery, Finding, State, Supervision
from portal.core.findings.notices.ledger import claim_mail, close_mail
from portal.core.findings.queries import held_by
from portal.core.findings.supervision import awaiting
from portal.core.lib.workdays import ONE_DAY, Specials, is_workday
from portal.core.workdays.queries import specials

EVENT = "digest"
SOON = timedelta(days=7)
SHOWN = 10


@dataclass(frozen=True)
class Part:
    """One paragraph: how many there are, and the first of them."""

    title: str
    count: int
    lines: list[str]


More = Sequence[Callable[[User, date, date], list[Part]]]
"""What the apps above have to say: functions of the reader, the day, and the day of the digest before."""


def send_digests(on: date, inspections: Mapping[str, Inspection], more: More = ()) -> int:
    """Sends the digests of a day that are not sent yet; returns how many. On a day off, or without a mail server: 0."""
    calendar = specials(on.year - 1)
    if not settings.MAIL_ON or not is_workday(on, calendar):
        return 0
    readers = User.objects.filter(is_active=True, mail_digest=True).exclude(email="").order_by("pk")
    since = last_workday_before(on, calendar)
    return sum(send_digest(reader, on, since, inspections, more) for reader in readers)


def send_digest(user: User, on: date, since: date, inspections: Mapping[str, Inspection], more: More = ()) -> bool:
    """Sends one digest, once: the ledger has its key before the mail server hears of it."""
    with translation.override(settings.LANGUAGE_CODE):
        parts = parts_for(user, on, since, inspections)
        parts += [part for told in more for part in told(user, on, since) if part.count]
        if not parts:
            return False
        claimed = claim_mail(key=f"mail:{EVENT}:{user.pk}:{on}", user=user, event=EVENT)
        if claimed is None:
            return False
        return _send(claimed, user, _("%(day)s 待办提醒") % {"day": on}, text_of(user, parts))


def last_workday_before(on: date, calendar: Specials) -> date:
    """The day of the digest before this one."""
    day = on - ONE_DAY
    while not is_workday(day, calendar):
        day -= ONE_DAY
    return day


def parts_for(user: User, on: date, since: date, inspections: Mapping[str, Inspection]) -> list[Part]:
    """What the digest says; empty when nothing is overdue, due within a week, new since the last one, or asked of me."""
    found = (
        Finding.objects.filter(held_by(user))
        .select_related("division")
        .order_by(F("due_on").asc(nulls_last=True), "id")
    )
    working = found.filter(state__in=[State.OPEN, State.ACKNOWLEDGED, State.PLANNED])
    notices = list(awaiting(user))
    parts = [
        Part(_("督办单"), len(notices), [_notice_line(notice) for notice in notices[:SHOWN]]),
        _part(_("已逾期的预警"), working.filter(due_on__lt=on), inspections),
        _part(_("7 天内到期的预警"), working.filter(due_on__gte=on, due_on__lte=on + SOON), inspections),
        _part(_("新转来的预警"), found.filter(state=State.OPEN, held_since__gt=since), inspections),
    ]
    return [part for part in parts if part.count]


def text_of(user: User, parts: list[Part]) -> str:
    """The e-mail as plain text, without names of persons."""
    lines = [_("%(name)s，您好：") % {"name": user.name}, ""]
    for part in parts:
        lines += [_("【%(title)s】%(count)s 项") % {"title": part.title, "count": part.count}]
        lines += [f"  · {line}" for line in part.lines]
        if part.count > len(part.lines):
            lines.append(_("  · …… 另有 %(rest)s 项") % {"rest": part.count - len(part.lines)})
        lines.append("")
    if settings.PUBLIC_URL:
        lines.append(settings.PUBLIC_URL.rstrip("/") + reverse("findings") + "?holder=mine")
    lines.append(_("不想收到每日邮件，可以在平台右上角“通知设置”中关闭。"))
    return "\n".join(lines)


def _part(title: str, findings: QuerySet, inspections: Mapping[str, Inspection]) -> Part:
    return Part(title, findings.count(), [_finding_line(finding, inspections) for finding in findings[:SHOWN]])


def _finding_line(finding: Finding, inspections: Mapping[str, Inspection]) -> str:
    inspection = inspections.get(finding.kind)
    label = str(inspection.label) if inspection else finding.kind
    due = _("，期限 %(day)s") % {"day": finding.due_on} if finding.due_on else ""
    return f"{finding.division.label} {label}{due}"


def _notice_line(notice: Supervision) -> str:
    return _("%(number)s（%(state)s），期限 %(day)s") % {
        "number": notice.number,
        "state": notice.get_state_display(),
        "day": notice.due_on,
    }


def _send(claimed: Delivery, user: User, subject: str, text: str) -> bool:
    try:
        EmailMessage(subject, text, to=[user.email]).send()
    except Exception as error:  # whatever the mail server does, the ledger has to know
        close_mail(claimed, f"{type(error).__name__}: {error}")
        return False
    close_mail(claimed)
    return True

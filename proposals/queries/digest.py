"""What the morning e-mail of working days says of proposals: what is late, what is due soon, who was reminded."""

from datetime import date

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

from portal.core.accounts.models import User
from portal.core.accounts.roles import Perm
from portal.core.findings.notices.digest import Part
from portal.core.lib.scope import union
from portal.core.workdays.queries import calendar_from
from proposals.deadlines import soon_until
from proposals.models import Handling, Reminder, Seat

SHOWN = 10


def deadline_parts(user: User, on: date, since: date) -> list[Part]:
    """Duties of the units that the reader works for, and of all units of a place whose proposals they manage.

    `since` is the day of the e-mail before: reminders from then on are new.
    """
    mine = _parts(user)
    if mine is None:
        return []
    running = mine.filter(suspended=False, due_on__isnull=False)
    soon_on = soon_until(on, calendar_from(on))
    return [
        _part(_("已逾期的提案"), running.filter(due_on__lt=on)),
        _part(_("五个工作日内到期的提案"), running.filter(due_on__gte=on, due_on__lte=soon_on)),
        _reminded(user, since),
    ]


def _parts(user: User) -> QuerySet[Handling] | None:
    if not user.can(Perm.HANDLE_PROPOSALS):
        return None
    managed = union("division_id", user.territories(Perm.MANAGE_PROPOSALS))
    seated = Exists(Seat.objects.filter(user=user.pk, unit=OuterRef("unit")))
    rows = Handling.objects.for_user(user, Perm.HANDLE_PROPOSALS)
    return rows.filter(seated if managed is None else managed | seated)


def _part(title: str, rows: QuerySet[Handling]) -> Part:
    shown = rows.select_related("proposal__session", "unit").order_by("due_on", "pk")[:SHOWN]
    return Part(title, rows.count(), [_line(one) for one in shown])


def _line(part: Handling) -> str:
    return _("%(case)s %(number)s 号（%(unit)s），%(kind)s期限 %(day)s") % {
        "case": part.proposal.session.label,
        "number": part.proposal.number,
        "unit": part.unit.short,
        "kind": part.get_due_kind_display(),
        "day": part.due_on,
    }


def _reminded(user: User, since: date) -> Part:
    """Reminders to the reader's own units since the last e-mail whose last day still stands open."""
    seated = Exists(Seat.objects.filter(user=user.pk, unit=OuterRef("handling__unit")))
    open_ones = Reminder.objects.filter(
        seated, on__gte=since, handling__due_on=F("due_on"), handling__due_kind=F("kind")
    )
    rows = open_ones.select_related("handling__proposal__session", "handling__unit").order_by("due_on", "pk")
    return Part(_("督查室催办"), rows.count(), [f"{_line(one.handling)}：{one.words}" for one in rows[:SHOWN]])

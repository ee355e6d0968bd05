"""What waits for a user's decision, as rows of the first page. Every app offers its own; portal/registry.py lists them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.findings.counts import tally
from portal.core.findings.models import State, Supervision, SupervisionState
from portal.core.findings.queries import held_by
from portal.core.findings.supervision import awaiting


@dataclass(frozen=True)
class Duty:
    """One line of "waiting for my decision": what, how many, by when, and where to do it.

    `who` names whom it concerns when it is about one place; `button` is the word on its one button.
    """

    label: str | Promise
    count: int
    url: str
    who: str = ""
    due_on: date | None = None
    button: str | Promise = ""


Duties = Callable[[object], list[Duty]]
"""A function that a domain offers: the duties of a user today, the most pressing first; empty where there are none."""


def finding_duties(user) -> list[Duty]:
    """Open findings that the user's level holds and that nobody has signed for."""
    if not user.can(Perm.HANDLE_FINDINGS):
        return []
    waiting = tally(user, "", Q(state=State.OPEN) & held_by(user), "due_on")
    if not waiting:
        return []
    due_on = min((day for (day,) in waiting if day), default=None)
    url = reverse("findings") + "?holder=mine&state=open"
    return [Duty(_("预警待签收"), waiting.total(), url, due_on=due_on, button=_("去签收"))]


def supervision_duties(user) -> list[Duty]:
    """Supervision notices that wait for the user: to reply to, or to judge the reply of."""
    return [_supervision(notice, user) for notice in awaiting(user)]


def _supervision(notice: Supervision, user) -> Duty:
    reply = notice.state != SupervisionState.REPLIED
    return Duty(
        label=_("督办单 %(number)s 待回复") % {"number": notice.number}
        if reply
        else _("督办单 %(number)s 的回复待审核") % {"number": notice.number},
        count=1,
        url=reverse("supervision", args=[notice.pk]),
        who=notice.issuer.label if reply else notice.division.label,
        due_on=notice.due_on if reply else None,
        button=_("去回复") if reply else _("去审核"),
    )

"""Reads of requests: by due date, late ones first, and their counts under places (domain §1.H10)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Count, F, Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.findings.duties import Duty
from portal.core.lib.clock import today
from portal.core.lib.workdays import add_workdays
from portal.core.policy.kinds import REQUESTS
from portal.core.policy.queries import rule_for
from portal.core.workdays.queries import calendar_from
from ratings.enums import RequestState
from ratings.models import ServiceRequest

WAITING = (RequestState.OPEN, RequestState.PASSED)
SORTS = {"due": ("due_on", "pk"), "received": ("received_on", "pk"), "place": ("division_id", "due_on", "pk")}


def due_day(code: str, kind: str, received_on: date) -> date:
    """The last day to answer: so many working days after the day of receipt, by the rule of the place on that day."""
    days = rule_for(REQUESTS, code, received_on).value[kind]
    return add_workdays(received_on, days, calendar_from(received_on))


def late(on: date) -> Q:
    """Condition: past the last day, waiting still or answered after it."""
    return Q(state__in=WAITING, due_on__lt=on) | Q(state=RequestState.ANSWERED, answered_on__gt=F("due_on"))


def listed(
    user,
    code: str,
    on: date,
    *,
    q: str = "",
    kind: str = "",
    show: str = "waiting",
    verdict: str = "",
    year: int | None = None,
    sort: str = "",
) -> QuerySet:
    """Requests under a place. `show`: waiting, late, one of the states, or all; those received after the day are left out."""
    rows = ServiceRequest.objects.for_user(user, Perm.VIEW_SERVICE).under(code).filter(received_on__lte=on)
    if show == "waiting":
        rows = rows.filter(state__in=WAITING)
    elif show == "late":
        rows = rows.filter(late(on))
    elif show in RequestState.values:
        rows = rows.filter(state=show)
    for name, value in (("kind", kind), ("verdict", verdict), ("received_on__year", year)):
        if value:
            rows = rows.filter(**{name: value})
    for word in q.replace("\x00", "").split()[:5]:
        rows = rows.filter(Q(title__icontains=word) | Q(text__icontains=word) | Q(premises__label__icontains=word))
    return rows.select_related("division", "premises", "first_asked").order_by(*_order(sort, show))


def _order(sort: str, show: str) -> list[str]:
    """What waits by its last day, everything else newest first, unless the reader chose."""
    if not sort:
        return ["due_on", "pk"] if show in ("waiting", "open", "passed") else ["-received_on", "-pk"]
    keys = SORTS[sort.removeprefix("-")]
    return [f"-{keys[0]}" if sort.startswith("-") else keys[0], *keys[1:]]


@dataclass(frozen=True)
class RequestCounts:
    """Requests of a place: waiting, of those past the last day, answered in the year, of those in time, rated satisfied."""

    waiting: int = 0
    late: int = 0
    answered: int = 0
    on_time: int = 0
    rated: int = 0
    satisfied: int = 0

    @property
    def on_time_share(self) -> Decimal | None:
        """Per cent of the answers that came by the last day; None without any answer."""
        return Decimal(self.on_time) * 100 / self.answered if self.answered else None


def counts_of(codes: list[str], on: date) -> dict[str, RequestCounts]:
    """By code of `codes`, all of one level; satisfied means satisfied or basically so, answers are those of the year."""
    if not codes:
        return {}
    sql = """
    SELECT left(r.division_id, %(length)s),
        count(*) FILTER (WHERE r.state IN ('open', 'passed')),
        count(*) FILTER (WHERE r.state IN ('open', 'passed') AND r.due_on < %(on)s),
        count(*) FILTER (WHERE r.answered_on >= %(year)s),
        count(*) FILTER (WHERE r.answered_on >= %(year)s AND r.answered_on <= r.due_on),
        count(*) FILTER (WHERE r.answered_on >= %(year)s AND r.verdict <> ''),
        count(*) FILTER (WHERE r.answered_on >= %(year)s AND r.verdict IN ('satisfied', 'basic'))
    FROM unnest(%(codes)s::text[]) AS c(code)
    JOIN ratings_servicerequest r ON r.division_id >= c.code AND r.division_id < c.code || '~'
    WHERE r.received_on <= %(on)s AND (r.state IN ('open', 'passed') OR r.answered_on BETWEEN %(year)s AND %(on)s)
    GROUP BY 1"""
    given = {"codes": codes, "length": len(codes[0]), "on": on, "year": date(on.year, 1, 1)}
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        found = {code: RequestCounts(*counts) for code, *counts in cursor.fetchall()}
    return {code: found.get(code, RequestCounts()) for code in codes}


SOON = timedelta(days=7)


def duties(user) -> list[Duty]:
    """Requests that whoever keeps the records has to answer within a week or should have answered, as one line."""
    rows = ServiceRequest.objects.for_user(user, Perm.CHANGE_SERVICE).filter(
        state__in=WAITING, due_on__lte=today() + SOON
    )
    facts = rows.aggregate(count=Count("pk"), due_on=Min("due_on"))
    if not facts["count"]:
        return []
    url = reverse("requests", args=[user.territories(Perm.CHANGE_SERVICE)[0]])
    return [Duty(_("诉求和办事待答复"), facts["count"], url, due_on=facts["due_on"], button=_("去答复"))]

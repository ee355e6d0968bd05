"""Deadlines of the reader's findings for the first page: overdue, and due within 7, 30 and 90 days."""

from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.db.models import Case, Q, Value, When
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.findings.counts import tally
from portal.core.findings.models import Finding, State
from portal.core.findings.queries import MANY, firsts, held_by, in_reach_of
from portal.core.web import keep
from portal.pages.finding_texts import with_texts

SHOWN = 4
BANDS = {
    "overdue": gettext_lazy("已逾期"),
    "7": gettext_lazy("7 天内到期"),
    "30": gettext_lazy("30 天内到期"),
    "90": gettext_lazy("90 天内到期"),
}
# Findings that wait for somebody: what is excused for a time has no deadline that runs.
WORKING = ~Q(state=State.RESOLVED) & ~Q(state=State.EXCUSED)


def band_of(days: int) -> str:
    """The band of a deadline so many days ahead; '' beyond the last."""
    if days < 0:
        return "overdue"
    return next((key for key in BANDS if key != "overdue" and days <= int(key)), "")


def in_band(band: str, on: date) -> Q:
    """Findings whose deadline lies in a band; the bands do not overlap."""
    if band == "overdue":
        return Q(due_on__lt=on)
    ends = [int(key) for key in BANDS if key != "overdue"]
    place = ends.index(int(band))
    first = on if place == 0 else on + timedelta(days=ends[place - 1] + 1)
    return Q(due_on__gte=first, due_on__lte=on + timedelta(days=ends[place]))


def deadlines_of(request: HttpRequest, on: date) -> dict:
    """The bands with their counts and first lines; for those who handle findings: of what is theirs. A few queries."""
    user = request.user
    handles = user.can(Perm.HANDLE_FINDINGS)
    mine = WORKING & held_by(user) if handles else WORKING
    counts = _counts(user, mine, on)
    lines = with_texts(_firsts(user, mine, counts, on) if any(counts.values()) else [], user)
    late_below = WORKING & in_band("overdue", on) & in_reach_of(user) & ~held_by(user)
    holder = {"holder": "mine"} if handles else {}
    return {
        "handles": handles,
        "bands": [
            {
                "key": key,
                "label": label,
                "count": counts[key],
                "lines": [finding for finding in lines if finding.band == key],
                "url": keep.page_url(request, "findings", state="active", due=key, **holder),
            }
            for key, label in BANDS.items()
        ],
        "total": sum(counts.values()),
        "below": tally(user, "", late_below, "state").total() if handles else 0,
        "below_url": keep.page_url(request, "findings", state="active", due="overdue", holder="below"),
    }


def _counts(user, mine: Q, on: date) -> dict[str, int]:
    last = on + timedelta(days=max(int(key) for key in BANDS if key != "overdue"))
    counts = dict.fromkeys(BANDS, 0)
    for (day,), count in tally(user, "", mine & Q(due_on__lte=last), "due_on").items():
        counts[band_of((day - on).days)] += count
    return counts


def _firsts(user, mine: Q, counts: dict[str, int], on: date) -> list[Finding]:
    """The first findings of every band."""
    found = Finding.objects.for_user(user, Perm.VIEW_FINDINGS).filter(mine).select_related("division")
    bands = {key: in_band(key, on) for key, count in counts.items() if count}
    few = reduce(or_, (bands[key] for key in bands if counts[key] <= MANY), Q())
    many = [bands[key] for key in bands if counts[key] > MANY]
    found = found.annotate(band=Case(*(When(in_band(key, on), then=Value(key)) for key in BANDS)))
    return firsts(found, "band", ("due_on", "id"), few, many, SHOWN)

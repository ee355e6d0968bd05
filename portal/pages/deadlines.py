"""Deadlines of the reader's findings for the first page: overdue, and due within 7, 30 and 90 days."""

from datetime import date, timedelta

from django.db.models import Case, Count, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.findings.models import Finding, State
from portal.core.findings.queries import held_by, in_reach_of
from portal.core.web import keep
from portal.pages.finding_texts import with_texts

SHOWN = 4
BANDS = {
    "overdue": gettext_lazy("已逾期"),
    "7": gettext_lazy("7 天内到期"),
    "30": gettext_lazy("30 天内到期"),
    "90": gettext_lazy("90 天内到期"),
}


def in_band(band: str, on: date) -> Q:
    """Findings whose deadline lies in a band; the bands do not overlap."""
    if band == "overdue":
        return Q(due_on__lt=on)
    ends = [int(key) for key in BANDS if key != "overdue"]
    place = ends.index(int(band))
    first = on if place == 0 else on + timedelta(days=ends[place - 1] + 1)
    return Q(due_on__gte=first, due_on__lte=on + timedelta(days=ends[place]))


def deadlines_of(request: HttpRequest, on: date) -> dict:
    """The bands with their counts and first lines; for those who handle findings: of what is theirs. Three queries."""
    user = request.user
    handles = user.can(Perm.HANDLE_FINDINGS)
    found = Finding.objects.for_user(user, Perm.VIEW_FINDINGS).active().exclude(state=State.EXCUSED)
    mine = held_by(user) if handles else Q()
    bands = {f"band_{key}": Count("id", filter=mine & in_band(key, on)) for key in BANDS}
    below = in_band("overdue", on) & in_reach_of(user) & ~mine
    counts = found.aggregate(**bands, below=Count("id", filter=below))
    late_below, found = counts.pop("below"), found.filter(mine)
    lines = with_texts(_firsts(found, on) if any(counts.values()) else [], user)
    holder = {"holder": "mine"} if handles else {}
    return {
        "handles": handles,
        "bands": [
            {
                "key": key,
                "label": label,
                "count": counts[f"band_{key}"],
                "lines": [finding for finding in lines if finding.band == key],
                "url": keep.page_url(request, "findings", state="active", due=key, **holder),
            }
            for key, label in BANDS.items()
        ],
        "total": sum(counts.values()),
        "below": late_below,
        "below_url": keep.page_url(request, "findings", state="active", due="overdue", holder="below"),
    }


def _firsts(found: QuerySet, on: date) -> QuerySet:
    band = Case(*(When(in_band(key, on), then=Value(key)) for key in BANDS))
    ranked = found.annotate(band=band).filter(band__isnull=False)
    window = Window(RowNumber(), partition_by="band", order_by=["due_on", "id"])
    ranked = ranked.annotate(place_in_band=window).filter(place_in_band__lte=SHOWN)
    return ranked.select_related("division").order_by("due_on", "id")

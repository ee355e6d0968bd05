"""The last days of a part on the page of its case, and how each of them stands in words."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.core.lib.clock import today
from portal.core.web import formats, keep
from portal.core.workdays.queries import calendar_from
from proposals.deadlines import light, soon_until
from proposals.models import Deadline, Handling
from proposals.queries.deadlines import RIGHTS

# The light as a badge: its key gives shape and colour, the words stand beside.
BADGES = {"red": "overdue", "amber": "due_soon", "green": "active", "paused": "excused"}


def panel(request: HttpRequest, handling: Handling) -> dict:
    """The last days of a part for the page of its case, latest first, each with the way to its explanation."""
    rows = handling.deadlines.order_by("-round", "-due_on", "-pk")
    lines = [
        {
            "row": one,
            "badge": standing(one),
            "length": length_words(one),
            "url": keep.page_url(request, "deadline", one.pk),
        }
        for one in rows
    ]
    return {"lines": lines}


def standing(held: Deadline) -> dict:
    """How a last day stands today, as a badge with its words."""
    if held.met_on is not None:
        late = held.met_on > held.due_on
        words = {"day": held.met_on.isoformat()}
        return {
            "key": "warning" if late else "done",
            "word": (_("%(day)s 完成，逾期") if late else _("%(day)s 完成")) % words,
        }
    if held.dropped:
        return {"key": "ended", "word": _("不再要求")}
    on = today()
    if held.kind in RIGHTS and held.due_on < on:
        return {"key": "ended", "word": _("期限已过，不再受理")}
    colour = light(held.due_on, on, soon_until(on, calendar_from(on)), suspended=held.handling.suspended)
    word = _("中止计时") if colour == "paused" else formats.days_left((held.due_on - on).days)
    return {"key": BADGES[colour], "word": word}


def length_words(held: Deadline) -> str:
    """How a deadline is counted, in words."""
    if held.fixed:
        return _("固定日期")
    if held.months is not None:
        return _("%(n)s 个月") % {"n": held.months}
    if held.days is not None:
        return _("%(n)s 天") % {"n": held.days}
    return _("%(n)s 个工作日") % {"n": held.working_days}

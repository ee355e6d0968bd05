"""Which last days somebody moved by entering a holiday notice."""

from datetime import datetime

from django.utils.translation import gettext as _

from portal.core.workdays.followers import MovedDay
from proposals.models import DeadlineMove

SHOWN = 500


def moved_by(user, since: datetime) -> tuple[list[MovedDay], int]:
    """The last days that the user moved since a moment, by the new day, and how many there are; the first `SHOWN` are
    told. Titles and persons stay behind the wall."""
    rows = DeadlineMove.objects.filter(moved_by=user.pk, moved_at__gte=since).select_related(
        "deadline__handling__unit", "deadline__handling__division", "deadline__handling__proposal__session"
    )
    return [_told(one) for one in rows.order_by("after", "pk")[:SHOWN]], rows.count()


def _told(move: DeadlineMove) -> MovedDay:
    part = move.deadline.handling
    words = {
        "case": part.proposal.session.label,
        "number": part.proposal.number,
        "unit": part.unit.short,
        "kind": move.deadline.get_kind_display(),
    }
    label = _("%(case)s %(number)s 号 · %(unit)s · %(kind)s") % words
    return MovedDay(label, part.division.label, move.before, move.after, move.reason)

"""Answers whose proposers have not said what they think of them, though the time for it is over (domain §2.2)."""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from portal.core.accounts.roles import Perm
from portal.core.lib.scope import union
from proposals.enums import DueKind
from proposals.models import Deadline, Feedback, Handling, Seat
from proposals.stages import SENT


def over(on: date) -> Q:
    """Parts that wait for opinions beyond their last day; where the place has no rule for it, beyond that of the links."""
    period = Deadline.objects.filter(handling=OuterRef("pk"), kind=DueKind.FEEDBACK, round=OuterRef("round"))
    open_links = Feedback.objects.filter(handling=OuterRef("pk"), round=OuterRef("round"), expires_on__gte=on)
    past = Exists(period.filter(due_on__lt=on)) | ~Exists(period) & ~Exists(open_links)
    return Q(stage=SENT) & past


def unanswered(user, code: str, on: date) -> QuerySet[Handling]:
    """The same of the units for which the user may act, longest over first: `asked` forms, `back` of them, `over_on`."""
    rows = Handling.objects.for_user(user, Perm.HANDLE_PROPOSALS).under(code).filter(over(on))
    mine = Exists(Seat.objects.filter(unit=OuterRef("unit"), user=user.pk))
    managed = union("division_id", user.territories(Perm.MANAGE_PROPOSALS))
    period = Deadline.objects.filter(handling=OuterRef("pk"), kind=DueKind.FEEDBACK, round=OuterRef("round"))
    forms = Feedback.objects.filter(handling=OuterRef("pk"), round=OuterRef("round")).order_by().values("handling")
    asked, back = forms.annotate(n=Count("pk")), forms.filter(returned_at__isnull=False).annotate(n=Count("pk"))
    return (
        rows.filter(mine if managed is None else mine | managed)
        .annotate(over_on=Subquery(period.values("due_on")[:1]), asked=Subquery(asked.values("n")))
        .annotate(back=Subquery(back.values("n")))
        .select_related("proposal__session", "unit")
        .order_by("over_on", "pk")
    )

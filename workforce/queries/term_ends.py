"""Terms of the two committees that end soon: the last of each committee, with nothing registered after it."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from portal.core.accounts.roles import Perm
from workforce.models import Term


def terms_ending(user, code: str, on: date, days: int) -> QuerySet:
    """Terms under a division whose last day lies from the day to `days` days after it, earliest first."""
    mine = Term.objects.for_user(user, Perm.VIEW_STAFFING).under(code)
    later = Term.objects.filter(
        division_id=OuterRef("division_id"), body=OuterRef("body"), valid_from__gt=OuterRef("valid_from")
    )
    soon = mine.filter(valid_from__lte=on, valid_to__gt=on, valid_to__lte=on + timedelta(days=days + 1))
    return soon.filter(~Exists(later)).select_related("division").order_by("valid_to", "division_id", "body")

"""What a reader may do on the page of one person."""

from django.http import HttpRequest

from portal.core.accounts.roles import Perm
from workforce.models import Person
from workforce.views.answers import may_change_now


def may_change(request: HttpRequest, person: Person) -> bool:
    """Whether the page shows today and the person works or worked where the reader keeps the roster; asked once."""
    if not may_change_now(request):
        return False
    known = getattr(request, "may_change_workers", {})
    if person.pk not in known:
        allowed = Person.objects.for_user(request.user, Perm.CHANGE_ROSTER).filter(pk=person.pk).exists()
        request.may_change_workers = known = {**known, person.pk: allowed}
    return known[person.pk]


def sees_private(request: HttpRequest, person: Person) -> bool:
    """Whether the reader may see health, discipline and the like of this person (domain §2.12); asked once."""
    known = getattr(request, "seen_workers", {})
    if person.pk not in known:
        allowed = Person.objects.for_user(request.user, Perm.REVEAL_PERSONAL).filter(pk=person.pk).exists()
        request.seen_workers = known = {**known, person.pk: allowed}
    return known[person.pk]

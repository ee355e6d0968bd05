"""Reads of the roster."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q

from portal.core.accounts.roles import Perm
from workforce.models import Appointment, Person


def roster(user, *, under: str = "", on: date):
    """Posts in force on a day in the user's territory, with their people and communities."""
    return (
        Appointment.objects.for_user(user, Perm.VIEW_ROSTER)
        .under(under)
        .in_force(on)
        .select_related("person", "division")
    )


def find_people(user, text: str):
    """People in the user's territory by name or by pinyin initials."""
    text = text.strip().replace("\x00", "")
    if not text:
        return Person.objects.none()
    condition = Q(name__startswith=text)
    if text.isascii() and text.isalpha():
        condition |= Q(name_initials__startswith=text.lower())
    return Person.objects.for_user(user, Perm.VIEW_ROSTER).filter(condition).order_by("name_pinyin", "id")


def units_of(user, people: Iterable[Person | UUID], on: date) -> dict[UUID, str]:
    """The names of the communities in which people hold their most senior posts on a day, as far as the user may see."""
    posts = Appointment.objects.for_user(user, Perm.VIEW_ROSTER).filter(person__in=people).in_force(on)
    rows = posts.order_by("-tier", "-valid_from", "-id").values_list("person_id", "division__label")
    return dict(rows)

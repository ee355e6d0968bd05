"""Reads of the roster."""

from datetime import date

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

"""Who works in a community on a day: those who visit, are asked first, stand on the rota, lead a project."""

from datetime import date

from django.db.models import Exists, F, OuterRef, QuerySet

from workforce.models import Appointment, Person


def in_post(code: str, on: date, until: date | None = None) -> QuerySet:
    """People with a post in the community `code` on a day, or on any day up to `until`, by name. Scope the code before."""
    posts = Appointment.objects.filter(person=OuterRef("pk"), division_id=code, valid_from__lte=until or on)
    posts = posts.exclude(valid_to__lte=on).exclude(valid_to=F("valid_from"))
    return Person.objects.filter(Exists(posts)).order_by("name_pinyin", "pk")

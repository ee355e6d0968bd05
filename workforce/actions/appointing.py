"""The rows of posts: a new one, a corrected one, one that goes on changed from a day; shared by every act about posts.

None of these is an act of its own: position guard, tallies and the claim of the person are the caller's.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.core.lib.dated import last_day
from workforce.models import Appointment, Person, QuotaException
from workforce.queries.establishment import class_of
from workforce.queries.figured import communities_of


def appoint(person: Person, post: dict) -> Appointment:
    """A new post. Raises ValidationError where the person holds the same one at the same time."""
    try:
        with transaction.atomic():
            return Appointment.objects.create(person=person, **post)
    except IntegrityError as error:
        raise ValidationError({"valid_from": _("此人在该社区的同一机构、同一职务已有时间重叠的任职。")}) from error


def rehire(person: Person, starts_on: date) -> None:
    """One who had left and starts again is hired anew on the first day of the post; the exit stays on record."""
    if person.left_on is not None and starts_on > person.left_on:
        person.hired_on, person.left_on, person.leaving_reason = starts_on, None, ""
        person.save(update_fields=["hired_on", "left_on", "leaving_reason"])


def save_post(appointment: Appointment) -> None:
    """The post as corrected. Raises ValidationError as `appoint` does."""
    try:
        with transaction.atomic():
            appointment.save()
    except IntegrityError as error:
        raise ValidationError({"valid_from": _("此人在该社区的同一机构、同一职务已有时间重叠的任职。")}) from error


def codes_of(person: Person) -> set[str]:
    """Communities in which a write about the person may move a figure."""
    return communities_of([person.pk])


def begin_anew(appointment: Appointment, post: dict, changed_on: date) -> Appointment:
    """Ends a post the day before `changed_on` and lets it go on changed; a recorded exception goes with it.

    Raises ValidationError where the day lies outside the post, or nothing of the post has changed.
    """
    _refuse_misplaced(appointment, post, changed_on)
    appointment.valid_to = changed_on
    appointment.save(update_fields=["valid_to"])
    made = appoint(appointment.person, {**post, "valid_from": changed_on})
    exception = QuotaException.objects.filter(appointment=appointment).first()
    same = (made.division_id, class_of(made.body)) == (appointment.division_id, class_of(appointment.body))
    if exception is not None and same:
        fields = {name: getattr(exception, name) for name in ("division_id", "reason", "document", "approved_by")}
        QuotaException.objects.create(appointment=made, **fields)
    return made


def _refuse_misplaced(appointment: Appointment, post: dict, changed_on: date) -> None:
    if changed_on <= appointment.valid_from:
        sentence = _("变化日期应晚于任职起始 %(day)s；从任职起始就不对的，请选“原来就错了”。")
        raise ValidationError({"changed_on": sentence % {"day": appointment.valid_from.isoformat()}})
    ends = [end for end in (appointment.valid_to, post["valid_to"]) if end is not None]
    if ends and changed_on >= min(ends):
        sentence = _("变化日期应在任职期间内，不晚于任职截止 %(day)s。")
        raise ValidationError({"changed_on": sentence % {"day": last_day(min(ends)).isoformat()}})
    if all(getattr(appointment, name) == value for name, value in post.items() if name != "valid_from"):
        raise ValidationError({"manner": _("任职各项没有变化。只更正人员信息、合同或证书的，请选“原来就错了”。")})

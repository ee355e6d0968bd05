"""Talks with the proposer before, while and after the answer is written, as they are put on record."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action
from portal.core.lib.clock import today
from proposals import stages
from proposals.actions import course
from proposals.actions.tallies import refresh_tallies
from proposals.enums import ContactWhen, HandlingRole, Stage
from proposals.models import Contact, Handling


@action
def add_contact(
    *,
    handling: Handling,
    version: int,
    when: str,
    mode: str,
    on: date,
    people: str,
    words: str,
    consultation: bool = False,
    by,
) -> Contact:
    """Records a talk with the proposer; `consultation` is the meeting held after a second dissatisfied return.

    Raises `Stale`; ValidationError for a co-handler, a day to come, a talk "after" an answer that has not been sent.
    """
    held = course.claim(handling.pk, version, by, Perm.HANDLE_PROPOSALS)
    course.refuse_stranger(by, held)
    if held.role == HandlingRole.CO:
        raise ValidationError(_("与提案者沟通由主办或分办单位进行，会办单位的意见请提交主办单位。"), code="role")
    _check(held, when, on, consultation)
    made = Contact.objects.create(
        handling=held,
        when=when,
        mode=mode,
        on=on,
        people=people.strip(),
        words=words.strip(),
        consultation=consultation,
        entered_by=by,
    )
    refresh_tallies([held.division_id])
    return made


def _check(handling: Handling, when: str, on: date, consultation: bool) -> None:
    if handling.stage in stages.FINAL:
        raise ValidationError(_("已经结束，不能再登记沟通情况。"), code="stage")
    if on > today():
        raise ValidationError({"on": _("沟通日期不能晚于今天。")})
    if on < handling.assigned_on:
        raise ValidationError({"on": _("沟通日期不能早于交办日期。")})
    if when == ContactWhen.AFTER and (handling.replied_on is None or on < handling.replied_on):
        raise ValidationError({"when": _("答复寄发以后的沟通才是办后沟通。")})
    if consultation and handling.stage != Stage.CONSULTATION:
        raise ValidationError({"consultation": _("协商座谈在再次答复仍不满意后进行，现在不是这个阶段。")})


@action
def take_back_contact(*, contact: Contact, version: int, by) -> Contact:
    """Takes back a talk that was put on record by mistake; it stays readable as such. `version` is the handling's."""
    held = course.claim(contact.handling_id, version, by, Perm.HANDLE_PROPOSALS)
    course.refuse_stranger(by, held)
    contact.refresh_from_db()
    if contact.taken_back:
        raise ValidationError(_("这条记录已经撤回。"), code="twice")
    contact.taken_back = True
    contact.save(update_fields=["taken_back"])
    refresh_tallies([held.division_id])
    return contact

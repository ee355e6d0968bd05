"""Writes of refused items: what a community need not do, since no list lets it in (domain §2.6b)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.territory.models import Division
from ratings.actions.seen import claim_seen, in_order, put
from ratings.models import ItemRefusal
from ratings.queries.access import letting_in


@action
def refuse_item(*, division: Division, title: str, asked_on: date, refused_on: date, by, **fields) -> ItemRefusal:
    """Enters that a community refused an item: title, department, asked_on, reason, refused_on.

    What a list let in on the day it was asked for cannot be refused as unlisted. Raises ValidationError.
    """
    _judge(division, title, asked_on, refused_on)
    return ItemRefusal.objects.create(
        division=division, title=title, asked_on=asked_on, refused_on=refused_on, entered_by=by, **fields
    )


def _judge(division: Division, title: str, asked_on: date, refused_on: date) -> None:
    in_order(asked_on, refused_on, "refused_on", _("拒绝日期不能早于交办日期。"))
    if (item := letting_in(division, title, asked_on)) is not None:
        raise ValidationError(
            {
                "title": _("“%(title)s”当天在%(place)s的“%(list)s”清单中，不能以未列入清单为由拒绝。")
                % {"title": item.title, "place": item.division.label, "list": item.get_list_display()}
            }
        )


@action
def change_refusal(*, refusal: ItemRefusal, seen: str, by, **fields) -> ItemRefusal:
    """Corrects a refusal that the street has not answered. Raises `Stale` or ValidationError."""
    refusal = _open(refusal, seen)
    _judge(refusal.division, fields["title"], fields["asked_on"], fields["refused_on"])
    return put(refusal, fields)


@action
def answer_refusal(*, refusal: ItemRefusal, seen: str, reply: str, replied_on: date, by) -> ItemRefusal:
    """Writes what the street did about it. Raises `Stale` or ValidationError."""
    refusal = _open(refusal, seen)
    in_order(refusal.refused_on, replied_on, "replied_on", _("处理日期不能早于拒绝日期。"))
    return put(refusal, {"reply": reply, "replied_on": replied_on})


def _open(refusal: ItemRefusal, seen: str) -> ItemRefusal:
    found = claim_seen(refusal, seen)
    if found.replied_on:
        raise ValidationError(_("街镇已经处理过这条记录。请刷新页面。"))
    return found

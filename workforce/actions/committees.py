"""Writes of terms and elections 换届 of the two committees (domain §1.A4, §1.M)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action
from portal.core.lib.clock import today
from portal.core.territory.models import Division
from workforce.actions.tallies import refresh_tallies
from workforce.actions.versions import claim_row
from workforce.enums import Body
from workforce.models import Term
from workforce.queries.committees import next_due


def _judged(division: Division, fields: dict, by) -> dict:
    """The fields as stored; an end that is not given follows from the rule. Raises ValidationError naming the field."""
    if by is not None and not by.can(Perm.CHANGE_ROSTER, division.pk):
        raise ValidationError(_("您的角色不能登记这个社区的换届。"))
    if fields["elected_on"] > today():
        raise ValidationError({"elected_on": _("选举日期不能晚于今天。")})
    if fields["valid_from"] < fields["elected_on"]:
        raise ValidationError({"valid_from": _("任期起始不能早于选举日期。")})
    if fields["valid_to"] is None:
        fields["valid_to"] = next_due(division.pk, fields["elected_on"], fields["valid_from"])
    elif fields["valid_to"] <= fields["valid_from"]:
        raise ValidationError({"valid_to": _("任期届满应晚于任期起始。")})
    if fields["body"] == Body.PARTY and not fields["form"]:
        raise ValidationError({"form": _("请选择党组织形式：党委、党总支或党支部。")})
    return {**fields, "form": fields["form"] if fields["body"] == Body.PARTY else ""}


def _save(term: Term) -> Term:
    try:
        with transaction.atomic():
            term.save()
    except IntegrityError as error:
        raise ValidationError({"valid_from": _("与已登记的另一届任期重叠。请核对任期起始和届满日期。")}) from error
    return term


@action
def record_term(
    *,
    division: Division,
    body: str,
    elected_on: date,
    valid_from: date,
    valid_to: date | None,
    number: int | None = None,
    form: str = "",
    seats: int | None = None,
    by,
) -> Term:
    """Records the term that an election began; the term before it ends where this one starts.

    `valid_to` is the day by which the next election is due. Raises ValidationError for a village, a day that cannot be, a
    Party organisation without its form, or a term that lies within another one.
    """
    if not division.urban:
        raise ValidationError(_("“%(name)s”是村，不登记社区“两委”换届。") % {"name": division.label})
    fields = {"body": body, "elected_on": elected_on, "valid_from": valid_from, "valid_to": valid_to}
    fields = _judged(division, {**fields, "number": number, "form": form, "seats": seats}, by)
    Term.objects.filter(division=division, body=body, valid_from__lt=valid_from).in_force(valid_from).update(
        valid_to=valid_from
    )
    term = _save(Term(division=division, **fields))
    refresh_tallies([division.pk])
    return term


@action
def change_term(*, term: Term, version: int, by, **fields) -> Term:
    """Corrects a recorded term; its committee stays. Raises `Stale` or ValidationError as `record_term` does."""
    claim_row(term, version)
    for name, value in _judged(term.division, {**fields, "body": term.body}, by).items():
        setattr(term, name, value)
    _save(term)
    refresh_tallies([term.division_id])
    return term

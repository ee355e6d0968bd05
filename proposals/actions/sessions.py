"""Writes of sessions, of the units that handle what comes from them, and of who works for a unit."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from portal.core.accounts.models import User
from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action
from portal.core.lib.clock import today
from portal.core.territory.models import Division
from proposals.actions.walls import refuse_stranger
from proposals.enums import Stage
from proposals.models import HandlingUnit, Seat, Session

# Stages in which nothing is asked of a unit any more.
DONE = (Stage.RETURNED, Stage.WITHDRAWN, Stage.ANSWERED, Stage.ARCHIVED, Stage.OPINION_GIVEN)


@action
def add_session(*, division: Division, by, **facts) -> Session:
    """Enters a meeting: body, place_name, term, meeting, opened_on, closed_on, reply_by, party_reply_by.

    Raises ValidationError where it is entered already or its days contradict each other.
    """
    refuse_stranger(by, division.pk)
    _refuse_days(facts)
    return _put(Session(division=division, **facts), _same_session())


@action
def change_session(*, session: Session, by, **facts) -> Session:
    """Corrects a meeting; its body stays once proposals hang on it. Fixed days hold for what is assigned from now on."""
    refuse_stranger(by, session.division_id)
    _refuse_days(facts)
    if facts.get("body", session.body) != session.body and session.proposals.exists():
        raise ValidationError({"body": _("本次会议已有提案或建议，类别不能再改。登记有误的，请另建会议。")})
    return _put(_with(session, facts), _same_session())


def _same_session() -> dict[str, str]:
    return {"meeting": _("这次会议已经登记。请核对届次。")}


def _refuse_days(facts: dict) -> None:
    if facts["closed_on"] < facts["opened_on"]:
        raise ValidationError({"closed_on": _("闭幕日期不能早于开幕日期。")})
    for name in ("reply_by", "party_reply_by"):
        if facts.get(name) and facts[name] <= facts["closed_on"]:
            raise ValidationError({name: _("答复期限应晚于闭幕日期。")})


@action
def add_unit(*, division: Division, by, **facts) -> HandlingUnit:
    """Enters a unit that handles proposals: name, short, heading, word, contact, phone, postcode. Raises ValidationError."""
    refuse_stranger(by, division.pk)
    return _put(HandlingUnit(division=division, **facts), _same_unit())


@action
def change_unit(*, unit: HandlingUnit, by, **facts) -> HandlingUnit:
    """Corrects a unit; letters issued before keep what they say. Raises ValidationError on a name in use."""
    refuse_stranger(by, unit.division_id)
    return _put(_with(unit, facts), _same_unit())


def _same_unit() -> dict[str, str]:
    return {"name": _("本地已有同名的承办单位。")}


@action
def close_unit(*, unit: HandlingUnit, by) -> HandlingUnit:
    """Takes a unit out of use, or into use again. Raises ValidationError while it still has something to do."""
    refuse_stranger(by, unit.division_id)
    if unit.closed_on is None and unit.handlings.exclude(stage__in=DONE).exists():
        raise ValidationError(_("该单位还有未办结的提案或建议，不能停用。请先办结或改派。"))
    unit.closed_on = today() if unit.closed_on is None else None
    unit.save(update_fields=["closed_on"])
    return unit


@action
def give_seat(*, unit: HandlingUnit, username: str, by) -> Seat:
    """Lets a user work for a unit. Raises ValidationError where there is no such account or its role cannot handle."""
    refuse_stranger(by, unit.division_id)
    user = User.objects.filter(username=username.strip(), is_active=True).first()
    if user is None or not user.can(Perm.HANDLE_PROPOSALS, unit.division_id):
        raise ValidationError({
            "username": _("没有这个账号，或它在本地没有办理提案的角色。请先由系统管理员建立账号、安全管理员授予角色。")
        })  # fmt: skip
    seat, made = Seat.objects.get_or_create(unit=unit, user=user)
    if not made:
        raise ValidationError({"username": _("此人已在该单位办理提案。")})
    return seat


@action
def take_seat(*, seat: Seat, by) -> None:
    """Ends a user's work for a unit; what they did stays on record under their name."""
    refuse_stranger(by, seat.unit.division_id)
    seat.delete()


def _with(row: models.Model, facts: dict) -> models.Model:
    for name, value in facts.items():
        setattr(row, name, value)
    return row


def _put(row: models.Model, doubled: dict[str, str]) -> models.Model:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise ValidationError(doubled) from error
    return row

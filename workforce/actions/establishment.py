"""Writes of positions: the establishment of a community, applications for posts and their decision, exceptions.

Whatever changes the number of positions holds the same lock as an appointment (`positions.lock_positions`).
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action, name_of
from portal.core.lib.clock import today
from portal.core.territory.models import Division
from workforce.actions.appointing import codes_of
from workforce.actions.positions import lock_positions
from workforce.actions.tallies import refresh_tallies
from workforce.actions.versions import Stale, claim
from workforce.enums import ApplicationState
from workforce.models import Appointment, Establishment, PostApplication, QuotaException


def _needs(by, perm: str, code: str) -> None:
    """A second look behind the page's own: who decides about posts is decided here too."""
    if by is not None and not by.can(perm, code):
        raise ValidationError(_("您的角色不能办理这个社区的员额。"))


def _of(division: Division, worker_class: str):
    return Establishment.objects.filter(division=division, worker_class=worker_class)


@action
def set_establishment(
    *, division: Division, worker_class: str, posts: int, starts_on: date, document: str, by
) -> Establishment:
    """Records the approved positions from a day on; what is established from a later day stays as it is.

    The same class and first day recorded before is corrected. Raises ValidationError for a village.
    """
    _needs(by, Perm.DECIDE_POSTS, division.pk)
    if not division.urban:
        raise ValidationError(_("“%(name)s”是村，不核定社区工作者员额。") % {"name": division.label})
    lock_positions([division.pk])
    rows = _of(division, worker_class)
    later = rows.filter(valid_from__gt=starts_on).order_by("valid_from").first()
    same = rows.filter(valid_from=starts_on).first()
    if same is not None:
        same.posts, same.document, same.application = posts, document, None
        same.save(update_fields=["posts", "document", "application"])
        refresh_tallies([division.pk])
        return same
    rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=starts_on), valid_from__lt=starts_on).update(
        valid_to=starts_on
    )
    made = Establishment.objects.create(
        division=division,
        worker_class=worker_class,
        posts=posts,
        valid_from=starts_on,
        valid_to=later.valid_from if later else None,
        document=document,
    )
    refresh_tallies([division.pk])
    return made


@action
def apply_for_posts(
    *, division: Division, worker_class: str, posts: int, starts_on: date, reason: str, by
) -> PostApplication:
    """A street asks for posts in one of its communities from a day on. Raises ValidationError in words."""
    _needs(by, Perm.CHANGE_ROSTER, division.pk)
    if not division.urban:
        raise ValidationError(_("“%(name)s”是村，不核定社区工作者员额。") % {"name": division.label})
    if starts_on < today():
        raise ValidationError({"starts_on": _("启用日期不能早于今天。")})
    lock_positions([division.pk])
    waiting = PostApplication.objects.filter(
        division=division, worker_class=worker_class, state=ApplicationState.SUBMITTED
    )
    if waiting.exists():
        raise ValidationError(_("这个社区的同类员额已有一份申请待审批，请等待审批或先撤回。"))
    return PostApplication.objects.create(
        division=division,
        worker_class=worker_class,
        posts=posts,
        starts_on=starts_on,
        reason=reason,
        applied_by=name_of(by),
    )


def _decide(application: PostApplication, version: int, by, **fields) -> None:
    """Takes the application out of the queue; whoever comes second is told that it was decided."""
    waiting = PostApplication.objects.filter(pk=application.pk, version=version, state=ApplicationState.SUBMITTED)
    if not waiting.update(**fields, decided_by=name_of(by), decided_at=timezone.now(), version=F("version") + 1):
        raise Stale(_("这份申请刚被办理过。请查看最新状态。"))
    application.refresh_from_db()


@action
def approve_application(
    *, application: PostApplication, version: int, posts: int, reason: str, document: str, by
) -> PostApplication:
    """Approves all or part of the posts and raises the establishment, both at once.

    Effective on the day applied for, or today where that has passed. Raises ValidationError where more is approved than
    applied for, or nothing is established yet that could be raised; `Stale` where somebody decided before.
    """
    _needs(by, Perm.DECIDE_POSTS, application.division_id)
    if not 1 <= posts <= application.posts:
        raise ValidationError(
            {"posts": _("批准员额应为 1 到 %(posts)s；不批准请选“不予批准”。") % {"posts": application.posts}}
        )
    lock_positions([application.division_id])
    fields = {"approved_posts": posts, "decision_reason": reason, "document": document}
    _decide(application, version, by, state=ApplicationState.APPROVED, **fields)
    _raise(application, max(application.starts_on, today()))
    refresh_tallies([application.division_id])
    return application


def _raise(application: PostApplication, starts_on: date) -> None:
    """Adds the approved posts to everything established from the day on."""
    rows = _of(application.division, application.worker_class)
    held = rows.in_force(starts_on).first()
    if held is None:
        raise ValidationError(_("这个社区还没有核定这类员额。请先登记核定员额，再批准增加。"))
    rows.filter(valid_from__gt=starts_on).update(posts=F("posts") + application.approved_posts)
    until = held.valid_to
    if held.valid_from == starts_on:
        held.posts += application.approved_posts
        held.document, held.application = application.document or held.document, application
        held.save(update_fields=["posts", "document", "application"])
        return
    held.valid_to = starts_on
    held.save(update_fields=["valid_to"])
    Establishment.objects.create(
        division=application.division,
        worker_class=application.worker_class,
        posts=held.posts + application.approved_posts,
        valid_from=starts_on,
        valid_to=until,
        document=application.document or held.document,
        application=application,
    )


@action
def refuse_application(*, application: PostApplication, version: int, reason: str, by) -> PostApplication:
    """Refuses an application; the reason is what the street reads. Raises ValidationError without one, or `Stale`."""
    _needs(by, Perm.DECIDE_POSTS, application.division_id)
    if len(reason.strip()) < 2:
        raise ValidationError({"reason": _("不予批准时请写明理由。")})
    _decide(application, version, by, state=ApplicationState.REFUSED, decision_reason=reason.strip())
    return application


@action
def withdraw_application(*, application: PostApplication, version: int, by) -> PostApplication:
    """The street takes back an application that nobody has decided yet. Raises `Stale` where somebody has."""
    _needs(by, Perm.CHANGE_ROSTER, application.division_id)
    _decide(application, version, by, state=ApplicationState.WITHDRAWN)
    return application


@action
def approve_exception(
    *, appointment: Appointment, version: int, starts_on: date, reason: str, document: str, by
) -> QuotaException:
    """Lets a person take a position beyond the quota from a day on, with the reason and the document.

    A post that was not managed until then is divided at that day: before it the roster stays as it was. Raises
    ValidationError without a reason or for a day outside the post, `Stale` where the person was changed meanwhile.
    """
    _needs(by, Perm.DECIDE_POSTS, appointment.division_id)
    if len(reason.strip()) < 2:
        raise ValidationError({"reason": _("请写明超员额任用的理由。")})
    claim(appointment.person, version)
    if not appointment.valid_from <= starts_on or (appointment.valid_to and starts_on >= appointment.valid_to):
        raise ValidationError({"starts_on": _("生效日期应在任职期间内。")})
    lock_positions([appointment.division_id])
    managed = _managed_from(appointment, starts_on)
    exception = QuotaException.objects.create(
        appointment=managed,
        division=managed.division,
        reason=reason.strip(),
        document=document,
        approved_by=name_of(by),
    )
    refresh_tallies(codes_of(appointment.person))
    return exception


def _managed_from(appointment: Appointment, starts_on: date) -> Appointment:
    """The part of the post that is managed from the day on: the post itself, or a new row that follows it."""
    if appointment.managed or appointment.valid_from == starts_on:
        appointment.managed = True
        appointment.save(update_fields=["managed"])
        return appointment
    until = appointment.valid_to
    appointment.valid_to = starts_on
    appointment.save(update_fields=["valid_to"])
    return Appointment.objects.create(
        **{
            field.name: getattr(appointment, field.name)
            for field in Appointment._meta.fields
            if field.name not in ("id", "managed", "valid_from", "valid_to")
        },
        managed=True,
        valid_from=starts_on,
        valid_to=until,
    )

"""What proposers say of an answer: by their link, without an account, or on paper typed in by the unit (domain §2.2).

A dissatisfied return has the case handled again with its own period, a second one leads to a consultation; when all forms
are back and none is dissatisfied the case goes on to publication review. One that never comes back is not satisfied.
"""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core.audit.actions import action, record
from portal.core.audit.models import AuditEvent, Outcome
from portal.core.audit.origin import client_ip
from portal.core.lib import clock
from portal.core.lib.clock import now, today
from proposals import stages
from proposals.actions import course
from proposals.actions.conditions import REASON_LENGTH
from proposals.actions.tallies import refresh_tallies
from proposals.enums import ContactMode, Satisfaction
from proposals.models import Feedback, Handling
from proposals.queries.feedback import by_token, still_asked, wanted
from proposals.satisfaction import DISSATISFIED, SATISFIED, verdict

UNKNOWN = "feedback_unknown_link"
HOUR = timedelta(hours=1)
PER_HOUR = 20  # links that do not exist, of one address: more is somebody trying keys
_NOON = time(12)
MOST_WORDS = 1000


class TooManyLinks(Exception):
    """The address has tried enough links that do not exist; `wait` seconds until the next one is looked at."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


class LinkOver(ValidationError):
    """The link was used, has expired, or the case is closed."""


@action
def open_link(*, token: str, by=None) -> Feedback | None:
    """The form of a link; None where there is none, which is on record by its address and counts against it.

    Raises TooManyLinks for an address that tried too many. Opening a form uses nothing up: mail programs do it too.
    """
    _check_rate()
    found = by_token(token)
    if found is None:
        record(UNKNOWN, by=None, outcome=Outcome.REFUSED)
    return found


def _check_rate() -> None:
    """Counts what the address has tried within an hour; two calls of one address wait for each other."""
    address, moment = client_ip.get(), now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{UNKNOWN} {address}"])
    tried = AuditEvent.objects.filter(act=UNKNOWN, ip=address, at__gt=moment - HOUR)
    times = list(tried.order_by("-at").values_list("at", flat=True)[:PER_HOUR])
    if len(times) == PER_HOUR:
        raise TooManyLinks(max(1, int((times[-1] + HOUR - moment).total_seconds()) + 1))


@action
def return_feedback(
    *, token: str, attitude: str, result: str, contact_mode: str = "", words: str = "", by=None
) -> Feedback:
    """Takes in a form by its link, once. Raises LinkOver where it is used, expired or no longer wanted, and
    ValidationError for anything else that is wrong; two at the same moment cannot both be taken."""
    found = by_token(token)
    if found is None:
        raise LinkOver(_("没有这个链接。请核对后再打开。"))
    handling = course.locked(found.handling)
    held = Feedback.objects.select_for_update(no_key=True).get(pk=found.pk)
    if not still_asked(held, handling, today()):
        raise LinkOver(_("这个链接已经用过或者已经过期。"))
    _fill(held, contact_mode, attitude, result, words)
    held.returned_at = now()
    held.save()
    record("feedback_returned", by=None, subject=f"feedback {held.pk}", division=handling.division_id)
    settle(handling, held.round, on=today(), by=None)
    refresh_tallies([handling.division_id])
    return held


@action
def enter_paper(
    *, feedback: Feedback, on: date, attitude: str, result: str, contact_mode: str = "", words: str = "", by
) -> Feedback:
    """Types in a form that came back on paper on the day `on`; it may come later than its link would have worked.

    Raises ValidationError where the form is in already, the case has gone on, or the user may not act for the unit.
    """
    handling = course.locked(feedback.handling)
    course.refuse_stranger(by, handling)
    held = Feedback.objects.select_for_update(no_key=True).get(pk=feedback.pk)
    if not wanted(held, handling):
        raise ValidationError(_("这份意见征询表已经收回，或者案件已经办结，不能再登记。"))
    if not held.asked_on <= on <= today():
        raise ValidationError(
            {"on": _("收回日期应在 %(day)s（发出日期）到今天之间。") % {"day": held.asked_on.isoformat()}}
        )
    _fill(held, contact_mode, attitude, result, words)
    held.returned_at = now() if on == today() else datetime.combine(on, _NOON, clock.zone())
    held.entered_by = by
    held.save()
    settle(handling, held.round, on=today(), by=by)
    refresh_tallies([handling.division_id])
    return held


def _fill(held: Feedback, contact_mode: str, attitude: str, result: str, words: str) -> None:
    """Puts the answers into the form. Raises ValidationError for what is no answer of it."""
    if contact_mode and contact_mode not in ContactMode.values:
        raise ValidationError({"contact_mode": _("请选择联系方式。")})
    for name, given in (("attitude", attitude), ("result", result)):
        if given not in Satisfaction.values:
            raise ValidationError({name: _("请选择满意、基本满意或不满意。")})
    if len(words) > MOST_WORDS:
        raise ValidationError({"words": _("请控制在 %(n)s 字以内。") % {"n": MOST_WORDS}})
    held.contact_mode, held.attitude, held.result, held.words = contact_mode, attitude, result, words.strip()


def settle(handling: Handling, round_: int, *, on: date, by) -> Handling:
    """Moves a case on by the forms of its present round, within the caller's transaction; a former round moves nothing."""
    if handling.stage != stages.SENT or round_ != handling.round:
        return handling
    forms = Feedback.objects.filter(handling=handling, round=handling.round)
    decided = verdict(forms.values_list("result", flat=True))
    if decided == DISSATISFIED:
        key = "consult" if handling.round > 1 else "rehandle"
        course.move(handling, key, by=by, words=_said(forms), on=on)
    elif decided == SATISFIED:
        course.move(handling, "close_satisfied", by=by, words=_said(forms), on=on)
    return handling


def _said(forms) -> str:
    """Who answered what, for the history of the case, in the portal's own language."""
    with translation.override(settings.LANGUAGE_CODE):
        returned = forms.exclude(result="").select_related("proposer").order_by("proposer__position")
        said = [
            _("%(who)s：%(what)s") % {"who": one.proposer.name, "what": one.get_result_display()}
            for one in returned[:5]
        ]
        return (_("提案者反馈：%(said)s") % {"said": _("；").join(said)})[:REASON_LENGTH]

"""Writes of requests: received, passed on, answered by a day, judged by the resident (domain §1.H10).

What may follow what is one table, `ACTS`; pages offer and actions allow exactly that.
"""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.lib.clock import today
from portal.core.territory.models import Division
from ratings.actions.tallies import refresh_tallies
from ratings.enums import RequestState
from ratings.models import ServiceRequest
from ratings.queries.people import in_post
from ratings.queries.requests import due_day
from workforce.actions.versions import claim_row


@dataclass(frozen=True)
class Act:
    """An act on a request: in which states it is allowed and into which it leads; None leaves the state."""

    states: frozenset[str]
    to: str | None = None


_WAITING = frozenset({RequestState.OPEN, RequestState.PASSED})
_CLOSED = frozenset({RequestState.ANSWERED, RequestState.WITHDRAWN})
ACTS = {
    "change": Act(_WAITING),
    "pass": Act(_WAITING, RequestState.PASSED),
    "answer": Act(_WAITING, RequestState.ANSWERED),
    "withdraw": Act(_WAITING, RequestState.WITHDRAWN),
    "verdict": Act(frozenset({RequestState.ANSWERED})),
    "reopen": Act(_CLOSED, RequestState.OPEN),
}


def acts_of(request: ServiceRequest) -> list[str]:
    """What may be done with the request as it stands."""
    return [name for name, act in ACTS.items() if request.state in act.states]


def _claim(request: ServiceRequest, version: int, act: str) -> None:
    """Takes the request for an act. Raises `Stale`, or ValidationError where its state does not allow the act."""
    claim_row(request, version)
    request.refresh_from_db()
    if request.state not in ACTS[act].states:
        raise ValidationError(_("这件事项现在是“%(state)s”，不能这样办理。") % {"state": request.get_state_display()})


def _moved(request: ServiceRequest, act: str, **fields) -> ServiceRequest:
    for name, value in fields.items():
        setattr(request, name, value)
    request.state = ACTS[act].to or request.state
    request.save()
    refresh_tallies([request.division_id])
    return request


def _day(field: str, day: date, least: date, sentence: str) -> None:
    if day > today():
        raise ValidationError({field: _("日期不能晚于今天。")})
    if day < least:
        raise ValidationError({field: sentence % {"day": least.isoformat()}})


def _refuse(division_id: str, facts: dict) -> None:
    received_on, asked = facts["received_on"], facts.get("first_asked")
    if received_on > today():
        raise ValidationError({"received_on": _("日期不能晚于今天。")})
    if asked is not None and not in_post(division_id, received_on).filter(pk=asked.pk).exists():
        raise ValidationError({"first_asked": _("此人当天不在本社区任职。请另选首问负责人。")})


@action
def receive_request(*, division: Division, by, **facts) -> ServiceRequest:
    """Receives what a resident brings forward; the last day to answer follows from the rule by kind, in working days.

    Facts: kind, channel, premises, title, text, received_on, first_asked, told_once, joint. Raises ValidationError.
    """
    _refuse(division.pk, facts)
    due_on = due_day(division.pk, facts["kind"], facts["received_on"])
    made = ServiceRequest.objects.create(division=division, due_on=due_on, **facts)
    refresh_tallies([division.pk])
    return made


@action
def change_request(*, request: ServiceRequest, version: int, by, **facts) -> ServiceRequest:
    """Corrects a request that waits; another kind or day gives another last day. Raises `Stale` or ValidationError."""
    _claim(request, version, "change")
    _refuse(request.division_id, facts)
    if (facts["kind"], facts["received_on"]) != (request.kind, request.received_on):
        facts["due_on"] = due_day(request.division_id, facts["kind"], facts["received_on"])
    return _moved(request, "change", **facts)


@action
def pass_on(*, request: ServiceRequest, version: int, passed_to: str, passed_on: date, by) -> ServiceRequest:
    """Passes a request on to who can help; the last day stays. Raises `Stale` or ValidationError."""
    _claim(request, version, "pass")
    _day("passed_on", passed_on, request.received_on, _("转办不能早于受理日期 %(day)s。"))
    return _moved(request, "pass", passed_to=passed_to, passed_on=passed_on)


@action
def answer_request(*, request: ServiceRequest, version: int, answer: str, answered_on: date, by) -> ServiceRequest:
    """Answers the resident. Raises `Stale` or ValidationError."""
    _claim(request, version, "answer")
    least = max(request.received_on, request.passed_on or request.received_on)
    _day("answered_on", answered_on, least, _("答复不能早于受理或转办日期 %(day)s。"))
    return _moved(request, "answer", answer=answer, answered_on=answered_on)


@action
def give_verdict(*, request: ServiceRequest, version: int, verdict: str, verdict_on: date, by) -> ServiceRequest:
    """Notes what the resident says of the answer; may be corrected. Raises `Stale` or ValidationError."""
    _claim(request, version, "verdict")
    _day("verdict_on", verdict_on, request.answered_on, _("评价不能早于答复日期 %(day)s。"))
    return _moved(request, "verdict", verdict=verdict, verdict_on=verdict_on)


@action
def withdraw_request(*, request: ServiceRequest, version: int, by) -> ServiceRequest:
    """The resident takes the request back, or it was entered by mistake. Raises `Stale` or ValidationError."""
    _claim(request, version, "withdraw")
    return _moved(request, "withdraw")


@action
def reopen_request(*, request: ServiceRequest, version: int, by) -> ServiceRequest:
    """Takes a closed request up again; answer and verdict stay in its history, the last day stays. Raises as the others."""
    _claim(request, version, "reopen")
    return _moved(request, "reopen", answer="", answered_on=None, verdict="", verdict_on=None)

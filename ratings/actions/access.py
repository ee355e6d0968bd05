"""Writes of access 准入: applications by three pairs of hands, what comes onto a list and leaves it (domain §1.I, §2.6b)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.lib.dated import end_of
from portal.core.lib.workdays import add_workdays
from portal.core.policy.kinds import ACCESS
from portal.core.policy.queries import rule_for
from portal.core.territory.models import Division
from portal.core.workdays.queries import calendar_from
from ratings.actions.seen import claim_seen, put
from ratings.enums import AccessState
from ratings.models import AccessApplication, ListItem
from ratings.queries.access import barred, lists_of
from workforce.actions import records


def _twice() -> str:
    return _("这张清单上已有同名的事项，时间重叠。")


def due_day(code: str, applied_on: date, starts_on: date) -> date:
    """Last day of the decision: N working days after the application by the rule of the place (domain §2.6b).

    Without a rule in force it is the day on which the item would enter. Raises ValidationError at `starts_on` when the
    application comes too late for it.
    """
    rule = rule_for(ACCESS, code, applied_on).value
    if rule is None:
        return starts_on
    calendar = calendar_from(applied_on)
    earliest = add_workdays(applied_on, rule["days_ahead"], calendar)
    if starts_on < earliest:
        raise ValidationError(
            {
                "starts_on": _("应提前 %(days)s 个工作日申请，最早可于 %(day)s 进入。请推后拟进入日期。")
                % {"days": rule["days_ahead"], "day": earliest.isoformat()}
            }
        )
    return add_workdays(applied_on, rule["decision_days"], calendar)


@action
def apply_access(*, division: Division, applied_on: date, starts_on: date, by, **fields) -> AccessApplication:
    """Enters a department's application: list, title, department, basis, reason, funds, staff. Raises ValidationError."""
    if starts_on < applied_on:
        raise ValidationError({"starts_on": _("拟进入日期不能早于申请日期。")})
    _refuse_listed(division, fields["title"], fields["list"], starts_on)
    due_on = due_day(division.pk, applied_on, starts_on)
    return AccessApplication.objects.create(
        division=division, applied_on=applied_on, starts_on=starts_on, due_on=due_on, entered_by=by, **fields
    )


def _refuse_listed(division: Division, title: str, kind: str, on: date) -> None:
    if (item := barred(division.pk, title, on)) is not None:
        raise ValidationError(
            {
                "title": _("“%(title)s”在%(place)s的“%(list)s”清单中，不得进入社区。")
                % {"title": title, "place": item.division.label, "list": item.get_list_display()}
            }
        )
    found = lists_of(division.pk).in_force(on).filter(title=title, list=kind).select_related("division").first()
    if found is not None:
        raise ValidationError(
            {"title": _("这个事项已在%(place)s的清单中，不必再申请。") % {"place": found.division.label}}
        )


@action
def review_access(*, application: AccessApplication, seen: str, review: str, by) -> AccessApplication:
    """Reviews an application; not by who entered it. Raises `Stale` or ValidationError."""
    application = _at(application, seen, AccessState.APPLIED)
    if application.entered_by_id == by.pk:
        raise ValidationError(_("这份申请是您本人登记的，登记和审核不能是同一人。请由其他同事审核。"))
    return put(application, {"review": review, "reviewed_by": by, "state": AccessState.REVIEWED})


@action
def decide_access(
    *, application: AccessApplication, seen: str, approve: bool, decision: str, number: str, decided_on: date, by
) -> AccessApplication:
    """Approves an application, which puts the item on its list, or refuses it; by a third person.

    Raises `Stale` or ValidationError.
    """
    application = _at(application, seen, AccessState.REVIEWED)
    if by.pk in (application.entered_by_id, application.reviewed_by_id):
        raise ValidationError(_("这份申请是您本人登记或审核的，登记、审核、审批应是三个人。请由其他同事审批。"))
    if decided_on < application.applied_on:
        raise ValidationError({"decided_on": _("审批日期不能早于申请日期。")})
    state = AccessState.APPROVED if approve else AccessState.REFUSED
    given = {"decision": decision, "number": number, "decided_on": decided_on, "decided_by": by, "state": state}
    put(application, given)
    if approve:
        _enter_list(application, max(application.starts_on, decided_on))
    return application


def _enter_list(application: AccessApplication, since: date) -> None:
    names = ("division", "list", "title", "department", "basis")
    fields = {name: getattr(application, name) for name in names}
    if (item := barred(application.division_id, application.title, since)) is not None:
        raise ValidationError(
            _("“%(title)s”已列入%(place)s的“%(list)s”清单，不能准予进入。")
            % {"title": item.title, "place": item.division.label, "list": item.get_list_display()}
        )
    try:
        records.enter(ListItem, {**fields, "application": application, "valid_from": since}, overlap=_twice())
    except ValidationError as error:
        raise ValidationError(_twice()) from error


@action
def withdraw_access(*, application: AccessApplication, seen: str, by) -> AccessApplication:
    """Takes back an application that has not been decided. Raises `Stale` or ValidationError."""
    application = _at(application, seen, AccessState.APPLIED, AccessState.REVIEWED)
    return put(application, {"state": AccessState.WITHDRAWN})


def _at(application: AccessApplication, seen: str, *states: AccessState) -> AccessApplication:
    found = claim_seen(application, seen)
    if found.state not in states:
        raise ValidationError(
            _("这份申请现在是“%(state)s”，不能这样办理。请刷新页面。") % {"state": found.get_state_display()}
        )
    return found


@action
def add_item(*, division: Division, by, **fields) -> ListItem:
    """Enters an item of a published list: list, title, department, basis, communities, villages, valid_from, valid_to."""
    return records.enter(ListItem, {"division": division, **fields}, overlap=_twice(), field="title")


@action
def change_item(*, item: ListItem, seen: str, by, **fields) -> ListItem:
    """Corrects an item of a list. Raises `Stale` or ValidationError."""
    return records.change(claim_seen(item, seen), fields, overlap=_twice(), field="title")


@action
def take_back_item(*, item: ListItem, seen: str, by) -> ListItem:
    """Takes back an item entered by mistake; one that an application let in is revoked instead. ValidationError."""
    item = claim_seen(item, seen)
    if item.application_id:
        raise ValidationError(_("这个事项经准入申请列入，不能撤回登记。请办理撤销。"))
    records.withdraw(item)
    return item


@action
def revoke_item(*, item: ListItem, seen: str, last_day: date, reason: str, by) -> ListItem:
    """Takes an item off its list after its last day, with the reason. Raises `Stale` or ValidationError."""
    item = claim_seen(item, seen)
    if last_day < item.valid_from:
        raise ValidationError(
            {"last_day": _("最后一天不能早于列入日期 %(day)s。") % {"day": item.valid_from.isoformat()}}
        )
    return put(item, {"valid_to": end_of(last_day), "revoked_because": reason})

"""Reads of deadlines: the rule that a last day is counted by, what stands behind each of a handling."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.lib.workdays import RollMode
from portal.core.policy import kinds
from portal.core.policy.queries import RuleInForce, rules_of
from portal.core.workdays.queries import calendar_from
from proposals.deadlines import ExplainedDay, LastDay, Period, explain, last_day
from proposals.enums import Body, DueKind, ProposerType
from proposals.models import Deadline, Handling, Suspension

RULES = {
    DueKind.RETURN: kinds.RETURN,
    DueKind.OPINION: kinds.OPINION,
    DueKind.REPLY: kinds.REPLY,
    DueKind.FEEDBACK: kinds.FEEDBACK,
    DueKind.REHANDLING: kinds.REHANDLING,
    DueKind.PUBLICATION: kinds.PUBLICATION,
    DueKind.IMPLEMENTATION: kinds.IMPLEMENTATION,
}
# What the unit owes; a standing clock does not stop the proposer's answer, nor the review for publication.
STOPPABLE = (DueKind.OPINION, DueKind.REPLY, DueKind.REHANDLING, DueKind.IMPLEMENTATION)
# Times in which something may be asked for: over, they leave nothing undone.
RIGHTS = (DueKind.RETURN,)
# Proposals of these have a day of their own where a session sets one.
_AS_PARTIES = (ProposerType.PARTY, ProposerType.ORGANISATION)


@dataclass(frozen=True)
class Counting:
    """How a deadline is to be counted, and the rule behind it in words with its source."""

    period: Period
    rolling: RollMode
    rule: str


def counting_of(handling: Handling, kind: str, starts_on: date, fixed_on: date | None = None) -> Counting | None:
    """How a deadline of a handling is counted by the rules of its place on the day it starts; `fixed_on` is a day that
    was agreed for this case alone. None where the place has no rule for it."""
    rules = rules_of(handling.division_id, starts_on)
    rolling = cast(RollMode, rules[kinds.ROLLING.key].value["mode"])
    with translation.override(settings.LANGUAGE_CODE):
        if fixed_on is not None:
            return Counting(Period(fixed=fixed_on), rolling, _("为本件单独约定的日期"))
        if kind == DueKind.REPLY and (day := _session_day(handling, starts_on)):
            return Counting(Period(fixed=day), rolling, _("会议统一规定的答复期限"))
        rule = rules[RULES[DueKind(kind)].key]
        if rule.value is None:
            return None
        return Counting(_period(handling, DueKind(kind), rule.value), rolling, _rule_words(rule))


def _session_day(handling: Handling, starts_on: date) -> date | None:
    """The fixed last day of the session; what comes between sessions, or is assigned after it, is counted instead."""
    proposal = handling.proposal
    if proposal.between_sessions:
        return None
    day = proposal.session.reply_by
    if proposal.proposer_type in _AS_PARTIES:
        day = proposal.session.party_reply_by or day
    return day if day is not None and day > starts_on else None


def _period(handling: Handling, kind: DueKind, rule: dict) -> Period:
    if kind == DueKind.RETURN:
        return Period(working_days=rule["days"]) if rule["unit"] == "working" else Period(days=rule["days"])
    if kind in (DueKind.FEEDBACK, DueKind.PUBLICATION):
        return Period(working_days=rule["working_days"])
    if kind != DueKind.REPLY:
        return Period(months=rule["months"])
    if handling.proposal.session.body == Body.NPC:
        return Period(months=rule["suggestion_months"])
    return Period(months=rule["between_months" if handling.proposal.between_sessions else "proposal_months"])


def _rule_words(rule: RuleInForce) -> str:
    return _("%(rule)s（%(source)s）") % {"rule": rule.words, "source": rule.source}


def period_of(deadline: Deadline) -> Period:
    """How a deadline on file was counted; the fixed day itself is what suspensions were added to."""
    if deadline.fixed:
        return Period(fixed=date.fromordinal(deadline.unrolled_on.toordinal() - deadline.added_days))
    return Period(months=deadline.months, days=deadline.days, working_days=deadline.working_days)


def counted(deadline: Deadline, specials=None) -> LastDay:
    """Where a deadline on file ends by the calendar as it is now."""
    return last_day(
        deadline.starts_on, period_of(deadline), calendar_from(deadline.starts_on) if specials is None else specials,
        added_days=deadline.added_days, rolling=cast(RollMode, deadline.rolling),
    )  # fmt: skip


def explained(deadline: Deadline) -> list[ExplainedDay]:
    """Every day of a deadline on file with its reason, by the calendar as it is now."""
    return explain(
        deadline.starts_on, period_of(deadline), calendar_from(deadline.starts_on),
        added_days=deadline.added_days, rolling=cast(RollMode, deadline.rolling),
    )  # fmt: skip


def open_deadlines(handling: Handling) -> QuerySet[Deadline]:
    """Last days that still ask for something, earliest first."""
    return handling.deadlines.filter(met_on__isnull=True, dropped=False).order_by("due_on", "id")


def visible(user) -> QuerySet[Deadline]:
    """Deadlines of the parts that the user may see."""
    parts = Handling.objects.for_user(user, Perm.VIEW_PROPOSALS)
    rows = Deadline.objects.filter(handling__in=parts.values("pk"))
    return rows.select_related("handling__proposal__session", "handling__unit")


def suspensions_of(deadline: Deadline) -> list[Suspension]:
    """Times in which the clock of a deadline stood still, as far as it may be stopped."""
    if deadline.kind not in STOPPABLE:
        return []
    found = deadline.handling.suspensions.filter(starts_on__lte=deadline.due_on)
    return list(found.exclude(ends_on__lte=deadline.starts_on).order_by("starts_on"))

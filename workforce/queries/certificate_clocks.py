"""The clocks of one person on a day, worked out by `workforce.clocks` from the rows: what a page explains."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from portal.core.lib.dated import in_force, last_day
from portal.core.policy.kinds import (
    CERTIFICATE_ALERTS,
    CERTIFICATE_DEADLINE,
    CERTIFICATES,
    CLOCK_STOPS,
    EXAM,
    REGISTRATION,
)
from portal.core.policy.queries import RuleInForce, rules_of
from workforce import clocks
from workforce.enums import EducationKind
from workforce.models import Certificate, Person, Registration, ReviewCase, SpecialStatus
from workforce.queries.certificates import NATIONAL, registration_terms
from workforce.queries.people import heads_among

Rules = dict[str, RuleInForce]


@dataclass(frozen=True)
class DeadlineClock:
    """The two-year rule for one person. Without `due` nobody knows when the person was hired.

    `certificate` is the accepted certificate that came first by the day; `stage` and `sittings` matter only without one.
    `extended_by` is the case that decided on more time, where that is what counts.
    """

    rule: RuleInForce
    due: clocks.Deadline | None
    stops: list[SpecialStatus]
    certificate: Certificate | None = None
    in_time: bool = False
    extended_by: ReviewCase | None = None
    stage: int | None = None
    sittings: list[date] = field(default_factory=list)


@dataclass(frozen=True)
class RegistrationClock:
    """Registration of the best national certificate.

    `registration` is the latest by the day, `due_on` the last day of it or of the first registration; `hours` are those
    done in its period by the day.
    """

    rule: RuleInForce
    certificate: Certificate
    registration: Registration | None
    opens_on: date
    due_on: date
    hours: Decimal
    hours_needed: int

    def stage(self, on: date) -> str | None:
        """first_due, first_overdue, window, lapsed, or None while there is nothing to do."""
        if on > self.due_on:
            return "lapsed" if self.registration else "first_overdue"
        if on >= self.opens_on:
            return "window" if self.registration else "first_due"
        return None


def deadline_rule(value: dict) -> clocks.DeadlineRule:
    """The deadline as a rule states it."""
    return clocks.DeadlineRule(**{**value, "starts_on": date.fromisoformat(value["starts_on"])})


def services_of(person: Person) -> list[clocks.Service]:
    """Every stretch of service on record: the latest, and those that ended before."""
    found = [clocks.Service(person.hired_on, person.left_on)] if person.hired_on else []
    exits = person.exits.filter(taken_back=False, hired_on__isnull=False)
    return found + [clocks.Service(one.hired_on, one.left_on) for one in exits]


def deadline_clock(person: Person, rules: Rules, on: date) -> DeadlineClock | None:
    """The two-year rule as seen on a day; None where no such rule is in force."""
    rule = rules[CERTIFICATE_DEADLINE.key]
    if rule.value is None:
        return None
    terms = deadline_rule(rule.value)
    kinds = rules[CLOCK_STOPS.key].value["statuses"]
    leaves = list(person.statuses.filter(kind__in=kinds, valid_from__lte=on).order_by("valid_from"))
    stops = [clocks.Stop(one.valid_from, one.valid_to) for one in leaves]
    granted = list(person.cases.filter(extended_to__isnull=False, closed_on__lte=on).order_by("id"))
    extensions = [clocks.Extension(one.due_on, one.extended_to, one.closed_on) for one in granted]
    due = clocks.certificate_deadline(services_of(person), stops, terms, on, extensions)
    if due is None:
        return DeadlineClock(rule, None, [])
    by = next((one for one in granted if one.extended_to == due.extended_to), None)
    counted = [one for one in leaves if one.valid_to is None or one.valid_to > due.starts_on]
    held = _first_accepted(person, rules[CERTIFICATES.key].value["levels"], terms.judged_by, on)
    if held is not None:
        came = clocks.in_time(held.obtained_on, held.issued_on, due.due_on, terms.judged_by)
        return DeadlineClock(rule, due, counted, held, came, by)
    exam = rules[EXAM.key].value
    stage = clocks.alert_stage(due.due_on, rules[CERTIFICATE_ALERTS.key].value["months"], on)
    sittings = clocks.sittings_left(due.due_on, on, **exam)
    return DeadlineClock(rule, due, counted, extended_by=by, stage=stage, sittings=sittings)


def _first_accepted(person: Person, levels: list[str], judged_by: clocks.Judged, on: date) -> Certificate | None:
    held = [one for one in person.certificates.all() if one.level in levels]
    dated = [(clocks.judged_day(one.obtained_on, one.issued_on, judged_by), one.pk, one) for one in held]
    return min((one for one in dated if one[0] <= on), default=(None, None, None))[2]


def registration_clock(person: Person, rules: Rules, on: date) -> RegistrationClock | None:
    """The registration that matters on a day; None without a national certificate."""
    held = [one for one in person.certificates.all() if one.level in NATIONAL and one.obtained_on <= on]
    if not held:
        return None
    certificate = min(held, key=lambda one: NATIONAL.index(one.level))
    rule = rules[REGISTRATION.key]
    terms = registration_terms(rule.value)
    known = [one for one in certificate.registrations.all() if one.registered_on <= on]
    latest = max(known, key=lambda one: one.registered_on, default=None)
    due = last_day(latest.valid_to) if latest else clocks.first_registration_due(certificate.obtained_on, terms)
    return RegistrationClock(
        rule=rule,
        certificate=certificate,
        registration=latest,
        opens_on=clocks.window_opens(due, terms),
        due_on=due,
        hours=_hours(person, latest, terms, on),
        hours_needed=clocks.hours_needed(certificate.level, terms),
    )


def _hours(person: Person, latest: Registration | None, terms: clocks.RegistrationRule, on: date) -> Decimal:
    if latest is None:
        return Decimal(0)
    done = list(person.education_hours.filter(done_on__gte=latest.registered_on, done_on__lte=on))
    courses = [one.hours for one in done if one.kind == EducationKind.COURSE]
    return clocks.hours_counted(courses, len(done) - len(courses), terms)


def entered_by(statuses: list[SpecialStatus]) -> dict[int, str]:
    """Who first entered each of the leaves, by their ids; a leave that came with a file has none here."""
    ids = [one.pk for one in statuses]
    if not ids:
        return {}
    events = SpecialStatus.pgh_event_model.objects.filter(pgh_obj_id__in=ids, pgh_label="insert")
    rows = events.order_by("pgh_id").values_list("pgh_obj_id", "pgh_context__user")
    return {pk: user for pk, user in rows if user}


def rules_for(person: Person, on: date) -> Rules:
    """The rules of the community where the person counts on a day, else of the latest post begun by then."""
    posts = list(person.appointments.filter(valid_from__lte=on).order_by("-valid_from", "tier"))
    heads = heads_among({post.division_id for post in posts if in_force(post.valid_from, post.valid_to, on)}, on)
    head = heads.get(person.pk)
    code = head.division_id if head else posts[0].division_id if posts else ""
    return rules_of(code, on)

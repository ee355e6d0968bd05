"""The two committees 两委 on a day: who sits, the four named posts, one-shoulder, cross-appointment, terms (domain §1.M).

Seats are filled by part-time and cross-appointed members too, and by those on leave; deputies and vice chairs of the core
posts are full-time.
"""

from dataclasses import dataclass, fields
from datetime import date

from django.db.models import Max

from portal.core.accounts.roles import Perm
from portal.core.lib.dated import add_years
from portal.core.policy.kinds import COMMITTEE_TERM
from portal.core.policy.queries import rule_for
from portal.core.territory.models import Division
from workforce.committee import OneShoulder, TwoCommittees, one_shoulder
from workforce.enums import Body, Tier
from workforce.models import Appointment, Term

# Members of every community on the day of the question, for inspections.
BODIES_ON = """
seats AS (
    SELECT a.division_id, a.person_id, bool_or(a.body = 'party') AS party, bool_or(a.body = 'committee') AS committee,
        bool_or(a.body = 'party' AND a.tier = 1) AS secretary, bool_or(a.body = 'committee' AND a.tier = 1) AS chair,
        bool_or(a.body = 'party' AND a.tier = 2 AND a.full_time) AS deputy,
        bool_or(a.body = 'committee' AND a.tier = 2 AND a.full_time) AS vice_chair
    FROM workforce_appointment a
    WHERE a.body IN ('party', 'committee') AND a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to > %(on)s)
      AND a.division_id >= %(low)s AND a.division_id < %(high)s
    GROUP BY a.division_id, a.person_id
),
bodies AS (
    SELECT s.division_id, count(*) FILTER (WHERE party)::int AS party, count(*) FILTER (WHERE committee)::int AS committee,
        count(*) FILTER (WHERE secretary)::int AS secretaries, count(*) FILTER (WHERE chair)::int AS chairs,
        count(*) FILTER (WHERE secretary AND chair)::int AS shoulders,
        count(*) FILTER (WHERE deputy)::int AS deputies, count(*) FILTER (WHERE vice_chair)::int AS vice_chairs
    FROM seats s GROUP BY s.division_id
)"""


# The latest term of each committee begun by the day, with the day by which the next election is due.
LATEST_TERMS = """
latest AS (
    SELECT DISTINCT ON (t.division_id, t.body) t.id, t.division_id, t.body, t.number, t.elected_on, t.valid_from,
        t.valid_to, t.seats, t.form
    FROM workforce_term t
    WHERE t.valid_from <= %(on)s AND (t.valid_to IS NULL OR t.valid_to > t.valid_from)
      AND t.division_id >= %(low)s AND t.division_id < %(high)s
    ORDER BY t.division_id, t.body, t.valid_from DESC
)"""


@dataclass(frozen=True)
class Sitting:
    """One community on a day, by person ids."""

    secretaries: frozenset
    chairs: frozenset
    deputies: frozenset
    vice_chairs: frozenset
    party: frozenset
    committee: frozenset

    @property
    def state(self) -> OneShoulder:
        return one_shoulder(self.secretaries, self.chairs)

    @property
    def members(self) -> TwoCommittees:
        return TwoCommittees(len(self.party), len(self.committee), len(self.party & self.committee))


def sitting(code: str, on: date) -> Sitting:
    """Who sits in the two committees of a community on a day."""
    posts = Appointment.objects.filter(division_id=code, body__in=(Body.PARTY, Body.COMMITTEE)).in_force(on)
    found: dict[str, set] = {field.name: set() for field in fields(Sitting)}
    for person, body, tier, full_time in posts.values_list("person_id", "body", "tier", "full_time"):
        found[body].add(person)
        if tier == Tier.PRINCIPAL:
            found["secretaries" if body == Body.PARTY else "chairs"].add(person)
        elif tier == Tier.DEPUTY and full_time:
            found["deputies" if body == Body.PARTY else "vice_chairs"].add(person)
    return Sitting(**{name: frozenset(people) for name, people in found.items()})


def terms_of(user, code: str, on: date):
    """Terms of a community begun by a day, latest first."""
    terms = Term.objects.for_user(user, Perm.VIEW_STAFFING).filter(division_id=code, valid_from__lte=on)
    return terms.order_by("body", "-valid_from")


def seated(code: str, on: date, *, of: date) -> int:
    """How many urban communities under a division have a member of either committee on record on a day, of those that
    stood on the day `of`."""
    posts = Appointment.objects.under(code).in_force(on).filter(body__in=(Body.PARTY, Body.COMMITTEE))
    stood = Division.objects.in_force(of).filter(urban=True)
    return posts.filter(division__in=stood).values("division_id").distinct().count()


def previous_of(term: Term) -> Term | None:
    """The term of the same committee before this one."""
    before = Term.objects.filter(division_id=term.division_id, body=term.body, valid_from__lt=term.valid_from)
    return before.order_by("-valid_from").first()


def re_elected(code: str, body: str, first: date, last_before: date) -> int:
    """How many who sat on the previous term's last day sit on the new term's first day."""

    def members(on: date) -> set:
        posts = Appointment.objects.filter(division_id=code, body=body).in_force(on)
        return set(posts.values_list("person_id", flat=True))

    return len(members(first) & members(last_before))


def next_due(code: str, elected_on: date, starts_on: date) -> date | None:
    """The day by which the next election is due, by the rule of election day; None where no term length is in force."""
    value = rule_for(COMMITTEE_TERM, code, elected_on).value
    return add_years(starts_on, value["years"]) if value else None


def next_number(code: str, body: str) -> int | None:
    """The number of the next term of a committee; None where none is numbered yet."""
    last = Term.objects.filter(division_id=code, body=body).aggregate(last=Max("number"))["last"]
    return None if last is None else last + 1

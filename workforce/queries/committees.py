"""The two committees 两委 on a day: who sits, the four named posts, one-shoulder, cross-appointment, terms (domain §1.M).

Seats are filled by part-time and cross-appointed members too, and by those on leave; deputies and vice chairs of the core
posts are full-time.
"""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Max, Min

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import code_range
from portal.core.lib.dated import add_years
from portal.core.policy.kinds import COMMITTEE_TERM
from portal.core.policy.queries import rule_for
from portal.core.territory.models import Division
from portal.core.territory.queries import shown_children
from workforce.committee import OneShoulder, TwoCommittees, one_shoulder
from workforce.enums import Body, Tier
from workforce.models import Appointment, Term
from workforce.quota import share

_SEATS = """
seats AS (
    SELECT a.division_id, a.person_id, bool_or(a.body = 'party') AS party, bool_or(a.body = 'committee') AS committee,
        bool_or(a.body = 'party' AND a.tier = 1) AS secretary, bool_or(a.body = 'committee' AND a.tier = 1) AS chair,
        bool_or(a.body = 'party' AND a.tier = 2 AND a.full_time) AS deputy,
        bool_or(a.body = 'committee' AND a.tier = 2 AND a.full_time) AS vice_chair
    FROM {source}
    WHERE a.body IN ('party', 'committee') AND a.valid_from <= {day} AND (a.valid_to IS NULL OR a.valid_to > {day})
      AND a.division_id >= %(low)s AND a.division_id < %(high)s
    GROUP BY a.division_id, a.person_id
),
bodies AS (
    SELECT s.division_id, count(*) FILTER (WHERE party)::int AS party, count(*) FILTER (WHERE committee)::int AS committee,
        count(*) FILTER (WHERE party AND committee)::int AS both, count(*) FILTER (WHERE w.sex = 'female')::int AS women,
        count(*) FILTER (WHERE secretary)::int AS secretaries, count(*) FILTER (WHERE chair)::int AS chairs,
        count(*) FILTER (WHERE secretary AND chair)::int AS shoulders,
        count(*) FILTER (WHERE deputy)::int AS deputies, count(*) FILTER (WHERE vice_chair)::int AS vice_chairs
    FROM seats s JOIN workforce_person w ON w.id = s.person_id GROUP BY s.division_id
)"""

# Members of every community on the day of the question, for inspections.
BODIES_ON = _SEATS.format(source="workforce_appointment a", day="%(on)s")

# When the residents' committee's term before the one in force ended, where there was one.
_BEFORE = """
asked AS (
    SELECT p.division_id, (least(p.valid_to, n.valid_from) - 1) AS day
    FROM workforce_term n
    JOIN LATERAL (
        SELECT t.division_id, t.valid_to FROM workforce_term t
        WHERE t.division_id = n.division_id AND t.body = n.body AND t.valid_from < n.valid_from
        ORDER BY t.valid_from DESC LIMIT 1
    ) p ON true
    WHERE n.body = 'committee' AND n.valid_from <= %(on)s AND (n.valid_to IS NULL OR n.valid_to > %(on)s)
      AND n.division_id >= %(low)s AND n.division_id < %(high)s
)"""

# The same of urban communities alone, for sums: nine in ten of a province are villages.
_URBAN = "workforce_appointment a JOIN core_division d ON d.code = a.division_id AND d.urban"
_BODIES_NOW = _SEATS.format(source=_URBAN, day="%(on)s")
_BODIES_BEFORE = f"{_BEFORE}, " + _SEATS.format(
    source=f"{_URBAN} JOIN asked q ON q.division_id = a.division_id", day="q.day"
)

_SUMS = """
SELECT s.code, count(*) FILTER (WHERE b.committee > 0)::int, sum(b.party)::int, sum(b.committee)::int, sum(b.both)::int,
    sum(b.women)::int, count(*) FILTER (WHERE b.committee > 0 AND b.shoulders > 0)::int,
    count(*) FILTER (WHERE b.committee > 0 AND b.secretaries > 0 AND b.chairs > 0 AND b.shoulders = 0)::int,
    count(*) FILTER (WHERE b.secretaries = 0)::int, count(*) FILTER (WHERE b.chairs = 0)::int
FROM bodies b CROSS JOIN unnest(ARRAY[2, 4, 6, 9, 12]) AS n
JOIN unnest(%(codes)s) AS s (code) ON s.code = left(b.division_id, n)
WHERE n <= length(b.division_id)
GROUP BY 1"""


@dataclass(frozen=True)
class Committees:
    """Sums over the communities of a division; distinct persons within each community."""

    formed: int = 0
    party: int = 0
    committee: int = 0
    both: int = 0
    women: int = 0
    one_shoulder: int = 0
    apart: int = 0
    without_secretary: int = 0
    without_chair: int = 0

    @property
    def members(self) -> TwoCommittees:
        return TwoCommittees(self.party, self.committee, self.both)

    @property
    def one_shoulder_rate(self) -> Decimal | None:
        """Per cent of the communities with a formed committee; a vacant secretary or chair is not one-shoulder."""
        return share(self.one_shoulder, self.formed)

    @property
    def women_share(self) -> Decimal | None:
        return share(self.women, self.members.total)


def committees_of(codes: list[str], on: date, under: str, *, before: bool = False) -> dict[str, Committees]:
    """Both committees under each of the divisions `codes`, all at or under `under`, on a day. Scope them before asking.

    `before`: instead of the day, the last day of the term before the one in force, community by community.
    """
    low, high = code_range(under)
    found = dict.fromkeys(codes, Committees())
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {_BODIES_BEFORE if before else _BODIES_NOW} {_SUMS}",
            {"on": on, "low": low, "high": high, "codes": codes},
        )
        for code, *numbers in cursor.fetchall():
            found[code] = Committees(*numbers)
    return found


@dataclass(frozen=True)
class Line:
    """A division in the table of committees: as they are, and as they were at the end of the previous term."""

    division: Division
    now: Committees
    before: Committees
    due: "Due"


@dataclass(frozen=True)
class Due:
    """Terms recorded under a division, and how many of them have ended without a new one."""

    recorded: int = 0
    ended: int = 0


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
_DUE = f"""
WITH {LATEST_TERMS}
SELECT s.code, count(*)::int, count(*) FILTER (WHERE l.valid_to <= %(on)s)::int
FROM latest l CROSS JOIN unnest(ARRAY[2, 4, 6, 9, 12]) AS n
JOIN unnest(%(codes)s) AS s (code) ON s.code = left(l.division_id, n)
WHERE n <= length(l.division_id) GROUP BY 1"""


def committees_under(division: Division, on: date) -> tuple[Line, list[Line]]:
    """The division itself, and every division shown one step below that has a community."""
    children = list(shown_children(division, on).filter(urban=True).order_by("code"))
    codes = [division.code, *(child.code for child in children)]
    now = committees_of(codes, on, division.code)
    before = committees_of(codes, on, division.code, before=True)
    due = dict.fromkeys(codes, Due())
    low, high = code_range(division.code)
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"on": on, "low": low, "high": high, "codes": codes})
        due |= {code: Due(*numbers) for code, *numbers in cursor.fetchall()}
    lines = [Line(one, now[one.code], before[one.code], due[one.code]) for one in (division, *children)]
    return lines[0], lines[1:]


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


def previous_term_day(code: str, on: date) -> date | None:
    """The last day of the term before under a division: the day before the first residents' committee now in office began.

    None where no term is recorded. Where elections took months, communities that voted later had their old committee on
    that day too.
    """
    terms = Term.objects.under(code).filter(body=Body.COMMITTEE).in_force(on)
    first = terms.aggregate(first=Min("valid_from"))["first"]
    return first - timedelta(days=1) if first else None


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

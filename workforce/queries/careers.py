"""Reads of careers: directed posts by district and year, who has served the terms for institution staffing, honours."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, When

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import Level, ancestors
from portal.core.lib.dated import last_day
from portal.core.lib.scope import subtree, union
from portal.core.policy.kinds import COMMITTEE_TERM, DIRECTED_POSTS, INSTITUTION_TERMS, Kind
from portal.core.policy.models import PolicyRule
from portal.core.policy.queries import RuleInForce
from portal.core.territory.models import Division
from workforce.careers import LAWFUL_YEARS, Breach, Period, TermRecord, directed_breaches, full_terms_in_a_row
from workforce.enums import Body, NominationStage, RecruitmentGroup, SpecialStatusKind, Tier
from workforce.models import Appointment, Award, DirectedRecruitment, Nomination, SpecialStatus, Term
from workforce.queries.people import listed_people

STAGES = ("awarded", "recommended", "selected", "nominated", "declined")  # the furthest first
# Put forward 上报: what a quota counts. A nomination inside the area is not yet one of them.
PUT_FORWARD = (NominationStage.RECOMMENDED, NominationStage.AWARDED)


def readable(model, user, perm: str = Perm.VIEW_ROSTER) -> QuerySet:
    """Rows of the user's territory, and those of the offices above it that its people are measured by."""
    held = user.territories(perm)
    condition = union("division_id", held)
    if condition is None:
        return model.objects.none()
    return model.objects.filter(
        condition | Q(division_id__in={above for one in held if one for above in ancestors(one)})
    )


def districts(user, *, under: str, on: date, perm: str = Perm.VIEW_ROSTER) -> list[Division]:
    """Districts of the user's territory or above it, inside `under` where it holds any."""
    held = user.territories(perm)
    condition = union("code", held)
    if condition is None:
        return []
    above = {code for one in held if one for code in ancestors(one)}
    found = Division.objects.filter(condition | Q(code__in=above), level=Level.DISTRICT, urban=True).in_force(on)
    if under:
        found = found.filter(subtree("code", under) | Q(code__in=ancestors(under)))
    return list(found.order_by("code"))


def rules_for(kind: Kind, codes: Iterable[str], on: date) -> dict[str, RuleInForce]:
    """The rule of one kind for many divisions on a day; one query."""
    set_here = {rule.division_id or "": rule for rule in PolicyRule.objects.in_force(on).filter(kind=kind.key)}
    found = {}
    for code in codes:
        rule = next((set_here[scope] for scope in (code, *ancestors(code), "") if scope in set_here), None)
        found[code] = RuleInForce(kind, rule.value if rule else kind.default, rule)
    return found


@dataclass(frozen=True)
class DirectedLine:
    """What a district set aside for one group in a year: the rows by kind, and the breach where it is too little."""

    district: Division
    group: RecruitmentGroup
    rows: list[DirectedRecruitment]
    rule: RuleInForce
    breach: Breach | None

    @property
    def least(self) -> int | None:
        """How many posts the rule asks for; None where no rule is in force."""
        return self.rule.value[f"{self.group}_least"] if self.rule.value else None

    @property
    def posts(self) -> int | None:
        return sum(row.posts for row in self.rows) if self.rows else None


def directed(user, *, under: str, year: int, on: date) -> list[DirectedLine]:
    """The table of directed recruitment: every district in sight with both groups, by the rule at the year's end."""
    places = districts(user, under=under, on=on)
    rows: dict[tuple, list[DirectedRecruitment]] = defaultdict(list)
    codes = [place.code for place in places]
    for row in readable(DirectedRecruitment, user).filter(year=year, division_id__in=codes).order_by("kind"):
        rows[row.division_id, row.group].append(row)
    lines, rules = [], rules_for(DIRECTED_POSTS, codes, min(on, date(year, 12, 31)))
    for place in places:
        rule = rules[place.code]
        least = {g: rule.value[f"{g}_least"] for g in RecruitmentGroup.values} if rule.value else {}
        entered = [(place.code, g, row.posts) for g in RecruitmentGroup for row in rows[place.code, g]]
        found = {breach.group: breach for breach in directed_breaches([place.code], year, entered, least)}
        lines += [DirectedLine(place, g, rows[place.code, g], rule, found.get(g)) for g in RecruitmentGroup]
    return lines


@dataclass(frozen=True)
class DirectedSum:
    """What a year came to: posts set aside, those of them whose hires are recorded, and the people hired."""

    posts: int
    told: int
    hired: int

    @classmethod
    def of(cls, lines: Iterable[DirectedLine]) -> "DirectedSum | None":
        """None where nothing was entered."""
        rows = [row for line in lines for row in line.rows]
        told = [row for row in rows if row.hired is not None]
        sums = (sum(row.posts for row in rows), sum(row.posts for row in told), sum(row.hired or 0 for row in told))
        return cls(*sums) if rows else None

    @property
    def share(self) -> float | None:
        """Of the posts whose hires are recorded how many are filled; None where none are."""
        return self.hired / self.told if self.told else None


@dataclass(frozen=True)
class Secretary:
    """A sitting secretary who has served the full consecutive terms needed, with the records that say so."""

    post: Appointment
    full_terms: int
    needed: int
    terms: list[TermRecord]

    @property
    def periods(self) -> list[tuple[date, date | None]]:
        """First and last day of each term on record."""
        return [(term.start, last_day(term.end)) for term in self.terms]


@dataclass(frozen=True)
class Secretaries:
    """The sitting secretaries under a rule, those of them in institution staffing, and who of the others may enter it."""

    judged: int
    staffed: int
    eligible: list[Secretary]


def term_lengths(on: date) -> list[tuple[date, int]]:
    """Lawful lengths of a term by first day: the country's rules where they are set, else the law's own."""
    rules = PolicyRule.objects.filter(kind=COMMITTEE_TERM.key, division__isnull=True, valid_from__lte=on)
    known = [(rule.valid_from, rule.value["years"]) for rule in rules]
    return [*known, *(pair for pair in LAWFUL_YEARS if not known or pair[0] < min(known)[0])]


def secretaries(user, *, under: str, on: date) -> Secretaries:
    """Sitting secretaries by the full terms that their term records give them, most first (domain §1.G).

    The country has a hundred thousand: only who can have served the terms is looked at, only who has is named.
    """
    mine = Appointment.objects.for_user(user, Perm.VIEW_ROSTER).under(under)
    sitting = mine.filter(body=Body.PARTY, tier=Tier.PRINCIPAL, division__urban=True).in_force(on)
    posts = list(sitting.order_by("division_id", "id").values_list("pk", "person_id", "division_id"))
    rules = rules_for(INSTITUTION_TERMS, {code for _pk, _person, code in posts}, on)
    needed = {code: rule.value["terms"] for code, rule in rules.items() if rule.value is not None}
    institution = SpecialStatus.objects.filter(
        person__in=sitting.values("person_id"), kind=SpecialStatusKind.INSTITUTION
    )
    staffed = set(institution.in_force(on).values_list("person_id", flat=True))
    judged = [post for post in posts if post[2] in needed]
    open_to = [post for post in judged if post[1] not in staffed]
    found = _eligible(open_to, needed, on) if open_to else []
    return Secretaries(len(judged), len(judged) - len(open_to), found)


def _eligible(posts: list[tuple], needed: dict[str, int], on: date) -> list[Secretary]:
    """Those of the posts (key, person, community) whose holders have served the full terms needed."""
    terms, lengths = _terms({code for _pk, _person, code in posts}, on, min(needed.values())), term_lengths(on)
    posts = [post for post in posts if len(terms.get(post[2], ())) >= needed[post[2]]]
    held, full = _held((person for _pk, person, _code in posts), on), {}
    for pk, person, code in posts:
        count = full_terms_in_a_row(terms[code], held[person, code], on, lengths)
        if count >= needed[code]:
            full[pk] = count
    named = Appointment.objects.select_related("person", "division").in_bulk(full)
    found = [Secretary(named[pk], full[pk], needed[code], terms[code]) for pk, _person, code in posts if pk in full]
    return sorted(found, key=lambda one: (-one.full_terms, one.post.division_id))


def _held(people: Iterable[UUID], on: date) -> dict[tuple, list[Period]]:
    """When each of the people was secretary, by person and community."""
    found: dict[tuple, list[Period]] = defaultdict(list)
    secretary = Appointment.objects.filter(body=Body.PARTY, tier=Tier.PRINCIPAL, valid_from__lte=on)
    rows = secretary.filter(person__in=listed_people(people))
    for person, code, start, end in rows.values_list("person_id", "division_id", "valid_from", "valid_to"):
        found[person, code].append((start, end))
    return found


def _terms(codes: Collection[str], on: date, least: int) -> dict[str, list[TermRecord]]:
    """Terms begun by the day, of the communities (and others between them) where at least so many may be over."""
    near = Term.objects.filter(division_id__gte=min(codes), division_id__lte=max(codes))
    begun = near.filter(body=Body.PARTY, valid_from__lte=on).exclude(valid_to=F("valid_from"))
    over = begun.filter(Q(valid_to__isnull=True) | Q(valid_to__lte=on)).order_by().values("division_id")
    enough = over.annotate(terms=Count("id")).filter(terms__gte=least).values("division_id")
    found: dict[str, list[TermRecord]] = defaultdict(list)
    rows = begun.filter(division_id__in=enough).order_by("valid_from")
    for code, *term in rows.values_list("division_id", "valid_from", "valid_to", "number"):
        found[code].append(TermRecord(*term))
    return found


def awards(user, *, under: str, year: int | None) -> QuerySet:
    """Awards of a year in sight, newest first, with their nominations counted."""
    found = readable(Award, user).select_related("division")
    if under:
        found = found.filter(subtree("division_id", under) | Q(division_id__in=ancestors(under)))
    found = counted(found, _within(user.territories(Perm.VIEW_ROSTER), under))
    return (found.filter(year=year) if year else found).order_by("-year", "division_id", "name")


def _within(held: list[str], under: str) -> list[str]:
    """The territories as far as they lie under a place."""
    return [max(one, under, key=len) for one in held if under.startswith(one) or one.startswith(under)]


def counted(found: QuerySet, held: list[str]) -> QuerySet:
    """Awards with `used`, what their quota counts wherever it comes from, and by stage the people of the territories."""
    mine = union("nominations__division_id", held)
    if mine is None:
        return found.none()
    stages = {
        stage: Count("nominations", filter=mine & Q(nominations__stage=stage)) for stage in NominationStage.values
    }
    return found.annotate(used=Count("nominations", filter=Q(nominations__stage__in=PUT_FORWARD)), **stages)


def nominations(user, award: Award, perm: str = Perm.VIEW_ROSTER) -> QuerySet:
    """Nominations of the user's people for an award, the furthest first."""
    furthest = Case(*(When(stage=stage, then=n) for n, stage in enumerate(STAGES)), output_field=IntegerField())
    rows = Nomination.objects.for_user(user, perm).filter(award=award)
    return rows.select_related("person", "division", "award").order_by(
        furthest, "division_id", "person__name_pinyin", "id"
    )


def put_forward(award: Award) -> int:
    """How many nominations use up the quota, wherever they come from."""
    return award.nominations.filter(stage__in=PUT_FORWARD).count()

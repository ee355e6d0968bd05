"""Reads of features: the checklist of a community, how many places have which item, pilots by street (domain §1.H, §1.I)."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import Level
from portal.core.policy.kinds import ORGANISATIONS as ORGANISATIONS_RULE
from portal.core.policy.queries import rule_for
from portal.core.territory.models import Division
from ratings.enums import ORGANISATIONS, FeatureKind
from ratings.models import Feature


@dataclass(frozen=True)
class Line:
    """One item of the checklist: the row in force on the day, a row that begins later, and whether it must be there."""

    kind: FeatureKind
    held: Feature | None
    coming: Feature | None
    wanted: bool


def wanted_kinds(code: str, on: date) -> tuple[str, ...] | None:
    """The organisations that a community must have by the rule of its place; None where no rule is in force."""
    rule = rule_for(ORGANISATIONS_RULE, code, on).value
    return None if rule is None else tuple(rule["kinds"])


def checklist(user, code: str, on: date) -> list[Line]:
    """Every kind of item for a community, the six organisations first."""
    wanted = wanted_kinds(code, on) or ()
    rows = Feature.objects.for_user(user, Perm.VIEW_SERVICE).under(code).exclude(valid_to=F("valid_from"))
    held: dict[str, Feature] = {}
    coming: dict[str, Feature] = {}
    for row in rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on)).order_by("-valid_from"):
        (held if row.valid_from <= on else coming)[row.kind] = row
    return [Line(kind, held.get(kind), coming.get(kind), kind in wanted) for kind in FeatureKind]


def ended(user, code: str, on: date) -> list[Feature]:
    """Items that a community no longer has, the latest first."""
    rows = Feature.objects.for_user(user, Perm.VIEW_SERVICE).under(code).exclude(valid_to=F("valid_from"))
    return list(rows.filter(valid_to__lte=on).order_by("-valid_to", "pk"))


def kinds_held(under: str, on: date) -> dict[str, set[str]]:
    """Which kinds each community under a place has on a day."""
    found: dict[str, set[str]] = defaultdict(set)
    for code, kind in Feature.objects.under(under).in_force(on).values_list("division_id", "kind"):
        found[code].add(kind)
    return found


def complete(held: set[str], wanted: tuple[str, ...] | None) -> bool:
    """Whether all organisations of the rule are there; without a rule, all six of S3 L54."""
    return set(wanted if wanted is not None else ORGANISATIONS) <= held


def two_halls(held: set[str]) -> bool:
    """Both 两厅: the online deliberation hall and the community parlour (domain §1.H12)."""
    return {FeatureKind.ONLINE_HALL, FeatureKind.PARLOUR} <= held


def pilots_by_street(under: str, on: date) -> list[tuple[Division, int]]:
    """Streets with residents' communities under a place and the number of their pilot communities (domain §1.I)."""
    rows = Feature.objects.under(under).in_force(on).filter(kind=FeatureKind.PILOT, division__urban=True)
    counted = Counter(code[:9] for code in rows.values_list("division_id", flat=True))
    streets = Division.objects.under(under).in_force(on).filter(level=Level.STREET, urban=True, formal=False)
    return [(street, counted[street.code]) for street in streets.order_by("code")]


def off(count: int, rule: dict | None) -> bool | None:
    """Whether a street has too few or too many pilots; None where no rule is in force. 0 or 3 of 1 to 2 warn."""
    return None if rule is None else not rule["least"] <= count <= rule["most"]

"""Reads of the yearly assessment: schemes, the scoring sheet, ranks, the list for review."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, Q

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import ancestors, code_range
from portal.core.policy.kinds import ASSESSMENT_INDICATORS, BOTTOM_SHARE, DUAL_LINE
from portal.core.policy.queries import RuleInForce, rules_of
from workforce.appraisal import (
    Bottom,
    Demands,
    Indicator,
    bottom,
    faults,
    grade_of,
    line_score,
    ranks,
    renewal_ratio,
    total_score,
)
from workforce.enums import ExitReason, RankGroup
from workforce.models import Assessment, AssessmentScheme, Exit, Person
from workforce.queries.pay_people import PRIVATE

GROUP_LENGTH = {RankGroup.STREET: 9, RankGroup.DISTRICT: 6}


def schemes(user, perm: Perm = Perm.VIEW_PAY):
    """Schemes that concern the user's territory: those set in it, and those set above it for it."""
    mine = AssessmentScheme.objects.for_user(user, perm)
    above = {up for code in user.territories(perm) if code for up in (code, *ancestors(code))}
    return (AssessmentScheme.objects.filter(division__in=above) | mine).select_related("division")


def schemes_listed(user):
    """The schemes with how many people they take in and how many of these are scored, the latest year first."""
    scored = Count("assessments", filter=Q(assessments__total__isnull=False))
    return schemes(user).annotate(people=Count("assessments"), scored=scored).order_by("-year", "division_id", "name")


def indicators_of(scheme: AssessmentScheme) -> list[Indicator]:
    return [Indicator(one["key"], one["line"], one["weight"]) for one in scheme.indicators]


def bands_of(scheme: AssessmentScheme) -> list[tuple[str, Decimal]]:
    return [(one["grade"], Decimal(str(one["least"]))) for one in scheme.bands]


@dataclass(frozen=True)
class SchemeRules:
    """What the rules of a place ask of its scheme, with their sources."""

    indicators: RuleInForce
    dual_line: RuleInForce
    bottom: RuleInForce

    @property
    def told(self) -> list[RuleInForce]:
        """The rules in force that a scheme has to keep, for the page that shows them."""
        return [rule for rule in (self.indicators, self.dual_line) if rule.value]

    @property
    def demands(self) -> Demands:
        asked, dual = self.indicators.value or {}, self.dual_line.value or {}
        return Demands(dual.get("community_least"), asked.get("certificate", False), asked.get("satisfaction", False))


def scheme_rules(code: str, on: date) -> SchemeRules:
    """The assessment rules in force for a division on a day; one query."""
    rules = rules_of(code, on)
    return SchemeRules(rules[ASSESSMENT_INDICATORS.key], rules[DUAL_LINE.key], rules[BOTTOM_SHARE.key])


def faults_of(scheme: AssessmentScheme, on: date) -> tuple[str, ...]:
    """What keeps a scheme from being opened, by the keys of `appraisal.faults`."""
    return faults(indicators_of(scheme), scheme.grid_percent, scheme_rules(scheme.division_id, on).demands)


def result_of(scheme: AssessmentScheme, scores: dict[str, str], grid_worker: bool) -> dict:
    """Lines, total and grade that scores come to; None and "" as long as something is missing."""
    given = {key: Decimal(value) for key, value in scores.items()}
    indicators = indicators_of(scheme)
    community, grid = (line_score(indicators, line, given) for line in ("community", "grid"))
    total = total_score(community, grid, grid_percent=scheme.grid_percent, grid_worker=grid_worker)
    return {
        "community": community,
        "grid": grid if grid_worker else None,
        "total": total,
        "grade": grade_of(total, bands_of(scheme)),
    }


def sheet_rows(user, scheme: AssessmentScheme, under: str = "", perm: Perm = Perm.CHANGE_ASSESSMENT):
    """The people of a scheme whom the user may see, by community and name."""
    rows = scheme.assessments.for_user(user, perm).under(under).select_related("person", "division")
    return rows.defer(*(f"person__{name}" for name in PRIVATE)).order_by(
        "division_id", "person__name_pinyin", "person_id"
    )


@dataclass(frozen=True)
class Placed:
    """One person's result with the place in the group, and whether the result is on the list for review."""

    row: Assessment
    group: str
    place: int | None
    listed: bool


@dataclass(frozen=True)
class Results:
    """Results of a scheme for a reader, by group and place, then by community and name.

    Ranks and lists are those of whole groups, whatever part of them is shown.
    """

    scheme: AssessmentScheme
    rows: list[Placed]
    bottoms: dict[str, Bottom]
    rule: RuleInForce

    @cached_property
    def review(self) -> list[Placed]:
        """The list for review as far as the reader sees it, the lowest first."""
        return sorted((one for one in self.rows if one.listed), key=lambda one: (one.group, one.row.total, one.row.pk))

    @cached_property
    def grades(self) -> dict[str, int]:
        found: dict[str, int] = defaultdict(int)
        for one in self.rows:
            found[one.row.grade] += 1
        return dict(found)


def results(user, scheme: AssessmentScheme, on: date, under: str = "", perm: Perm = Perm.VIEW_PAY) -> Results:
    """Ranks within groups and the lists for review.

    Groups reach beyond the reader's part of them, so that a place and the cut are the same for everybody; only totals
    of the others are read, and nobody else is shown.
    """
    rule = scheme_rules(scheme.division_id, on).bottom
    length = GROUP_LENGTH[RankGroup(scheme.group)]
    totals: dict[str, dict[int, Decimal]] = defaultdict(dict)
    for key, code, total in scheme.assessments.filter(total__isnull=False).values_list("pk", "division_id", "total"):
        totals[code[:length]][key] = total
    bottoms = {}
    if rule.value:
        share = rule.value
        bottoms = {group: bottom(found, share["percent"], share["rounding"]) for group, found in totals.items()}
    places = {group: ranks(found) for group, found in totals.items()}
    rows = [_placed(row, row.division_id[:length], places, bottoms) for row in sheet_rows(user, scheme, under, perm)]
    rows.sort(key=lambda one: (one.group, one.place is None, one.place))
    return Results(scheme, rows, bottoms, rule)


def _placed(row: Assessment, group: str, places: dict, bottoms: dict) -> Placed:
    listed = group in bottoms and row.pk in bottoms[group].listed
    return Placed(row, group, places.get(group, {}).get(row.pk), listed)


def renewal(scheme: AssessmentScheme) -> tuple[int, int, Decimal | None]:
    """Leavers of the year after a failed assessment, people assessed, and the ratio of the two in per cent."""
    low, high = code_range(scheme.division_id)
    left = Exit.objects.filter(
        division_id__gte=low, division_id__lt=high, taken_back=False, reason=ExitReason.FAILED_ASSESSMENT,
        left_on__year=scheme.year + 1,
    ).count()  # fmt: skip
    assessed = scheme.assessments.count()
    return left, assessed, renewal_ratio(left, assessed)


def assessments_of(user, person: Person, perm: Perm = Perm.VIEW_PAY) -> list[Assessment]:
    """The closed assessments of a person that the user may see, the latest first."""
    rows = Assessment.objects.for_user(user, perm).filter(person=person, scheme__state="closed")
    return list(rows.select_related("scheme", "division").order_by("-scheme__year", "-pk"))

"""What a unit's star lets it, or its head, be put forward for, by rule or by an exception that was approved (domain §1.J)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.findings.duties import Duty
from portal.core.lib.clock import today
from portal.core.policy.kinds import STAR_ELIGIBILITY
from portal.core.policy.queries import RuleInForce, rule_for
from portal.core.territory.models import Division
from ratings.enums import OverrideState, Purpose, Star
from ratings.models import EligibilityOverride, StarGrade
from ratings.queries.results import grade_on
from workforce.models import Award, Person
from workforce.queries.careers import rules_for

DUTIES_SHOWN = 5


@dataclass(frozen=True)
class Standing:
    """Whether a unit, or one of its people, may be put forward for a purpose on a day.

    Without a rule in force or a star nothing is refused: there is then nothing to judge by.
    """

    purpose: Purpose
    star: StarGrade | None
    rule: RuleInForce
    override: EligibilityOverride | None

    @property
    def judged(self) -> bool:
        return self.star is not None and bool(self.rule.value)

    @property
    def allowed(self) -> list[int]:
        """The stars that the rule lets in."""
        return self.rule.value[self.purpose] if self.rule.value else []

    @property
    def by_rule(self) -> bool:
        return not self.judged or self.star.grade in self.allowed

    @property
    def eligible(self) -> bool:
        return self.by_rule or self.override is not None

    @property
    def allowed_words(self) -> str:
        labels = [str(Star(star).label) for star in sorted(self.allowed, reverse=True)]
        return _("、").join(labels) or _("任何星级都不")


def standing(code: str, purpose: str, on: date, person: UUID | None = None) -> Standing:
    """How a unit stands for a purpose; with a person, exceptions made for that person count as well."""
    return _standing(Purpose(purpose), grade_on(code, on), rule_for(STAR_ELIGIBILITY, code, on), on, person)


def standings(code: str, on: date) -> list[Standing]:
    """How a unit as a whole stands for every purpose."""
    star, rule = grade_on(code, on), rule_for(STAR_ELIGIBILITY, code, on)
    return [_standing(purpose, star, rule, on, None) for purpose in Purpose]


def _standing(purpose: Purpose, star: StarGrade | None, rule: RuleInForce, on: date, person) -> Standing:
    """An exception was made for the star that the unit had then: it ends with the next decision on the unit."""
    override = None
    if star is not None:
        approved = EligibilityOverride.objects.filter(
            Q(person__isnull=True) | Q(person=person) if person else Q(person__isnull=True),
            division_id=star.division_id, year=star.year, purpose=purpose, state=OverrideState.APPROVED,
            answered_on__lte=on, answered_on__gte=star.decided_on,
        )  # fmt: skip
        override = approved.select_related("answered_by").order_by("id").first()
    return Standing(purpose, star, rule, override)


def nomination_refusal(*, award: Award, person: Person, division_id: str, on: date) -> str:
    """Why somebody may not be put forward for an honour from a unit, and what to do; empty where they may be.

    Judged by the star of today, so that an earlier date in the form changes nothing; honours of past years, entered
    later, by that of the day they name.
    """
    day = on if award.year < today().year else today()
    found = standing(division_id, Purpose.NOMINATION, day, person.pk)
    if found.eligible:
        return ""
    return _(
        "“%(unit)s”%(year)s 年度为%(star)s。%(source)s规定，评优评先限%(stars)s单位的人员，%(name)s不能直接推荐。"
        "确需推荐的，请先在“星级后果 › 资格”为该单位或本人申请例外，由另一人批准后再推荐。"
    ) % {
        "unit": found.star.division.label,
        "year": found.star.year,
        "star": found.star.get_grade_display(),
        "source": found.rule.source,
        "stars": found.allowed_words,
        "name": person.name,
    }


def overrides(user, perm: Perm = Perm.VIEW_RATINGS) -> QuerySet:
    rows = EligibilityOverride.objects.for_user(user, perm)
    return rows.select_related("division", "person", "asked_by", "answered_by")


def overrides_of(user, code: str) -> QuerySet:
    """Exceptions asked for in a unit, the latest first."""
    return overrides(user).filter(division_id=code).order_by("-asked_on", "-id")


def awaiting(user) -> QuerySet:
    """Exceptions that wait for the user's answer: asked for by somebody else, the oldest first."""
    rows = overrides(user, Perm.DECIDE_RATINGS).filter(state=OverrideState.ASKED)
    return rows.exclude(asked_by=user).order_by("asked_on", "id")


def duties(user) -> list[Duty]:
    """Exceptions that wait for the user's answer; many of them as one line."""
    found = list(awaiting(user)[: DUTIES_SHOWN + 1])
    label, button = _("星级资格例外待批准"), _("去审批")
    if len(found) > DUTIES_SHOWN:
        return [Duty(label, awaiting(user).count(), reverse("exceptions"), button=button)]
    return [
        Duty(label, 1, reverse("exception_answer", args=[one.pk]), who=one.division.label, button=button)
        for one in found
    ]


def units_with_star(user, *, under: str, on: date) -> QuerySet:
    """The decision that gives each unit of a place its star on a day, by code of the unit."""
    rows = StarGrade.objects.for_user(user, Perm.VIEW_RATINGS).under(under).filter(effective_from__lte=on)
    latest = rows.order_by("division_id", "-year", "-number").distinct("division_id").values("pk")
    return StarGrade.objects.filter(pk__in=latest).select_related("division").order_by("division_id")


def unit_lines(stars: list[StarGrade], on: date) -> list[dict]:
    """Of each unit its star, and for every purpose whether the rule lets it in: None where no rule is in force."""
    rules = rules_for(STAR_ELIGIBILITY, [star.division_id for star in stars], on)
    values = {code: rule.value for code, rule in rules.items()}
    return [
        {"star": star, "answers": [_let_in(values[star.division_id], purpose, star.grade) for purpose in Purpose]}
        for star in stars
    ]


def _let_in(value: dict | None, purpose: Purpose, grade: int) -> bool | None:
    return None if value is None else grade in value[purpose]


def people_to_choose(user, division: Division, on: date) -> QuerySet:
    """People in post in a unit on a day whom an exception may be asked for."""
    mine = Person.objects.filter(appointments__division=division).filter(
        Q(appointments__valid_to__isnull=True) | Q(appointments__valid_to__gt=on), appointments__valid_from__lte=on
    )
    if not user.can(Perm.VIEW_ROSTER, division.code):
        return mine.none()
    return mine.defer("id_number", "id_number_index", "phone").distinct().order_by("name_pinyin", "id")

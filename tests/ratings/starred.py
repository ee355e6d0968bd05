"""Decided stars for tests of what follows from them."""

from datetime import date

from ratings.models import Consequence, EligibilityOverride, StarGrade
from tests import factories
from tests.factories import rule

DECIDED = date(2026, 2, 10)
YEAR = 2025
COEFFICIENTS = {
    "rows": [
        {"star": 5, "coefficient": 120},
        {"star": 4, "coefficient": 100},
        {"star": 3, "coefficient": 80},
        {"star": 0, "coefficient": None},
    ]
}
ELIGIBILITY = {"nomination": [5, 4], "recruitment": [5, 4], "promotion": [5]}
MEASURES = {"talk": 30, "admonition_years": 2, "removal_years": 3}


def star(world, code: str, grade: int, **fields) -> StarGrade:
    """A decided star of 2025, prepared by the district and decided by the city on 2026-02-10; a later one replaces it."""
    year = fields.pop("year", YEAR)
    number = StarGrade.objects.filter(division_id=code, year=year).count() + 1
    StarGrade.objects.filter(division_id=code, year=year).update(current=False)
    given = {
        "unit_kind": "village" if code.endswith("200") else "community",
        "change": "new",
        "cause": "cycle",
        "decision_number": "示例发〔2026〕1号",
        "decided_on": DECIDED,
        "effective_from": DECIDED,
        "prepared_by": world.users.district,
        "decided_by": world.users.city,
    }
    return StarGrade.objects.create(division_id=code, year=year, number=number, grade=grade, **(given | fields))


def rules() -> None:
    """All three rules that something follows from, in the whole country."""
    rule("pay.star_coefficients", COEFFICIENTS)
    rule("rating.eligibility", ELIGIBILITY)
    rule("rating.measures", MEASURES)


def followed(code: str, **fields) -> Consequence:
    """A talk that is due with the head of a no-star unit, made by people of nowhere."""
    number = StarGrade.objects.count()
    result = StarGrade.objects.create(
        division_id=code, year=2000 + number % 90, unit_kind="community", grade=0, change="new", cause="cycle",
        decision_number="示例发〔2026〕2号", decided_on=DECIDED, effective_from=DECIDED,
        prepared_by=factories.user(f"prepared{number}"), decided_by=factories.user(f"decided{number}"),
    )  # fmt: skip
    given = {"kind": "talk", "due_on": date(2026, 3, 12), "facts": {"years": 1, "rule": MEASURES}}
    return Consequence.objects.create(result=result, division_id=code, **(given | fields))


def exception(code: str, **fields) -> EligibilityOverride:
    """An exception for nominations that waits for its answer."""
    asked_by = fields.pop("asked_by", None) or factories.user(f"asked{EligibilityOverride.objects.count()}")
    given = {"year": YEAR, "purpose": "nomination", "reason": "事迹特别突出", "asked_on": date(2026, 3, 1)}
    return EligibilityOverride.objects.create(division_id=code, asked_by=asked_by, **(given | fields))

"""What the tests of grades, pay and assessment share: rules, grade records and a person with a known history."""

from datetime import date

from portal.core.policy.models import PolicyRule
from tests import factories
from workforce.models import GradeRecord

SINCE = date(2018, 1, 1)
BACHELOR = {"rows": [{"degree": "bachelor", "steps": 1}, {"degree": "master", "steps": 2}], "as": "grades"}
STEPS = {
    "rows": [
        {"level": "assistant", "steps": 1},
        {"level": "social_worker", "steps": 2},
        {"level": "senior", "steps": None},
    ],
    "least": None,
    "most": None,
    "needs_appointment": False,
}
AMOUNTS = {
    "rows": [{"grade": grade, "amount": 2000 + 100 * grade} for grade in range(1, 18)] + [{"grade": 18, "amount": None}]
}
POSTS = {
    "rows": [
        {"post": "secretary_chair", "amount": 4600, "raise": 600},
        {"post": "deputy", "amount": 3800, "raise": 400},
        {"post": "member", "amount": 3400, "raise": 300},
    ]
}
ALLOWANCE = {
    "rows": [
        {"level": "assistant", "amount": 60},
        {"level": "social_worker", "amount": 120},
        {"level": "senior", "amount": None},
    ],
    "least": None,
    "most": None,
    "highest_only": True,
    "registered_only": False,
}
BOUNDS = {"start": 2300, "cap": 5000, "exceptional_cap": 7000}


def rule(kind: str, value: dict, division: str = "96", since: date = SINCE, **fields) -> PolicyRule:
    """A rule of a place from 2018-01-01 on."""
    return PolicyRule.objects.create(
        kind=kind, division_id=division or None, valid_from=since, value=value, document="示例文件〔2018〕1号",
        article="第二条", entered_by="test", **fields,
    )  # fmt: skip


def record(person, grade: int = 5, tier: int = 3, since: date = factories.STARTED, **fields) -> GradeRecord:
    """A grade from 2024-01-01 on, as the roster gave it."""
    return GradeRecord.objects.create(
        person=person, grade=grade, tier=tier, valid_from=since, **{"reason": "roster", **fields}
    )


def versioned(person):
    """The person as stored now, with the version that a reader would see."""
    person.refresh_from_db()
    return {"person": person, "version": person.version}

"""Checks of grades, pay and assessment: what they see, and that their SQL says what the pure rules say."""

import json
from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection

from portal.core.findings.models import Finding
from portal.core.findings.reconcile import reconcile
from tests import factories
from tests import world as w
from tests.workforce.paying import ALLOWANCE, AMOUNTS, BACHELOR, BOUNDS, POSTS, STEPS, record, rule
from workforce.inspections import INSPECTIONS
from workforce.inspections.pay import _LADDER, _PAY, ASSESSMENT_OPEN, GRADE_DUE, GRADE_RANGE, PAY_OUTSIDE
from workforce.models import (
    Appointment,
    Assessment,
    AssessmentScheme,
    Exit,
    PayApproval,
    ProfessionalAppointment,
    Registration,
    SpecialStatus,
)
from workforce.queries.grades import proposals
from workforce.queries.pay_sql import given
from workforce.queries.payroll import sheet

ON = date(2026, 11, 22)
LADDER = {
    "rows": [{"tier": 1, "low": 7, "high": 18}, {"tier": 2, "low": 4, "high": 15}, {"tier": 3, "low": 1, "high": 12}],
    "years_per_step": 3,
    "on_tier_change": "recompute",
}


def seen(inspection, on=ON):
    sql, parameters = inspection.problems(on)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT subject, division_id, due_on, facts FROM ({sql}) x", parameters)
        return {subject: (division, due, json.loads(facts)) for subject, division, due, facts in cursor.fetchall()}


def day(random, first=2005, last=2026):
    return date(first, 1, 1) + timedelta(days=random.randrange((date(last, 10, 1) - date(first, 1, 1)).days))


def populate(random, number=60):
    """People with histories of every sort: breaks, failed years, other tiers, certificates, appointments."""
    schemes = [
        AssessmentScheme.objects.create(
            division_id=w.CITY,
            year=year,
            name="x",
            indicators=[],
            bands=[],
            state=random.choice(["closed", "closed", "open"]),
        )
        for year in range(2015, 2027)
    ]
    for count in range(number):
        person = factories.person(
            f"样{count}", education=random.choice(["", "大专", "本科", "研究生", "大学专科"]),
            degree=random.choice(["", "学士", "硕士"]), hired_on=random.choice([None, day(random), day(random)]),
        )  # fmt: skip
        place = random.choice([w.SPRING, w.SUMMER, w.AUTUMN, w.SNOW])
        since = max(day(random), person.hired_on or date(2005, 1, 1))
        for tier in random.sample([1, 2, 3], random.choice([1, 1, 2])):
            body = random.choice(["party", "committee", "station"])
            factories.appointment(
                person,
                place,
                tier=tier,
                body=body,
                title=f"岗{tier}",
                grade=random.choice([None, 3, 8]),
                valid_from=since,
            )
        _past(random, person, schemes)


def _past(random, person, schemes):
    if random.random() < 0.4 and person.hired_on:
        left = person.hired_on - timedelta(days=random.choice([1, 1, 2, 400]))
        Exit.objects.create(
            person=person, division_id=w.SPRING, hired_on=left - timedelta(days=900), left_on=left, reason="other",
            taken_back=random.random() < 0.2,
        )  # fmt: skip
    start = day(random, 2010, 2020)
    for number in range(random.choice([0, 1, 2])):
        end = None if number == 1 else start + timedelta(days=random.choice([0, 700, 6000]))
        record(person, random.randint(1, 16), random.choice([1, 2, 3]), start, valid_to=end)
        if end is None or end > date(2020, 1, 1):
            break
        start = end
    for scheme in random.sample(schemes, random.choice([0, 0, 1, 3])):
        grade = random.choice(["failed", "failed", "basic"])
        Assessment.objects.create(scheme=scheme, person=person, division_id=w.SPRING, grade=grade)
    for level in random.sample(["local", "assistant", "social_worker", "senior"], random.choice([0, 1, 2])):
        held = factories.certificate(person, level, day(random))
        if random.random() < 0.5:
            Registration.objects.create(
                certificate=held, person=person, registered_on=date(2024, 1, 1),
                valid_to=random.choice([date(2026, 1, 1), date(2027, 1, 2)]),
            )  # fmt: skip
        if random.random() < 0.5 and not person.professional_appointments.exists():
            ProfessionalAppointment.objects.create(person=person, level=level, valid_from=day(random, 2015))
    if random.random() < 0.2:
        SpecialStatus.objects.create(person=person, kind="institution", valid_from=date(2020, 1, 1))
    if random.random() < 0.3:
        PayApproval.objects.create(
            person=person, amount=random.randint(5000, 9000), reason="x", document="x", approved_by="x",
            valid_from=date(2020, 1, 1),
        )  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_proposed_grades_are_those_of_the_pure_rule(world, seed):
    random = Random(seed)
    populate(random)
    rule("pay.ladder", {**LADDER, "on_tier_change": "keep" if seed % 2 else "recompute"}, w.DISTRICT)
    rule("pay.education_credit", {**BACHELOR, "as": "years" if seed % 3 else "grades"})
    rule("pay.certificate_steps", {**STEPS, "needs_appointment": seed % 2 == 0})
    with connection.cursor() as cursor:
        cursor.execute(f"{_LADDER} SELECT person_id, tier, present, grade, years, due FROM proposed", given(ON))
        found = {person: rest for person, *rest in cursor.fetchall()}
    expected = {
        one.worker.person.pk: [one.tier, one.present, one.grade, one.served.years, one.due_since]
        for one in proposals(world.users.city, under="", on=ON)
    }
    assert len(expected) > 60
    inside = {key: rest for key, rest in found.items() if key in expected}
    assert inside == expected


@pytest.mark.parametrize("seed", range(4))
def test_totals_are_those_of_the_pure_rule(world, seed):
    populate(Random(seed))
    rule("pay.grade_amounts", AMOUNTS)
    rule(
        "pay.post_amounts",
        {"rows": [*POSTS["rows"][:2], {"post": "member", "amount": None, "raise": None}]} if seed else POSTS,
    )
    rule("pay.certificate_allowance", {**ALLOWANCE, "highest_only": seed != 1, "registered_only": seed == 2})
    rule("pay.bounds", BOUNDS)
    with connection.cursor() as cursor:
        cursor.execute(f"{_PAY} SELECT person_id, total, coalesce(verdict, 'within') FROM totals", given(ON))
        found = {person: tuple(rest) for person, *rest in cursor.fetchall()}
    lines = sheet(world.users.city, under="", on=ON).lines
    assert found == {line.key: (line.pay.total, line.verdict) for line in lines if line.verdict is not None}
    assert {verdict for _total, verdict in found.values()} >= {"within", "above_exceptional"}


class TestGradeRange:
    def test_who_is_outside(self, world):
        assert seen(GRADE_RANGE) == {}
        person = world.people["钱风"]
        record(person, 13)
        division, due, facts = seen(GRADE_RANGE)[str(person.pk)]
        assert (division, due, facts["grade"], facts["low"], facts["high"]) == (w.SPRING, None, 13, 1, 12)
        assert GRADE_RANGE.headline(facts) == "岗位等级 13 级，不在工作人员的 1–12 级之内。"
        assert [line.value for line in GRADE_RANGE.lines(facts)] == ["工作人员", "13 级", "1–12 级"]
        assert GRADE_RANGE.lines(facts)[-1].hint == "系统默认"
        assert GRADE_RANGE.subjects(ON) == 9

    def test_ladder_of_the_place_decides(self, world):
        wide = [{"tier": 1, "low": 7, "high": 18}, {"tier": 2, "low": 4, "high": 15}, {"tier": 3, "low": 6, "high": 14}]
        rule("pay.ladder", {**LADDER, "rows": wide}, w.STREET)
        found = seen(GRADE_RANGE)
        assert len(found) == 5
        assert {facts["document"] for _division, _due, facts in found.values()} == {"示例文件〔2018〕1号"}


class TestGradeDue:
    def test_due_since_the_years_were_full(self, world):
        person = factories.worker("韩计", w.SPRING, hired_on=date(2010, 3, 1))
        Appointment.objects.filter(person=person).update(grade=2)
        division, due, facts = seen(GRADE_DUE)[str(person.pk)]
        assert (division, due, facts["present"], facts["grade"]) == (w.SPRING, date(2025, 3, 1), 2, 6)
        assert GRADE_DUE.headline(facts) == "现为 2 级，按规则自 2025-03-01 起应为 6 级，尚未办理晋级。"
        assert [line.value for line in GRADE_DUE.lines(facts)] == ["2 级", "6 级", "2025-03-01", "16 年", "每 3 年一级"]
        record(person, 6)
        assert str(person.pk) not in seen(GRADE_DUE)

    def test_person_without_a_grade_is_not_due(self, world):
        person = factories.worker("韩计", w.SPRING, hired_on=date(2010, 3, 1))
        Appointment.objects.filter(person=person).update(grade=None)
        assert seen(GRADE_DUE) == {}


class TestPayOutside:
    @pytest.fixture(autouse=True)
    def amounts(self, world):
        rule("pay.grade_amounts", AMOUNTS)

    def test_bounds_without_amounts_look_at_nobody(self, world):
        rule("pay.bounds", {"start": None, "cap": None, "exceptional_cap": None})
        assert (seen(PAY_OUTSIDE), PAY_OUTSIDE.subjects(ON)) == ({}, 0)

    @pytest.mark.parametrize(
        ("bounds", "sentence"),
        [
            ({"start": 3000}, "月应发 2,500 元，低于起点 3,000 元。"),
            ({"cap": 2400}, "月应发 2,500 元，超过上限 2,400 元，没有有效的批准记录。"),
            ({"exceptional_cap": 2400}, "月应发 2,500 元，超过经批准的最高限 2,400 元。"),
        ],
    )
    def test_each_bound(self, world, bounds, sentence):
        rule("pay.bounds", {"start": None, "cap": None, "exceptional_cap": None, **bounds})
        _division, _due, facts = seen(PAY_OUTSIDE)[str(world.people["钱风"].pk)]
        assert PAY_OUTSIDE.headline(facts) == sentence
        assert [line.value for line in PAY_OUTSIDE.lines(facts)][:2] == ["工作人员", "2,500 元"]
        assert PAY_OUTSIDE.subjects(ON) == 8


class TestAssessmentOpen:
    def test_open_after_the_year(self, world):
        made = {
            (year, state): AssessmentScheme.objects.create(
                division_id=w.STREET, year=year, name=f"{year} {state}", indicators=[], bands=[], state=state
            )
            for year, state in ((2025, "draft"), (2025, "open"), (2025, "closed"), (2026, "open"))
        }
        Assessment.objects.create(scheme=made[2025, "open"], person=world.people["钱风"], division_id=w.SPRING)
        found = seen(ASSESSMENT_OPEN)
        assert set(found) == {str(made[2025, "draft"].pk), str(made[2025, "open"].pk)}
        division, due, facts = found[str(made[2025, "open"].pk)]
        assert (division, due) == (w.STREET, date(2025, 12, 31))
        assert ASSESSMENT_OPEN.headline(facts) == "2025 年度考核“2025 open”还没有归档：共 1 人，1 人未完成打分。"
        draft = found[str(made[2025, "draft"].pk)][2]
        assert ASSESSMENT_OPEN.headline(draft) == "2025 年度考核方案“2025 draft”还没有启用。"
        assert [line.value for line in ASSESSMENT_OPEN.lines(facts)] == ["2025", "2025 open", "进行中", "1 人", "1 人"]
        assert ASSESSMENT_OPEN.subjects(ON) == 3


@pytest.mark.parametrize("inspection", [GRADE_RANGE, GRADE_DUE, PAY_OUTSIDE, ASSESSMENT_OPEN], ids=lambda one: one.key)
def test_running_twice_opens_nothing_more(world, inspection):
    assert inspection in INSPECTIONS
    populate(Random(7), 20)
    first, second = (reconcile(inspection=inspection, on=ON, by=None) for _run in range(2))
    assert (second.opened, second.refreshed) == (0, first.opened)
    facts = [one.facts for one in Finding.objects.filter(kind=inspection.key)]
    assert all("on" in one and "document" in one and "article" in one for one in facts)

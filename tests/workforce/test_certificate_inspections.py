"""Checks of certificates: what they find, and that their SQL agrees with the pure clocks."""

import json
from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection

from portal.core.policy.models import PolicyRule
from portal.core.policy.queries import rules_of
from portal.registry import INSPECTIONS
from tests import factories
from tests import world as w
from workforce.models import Certificate, Exit, Person, Registration
from workforce.queries.certificate_clocks import deadline_clock, registration_clock
from workforce.queries.people import heads_among

D = date
TWO_YEARS = {"months": 24, "starts_on": "2018-01-01", "restart_after_months": 6, "judged_by": "obtained"}


def rule(kind, value, **fields):
    return factories.rule(kind, value, w.CITY, **fields)


def found(key, on) -> dict[str, dict]:
    """What a check sees on a day: facts by subject, with division and due day."""
    sql, parameters = INSPECTIONS[key].problems(on)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT subject, division_id, due_on, facts FROM ({sql}) p", parameters)
        rows = cursor.fetchall()
    assert len({row[0] for row in rows}) == len(rows)
    return {subject: {**json.loads(facts), "division": code, "due": due} for subject, code, due, facts in rows}


def seen(key, on, name) -> dict | None:
    return found(key, on).get(str(Person.objects.get(name=name).pk))


def texts(key, on, name) -> tuple[str, dict[str, str]]:
    facts, check = seen(key, on, name), INSPECTIONS[key]
    return check.headline(facts), {str(line.label): line.value for line in check.lines(facts)}


# Deadline ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def deadline(world):
    rule("certificate.deadline", TWO_YEARS)
    return world


def test_deadline_without_a_rule_finds_and_looks_at_nobody(world):
    assert found("certificate_deadline", world.today) == {}
    assert INSPECTIONS["certificate_deadline"].subjects(world.today) == 0


@pytest.mark.parametrize(
    ("on", "stage", "sittings"),
    [
        (D(2024, 12, 31), None, None),
        (D(2025, 1, 1), 12, 1),
        (D(2025, 7, 1), 6, 0),
        (D(2025, 10, 1), 3, 0),
        (D(2025, 12, 1), 1, 0),
        (D(2026, 1, 1), 1, 0),
        (D(2026, 1, 2), 0, 0),
    ],
)
def test_deadline_of_a_hire_on_1_january_2024(deadline, on, stage, sittings):
    facts = seen("certificate_deadline", on, "钱风")
    assert (facts and (facts["stage"], facts["sittings"])) == (stage is not None and (stage, sittings) or None)


def test_deadline_looks_only_at_heads_without_a_certificate(deadline):
    names = set(
        Person.objects.filter(pk__in=found("certificate_deadline", D(2026, 2, 1))).values_list("name", flat=True)
    )
    assert names == {
        "钱风",
        "李雨",
        "吴同",
    }  # not the certified, part-time, uncontracted, in a village, of the next province
    assert INSPECTIONS["certificate_deadline"].subjects(D(2026, 2, 1)) == 6


def test_deadline_facts_carry_place_day_rule_and_no_name(deadline):
    facts = seen("certificate_deadline", D(2026, 2, 1), "钱风")
    assert (facts["division"], facts["due"], facts["due_on"]) == (w.SPRING, D(2026, 1, 1), "2026-01-01")
    assert (facts["document"], facts["article"], facts["on"]) == ("示例文件〔2018〕1号", "第一条", "2026-02-01")
    assert facts["person"] == str(deadline.people["钱风"].pk)
    assert "钱风" not in str(facts)


def test_deadline_gone_with_a_certificate_and_past_days_stay(deadline):
    factories.certificate(deadline.people["钱风"], "local", D(2026, 1, 20))
    assert seen("certificate_deadline", D(2026, 1, 20), "钱风") is None
    assert seen("certificate_deadline", D(2026, 1, 19), "钱风")["stage"] == 0


def test_deadline_wants_an_accepted_level(deadline):
    factories.certificate(deadline.people["钱风"], "local", D(2025, 1, 20))
    rule("certificate.accepted", {"levels": ["assistant", "social_worker", "senior"]}, since=D(2026, 1, 1))
    assert seen("certificate_deadline", D(2025, 12, 31), "钱风") is None
    assert seen("certificate_deadline", D(2026, 1, 1), "钱风")["stage"] == 1


def test_deadline_judged_by_the_day_of_issue(deadline):
    PolicyRule.objects.filter(kind="certificate.deadline").update(value={**TWO_YEARS, "judged_by": "issued"})
    held = factories.certificate(deadline.people["钱风"], "assistant", D(2025, 12, 20))
    assert seen("certificate_deadline", D(2026, 1, 5), "钱风") is None
    Certificate.objects.filter(pk=held.pk).update(issued_on=D(2026, 1, 10))
    assert seen("certificate_deadline", D(2026, 1, 9), "钱风")["stage"] == 0
    assert seen("certificate_deadline", D(2026, 1, 10), "钱风") is None


def test_deadline_texts(deadline):
    factories.status(deadline.people["钱风"], valid_from=D(2025, 3, 1), valid_to=D(2025, 8, 26))
    headline, lines = texts("certificate_deadline", D(2026, 7, 1), "钱风")
    assert headline == "应于 2026-06-28 前取得证书，已逾期。由单位立案研究，不自动辞退。"
    assert (lines["入职日期"], lines["暂停计算"], lines["最迟取得日期"]) == ("2024-01-01", "178 天", "2026-06-28")
    headline, lines = texts("certificate_deadline", D(2026, 6, 1), "钱风")
    assert headline == "应于 2026-06-28 前取得证书，不足 1 个月；之前还有 0 次考试来得及出成绩。"
    assert "入职 24 个月内取得证书" in lines["规则"]


def test_deadline_of_earlier_service_and_of_a_hire_before_the_rule_says_so(deadline):
    person = deadline.people["钱风"]
    Person.objects.filter(pk=person.pk).update(hired_on=D(2018, 3, 1))
    Exit.objects.create(
        person=person, division_id=w.SPRING, hired_on=D(2015, 1, 1), left_on=D(2017, 12, 31), reason="other"
    )
    _headline, lines = texts("certificate_deadline", D(2026, 1, 1), "钱风")
    assert (lines["入职日期"], lines["连续服务起算"], lines["期限起算"]) == ("2018-03-01", "2015-01-01", "2018-01-01")
    Exit.objects.update(taken_back=True)
    _headline, lines = texts("certificate_deadline", D(2026, 1, 1), "钱风")
    assert "连续服务起算" not in lines


def random_people(count: int, random: Random) -> None:
    """People at 春风社区 with services, leaves and certificates of every sort."""

    def day(low, high):
        return low + timedelta(days=random.randrange((high - low).days))

    for number in range(count):
        hired = day(D(2016, 1, 1), D(2026, 11, 1))
        person = factories.worker(f"随机{number}", w.SPRING, hired_on=hired)
        before = hired
        for _n in range(random.choice([0, 0, 0, 1, 2])):
            left = before - timedelta(days=random.choice([1, 2, 181, 182, 183, 184, 185, 400]))
            before = day(left - timedelta(days=900), left)
            Exit.objects.create(
                person=person, division_id=w.SPRING, hired_on=before, left_on=left, reason="other",
                taken_back=random.random() < 0.1,
            )  # fmt: skip
        for kind in ("maternity", "military", "sick"):
            if random.random() < 0.4:
                start = day(before, D(2026, 12, 1))
                end = random.choice([None, start, start + timedelta(days=random.randrange(1, 300))])
                factories.status(person, kind, valid_from=start, valid_to=end)
        if random.random() < 0.2:
            missed = day(before, D(2026, 11, 30))
            closed = {"state": "closed", "outcome": "extended", "closed_on": day(missed, D(2026, 12, 1))}
            until = missed + timedelta(days=random.randrange(1, 900))
            factories.review_case(person, w.SPRING, due_on=missed, extended_to=until, **closed)
        if random.random() < 0.3:
            held = factories.certificate(
                person, random.choice(["local", "assistant"]), day(D(2017, 1, 1), D(2026, 11, 1))
            )
            if random.random() < 0.5:
                Certificate.objects.filter(pk=held.pk).update(issued_on=held.obtained_on + timedelta(days=100))


@pytest.mark.parametrize("judged_by", ["obtained", "issued"])
def test_deadlines_in_sql_agree_with_the_pure_clock(world, judged_by):
    rule("certificate.deadline", {**TWO_YEARS, "judged_by": judged_by})
    rule("certificate.clock_stops", {"statuses": ["maternity", "military", "sick"]}, since=D(2024, 1, 1))
    rule("certificate.accepted", {"levels": ["assistant"]}, since=D(2025, 1, 1))
    random_people(220, Random(judged_by))
    stages = set()
    for on in (D(2024, 3, 31), D(2025, 2, 28), D(2026, 5, 24), D(2026, 11, 22)):
        rules, facts = rules_of(w.SPRING, on), found("certificate_deadline", on)
        heads = {pk for pk, head in heads_among({w.SPRING}, on).items() if head.reason is None}
        people = Person.objects.filter(pk__in=heads).prefetch_related("certificates")
        assert len(people) > 200
        for person in people:
            clock = deadline_clock(person, rules, on)
            told = facts.pop(str(person.pk), None)
            expected = None
            if clock.due is not None and clock.certificate is None and clock.stage is not None:
                expected = (
                    clock.due.due_on.isoformat(),
                    clock.due.starts_on.isoformat(),
                    clock.due.unstopped.isoformat(),
                    clock.due.extended_to and clock.due.extended_to.isoformat(),
                )
                expected += (clock.due.stopped_days, clock.due.stopped, clock.stage, len(clock.sittings))
            keys = ("due_on", "starts_on", "unstopped", "extended_to", "stopped_days", "stopped", "stage", "sittings")
            assert (told and tuple(told[key] for key in keys)) == expected
            stages.add(expected and expected[6])
        assert {one["division"] for one in facts.values()} <= {w.SUMMER, w.SAME_NAME}
    assert stages == {None, 0, 1, 3, 6, 12}


# Registration --------------------------------------------------------------------------------------------------------


def registered(person, day) -> Registration:
    return factories.registration(person.certificates.get(), day)


def hours(person, day, amount, kind="course"):
    factories.hours(person, amount, day, kind=kind)


@pytest.mark.parametrize(
    ("on", "stage"),
    [
        (D(2024, 9, 30), None),
        (D(2024, 10, 1), "first_due"),
        (D(2025, 1, 1), "first_due"),
        (D(2025, 1, 2), "first_overdue"),
    ],
)
def test_first_registration_is_due_a_year_after_the_certificate(world, on, stage):
    facts = seen("registration", on, "孙夏")
    assert (facts and facts["stage"]) == stage
    assert facts is None or facts["due"] == D(2025, 1, 1)


@pytest.mark.parametrize(
    ("on", "stage"),
    [(D(2027, 2, 9), None), (D(2027, 2, 10), "window"), (D(2027, 5, 10), "window"), (D(2027, 5, 11), "lapsed")],
)
def test_registration_window_of_the_rule_book(world, on, stage):
    registered(world.people["孙夏"], D(2024, 5, 10))
    facts = seen("registration", on, "孙夏")
    assert (facts and facts["stage"]) == stage


def test_registration_hours_are_those_of_the_period(world):
    person = world.people["孙夏"]
    registered(person, D(2024, 5, 10))
    hours(person, D(2024, 5, 9), 50)
    hours(person, D(2024, 5, 10), "35.5")
    hours(person, D(2027, 3, 2), 34)
    headline, lines = texts("registration", D(2027, 3, 1), "孙夏")
    assert headline == "助理社会工作师登记将于 2027-05-10 到期，可以再登记，继续教育还差 36.5 学时。"
    assert lines["继续教育"] == "已有 35.5 学时，需要 72 学时"
    assert seen("registration", D(2027, 3, 2), "孙夏")["missing"] == 2.5
    hours(person, D(2026, 1, 1), 1, "degree")
    hours(person, D(2026, 1, 2), 1, "degree")
    headline, lines = texts("registration", D(2027, 3, 1), "孙夏")
    assert headline == "助理社会工作师登记将于 2027-05-10 到期，可以再登记，继续教育学时已够。"
    assert lines["继续教育"] == "已有 125.5 学时，需要 72 学时"


def test_registration_renewed_is_settled(world):
    person = world.people["孙夏"]
    registered(person, D(2024, 5, 10))
    registered(person, D(2027, 5, 10))
    assert seen("registration", D(2027, 5, 9), "孙夏")["stage"] == "window"
    assert seen("registration", D(2027, 5, 10), "孙夏") is None


def test_registration_looks_at_the_best_national_certificate(world):
    person = world.people["孙夏"]
    registered(person, D(2024, 5, 10))
    factories.certificate(person, "social_worker", D(2026, 3, 1))
    facts = seen("registration", D(2027, 3, 2), "孙夏")
    assert (facts["level"], facts["stage"]) == ("social_worker", "first_overdue")
    factories.certificate(world.people["钱风"], "local", D(2024, 1, 1))
    assert seen("registration", D(2026, 1, 1), "钱风") is None


def test_registration_in_sql_agrees_with_the_pure_clock(world):
    random = Random("registration")
    for number in range(120):
        person = factories.worker(f"登记{number}", w.SPRING)
        for level in random.sample(["assistant", "social_worker", "senior", "local"], random.randrange(1, 4)):
            held = factories.certificate(person, level, D(2019, 1, 1) + timedelta(days=random.randrange(2500)))
            day = held.obtained_on
            for _n in range(random.randrange(3)):
                day += timedelta(days=random.randrange(1, 1100))
                end = D(day.year + 3, day.month, min(day.day, 28))
                Registration.objects.create(certificate=held, person=person, registered_on=day, valid_to=end)
        for _n in range(random.randrange(4)):
            hours(person, D(2020, 1, 1) + timedelta(days=random.randrange(2400)), random.randrange(1, 60),
                  random.choice(["course", "course", "degree"]))  # fmt: skip
    stages = set()
    for on in (D(2025, 2, 28), D(2026, 11, 22)):
        rules, facts = rules_of(w.SPRING, on), found("registration", on)
        for person in Person.objects.filter(name__startswith="登记"):
            clock = registration_clock(person, rules, on)
            stage, told = clock and clock.stage(on), facts.get(str(person.pk))
            assert (told and told["stage"]) == stage
            if told:
                assert (told["due_on"], told["opens_on"]) == (clock.due_on.isoformat(), clock.opens_on.isoformat())
                assert told["hours_needed"] == clock.hours_needed
                if told["hours"] is not None:
                    assert told["hours"] == float(clock.hours)
            stages.add(stage)
    assert stages == {None, "first_due", "first_overdue", "window", "lapsed"}


# Share and hiring condition ------------------------------------------------------------------------------------------


def test_share_by_city_district_and_street_in_whole_heads(world):
    rule("certificate.share_target", {"percent": 60, "due": "2026-12-31"}, since=D(2026, 1, 1), valid_to=D(2027, 1, 1))
    facts = found("certificate_share", D(2026, 11, 22))
    told = {code: (one["certified"], one["heads"], one["needed"]) for code, one in facts.items()}
    assert told == {"96": (3, 6, 1), w.STREET: (2, 4, 1), "960102": (0, 1, 1), "960102001": (0, 1, 1)}
    assert facts["96"]["due"] == D(2026, 12, 31)
    assert INSPECTIONS["certificate_share"].subjects(D(2026, 11, 22)) == 6
    assert INSPECTIONS["certificate_share"].headline(facts["96"]) == (
        "在岗 6 人中持证 3 人；到 2026-12-31 应达 60%，还需 1 人取得证书。"
    )
    lines = {str(line.label): line.value for line in INSPECTIONS["certificate_share"].lines(facts["96"])}
    assert lines["还需取得证书"] == "1 人"
    assert found("certificate_share", D(2025, 12, 31)) == {}
    assert found("certificate_share", D(2027, 1, 1)) == {}


def test_share_of_the_past_day_takes_that_days_target(world):
    rule("certificate.share_target", {"percent": 45, "due": "2022-12-31"}, since=D(2022, 1, 1), valid_to=D(2023, 1, 1))
    factories.appointment(world.people["钱风"], w.SUMMER, valid_from=D(2021, 1, 1), valid_to=D(2024, 1, 1))
    factories.contract(world.people["钱风"], valid_from=D(2021, 1, 1), valid_to=D(2024, 1, 1))
    facts = found("certificate_share", D(2022, 12, 31))
    assert {code: (one["heads"], one["needed"]) for code, one in facts.items()} == dict.fromkeys(
        ("96", "960101", w.STREET), (1, 1)
    )


def test_hiring_condition_looks_at_those_hired_since(world):
    rule("certificate.hiring_condition", {"required": True}, since=D(2024, 1, 1))
    names = set(Person.objects.filter(pk__in=found("hiring_condition", world.today)).values_list("name", flat=True))
    assert names == {"钱风", "李雨", "吴同"}
    assert INSPECTIONS["hiring_condition"].subjects(world.today) == 6
    headline, lines = texts("hiring_condition", world.today, "钱风")
    assert headline == "2024-01-01 入职时和至今都没有证书，而 2024-01-01 起招录以持证为条件。"
    assert lines["招录条件施行"] == "2024-01-01"
    Person.objects.update(hired_on=D(2023, 12, 31))
    assert found("hiring_condition", world.today) == {}


def test_hiring_condition_not_required_asks_nothing(world):
    rule("certificate.hiring_condition", {"required": False}, since=D(2024, 1, 1))
    assert found("hiring_condition", world.today) == {}

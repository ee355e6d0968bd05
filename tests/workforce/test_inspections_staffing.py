"""Checks of staffing, positions, committees and populations: what opens, what does not, and that it mends itself."""

import json
from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection

from portal.core.findings.models import Finding
from portal.core.findings.reconcile import reconcile
from portal.core.territory.models import Population
from tests import factories
from tests import world as w
from workforce.actions.tallies import recount
from workforce.committee import CoreFault, CorePosts, core_faults
from workforce.inspections import INSPECTIONS
from workforce.inspections.allotment import ALLOTMENT
from workforce.inspections.committee import CORE, SIZE, VACANCY
from workforce.inspections.data import POPULATION_MISSING, POPULATION_STALE
from workforce.inspections.deadline import DEADLINE
from workforce.inspections.positions import OVER_ESTABLISHMENT
from workforce.inspections.staffing import STAFFING
from workforce.inspections.terms import HOUSEHOLDS, TERM_ENDED
from workforce.models import Appointment
from workforce.queries.committees import sitting

MINE = (
    STAFFING, DEADLINE, ALLOTMENT, OVER_ESTABLISHMENT, VACANCY, CORE, SIZE, TERM_ENDED, HOUSEHOLDS,
    POPULATION_MISSING, POPULATION_STALE,
)  # fmt: skip
FOUR = {"secretaries": 1, "deputy_secretaries": 1, "vice_chairs": 2, "one_shoulder": True}
FOUR_PLUS_N = {"base": 4, "households_per": 300, "rounding": "nearest", "least": 0}


def seen(inspection, on) -> dict[str, dict]:
    """Facts by subject."""
    sql, parameters = inspection.problems(on)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return {subject: json.loads(facts) | {"due_on": due} for subject, _division, due, facts in cursor.fetchall()}


def said(inspection, facts: dict) -> str:
    return inspection.headline({key: value for key, value in facts.items() if key != "due_on"})


def lines(inspection, facts: dict) -> list[tuple[str, str, str]]:
    return [(str(line.label), line.value, line.hint) for line in inspection.lines(facts)]


def seat(name: str, code=w.SUMMER, bodies=("committee",), **fields):
    person = factories.person(name)
    for body in bodies:
        factories.appointment(person, code, **{"body": body, "title": "委员", "entry": "elected", **fields})
    return person


def test_every_check_is_registered_with_a_sentence_and_a_topic():
    assert set(MINE) <= set(INSPECTIONS)
    keys = [inspection.key for inspection in INSPECTIONS]
    assert len(keys) == len(set(keys))
    assert all(str(inspection.sentence).endswith("。") and str(inspection.remedy).endswith("。") for inspection in MINE)


@pytest.mark.parametrize("inspection", MINE, ids=lambda one: one.key)
def test_run_twice_opens_nothing_more_and_every_finding_reads(world, inspection):
    factories.rule("staffing.core_posts", FOUR)
    factories.rule("staffing.allotment", FOUR_PLUS_N)
    factories.rule("committee.size_residents", {"least": 5, "most": 9})
    factories.rule("committee.households", {"least": 5000, "most": 9000})
    factories.establishment(w.SPRING, posts=1)
    factories.term(w.SPRING, valid_to=world.today)
    factories.staffing_rule(w.DISTRICT, 30, since=world.today + timedelta(days=100))
    first = reconcile(inspection=inspection, on=world.today, by=None)
    assert first.opened > 0
    assert first.opened <= inspection.subjects(world.today) * 2
    assert reconcile(inspection=inspection, on=world.today, by=None).opened == 0
    for finding in Finding.objects.filter(kind=inspection.key):
        assert inspection.headline(finding.facts).endswith("。")
        assert all(line.value for line in inspection.lines(finding.facts))
        assert {"document", "article", "on"} <= set(finding.facts)


# A standard that begins soon -----------------------------------------------------------------------------------------


def test_standard_to_come_is_judged_with_the_heads_and_residents_of_today(world):
    due = world.today + timedelta(days=100)
    factories.staffing_rule(w.DISTRICT, 30, since=due)
    found = seen(DEADLINE, world.today)
    assert set(found) == {w.DISTRICT, w.STREET, w.SPRING, w.SUMMER, w.AUTUMN}
    facts = found[w.DISTRICT]
    assert (facts["required"], facts["required_now"], facts["workers"], facts["gap"]) == (90, 54, 5, 85)
    assert (facts["due_on"], facts["due"]) == (due, due.isoformat())
    assert said(DEADLINE, facts) == f"{due} 起执行新标准（还有 100 天）：应配 90 人，现在岗 5 人，缺 85 人。"
    assert ("新标准", "每 10,000 名城镇常住人口不少于 30 人", "示例文件〔2022〕1号 第一条") in lines(DEADLINE, facts)
    assert seen(DEADLINE, due) == {}


def test_standard_beyond_the_notice_waits_and_the_notice_is_policy(world):
    factories.staffing_rule(w.DISTRICT, 30, since=world.today + timedelta(days=400))
    assert seen(DEADLINE, world.today) == {}
    factories.rule("staffing.deadline_notice", {"months": 24}, division=w.STREET)
    assert set(seen(DEADLINE, world.today)) == {w.SPRING, w.SUMMER, w.STREET}


def test_standard_that_asks_for_no_more_repeats_nothing(world):
    factories.staffing_rule(w.DISTRICT, 18, since=world.today + timedelta(days=100))
    assert seen(DEADLINE, world.today) == {}
    assert DEADLINE.subjects(world.today) == 5


def test_nearer_standard_on_that_day_wins(world):
    """The city asks for more from a day on which the district has a rule of its own."""
    due = world.today + timedelta(days=100)
    factories.staffing_rule(w.DISTRICT, 18, since=world.today - timedelta(days=9))
    factories.staffing_rule("97", 30, since=due)
    assert set(seen(DEADLINE, world.today)) == {w.FAR, "97", "9701", "970101", "970101001"}
    factories.rule("staffing.per_population", {"heads": 18, "per": 10_000}, division=w.FAR, since=due)
    assert w.FAR in seen(DEADLINE, world.today)
    assert seen(DEADLINE, world.today)[w.FAR]["required"] == 2


# Allotment -----------------------------------------------------------------------------------------------------------


def test_allotment_by_households_and_its_source(world):
    factories.rule("staffing.allotment", FOUR_PLUS_N, division=w.STREET, article="第四条")
    found = seen(ALLOTMENT, world.today)
    assert {code: (facts["required"], facts["gap"]) for code, facts in found.items()} == {
        w.SPRING: (7, 5),
        w.SUMMER: (5, 3),
    }
    facts = found[w.SPRING]
    assert said(ALLOTMENT, facts) == "按“按户数核定职数（4+N）”应配 7 人，在岗 2 人，缺 5 人。"
    assert ("社区工作者配备标准", "6 人", "") in lines(ALLOTMENT, facts)
    assert lines(ALLOTMENT, facts)[-1][2].endswith("第四条")
    assert ALLOTMENT.subjects(world.today) == 2


def test_ratio_alone_is_left_to_the_staffing_check(world):
    assert seen(ALLOTMENT, world.today) == {}
    factories.rule("staffing.allotment", {**FOUR_PLUS_N, "base": 0, "households_per": 9000}, division=w.CITY)
    assert seen(ALLOTMENT, world.today) == {}
    factories.rule("staffing.cap", {"heads": 5}, division=w.SPRING)
    assert {code: facts["binding"] for code, facts in seen(ALLOTMENT, world.today).items()} == {w.SPRING: "cap"}


def test_a_most_that_misses_data_proves_no_gap(world):
    factories.rule("staffing.allotment", FOUR_PLUS_N, division=w.AUTUMN)
    factories.rule("staffing.combination", {"choose": "smallest"}, division=w.AUTUMN)
    world.divisions[w.AUTUMN].populations.update(households=None)
    assert seen(ALLOTMENT, world.today) == {}


# Positions -----------------------------------------------------------------------------------------------------------


def test_over_establishment_leaves_exceptions_aside(world):
    factories.establishment(w.SPRING, posts=1)
    factories.establishment(w.SPRING, "committee", posts=1)
    facts = seen(OVER_ESTABLISHMENT, world.today)
    assert set(facts) == {f"{w.SPRING}:staff"}
    facts = facts[f"{w.SPRING}:staff"]
    assert said(OVER_ESTABLISHMENT, facts) == "社区专职工作人员核定员额 1 人，实有 2 人，超出 1 人，没有批准例外。"
    factories.exception(world.people["冯约"].appointments.get())
    assert seen(OVER_ESTABLISHMENT, world.today) == {}
    assert OVER_ESTABLISHMENT.subjects(world.today) == 2


def test_over_establishment_is_silent_where_control_is_off(world):
    factories.establishment(w.SPRING, posts=1)
    factories.rule("staffing.position_control", {"mode": "off"}, division=w.CITY)
    assert seen(OVER_ESTABLISHMENT, world.today) == {}
    assert OVER_ESTABLISHMENT.subjects(world.today) == 0


# Committees ----------------------------------------------------------------------------------------------------------


def test_vacancies_of_secretary_and_chair_one_by_one_with_the_day_since(world):
    held = seat("前任", w.SUMMER, ("party",), tier=1)
    held.appointments.update(valid_to=date(2026, 5, 1))
    seat("主任", w.SUMMER, tier=1)
    found = seen(VACANCY, world.today)
    assert f"{w.SPRING}:secretary" not in found
    assert not {key for key in found if key.startswith(w.VILLAGE)}
    assert f"{w.SUMMER}:chair" not in found
    facts = found[f"{w.SUMMER}:secretary"]
    assert said(VACANCY, facts) == "社区党组织书记自 2026-05-01 起空缺。"
    assert said(VACANCY, found[f"{w.AUTUMN}:chair"]) == "没有在任的居委会主任。"
    assert VACANCY.subjects(world.today) == 7
    assert f"{w.SUMMER}:secretary" not in seen(VACANCY, date(2026, 4, 30))


def test_district_without_any_roster_has_not_begun_and_is_left_alone(world):
    factories.staffing_rule("97")
    Population.objects.filter(division=w.FAR).delete()
    recount()
    assert w.FAR in seen(POPULATION_MISSING, world.today)
    assert f"{w.FAR}:chair" in seen(VACANCY, world.today)
    Appointment.objects.filter(division=w.FAR).update(valid_to=world.today)
    recount()
    assert w.FAR not in seen(POPULATION_MISSING, world.today)
    assert f"{w.FAR}:chair" not in seen(VACANCY, world.today)


def core(world) -> dict[str, list]:
    return {code: facts["faults"] for code, facts in seen(CORE, world.today).items()}


def test_core_posts_each_filled_as_often_as_the_rule_says(world):
    assert core(world) == {}
    factories.rule("staffing.core_posts", FOUR, division=w.CITY)
    assert core(world) == {w.SPRING: ["deputy_missing", "vice_chair_missing"]}
    seat("副书记", w.SPRING, ("party",), tier=2)
    seat("副主任一", w.SPRING, tier=2)
    seat("副主任二", w.SPRING, tier=2, full_time=False)
    assert core(world) == {w.SPRING: ["vice_chair_missing"]}
    facts = seen(CORE, world.today)[w.SPRING]
    assert said(CORE, facts) == "固定职务设置不符：居委会专职副主任不足。"
    assert ("居委会专职副主任", "现 1 人，规定 2 人", "") in lines(CORE, facts)
    seat("副主任三", w.SPRING, tier=2)
    assert core(world) == {}
    seat("副主任四", w.SPRING, tier=2)
    seat("又一书记", w.SPRING, ("party",), tier=1)
    assert core(world) == {w.SPRING: ["secretary_surplus", "vice_chair_surplus"]}


def test_two_persons_as_secretary_and_chair_break_the_clause_and_a_vacancy_does_not(world):
    value = {"secretaries": 1, "deputy_secretaries": 0, "vice_chairs": 0, "one_shoulder": True}
    factories.rule("staffing.core_posts", value, division=w.CITY)
    seat("书记", w.SUMMER, ("party",), tier=1)
    assert core(world) == {}
    seat("主任", w.SUMMER, tier=1)
    assert core(world) == {w.SUMMER: ["apart"]}


def test_sizes_are_by_the_form_of_the_party_organisation(world):
    factories.rule("committee.size_party_committee", {"least": 5, "most": 7})
    factories.rule("committee.size_party_branch", {"least": 3, "most": 5})
    factories.rule("committee.size_residents", {"least": 5, "most": 9})
    for number in range(6):
        seat(f"委{number}", w.SUMMER, ("party", "committee"), full_time=number % 2 == 0)
    assert set(seen(SIZE, world.today)) == {f"{w.SPRING}:committee"}
    factories.term(w.SUMMER, "party", form="branch")
    facts = seen(SIZE, world.today)[f"{w.SUMMER}:party"]
    assert said(SIZE, facts) == "党支部现有成员 6 人，一般 3 至 5 人。"
    Finding.objects.all().delete()
    factories.term(w.AUTUMN, "party", form="general_branch")
    seat("独", w.AUTUMN, ("party",))
    assert said(SIZE, seen(SIZE, world.today)[f"{w.AUTUMN}:party"]) == "党总支现有成员 1 人，一般 5 至 7 人。"


def test_term_that_ended_without_an_election(world):
    factories.rule("committee.term", {"years": 5}, article="第十五条")
    factories.term(w.SPRING, valid_from=date(2021, 3, 1), elected_on=date(2021, 3, 1), valid_to=date(2026, 3, 1))
    factories.term(w.SPRING, "party", valid_from=date(2021, 3, 1), elected_on=date(2021, 3, 1), valid_to=None)
    factories.term(w.SUMMER, valid_from=date(2021, 3, 1), valid_to=date(2026, 3, 1))
    factories.term(w.SUMMER, valid_from=date(2026, 6, 1), valid_to=date(2031, 6, 1))
    assert seen(TERM_ENDED, date(2026, 2, 28)) == {}
    found = seen(TERM_ENDED, world.today)
    assert {key: facts["due_on"] for key, facts in found.items()} == {
        f"{w.SPRING}:committee": date(2026, 3, 1),
        f"{w.SPRING}:party": date(2026, 3, 1),
    }
    assert said(TERM_ENDED, found[f"{w.SPRING}:committee"]) == (
        "居民委员会 2021-03-01 选举产生，任期已于 2026-03-01 届满，没有登记换届。"
    )
    assert set(seen(TERM_ENDED, date(2026, 4, 1))) == {*found, f"{w.SUMMER}:committee"}


def test_open_term_without_a_rule_on_terms_is_not_judged(world):
    factories.term(w.SPRING, valid_from=date(1990, 1, 1), valid_to=None)
    assert seen(TERM_ENDED, world.today) == {}


def test_households_of_one_committee(world):
    factories.rule(
        "committee.households", {"least": 100, "most": 700}, since=date(1990, 1, 1), valid_to=date(2026, 1, 1)
    )
    factories.rule("committee.households", {"least": 1000, "most": 3000}, since=date(2026, 1, 1))
    facts = seen(HOUSEHOLDS, world.today)
    assert set(facts) == {w.SUMMER, w.AUTUMN, w.SAME_NAME, w.SNOW, w.FAR}
    assert said(HOUSEHOLDS, facts[w.SUMMER]) == "现有 333 户，一般 1000 至 3000 户设立一个居民委员会。"
    assert HOUSEHOLDS.subjects(world.today) == 6


# Populations ---------------------------------------------------------------------------------------------------------


def test_population_missing_where_a_standard_waits_for_it(world):
    assert set(seen(POPULATION_MISSING, world.today)) == {w.UNKNOWN}
    factories.population(w.UNKNOWN, 900, world.today)
    recount()
    assert seen(POPULATION_MISSING, world.today) == {}


def test_population_too_old_by_the_rule_of_the_place(world):
    found = seen(POPULATION_STALE, world.today)
    assert set(found) == {w.CITY, w.DISTRICT, w.SAME_NAME}
    assert said(POPULATION_STALE, found[w.CITY]) == "城镇常住人口 40000 人的时点是 2020-11-01，已超过 12 个月。"
    factories.rule("population.max_age", {"months": 120}, division="960102")
    assert set(seen(POPULATION_STALE, world.today)) == {w.CITY, w.DISTRICT}


@pytest.mark.parametrize("seed", range(6))
def test_core_posts_in_sql_agree_with_the_pure_rule_on_random_people(world, seed):
    random = Random(seed)
    value = {"secretaries": 1, "deputy_secretaries": random.randint(0, 2), "vice_chairs": random.randint(0, 2)}
    value["one_shoulder"] = random.random() < 0.7
    factories.rule("staffing.core_posts", value, division=w.CITY)
    for code in (w.SUMMER, w.AUTUMN, w.SNOW, w.SAME_NAME):
        for number in range(random.randint(0, 6)):
            bodies = random.choice([("party",), ("committee",), ("party", "committee")])
            seat(f"随{number}", code, bodies, tier=random.choice([1, 2, 3]), full_time=random.random() < 0.8)
    found = core(world)
    for code in (w.SPRING, w.SUMMER, w.AUTUMN, w.SNOW, w.SAME_NAME):
        seats = sitting(code, world.today)
        faults = core_faults(
            CorePosts(**value),
            secretaries=seats.secretaries,
            chairs=seats.chairs,
            deputies=seats.deputies,
            vice_chairs=seats.vice_chairs,
        )
        told = [fault for fault in faults if fault != CoreFault.SECRETARY_MISSING] if seats.members.total else []
        assert found.get(code, []) == told

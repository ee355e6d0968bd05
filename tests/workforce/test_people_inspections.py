"""Checks of contracts, ages, dates, grids, rotation and directed posts: what opens, what resolves it, what is left out."""

from datetime import date, timedelta

import pytest

from portal.core.findings.models import Finding
from portal.core.findings.reconcile import reconcile
from portal.core.lib.dated import add_months, add_years
from tests import factories
from tests import world as w
from workforce.inspections.careers import DIRECTED
from workforce.inspections.contracts import ENDING, MISSING, SERVICE
from workforce.inspections.people import AGE, CONTRADICTIONS, DATES, GRIDS
from workforce.inspections.training import ROTATION_SHORT
from workforce.models import DirectedRecruitment, Exit


def run(world, inspection, days=0) -> list[Finding]:
    reconcile(inspection=inspection, on=world.today + timedelta(days=days), by=None)
    return list(Finding.objects.filter(kind=inspection.key).exclude(state="resolved").order_by("subject"))


def names(world, findings) -> set[str]:
    known = {str(person.pk): name for name, person in world.people.items()}
    return {known[finding.facts["person"]] for finding in findings}


def told(inspection, finding) -> str:
    """Everything that a reader sees of a finding; it must not name the person."""
    lines = [f"{line.label} {line.value} {line.hint}" for line in inspection.lines(finding.facts)]
    return "\n".join([inspection.headline(finding.facts), *lines])


# Contracts -----------------------------------------------------------------------------------------------------------


def test_no_contract_opens_and_a_contract_resolves(world):
    found = run(world, MISSING)
    assert names(world, found) == {"冯约"}
    assert (found[0].division_id, found[0].due_on, found[0].facts["person"]) == (
        w.SPRING, None, str(world.people["冯约"].pk),
    )  # fmt: skip
    assert told(MISSING, found[0]).startswith("2024-01-01 起在岗，没有登记书面合同。")
    assert MISSING.subjects(world.today) == 8
    factories.contract(world.people["冯约"])
    assert run(world, MISSING) == []


def test_lapsed_contract_is_missing_and_tells_since_when(world):
    held = world.people["孙夏"].contracts.get()
    held.valid_to = world.today - timedelta(days=9)
    held.save()
    found = [one for one in run(world, MISSING) if one.facts["ended_on"]]
    assert names(world, found) == {"孙夏"}
    last = world.today - timedelta(days=10)
    assert MISSING.headline(found[0].facts) == f"在岗但合同已于 {last} 到期，没有续签。"
    assert f"上一份合同截止 {last}" in told(MISSING, found[0])


def test_elected_full_time_member_needs_no_contract(world):
    world.people["赵春"].contracts.update(valid_to=date(2025, 1, 1))
    assert names(world, run(world, MISSING)) == {"冯约"}


def test_service_agreement_is_unregularised(world):
    factories.contract(world.people["冯约"], kind="service", party="一号街道办事处")
    (found,) = run(world, SERVICE)
    assert names(world, [found]) == {"冯约"}
    assert "2024-01-01 起只有服务协议，尚未改签劳动合同。" in told(SERVICE, found)
    assert "一号街道办事处" in told(SERVICE, found)
    assert run(world, MISSING) == []


@pytest.mark.parametrize(("left", "stage"), [(61, None), (60, 60), (31, 60), (30, 30), (0, 30)])
def test_contract_ending_is_told_in_the_days_of_the_rule(world, left, stage):
    held = world.people["孙夏"].contracts.get()
    held.valid_to = world.today + timedelta(days=left + 1)
    held.save()
    found = run(world, ENDING)
    assert [(one.facts["days"], one.facts["stage"], one.due_on) for one in found] == (
        [(left, stage, world.today + timedelta(days=left))] if stage else []
    )
    if found:
        assert "系统默认" in told(ENDING, found[0])
        factories.contract(world.people["孙夏"], valid_from=held.valid_to)
        assert run(world, ENDING) == []


def test_notice_days_follow_the_rule_of_the_place(world):
    factories.rule("contract.ending_notice", {"days": [10]}, w.DISTRICT)
    for name in ("孙夏", "吴同"):
        world.people[name].contracts.update(valid_to=world.today + timedelta(days=21))
    assert names(world, run(world, ENDING)) == {"吴同"}
    assert ENDING.subjects(world.today) == 7


# Ages ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "opens", "reached"), [(7, False, None), (6, True, False), (0, True, True), (-9, True, True)]
)
def test_age_is_told_six_months_ahead_by_month_not_by_day(world, months, opens, reached):
    person = world.people["李雨"]
    day = add_months(world.today, months)
    person.birth_date = add_years(day, -63)
    person.save()
    factories.rule(
        "staffing.counted", {"age_from": 18, "male_until": 63, "female_until": 58, "service_agreement": False}
    )
    found = run(world, AGE)
    assert names(world, found) == ({"李雨"} if opens else set())
    if found:
        words = told(AGE, found[0])
        assert (found[0].facts["reached"], found[0].facts["month"]) == (reached, f"{day:%Y-%m}")
        assert (found[0].due_on + timedelta(days=1)).day == 1
        assert "63 周岁" in words and "示例文件〔2018〕1号" in words
        assert str(person.birth_date) not in f"{words} {found[0].facts}"


def test_elected_are_told_that_the_office_follows_the_election(world):
    person = world.people["赵春"]
    person.birth_date = date(1950, 1, 1)
    person.save()
    (found,) = run(world, AGE)
    assert "任期和职务按选举程序办理" in told(AGE, found)
    assert AGE.subjects(world.today) == 8


# Dates ---------------------------------------------------------------------------------------------------------------


def faults(world, name="孙夏") -> list[str]:
    found = [one for one in run(world, DATES) if one.facts["person"] == str(world.people[name].pk)]
    return found[0].facts["faults"] if found else []


def test_dates_that_fit_open_nothing(world):
    assert run(world, DATES) == []
    assert DATES.subjects(world.today) == len(world.people)


def test_every_contradiction_is_named_once_per_person(world):
    person = world.people["孙夏"]
    person.birth_date, person.hired_on, person.left_on = date(2008, 6, 1), date(2024, 3, 1), date(2026, 1, 1)
    person.save()
    certificate = person.certificates.get()
    factories.registration(certificate, registered_on=date(2023, 12, 31))
    assert faults(world) == [
        "certificate_young",
        "contract_before_hire",
        "hired_young",
        "post_before_hire",
        "registered_early",
    ]
    (found,) = run(world, DATES)
    assert "取得证书时不满 16 周岁；合同早于入职；入职时不满 16 周岁" in told(DATES, found)
    person.hired_on = date(2023, 1, 1)
    person.save()
    assert set(faults(world)) >= {"post_after_leaving", "contract_after_leaving"}
    assert set(CONTRADICTIONS) >= set(faults(world))


def test_posts_of_an_earlier_service_and_records_taken_back_contradict_nothing(world):
    person = world.people["孙夏"]
    post = person.appointments.get()
    post.valid_to = date(2025, 1, 1)
    post.save()
    Exit.objects.create(
        person=person, division_id=w.SUMMER, hired_on=date(2024, 1, 1), left_on=date(2024, 12, 31), reason="resignation"
    )
    person.hired_on = date(2026, 1, 1)
    person.save()
    factories.appointment(person, w.SUMMER, valid_from=date(2020, 1, 1), valid_to=date(2020, 1, 1))
    assert faults(world) == []


# Grids ---------------------------------------------------------------------------------------------------------------


def test_grids_without_their_team_are_told_by_community(world):
    first, second = factories.grid(w.SUMMER), factories.grid(w.SUMMER, "第二网格")
    for role in ("chief", "full_time", "instructor"):
        factories.grid_post(world.people["孙夏"], first, role)
    factories.grid_post(world.people["李雨"], second, "chief")
    (found,) = run(world, GRIDS)
    assert (found.subject, found.facts["lacking"]) == (w.SUMMER, {"chiefs": 0, "full_time": 1, "instructors": 1})
    assert GRIDS.headline(found.facts) == "1 个网格缺专职网格员，1 个网格缺网格指导员。"
    assert "系统默认" in told(GRIDS, found)
    factories.rule("grid.team", {"chiefs": 1, "full_time": 0, "instructors": 0}, w.STREET)
    assert run(world, GRIDS) == []
    assert GRIDS.subjects(world.today) == 1


# Rotation ------------------------------------------------------------------------------------------------------------


def test_rotation_short_is_told_by_district_and_street_until_enough_came(world):
    factories.rule("training.rotation", {"percent": 50}, w.CITY)
    held = factories.training_class(w.DISTRICT, world.today)
    for name in ("孙夏", "李雨"):
        factories.enrolment(held, world.people[name], w.SUMMER)
    found = {one.subject: one for one in run(world, ROTATION_SHORT)}
    assert set(found) == {w.DISTRICT, w.STREET, w.NEIGHBOUR, "960102", "960102001"}
    facts = found[w.STREET].facts
    assert (facts["in_post"], facts["reached"], facts["needed"]) == (6, 2, 1)
    assert found[w.STREET].due_on == date(world.today.year, 12, 31)
    assert "还需培训 1 人" in told(ROTATION_SHORT, found[w.STREET])
    factories.enrolment(held, world.people["赵春"], w.SPRING)
    assert w.STREET not in {one.subject for one in run(world, ROTATION_SHORT)}
    assert ROTATION_SHORT.subjects(world.today) == 5


def test_rotation_without_a_rule_is_not_looked_at(world):
    assert run(world, ROTATION_SHORT) == []
    assert ROTATION_SHORT.subjects(world.today) == 0


# Directed posts ------------------------------------------------------------------------------------------------------


def test_directed_posts_of_this_year_are_due_and_of_last_year_overdue(world):
    year = world.today.year
    factories.rule("careers.directed_posts", {"heads_least": 1, "workers_least": 0}, w.CITY)
    for kind, posts in (("institution", 1), ("civil_service", 0)):
        row = {"division_id": w.DISTRICT, "year": year, "kind": kind, "group": "heads", "posts": posts}
        DirectedRecruitment.objects.create(**row)
    found = {one.subject: one for one in run(world, DIRECTED)}
    assert set(found) == {f"960102:{year}:heads", f"960102:{year - 1}:heads", f"{w.DISTRICT}:{year - 1}:heads"}
    assert found[f"960102:{year - 1}:heads"].due_on == date(year - 1, 12, 31)
    assert "没有登记面向“一肩挑”负责人的定向招录岗位，应不少于 1 个。" in told(DIRECTED, found[f"960102:{year}:heads"])
    row = {"division_id": "960102", "year": year, "kind": "institution", "group": "heads", "posts": 0}
    DirectedRecruitment.objects.create(**row)
    again = {one.subject: one for one in run(world, DIRECTED)}
    assert "定向招录岗位 0 个，应不少于 1 个。" in told(DIRECTED, again[f"960102:{year}:heads"])
    assert DIRECTED.subjects(world.today) == 8


def test_directed_posts_of_a_year_are_judged_by_the_rule_of_its_end(world):
    factories.rule(
        "careers.directed_posts", {"heads_least": 1, "workers_least": 1}, w.CITY, since=date(world.today.year, 1, 1)
    )
    assert {one.facts["year"] for one in run(world, DIRECTED)} == {world.today.year}


@pytest.mark.parametrize("inspection", [MISSING, SERVICE, ENDING, AGE, DATES])
def test_facts_name_nobody(world, inspection):
    people = world.people
    people["孙夏"].contracts.update(kind="service")
    people["李雨"].contracts.update(valid_to=world.today + timedelta(days=5))
    people["钱风"].birth_date, people["钱风"].hired_on = date(1950, 1, 1), date(2025, 1, 1)
    people["钱风"].save()
    found = run(world, inspection)
    assert found
    assert [name for name in people for one in found if name in f"{one.facts}{told(inspection, one)}"] == []

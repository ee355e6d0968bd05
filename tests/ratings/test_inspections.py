"""Checks of service norms: what opens, what does not, how facts change, and that it mends itself."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection

from portal.core.findings.models import Finding
from portal.core.findings.reconcile import reconcile
from portal.registry import INSPECTIONS as REGISTERED
from ratings.inspections import facilities, features, needs, presence, visits, waiting
from ratings.models import (
    AccessApplication,
    Deliberation,
    Facility,
    Feature,
    Need,
    Premises,
    Project,
    ProjectNeed,
    ServiceRequest,
    Shift,
    Visit,
)
from tests import factories
from tests import world as w

MINE = (
    *visits.INSPECTIONS, *needs.INSPECTIONS, *facilities.INSPECTIONS, *presence.INSPECTIONS, *features.INSPECTIONS,
    *waiting.INSPECTIONS,
)  # fmt: skip
HALF = {"months": 6, "percent": 100}
DAY = date(2026, 6, 10)  # within the last thirty days of a half
LAST = date(2026, 6, 30)
SIX = ["health_committee", "women_children", "party_centre", "civilisation", "mediation", "veterans"]


def seen(inspection, on) -> dict[str, dict]:
    """Facts by subject, with place and day."""
    sql, parameters = inspection.problems(on)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    return {subject: {"code": code, "due_on": due, **json.loads(facts)} for subject, code, due, facts in rows}


def home(
    label: str, code: str = w.SPRING, kind: str = "household", since: date = date(2024, 1, 1), **fields
) -> Premises:
    return Premises.objects.create(division_id=code, kind=kind, label=label, valid_from=since, **fields)


def visit(premises: Premises, on: date, **fields) -> Visit:
    return Visit.objects.create(division_id=premises.division_id, premises=premises, visited_on=on, **fields)


def need(title: str, on: date, code: str = w.SPRING, **fields) -> Need:
    return Need.objects.create(division_id=code, title=title, channel="visit", found_on=on, **fields)


def project(name: str, *served: Need, on: date = date(2026, 3, 1), **fields) -> Project:
    made = Project.objects.create(
        division_id=w.SPRING, name=name, proposed_on=on, **{"approved_on": on, "state": "approved", **fields}
    )
    ProjectNeed.objects.bulk_create(ProjectNeed(project=made, need=one) for one in served)
    return made


def feature(kind: str, code: str, **fields) -> Feature:
    return Feature.objects.create(division_id=code, kind=kind, **{"valid_from": date(2025, 1, 1), **fields})


def test_checks_are_registered_with_sentence_topic_and_remedy():
    assert [one.key for one in MINE] == [
        "visit_coverage", "needs_projects", "facility_area", "public_space", "grid_presence", "organisations",
        "all_post", "two_halls", "pilots_per_street", "requests_overdue", "deliberation_overdue", "access_overdue",
    ]  # fmt: skip
    assert all(REGISTERED[one.key] is one and one.topic == "service" for one in MINE)
    assert all(str(one.sentence).endswith("。") and str(one.remedy).endswith("。") for one in MINE)


RULED = [one for one in MINE if one not in waiting.INSPECTIONS]


@pytest.mark.parametrize("inspection", RULED, ids=lambda one: one.key)
def test_without_a_rule_nothing_is_in_force(world, inspection):
    home("一号")
    feature("pilot", w.SPRING)
    Facility.objects.create(division_id=w.SPRING, name="站", kind="station", area=1, valid_from=date(2024, 1, 1))
    assert (inspection.subjects(DAY), seen(inspection, DAY)) == (0, {})


def set_all_rules() -> None:
    for kind, value in (
        ("service.visits", HALF),
        ("service.needs", {"needs": 12, "projects": 6}),
        ("service.facility", {"square_metres": 40, "due": "2025-12-31"}),
        ("service.public_space", {"percent": 70}),
        ("service.grid_presence", {"staff_percent": 50, "time_percent": 50}),
        ("service.organisations", {"kinds": SIX}),
        ("service.all_post", {"percent": 100, "due": "2023-12-31"}),
        ("service.two_halls", {"percent": 100, "due": "2023-12-31"}),
        ("service.pilots", {"least": 1, "most": 2}),
        ("service.access", {"days_ahead": 30, "decision_days": 15}),
    ):
        factories.rule(kind, value, division=w.CITY)


@pytest.mark.parametrize("inspection", MINE, ids=lambda one: one.key)
def test_run_twice_opens_nothing_more_and_every_finding_reads(world, inspection):
    set_all_rules()
    home("一号")
    Facility.objects.create(
        division_id=w.SPRING, name="站", kind="station", area=9, public_area=1, valid_from=date(2024, 1, 1)
    )
    for n in range(1, 40):
        shift(world, "赵春", DAY - timedelta(days=n), "duty", 7)
    request(due=DAY - timedelta(days=1))
    matter(planned_on=DAY - timedelta(days=3))
    application(world, due=DAY - timedelta(days=2))
    first = reconcile(inspection=inspection, on=DAY, by=None)
    assert first.opened > 0
    assert reconcile(inspection=inspection, on=DAY, by=None).opened == 0
    for finding in Finding.objects.filter(kind=inspection.key):
        assert inspection.headline(finding.facts).endswith("。")
        assert all(line.value for line in inspection.lines(finding.facts))
        assert {"document", "article", "on"} <= set(finding.facts)


# Visits --------------------------------------------------------------------------------------------------------------


def test_visits_open_refresh_and_heal(world):
    factories.rule("service.visits", HALF, division=w.CITY)
    one, two, shop = home("一号"), home("二号"), home("面馆", kind="shop")
    visit(one, date(2026, 3, 1))
    subject = f"{w.SPRING}:2026-01-01"
    assert visits.VISIT_COVERAGE.subjects(DAY) == 2  # this half and the one before
    facts = seen(visits.VISIT_COVERAGE, DAY)[subject]
    assert (facts["households"], facts["households_visited"], facts["shops"], facts["shops_visited"]) == (2, 1, 1, 0)
    assert (facts["missing"], facts["due_on"], facts["code"]) == (2, LAST, w.SPRING)
    assert visits.VISIT_COVERAGE.headline(facts) == (
        "2026-01-01 至 2026-06-30：住户 2 户已走访 1 户，商户 1 户已走访 0 户。"
    )
    assert visits.VISIT_COVERAGE.lines(facts)[-1].value == "每 6 个月走访住户和商户的 100%"
    assert reconcile(inspection=visits.VISIT_COVERAGE, on=DAY, by=None).opened == 2
    visit(two, DAY)
    assert reconcile(inspection=visits.VISIT_COVERAGE, on=DAY, by=None).refreshed == 2
    assert Finding.objects.get(subject=subject).facts["missing"] == 1
    visit(shop, DAY)
    assert reconcile(inspection=visits.VISIT_COVERAGE, on=DAY, by=None).resolved == 1
    assert set(seen(visits.VISIT_COVERAGE, DAY)) == {f"{w.SPRING}:2025-07-01"}


def test_only_a_visit_that_met_somebody_in_the_half_counts(world):
    factories.rule("service.visits", HALF, division=w.CITY)
    for label, day, more in (
        ("没人", DAY, {"outcome": "absent"}),
        ("电话", DAY, {"outcome": "phone"}),
        ("撤回", DAY, {"taken_back": True}),
        ("去年", date(2025, 12, 31), {}),
        ("以后", DAY + timedelta(days=1), {}),
    ):
        visit(home(label), day, **more)
    assert seen(visits.VISIT_COVERAGE, DAY)[f"{w.SPRING}:2026-01-01"]["missing"] == 5


def test_half_is_judged_in_its_last_thirty_days_and_through_the_next(world):
    factories.rule("service.visits", HALF, division=w.CITY)
    home("一号", since=date(2026, 1, 1))
    home("二号", since=date(2025, 12, 31))
    first, second = f"{w.SPRING}:2026-01-01", f"{w.SPRING}:2026-07-01"
    for day, subjects in (
        (date(2026, 5, 30), set()),
        (date(2026, 5, 31), {first}),
        (date(2026, 7, 1), {first}),
        (date(2026, 11, 30), {first}),
        (date(2026, 12, 1), {first, second}),
        (date(2027, 1, 1), {second}),
    ):
        assert set(seen(visits.VISIT_COVERAGE, day)) == subjects
    facts = seen(visits.VISIT_COVERAGE, date(2026, 12, 1))
    assert (facts[first]["households"], facts[second]["households"]) == (1, 2)  # who moved in during a half is due next


def test_half_before_the_rule_began_is_not_judged(world):
    factories.rule("service.visits", HALF, division=w.CITY, since=date(2026, 7, 1))
    home("一号")
    assert seen(visits.VISIT_COVERAGE, date(2026, 12, 31)).keys() == {f"{w.SPRING}:2026-07-01"}


def test_who_moved_out_is_due_no_more(world):
    factories.rule("service.visits", HALF, division=w.CITY)
    home("一号", valid_to=DAY)
    home("二号", valid_to=date(2026, 2, 1))
    assert f"{w.SPRING}:2026-01-01" not in seen(visits.VISIT_COVERAGE, DAY)


# Needs ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("found", "converted", "opens"), [(12, 6, False), (12, 5, True), (11, 6, True)])
def test_needs_and_projects_at_the_limits(world, found, converted, opens):
    factories.rule("service.needs", {"needs": 12, "projects": 6}, division=w.CITY, since=date(2026, 1, 1))
    made = [need(f"需求{n}", date(2026, 2, 1)) for n in range(found)]
    project("微更新", *made[:converted])
    project("再来一次", *made[:1])
    subject = f"{w.SPRING}:2026"
    assert (subject in seen(needs.NEEDS_PROJECTS, DAY)) is opens
    assert needs.NEEDS_PROJECTS.subjects(DAY) == 6


def test_needs_taken_back_of_other_years_and_not_approved_do_not_count(world):
    factories.rule("service.needs", {"needs": 2, "projects": 1}, division=w.CITY)
    for title, day, more in (
        ("甲", date(2026, 1, 1), {}),
        ("乙", DAY, {"taken_back": True}),
        ("丙", date(2025, 5, 1), {}),
    ):
        project(title, need(title, day, **more), state="proposed", approved_on=None)
    found = seen(needs.NEEDS_PROJECTS, DAY)
    facts = found[f"{w.SPRING}:2026"]
    assert (facts["needs"], facts["converted"], facts["needs_missing"], facts["converted_missing"]) == (1, 0, 1, 1)
    assert (facts["due_on"], found[f"{w.SPRING}:2025"]["needs"]) == (date(2026, 12, 31), 1)
    assert needs.NEEDS_PROJECTS.headline(facts) == (
        "2026 年发现居民需求 1 个，还差 1 个；其中转化为项目 0 个，还差 1 个。"
    )
    assert {facts["code"] for facts in found.values()} == {
        w.SPRING, w.SUMMER, w.AUTUMN, w.UNKNOWN, w.SAME_NAME, w.SNOW,
    }  # fmt: skip


def test_needs_heal_when_the_project_is_approved(world):
    factories.rule("service.needs", {"needs": 1, "projects": 1}, division=w.SPRING, since=date(2026, 1, 1))
    one = need("路灯", date(2026, 2, 1))
    serving = project("路灯修复", one, state="proposed", approved_on=None)
    assert reconcile(inspection=needs.NEEDS_PROJECTS, on=DAY, by=None).opened == 1
    Project.objects.filter(pk=serving.pk).update(state="finished", approved_on=DAY, finished_on=DAY)
    assert reconcile(inspection=needs.NEEDS_PROJECTS, on=DAY, by=None).resolved == 1


# Facilities ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("area", "opens"), [(408, False), (400, False), (399, True)])
def test_area_per_hundred_households_at_the_limit(world, area, opens):
    """The community has 1,000 households."""
    factories.rule("service.facility", {"square_metres": 40, "due": "2025-12-31"}, division=w.SPRING)
    Facility.objects.create(division_id=w.SPRING, name="中心", kind="centre", area=area, valid_from=date(2024, 1, 1))
    found = seen(facilities.FACILITY_AREA, world.today)
    assert (w.SPRING in found) is opens
    assert facilities.FACILITY_AREA.subjects(world.today) == 1
    if opens:
        assert (found[w.SPRING]["per_hundred"], found[w.SPRING]["missing"]) == (39.9, 1)
        assert facilities.FACILITY_AREA.headline(found[w.SPRING]) == (
            "1000 户，每百户服务设施 39.9 平方米，达到规定还差 1 平方米。"
        )


def test_public_share_is_inclusive_and_leaves_out_what_is_not_measured(world):
    factories.rule("service.public_space", {"percent": 70}, division=w.CITY)
    since = {"kind": "centre", "valid_from": date(2024, 1, 1)}
    for code, public in ((w.SPRING, 70), (w.SUMMER, 69.99), (w.AUTUMN, None)):
        Facility.objects.create(division_id=code, name="中心", area=100, public_area=public, **since)
    Facility.objects.create(division_id=w.SUMMER, name="旧址", area=900, valid_to=date(2025, 1, 1), **since)
    Facility.objects.create(division_id=w.SUMMER, name="新址", area=900, **since)
    found = seen(facilities.PUBLIC_SHARE, DAY)
    assert set(found) == {w.SUMMER}
    assert (found[w.SUMMER]["share"], found[w.SUMMER]["area"], found[w.SUMMER]["untold"]) == (70.0, 100, 1)
    assert [line.value for line in facilities.PUBLIC_SHARE.lines(found[w.SUMMER])][3:5] == ["70.0%", "1 个"]
    assert facilities.PUBLIC_SHARE.subjects(DAY) == 2


# Presence ------------------------------------------------------------------------------------------------------------


def shift(world, name: str, on: date, work: str, hours: float, code: str = w.SPRING) -> Shift:
    return Shift.objects.create(division_id=code, person=world.people[name], on=on, work=work, hours=hours)


def test_half_of_those_there_are_out_in_the_grids(world):
    factories.rule("service.grid_presence", {"staff_percent": 50, "time_percent": 0}, division=w.CITY)
    yesterday = DAY - timedelta(days=1)
    shift(world, "赵春", yesterday, "duty", 7)
    shift(world, "钱风", yesterday, "grid", 4)
    shift(world, "郑专", yesterday, "rest", 0)
    assert seen(presence.PRESENCE, DAY) == {}
    shift(world, "冯约", yesterday, "duty", 7)
    found = seen(presence.PRESENCE, DAY)[w.SPRING]
    assert (found["days"], found["short_days"], found["latest"]) == (1, 1, yesterday.isoformat())
    assert seen(presence.PRESENCE, DAY + timedelta(days=13))[w.SPRING]["short_days"] == 1
    assert seen(presence.PRESENCE, DAY + timedelta(days=14)) == {}
    assert presence.PRESENCE.subjects(DAY) == 1


def test_time_of_visits_is_judged_by_worker_over_the_month_before(world):
    factories.rule("service.grid_presence", {"staff_percent": 0, "time_percent": 50}, division=w.CITY)
    for name, visiting in (("赵春", 4), ("钱风", 3.5)):
        shift(world, name, date(2026, 5, 20), "visit", visiting)
        shift(world, name, date(2026, 5, 20), "duty", 4)
    facts = seen(presence.PRESENCE, DAY)[w.SPRING]
    assert (facts["workers"], facts["short_workers"], facts["month"]) == (2, 1, "2026-05")
    assert presence.PRESENCE.headline(facts) == (
        "最近登记排班的 0 天中有 0 天下沉网格人数不足；2026-05 有 1 人走访时间不足。"
    )


# Features ------------------------------------------------------------------------------------------------------------


def test_organisations_missing_are_named_for_communities_and_villages(world):
    factories.rule("service.organisations", {"kinds": SIX}, division=w.STREET)
    for kind in SIX:
        feature(kind, w.SPRING)
    for kind in SIX[:4]:
        feature(kind, w.VILLAGE)
    feature(SIX[4], w.VILLAGE, valid_to=date(2026, 1, 1))
    found = seen(features.SIX_ORGANISATIONS, DAY)
    assert set(found) == {w.SUMMER, w.VILLAGE}
    assert found[w.VILLAGE]["missing"] == ["mediation", "veterans"]
    assert features.SIX_ORGANISATIONS.headline(found[w.VILLAGE]) == (
        "应有的 6 项组织和阵地中缺 2 项：人民调解委员会、退役军人服务站。"
    )
    assert features.SIX_ORGANISATIONS.subjects(DAY) == 3
    feature("mediation", w.SUMMER)
    assert reconcile(inspection=features.SIX_ORGANISATIONS, on=DAY, by=None).opened == 2


def test_pilots_of_a_street_none_or_too_many(world):
    factories.rule("service.pilots", {"least": 1, "most": 1}, division=w.DISTRICT)
    feature("pilot", w.SPRING)
    feature("pilot", w.VILLAGE)
    found = seen(features.PILOTS_PER_STREET, DAY)
    assert {code: facts["pilots"] for code, facts in found.items()} == {w.NEIGHBOUR: 0}
    feature("pilot", w.SUMMER)
    found = seen(features.PILOTS_PER_STREET, DAY)
    assert {code: facts["pilots"] for code, facts in found.items()} == {w.NEIGHBOUR: 0, w.STREET: 2}
    assert features.PILOTS_PER_STREET.headline(found[w.STREET]) == "现有试点社区 2 个，应为 1 至 1 个。"
    assert features.PILOTS_PER_STREET.subjects(DAY) == 2


def test_coverage_of_services_by_street_and_district(world):
    for key in ("all_post", "two_halls"):
        factories.rule(f"service.{key}", {"percent": 100, "due": "2026-12-31"}, division=w.DISTRICT)
    for code in (w.SPRING, w.SUMMER):
        feature("all_post", code)
        feature("online_hall", code)
    feature("parlour", w.SPRING)
    found = seen(features.ALL_POST_SHORT, DAY)
    assert {code: (facts["units"], facts["covered"], facts["needed"]) for code, facts in found.items()} == {
        w.DISTRICT: (4, 2, 2), w.NEIGHBOUR: (2, 0, 2),
    }  # fmt: skip
    assert found[w.DISTRICT]["due_on"] == date(2026, 12, 31)
    assert seen(features.TWO_HALLS_SHORT, DAY)[w.STREET]["covered"] == 1
    assert features.ALL_POST_SHORT.subjects(DAY) == features.TWO_HALLS_SHORT.subjects(DAY) == 3


# What waits ----------------------------------------------------------------------------------------------------------


def request(due: date, **fields) -> ServiceRequest:
    given = {
        "kind": "appeal",
        "channel": "phone",
        "title": "路灯不亮",
        "received_on": due - timedelta(days=9),
        "due_on": due,
    }
    return ServiceRequest.objects.create(division_id=w.SPRING, **(given | fields))


def matter(**fields) -> Deliberation:
    return Deliberation.objects.create(division_id=w.SPRING, topic="停车", level="micro", **fields)


def application(world, due: date, **fields) -> AccessApplication:
    given = {
        "title": "代收费用", "department": "示例局", "basis": "示例文件", "reason": "必要",
        "applied_on": due - timedelta(days=20), "starts_on": due + timedelta(days=20), "due_on": due,
        "entered_by": world.users.district,
    }  # fmt: skip
    return AccessApplication.objects.create(division_id=w.DISTRICT, **(given | fields))


def test_requests_are_overdue_from_the_day_after(world):
    request(DAY)
    late = request(DAY - timedelta(days=2), state="passed")
    request(DAY - timedelta(days=5), state="answered", answered_on=DAY)
    facts = seen(waiting.REQUESTS_OVERDUE, DAY)[w.SPRING]
    assert (facts["waiting"], facts["overdue"], facts["passed"], facts["due_on"]) == (2, 1, 1, DAY - timedelta(days=2))
    assert waiting.REQUESTS_OVERDUE.lines(facts)[-1].hint == "系统默认"
    assert reconcile(inspection=waiting.REQUESTS_OVERDUE, on=DAY, by=None).opened == 1
    ServiceRequest.objects.filter(pk=late.pk).update(state="answered", answered_on=DAY)
    assert reconcile(inspection=waiting.REQUESTS_OVERDUE, on=DAY, by=None).resolved == 1
    assert waiting.REQUESTS_OVERDUE.subjects(DAY) == 1


def test_results_of_deliberation_are_followed_up(world):
    past = DAY - timedelta(days=1)
    matter(planned_on=past)
    matter(planned_on=DAY)
    matter(planned_on=past, held_on=past, state="held", follow_up_due=past)
    matter(planned_on=past, held_on=past, state="held")
    matter(planned_on=past, state="dropped")
    facts = seen(waiting.DELIBERATION_OVERDUE, DAY)[w.SPRING]
    assert (facts["waiting"], facts["not_held"], facts["not_done"], facts["due_on"]) == (4, 1, 1, past)
    assert seen(waiting.DELIBERATION_OVERDUE, past) == {}


def test_access_waits_for_its_decision(world):
    made = application(world, due=DAY - timedelta(days=1))
    application(world, due=DAY)
    facts = seen(waiting.ACCESS_OVERDUE, DAY)
    assert set(facts) == {str(made.pk)}
    assert facts[str(made.pk)]["late"] == 1
    assert waiting.ACCESS_OVERDUE.headline(facts[str(made.pk)]).endswith("现在是“待审核”。")
    assert waiting.ACCESS_OVERDUE.subjects(DAY) == 2

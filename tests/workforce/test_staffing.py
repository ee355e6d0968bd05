"""Staffing figures of the shared world; its drawing in `tests.world` gives the numbers."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core.policy.actions import set_rule
from portal.pages.division_head import reasons_not_counted
from tests import factories
from tests import world as w
from tests.headcounts import not_counted
from workforce.actions.people import add_post, end_post
from workforce.actions.populations import record_population
from workforce.actions.tallies import differences, recount, refresh_tallies
from workforce.models import Tally
from workforce.queries.overview import overview_of, statuses_by_level
from workforce.queries.staffing import Counted, StaffingQuery, staffing_of

EVERYWHERE = ("",)


def figure(world, code):
    row = staffing_of(code, world.today)
    return row.required, row.workers, row.gap, row.status


def test_without_population_there_is_no_data(world):
    row = staffing_of(w.UNKNOWN, world.today)
    assert (row.required, row.gap, row.ratio, row.compliant, row.status) == (None, None, None, None, "no_data")


def test_without_rule_it_is_not_in_force(world):
    assert figure(world, w.FAR) == (None, 1, None, "not_in_force")


def test_reasons_are_kept_for_today_and_counted_anew_for_other_days(world, django_assert_num_queries):
    recount()
    for code in set(w.DIVISIONS) - {"9601"}:
        assert reasons_not_counted(code, world.today, world.today) == not_counted(code, world.today)
    with django_assert_num_queries(1) as captured:
        assert reasons_not_counted(w.STREET, world.today, world.today) == {
            "village": 1,
            "part_time": 1,
            "no_contract": 1,
        }
    assert "workforce_appointment" not in "".join(query["sql"] for query in captured.captured_queries)
    before = world.today - timedelta(days=1)
    assert reasons_not_counted(w.STREET, before, world.today) == not_counted(w.STREET, before)


@pytest.fixture
def several_bases(world):
    """Populations of a second basis, which one district prefers and one community alone has recorded."""
    for code, value in ((w.SPRING, 900), (w.SUMMER, 800), (w.CITY, 50_000)):
        factories.population(code, value, world.today - timedelta(days=30), basis="registered")
    factories.rule("population.basis", {"order": ["registered", "ledger"]}, division=w.DISTRICT)
    recount()
    return world


def test_figures_from_the_records_are_those_kept_for_the_day(several_bases):
    on, yesterday = several_bases.today, several_bases.today - timedelta(days=1)
    kept = StaffingQuery(territories=EVERYWHERE, on=on, figures_on=on).rows()
    assert {row.basis for row in kept} == {"urban_permanent", "ledger", "registered", None}
    assert StaffingQuery(territories=EVERYWHERE, on=on, figures_on=yesterday).rows() == kept


def test_a_day_that_has_to_be_counted_is_counted_once_for_all_questions(several_bases):
    asked = {"territories": (w.CITY,), "on": several_bases.today - timedelta(days=1), "figures_on": several_bases.today}
    queries = [asked | {"codes": (w.CITY,)}, asked | {"under": w.CITY, "parent": w.CITY}]
    rows = [StaffingQuery(**query).rows() for query in queries]
    overview, levels = overview_of(StaffingQuery(**asked)), statuses_by_level(StaffingQuery(**asked), above=2)
    counted = Counted()
    with CaptureQueriesContext(connection) as captured:
        assert [StaffingQuery(**query, counted=counted).rows() for query in queries] == rows
        assert overview_of(StaffingQuery(**asked, counted=counted)) == overview
        assert statuses_by_level(StaffingQuery(**asked, counted=counted), above=2) == levels
    assert sum("workforce_appointment" in query["sql"] for query in captured.captured_queries) == 1


def test_levels_tell_of_those_that_the_rule_is_meant_for(world):
    levels = statuses_by_level(StaffingQuery(territories=(w.STREET,), on=world.today), above=4)
    assert [(level, one.statuses) for level, one in levels.items()] == [(5, {"short": 1, "met": 1})]


def test_village_is_not_judged_and_its_people_are_told_apart(world):
    assert figure(world, w.VILLAGE) == (None, 0, None, "not_applicable")
    assert not_counted(w.STREET, world.today) == {"village": 1, "part_time": 1, "no_contract": 1}


def test_street_sums_its_communities_when_all_have_a_population(world):
    street = staffing_of(w.STREET, world.today)
    assert (street.population, street.population_own, street.basis) == (4000, False, "ledger")
    assert street.required == 8


def test_sum_carries_the_oldest_reference_date(world):
    assert staffing_of("960102001", world.today).population_on == world.today - timedelta(days=730)


def test_own_record_goes_before_the_sum(world):
    district = staffing_of(w.DISTRICT, world.today)
    assert (district.population, district.population_own, district.basis) == (30_000, True, "urban_permanent")


def test_latest_record_on_or_before_the_day_is_taken(world):
    record_population(
        division=world.divisions[w.SUMMER], on=world.today, basis="ledger", value=2000, source="新台账", by=None
    )
    assert staffing_of(w.SUMMER, world.today).population == 2000
    assert staffing_of(w.STREET, world.today).population == 5000
    assert staffing_of(w.SUMMER, world.today - timedelta(days=1)).population == 1000


def test_order_of_bases_is_policy(world):
    city = world.divisions[w.CITY]
    record_population(division=city, on=date(2021, 1, 1), basis="permanent", value=50_000, source="x", by=None)
    assert staffing_of(w.CITY, world.today).population == 40_000
    value = {"order": ["permanent", "urban_permanent"]}
    set_rule(kind="population.basis", division=city, valid_from=date(2026, 1, 1), value=value, document="x", by=None)
    assert staffing_of(w.CITY, world.today).population == 50_000


def test_bases_are_never_added_to_each_other(world):
    code = world.divisions[w.UNKNOWN]
    record_population(division=code, on=world.today, basis="registered", value=900, source="x", by=None)
    assert staffing_of(w.UNKNOWN, world.today).population == 900
    assert staffing_of(w.NEIGHBOUR, world.today).population is None


def test_worker_counts_at_once_all_the_way_up(world):
    factories.worker("新来", w.SUMMER)
    refresh_tallies([w.SUMMER])
    assert [staffing_of(code, world.today).workers for code in (w.SUMMER, w.STREET, w.DISTRICT, w.CITY)] == [3, 5, 6, 7]
    assert differences() == []


def test_posts_in_two_streets_count_once_in_the_more_senior_place(world):
    person = world.people["钱风"]
    post = {
        "division_id": w.AUTUMN,
        "body": "party",
        "title": "社区党组织书记",
        "tier": 1,
        "entry": "appointed",
        "valid_from": date(2024, 6, 1),
    }
    both = factories.user("both", ("street", w.STREET), ("street", w.NEIGHBOUR))
    add_post(person=person, version=person.version, post=post, by=both)
    assert [staffing_of(code, world.today).workers for code in (w.STREET, w.NEIGHBOUR, w.DISTRICT)] == [3, 2, 5]
    assert differences() == []


def born(world, years, days=0):
    return world.today.replace(year=world.today.year - years) + timedelta(days=days)


@pytest.mark.parametrize(
    ("sex", "years", "days", "counted"),
    [
        ("female", 58, 0, False),
        ("female", 58, 1, True),
        ("male", 63, 0, False),
        ("male", 63, 1, True),
        ("male", 16, 0, True),
        ("male", 16, 1, False),
    ],
)
def test_employment_age_to_the_day(world, sex, years, days, counted):
    person = factories.person("年龄", sex=sex, birth=born(world, years, days))
    factories.contract(person)
    factories.appointment(person, w.SNOW)
    refresh_tallies([w.SNOW])
    assert staffing_of(w.SNOW, world.today).workers == int(counted)
    assert not_counted(w.SNOW, world.today) == ({} if counted else {"age": 1})


@pytest.mark.parametrize(
    ("contract", "post", "reason"),
    [
        ({"kind": "service"}, {}, "no_contract"),
        ({"valid_to": "today"}, {}, "no_contract"),
        ({}, {"managed": False}, "not_managed"),
        (None, {"entry": "elected", "body": "committee"}, None),
        (None, {"entry": "elected", "body": "station"}, "no_contract"),
        ({"valid_to": "tomorrow"}, {}, None),
    ],
)
def test_contract_election_and_management_decide(world, contract, post, reason):
    person = factories.person("条件")
    if contract is not None:
        days = {"today": world.today, "tomorrow": world.today + timedelta(days=1)}
        factories.contract(person, **{key: days.get(value, value) for key, value in contract.items()})
    factories.appointment(person, w.SNOW, **post)
    refresh_tallies([w.SNOW])
    assert not_counted(w.SNOW, world.today) == ({reason: 1} if reason else {})
    assert staffing_of(w.SNOW, world.today).workers == (0 if reason else 1)


def test_service_agreement_counts_where_policy_says_so(world):
    person = factories.person("协议")
    factories.contract(person, kind="service")
    factories.appointment(person, w.SNOW)
    value = {"age_from": 16, "male_until": 63, "female_until": 58, "service_agreement": True}
    set_rule(
        kind="staffing.counted",
        division=world.divisions[w.CITY],
        valid_from=date(2026, 1, 1),
        value=value,
        document="x",
        by=None,
    )
    recount()
    assert staffing_of(w.SNOW, world.today).workers == 1


def test_any_day_can_be_asked(world):
    appointment = world.people["周秋"].appointments.get()
    last = world.today - timedelta(days=10)
    end_post(appointment=appointment, version=1, last_day=last, by=world.users.neighbour)
    days = (date(2023, 12, 31), last, last + timedelta(days=1), world.today)
    assert [staffing_of(w.AUTUMN, day).workers for day in days] == [0, 1, 0, 0]
    assert staffing_of(w.AUTUMN, last).certified_share == Decimal("100.00")
    assert staffing_of(w.AUTUMN, world.today).certified_share is None


def test_tallies_and_a_count_from_the_rows_agree(world):
    def rows(day):
        return [
            (r.code, r.workers, r.certified, r.in_post, r.population, r.basis, r.population_own, r.status)
            for r in StaffingQuery(EVERYWHERE, day).rows()
        ]

    assert rows(world.today) == rows(world.today + timedelta(days=1))


def test_rule_from_a_day_leaves_earlier_figures_alone(world):
    set_rule(
        kind="staffing.per_population",
        division=world.divisions[w.DISTRICT],
        valid_from=date(2099, 1, 1),
        value={"heads": 20, "per": 10_000},
        document="东区文件",
        by=None,
    )
    assert staffing_of(w.DISTRICT, date(2098, 12, 31)).required == 54
    assert staffing_of(w.DISTRICT, date(2099, 1, 1)).required == 60
    assert staffing_of(w.DISTRICT, date(2099, 1, 1)).rule_source == "东区文件"
    assert staffing_of("960102", date(2099, 1, 1)).required == 3


def test_population_is_outdated_after_twelve_months(world):
    on = staffing_of(w.SUMMER, world.today).population_on
    assert not staffing_of(w.SUMMER, on.replace(year=on.year + 1)).population_outdated
    assert staffing_of(w.SUMMER, on.replace(year=on.year + 1) + timedelta(days=1)).population_outdated
    assert staffing_of(w.SAME_NAME, world.today).population_outdated


def test_territory_is_the_wall(world):
    rows = StaffingQuery((w.STREET,), world.today).rows()
    assert {row.code for row in rows} == {w.STREET, w.SPRING, w.SUMMER, w.VILLAGE}
    assert StaffingQuery((), world.today).count() == 0


def test_children_skip_the_formal_node(world):
    rows = StaffingQuery(EVERYWHERE, world.today, under=w.CITY, parent=w.CITY).rows()
    assert [row.code for row in rows] == ["960101", "960102"]


def test_order_puts_unknown_last_both_ways(world):
    query = StaffingQuery(EVERYWHERE, world.today, under=w.DISTRICT, level=5)
    assert [row.code for row in query.rows("gap")][:3] == [w.SUMMER, w.AUTUMN, w.SPRING]
    assert [row.code for row in query.rows("-gap")][:3] == [w.SPRING, w.AUTUMN, w.SUMMER]
    assert query.statuses() == {"short": 2, "met": 1, "no_data": 1, "not_applicable": 1}


@pytest.mark.parametrize("text", ["春风", w.SPRING, "cfs"])
def test_search_by_name_code_and_initials(world, text):
    rows = StaffingQuery(EVERYWHERE, world.today, level=5, search=text).rows()
    assert [row.code for row in rows] == [w.SPRING]


def test_recount_mends_what_verify_finds(world):
    Tally.objects.filter(division_id=w.DISTRICT).update(workers=9)
    assert differences() == [(w.DISTRICT, {"workers": 9}, {"workers": 5})]
    recount()
    assert differences() == []

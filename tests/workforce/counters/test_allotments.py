"""The book of allotments: sums equal the pure rule added up over communities, on any day and after any change."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest

from portal.core.indicators.figures import Met, Origin, State
from portal.core.indicators.parts import listed_parts, number_of
from portal.core.indicators.rolling import differences, recount, roll_figures, take_snapshots
from portal.core.indicators.rows import RowsBehind
from portal.core.indicators.values import FigureQuery, figure_afresh, kept
from portal.core.policy.models import PolicyRule
from portal.core.territory.chosen import Chosen
from portal.core.territory.models import Division
from portal.registry import INDICATORS
from tests import factories
from tests import world as w
from tests.workforce.test_allotment_queries import FOUR_PLUS_N, TAIYUAN, rule
from workforce.actions import people
from workforce.actions.populations import load_populations, record_population
from workforce.actions.rules import close_rule, enter_rule, seen_rules
from workforce.counters.allotment import BOOK
from workforce.models import AllotmentSnapshot, AllotmentTally, Appointment
from workforce.queries.allotment import allotment_of

pytestmark = pytest.mark.django_db
COMMUNITIES = (w.SPRING, w.SUMMER, w.AUTUMN, w.UNKNOWN, w.SAME_NAME, w.SNOW, w.FAR)
PLACES = (*COMMUNITIES, w.STREET, w.NEIGHBOUR, w.DISTRICT, w.CITY, "97")
ENGINES = {"per_population": "by_population", "allotment": "by_households", "brackets": "by_brackets"}
ONE_DAY = timedelta(days=1)


def oracle(place: str, on: date) -> dict[str, int]:
    """Every counter of a place by the pure rule, one community after the other."""
    told = Counter(dict.fromkeys(BOOK.names, 0))
    for code in COMMUNITIES:
        if code.startswith(place):
            told.update(_of_one(code, on))
    return dict(told)


def _of_one(code: str, on: date) -> Counter:
    found = allotment_of(code, on)
    result, told = found.result, Counter(staffed=found.workers)
    for one in result.results:
        told[f"{ENGINES[one.engine]}_ruled"] += 1
        if one.heads is not None:
            told[f"{ENGINES[one.engine]}_known"] += 1
            told[f"{ENGINES[one.engine]}_heads"] += one.heads
    told["allotment_ruled"] = int(bool(result.results))
    told["cap_ruled"] = int(bool(result.results) and result.cap is not None)
    told["allotment_incomplete"] = int(any(one.heads is None for one in result.results))
    if result.heads is None:
        return told
    told["allotment_known"], told["allotted"] = 1, result.heads
    for engine in result.binding:
        told["cap_binds" if engine == "cap" else f"{ENGINES[engine]}_binds"] += 1
    gap = result.heads - found.workers
    if gap > 0 and result.certainty in ("exact", "least"):
        told.update(allotment_judged=1, allotment_short=1, allotment_missing=gap)
    if gap <= 0 and result.certainty in ("exact", "most"):
        told.update(allotment_judged=1, allotment_met=1, allotment_surplus=-gap)
    return told


def stored(place: str) -> dict[str, int]:
    return AllotmentTally.objects.filter(division=place).values(*BOOK.names).first() or dict.fromkeys(BOOK.names, 0)


def counted(place: str, on: date) -> dict[str, int]:
    """Counters by the figures that are asked for another day, those that no figure shows left out."""
    shown = [one for one in INDICATORS.values() if one.book is BOOK]
    (line,) = FigureQuery(tuple(shown), Chosen(("",), on, under=place, codes=(place,))).lines()
    return {one.numerator: line[one.key].numerator for one in shown}


def figure(key: str, code: str, on: date | None = None):
    return figure_afresh(INDICATORS[key], code, on or w.today())


def scatter(random: Random, today: date) -> None:
    """Rules and populations by chance, some of them not there."""
    for scope in random.sample(["", w.CITY, w.DISTRICT, w.STREET, *COMMUNITIES], 6):
        brackets = sorted(random.sample(range(0, 6000), random.randint(1, 5)))
        rounding = random.choice(["nearest", "ceil", "floor"])
        steps = {"further_households": random.randint(1, 900), "further_heads": random.randint(0, 3)}
        values = {
            "staffing.allotment": {
                "base": random.randint(0, 3), "households_per": random.randint(100, 900), "rounding": rounding,
                "least": random.randint(0, 2),
            },
            "staffing.brackets": {
                "rows": [{"households_from": at, "heads": random.randint(0, 5)} for at in brackets], **steps,
            },
            "staffing.cap": {"heads": random.randint(1, 6)},
            "staffing.combination": {"choose": random.choice(["largest", "smallest"])},
            "population.basis": {"order": random.sample(["ledger", "actual", "registered"], 2)},
        }  # fmt: skip
        for kind, value in values.items():
            if random.random() < 0.5:
                since = today - timedelta(days=random.randint(0, 600))
                rule(kind, value, division=scope, since=since)
    for code in COMMUNITIES:
        for days in random.sample(range(1, 900), random.randint(0, 3)):
            households = random.choice([None, random.randint(0, 6000)])
            basis = random.choice(["actual", "registered"])
            factories.population(
                code, random.randint(1, 9000), today - timedelta(days=days), basis=basis, households=households
            )


@pytest.mark.parametrize("seed", range(8))
def test_sums_are_those_of_the_pure_rule(world, seed):
    random = Random(seed)
    scatter(random, world.today)
    recount()
    assert {place: stored(place) for place in PLACES} == {place: oracle(place, world.today) for place in PLACES}
    assert differences() == []
    for day in (world.today, world.today - timedelta(days=random.randint(1, 500))):
        for place in (w.SPRING, w.DISTRICT, w.CITY):
            told = oracle(place, day)
            asked = counted(place, day)
            assert asked == {name: told[name] for name in asked}


@pytest.mark.parametrize("name", BOOK.names)
def test_rows_behind_a_counter_add_up_to_it(world, name):
    rule("staffing.allotment", FOUR_PLUS_N, division=w.STREET)
    rule("staffing.brackets", TAIYUAN, division=w.DISTRICT)
    rule("staffing.cap", {"heads": 6}, division=w.SPRING)
    recount()
    rows = RowsBehind(BOOK, name, w.CITY, world.today, ("",)).page(100)
    assert sum(row.amount for row in rows) == stored(w.CITY)[name]


def test_rest_of_the_share_are_the_communities_that_are_short(world):
    share = figure("allotment_met_share", w.CITY)
    rest = listed_parts(share.indicator)["rest"]
    rows = RowsBehind(BOOK, rest.counter, w.CITY, world.today, ("",), rest.without).page(100)
    assert [row.id for row in rows] == [w.SPRING, w.AUTUMN, w.SNOW]
    assert (number_of(share, rest), figure("allotment_short", w.CITY).value) == (3, 3)
    assert (share.text, share.denominator) == ("40.0%", 5)


def test_a_street_adds_up_its_communities_and_not_its_population(world):
    rule("staffing.allotment", FOUR_PLUS_N, division=w.STREET)
    recount()
    told = {key: figure(key, w.STREET).text for key in ("allotted", "allotment_missing", "allotted_by_households")}
    # 1,000 households: 4 + 3; 333 households: 4 + 1; two heads in post in each.
    assert told == {"allotted": "12 人", "allotment_missing": "8 人", "allotted_by_households": "12 人"}
    assert figure("allotted_by_population", w.STREET).value == 8
    assert figure("allotment_by_households", w.STREET).text == "2 个"


def test_a_place_without_any_rule_is_not_in_force_and_one_without_data_has_none(world):
    assert {figure(one.key, "97").state for one in INDICATORS.values() if one.book is BOOK} == {State.NOT_IN_FORCE}
    assert figure("allotted_by_households", w.CITY).state == State.NOT_IN_FORCE
    assert figure("allotment_cap", w.CITY).text == "未生效"
    for key in ("allotted", "allotment_missing", "allotment_met_share", "allotment_short", "allotted_by_population"):
        assert figure(key, w.UNKNOWN).state == State.NO_DATA
        assert figure(key, w.UNKNOWN).met == Met.NO_TARGET
    assert figure("allotment_incomplete", w.UNKNOWN).value == 1
    assert figure("allotted", w.VILLAGE).state == State.NOT_APPLICABLE


def test_a_rule_of_one_district_counts_for_the_whole_province(world):
    rule("staffing.allotment", FOUR_PLUS_N, division=w.FAR)
    recount()
    found = figure("allotted_by_households", "97")
    assert (found.state, found.value) == (State.VALUE, 5)


def test_a_least_that_is_not_reached_is_short_and_one_that_is_reached_waits_for_data(world):
    rule("staffing.allotment", FOUR_PLUS_N)
    factories.population(w.UNKNOWN, 900, world.today)
    recount()
    assert figure("allotment_short", w.UNKNOWN).value == 1
    for name in ("某一", "某二"):
        factories.worker(name, w.UNKNOWN)
    recount()
    assert figure("allotted", w.UNKNOWN).value == 2
    assert figure("allotment_short", w.UNKNOWN).state == State.NO_DATA
    assert figure("allotment_incomplete", w.UNKNOWN).value == 1


def test_a_rule_that_begins_changes_the_figures_with_the_day(world):
    tomorrow = world.today + ONE_DAY
    rule("staffing.allotment", FOUR_PLUS_N, division=w.STREET, since=tomorrow)
    recount()
    assert figure("allotted", w.STREET).value == 8
    assert roll_figures(tomorrow)
    today, before = figure("allotted", w.STREET, tomorrow), figure("allotted", w.STREET, world.today)
    assert (today.value, today.origin) == (12, Origin.TODAY)
    assert (before.value, before.origin) == (8, Origin.ROWS)
    assert differences() == []


def test_a_population_that_is_entered_counts_at_once(world):
    rule("staffing.allotment", FOUR_PLUS_N, division=w.STREET)
    recount()
    given = {"on": world.today, "basis": "ledger", "source": "台账"}
    record_population(division=Division.objects.get(pk=w.SPRING), value=6000, households=2100, by=None, **given)
    assert (figure("allotted", w.SPRING).value, figure("allotted", w.STREET).value) == (11, 16)
    made = factories.Population(division_id=w.SUMMER, value=9000, households=3000, **given)
    load_populations(rows=[made], by=None)
    assert figure("allotted", w.STREET).value == 28
    assert differences() == []


def test_populations_of_many_communities_are_counted_by_province(world, monkeypatch):
    monkeypatch.setattr("workforce.actions.populations.MANY", 0)
    made = factories.Population(division_id=w.SUMMER, value=9000, on=world.today, basis="ledger", source="台账")
    load_populations(rows=[made], by=None)
    assert figure("allotted", w.SUMMER).value == 17
    assert differences() == []


def test_heads_in_post_follow_the_roster(world):
    assert figure("allotment_missing", w.CITY).value == 8
    post = Appointment.objects.get(person=world.people["钱风"])
    people.end_post(appointment=post, version=post.person.version, last_day=world.today - ONE_DAY, by=world.users.city)
    assert figure("allotment_missing", w.CITY).value == 9
    assert differences() == []


def test_rules_of_engines_and_of_heads_recount_where_they_hold(world):
    place = Division.objects.get(pk=w.STREET)

    def enter(kind: str, value: dict):
        seen = seen_rules(kind, place)
        enter_rule(
            kind=kind, division=place, valid_from=world.today, last_day=None, value=value, document="示例", article="",
            seen=seen, by=world.users.city,
        )  # fmt: skip

    enter("staffing.allotment", FOUR_PLUS_N)
    assert (figure("allotted", w.CITY).value, differences()) == (18, [])
    enter("staffing.cap", {"heads": 6})
    assert (figure("allotted", w.CITY).value, figure("allotment_cap", w.CITY).value, differences()) == (17, 1, [])
    factories.status(world.people["孙夏"], "maternity")
    recount()
    before = stored(w.STREET)["staffed"]
    enter("staffing.excluded_statuses", {"statuses": ["maternity"]})
    assert stored(w.STREET)["staffed"] == before - 1
    assert differences() == []


def test_a_rule_that_ends_is_not_in_force_after_its_last_day(world):
    rule("staffing.allotment", FOUR_PLUS_N, division=w.STREET)
    recount()
    made = PolicyRule.objects.get(kind="staffing.allotment")
    close_rule(
        rule=made, last_day=world.today - ONE_DAY, seen=seen_rules(made.kind, made.division), by=world.users.city
    )
    assert figure("allotted_by_households", w.STREET).state == State.NOT_IN_FORCE
    assert figure("allotted_by_households", w.STREET, world.today - ONE_DAY).value == 12


def test_months_are_kept_and_those_before_the_book_say_no_data(world):
    end = world.today.replace(day=1) - ONE_DAY
    assert take_snapshots(end, end) == {end: True}
    assert AllotmentSnapshot.objects.get(division=w.CITY, on=end).allotted == oracle(w.CITY, end)["allotted"]
    both = (INDICATORS["workers"], INDICATORS["allotted"])
    (line,) = kept(both, w.STREET, end, end)
    assert line["allotted"].value == oracle(w.STREET, end)["allotted"]
    AllotmentSnapshot.objects.all().delete()
    (line,) = kept(both, w.STREET, end, end)
    assert line["allotted"].state == State.NO_DATA
    assert take_snapshots(end, end) == {end: True}


def test_places_are_ordered_by_gap_with_those_unknown_last(world):
    query = FigureQuery((INDICATORS["allotment_missing"],), Chosen(("",), world.today, under=w.CITY, level=5))
    lines = query.lines("allotment_missing")
    known = [line["allotment_missing"].value for line in lines]
    assert [value for value in known if value is not None] == [0, 0, 2, 2, 4]
    assert {line.code for line in lines[-2:]} == {w.UNKNOWN, w.VILLAGE}

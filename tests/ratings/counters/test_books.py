"""Several books at one figures' day: rolled, kept, compared, read and stamped together."""

import json
from datetime import date, timedelta

import pytest

from portal.core.indicators.books import books
from portal.core.indicators.figures import Met, Origin
from portal.core.indicators.rolling import differences, is_kept, recount, roll_figures, take_snapshots
from portal.core.indicators.stamps import stamp_of
from portal.core.indicators.values import FigureQuery, kept
from portal.core.lib.clock import today
from portal.core.policy.actions import set_rule
from portal.core.territory.chosen import Chosen
from portal.core.territory.models import Division
from portal.registry import BOOKS, COMPOSITIONS, INDICATORS
from proposals.counters import BOOK as PROPOSALS
from ratings.actions.tallies import refresh_tallies
from ratings.counters import BOOK
from ratings.models import Snapshot, Tally
from tests import factories
from tests import world as w
from tests.ratings import rated
from workforce.actions.rules import enter_rule, seen_rules
from workforce.counters import BOOK as WORKFORCE
from workforce.counters.allotment import BOOK as ALLOTMENT
from workforce.models import Snapshot as WorkforceSnapshot

pytestmark = pytest.mark.django_db
STARS = ("stars", "star_five", "star_four", "star_three", "star_none", "star_up")
MAY, JUNE = date(2026, 5, 31), date(2026, 6, 30)


def figure(key: str, code: str, on: date | None = None):
    query = FigureQuery((INDICATORS[key],), Chosen(("",), on or today(), under=code, codes=(code,)))
    return query.lines()[0][key]


def stored(code: str, name: str) -> int:
    return Tally.objects.values_list(name, flat=True).get(division_id=code)


@pytest.fixture
def visited(world):
    """Two households and a shop due in spring, one of the households visited today."""
    first = factories.premises(w.SPRING, "1号")
    factories.premises(w.SPRING, "2号")
    factories.premises(w.SPRING, "便民店", "shop")
    factories.visit(first)
    refresh_tallies([w.SPRING])
    return first


def test_site_lists_every_book_once():
    assert list(BOOKS) == ["workforce", "allotment", "ratings", "proposals"]
    assert tuple(BOOKS.values()) == books() == (WORKFORCE, ALLOTMENT, BOOK, PROPOSALS)


def test_refresh_carries_up_to_the_province_and_leaves_the_other_book_alone(visited):
    assert [stored(code, "households_due") for code in (w.SPRING, w.STREET, w.DISTRICT, "9601", w.CITY)] == [2] * 5
    assert (stored(w.SPRING, "households_visited"), stored(w.SNOW, "households_due")) == (1, 0)
    assert differences() == []


def test_recount_and_verify_cover_every_book(visited, run_command):
    Tally.objects.filter(division=w.STREET).update(households=9)
    result = run_command("recount", "--verify", "--json")
    assert (result.code, json.loads(result.out)["differences"]) == (
        1,
        [{"code": w.STREET, "stored": {"households": 9}, "counted": {"households": 2}}],
    )
    assert run_command("recount").code == 0
    assert (stored(w.STREET, "households"), differences()) == (2, [])


def test_the_day_that_moves_on_takes_every_book_along(visited):
    january = date(today().year + 1, 1, 1)
    assert roll_figures(january)
    assert (stored(w.SPRING, "households_visited"), stored(w.SPRING, "households_due")) == (0, 2)
    assert differences() == []
    ends = set(Snapshot.objects.values_list("on", flat=True))
    assert ends == set(WorkforceSnapshot.objects.values_list("on", flat=True)) >= {january - timedelta(days=1)}


def test_snapshots_of_one_book_are_taken_where_the_other_has_them_already(visited):
    assert take_snapshots(MAY, JUNE) == {MAY: True, JUNE: True}
    Snapshot.objects.filter(on=JUNE).delete()
    assert not is_kept(JUNE)
    assert take_snapshots(MAY, JUNE) == {MAY: False, JUNE: True}
    assert is_kept(JUNE)


def test_a_past_day_counts_the_visits_before_it(visited):
    factories.visit(visited, date(2026, 3, 15))
    past = figure("visit_coverage_households", w.SPRING, date(2026, 3, 14))
    assert (past.numerator, past.denominator, past.origin) == (0, 2, Origin.ROWS)
    assert figure("visit_coverage_households", w.SPRING, date(2026, 3, 15)).numerator == 1
    assert figure("visit_coverage_households", w.STREET).numerator == 1


def test_figures_of_two_books_are_read_in_one_statement(visited, django_assert_num_queries):
    both = (INDICATORS["workers"], INDICATORS["visit_coverage_households"], INDICATORS["facility_area_per_100"])
    chosen = Chosen(("",), today(), under=w.STREET, parent=w.STREET)
    with django_assert_num_queries(1):
        lines = FigureQuery(both, chosen, figures_on=today()).lines()
    assert {line.code: (line["workers"].value, line["visit_coverage_households"].text) for line in lines} == {
        w.SPRING: (2, "50.0%"),
        w.SUMMER: (2, "无数据"),
        w.VILLAGE: (None, "无数据"),
    }


def test_area_per_hundred_households_divides_by_the_households_of_the_grids(world):
    factories.grid(w.SPRING, "第一网格", households=600)
    factories.grid(w.SPRING, "第二网格", households=400)
    factories.facility(w.SPRING, area="408", public_area="280")
    recount()
    found = figure("facility_area_per_100", w.SPRING)
    assert (found.text, found.numerator, found.denominator) == ("40.80 平方米/百户", 40_800, 1000)
    assert found.met == Met.NOT_IN_FORCE
    factories.rule("service.facility", {"square_metres": 40, "due": "2025-12-31"}, w.CITY)
    factories.rule("service.public_space", {"percent": 70}, w.CITY)
    assert figure("facility_area_per_100", w.CITY).met == Met.MET
    share = figure("public_space_share", w.SPRING)
    assert (share.text, share.met) == ("68.6%", Met.MISSED)


def test_kept_months_say_where_only_one_book_was_kept(visited):
    take_snapshots(MAY, JUNE)
    Snapshot.objects.filter(on=MAY).delete()
    both = (INDICATORS["workers"], INDICATORS["households"])
    found = {line["workers"].on: line for line in kept(both, w.SPRING, MAY, JUNE)}
    assert (found[JUNE]["workers"].value, found[JUNE]["households"].value) == (2, 2)
    assert (found[MAY]["workers"].value, found[MAY]["households"].text) == (2, "无数据")


def test_stamp_of_a_book_is_another_after_its_changes_alone(visited):
    def stamps() -> list:
        return [stamp_of(book, [w.STREET], today()) for book in (WORKFORCE, BOOK, (WORKFORCE, BOOK))]

    before = stamps()
    refresh_tallies([w.SPRING])
    after = stamps()
    assert [new != old for new, old in zip(after, before, strict=True)] == [False, True, True]


def test_a_rule_about_periods_recounts_where_it_holds(visited, world):
    factories.visit(visited, today().replace(day=1) - timedelta(days=1))
    value = {"months": 1, "percent": 100}
    place = Division.objects.get(pk=w.STREET)
    enter_rule(
        kind="service.visits", division=place, valid_from=today(), last_day=None, value=value, document="示例", article="",
        seen=seen_rules("service.visits", place), by=world.users.city,
    )  # fmt: skip
    assert differences() == []
    found = figure("visit_coverage_households", w.SPRING)
    assert (found.target, found.met) == (100, Met.MISSED)


def test_needs_average_over_communities_and_are_judged_by_the_rule(world):
    needs = [factories.need(w.SPRING, f"需求{number}", today()) for number in range(12)]
    factories.project(w.SPRING, *needs[:5], state="approved", approved_on=today(), proposed_on=today())
    set_rule(
        kind="service.needs", division=None, valid_from=date(2020, 1, 1), value={"needs": 12, "projects": 6},
        document="示例", by=world.users.city,
    )  # fmt: skip
    recount()
    assert (figure("needs_found", w.SPRING).text, figure("needs_found", w.SPRING).met) == (
        "12.0 个/村（社区）",
        Met.MET,
    )
    assert (figure("needs_converted", w.SPRING).value, figure("needs_converted", w.SPRING).met) == (5, Met.MISSED)
    assert (figure("needs_found", w.STREET).value, figure("needs_met_share", w.STREET).value) == (6, 0)


def test_grades_in_force_follow_a_removal_from_its_first_day_on(world):
    removed = rated.star(w.SPRING, 5, 2025, change="up", current=False)
    rated.star(w.SUMMER, 4, 2025, change="same")
    rated.star(w.SNOW, 0, 2025, change="down")
    rated.star(
        w.SPRING, 3, 2025, number=2, change="down", cause="removal", event="事件", decided_on=date(2026, 6, 20),
        effective_from=date(2026, 7, 1), previous=removed.grade,
    )  # fmt: skip
    recount()
    june, now = ({key: figure(key, w.CITY, on).value for key in STARS} for on in (JUNE, None))
    assert june == {"stars": 3, "star_five": 1, "star_four": 1, "star_three": 0, "star_none": 1, "star_up": 1}
    assert now == {"stars": 3, "star_five": 0, "star_four": 1, "star_three": 1, "star_none": 1, "star_up": 0}
    shares = [figure(key, w.CITY).exact for key in COMPOSITIONS["stars"].parts]
    assert sum(shares) == 100
    assert figure("star_five", w.FAR).text == "无数据"

"""A scheme tried on last year's data: who would move, and why."""

from datetime import timedelta
from decimal import Decimal

import pytest

from portal.registry import INDICATORS
from ratings.actions.scoring import refresh_totals, score_automatically
from ratings.models import Incident, ItemScore
from ratings.queries.trial import try_scheme
from tests import world as w
from tests.ratings import scheme_builders as make

D = Decimal
STEPS = [{"least": "60", "percent": "100"}]


@pytest.fixture
def last_year(world):
    """A cycle of 2025: spring has half its people certified, autumn all."""
    by = make.scheme(year=2025)
    cycle = make.cycle(year=2025, on=world.today - timedelta(days=30))
    units = {code: make.unit(cycle, code, by) for code in (w.SPRING, w.AUTUMN)}
    for unit in units.values():
        make.score(unit, "民主协商", self_points=60, district_points=54)
    score_automatically(cycle=cycle, indicators=INDICATORS, by=world.users.city)
    return units


def _by_code(trial):
    return {one.division.code: one for one in trial.rows}


def test_units_move_by_the_items_that_differ(world, last_year):
    scheme = make.scheme(
        items=(
            {"label": "民主协商", "points": 80},
            {"label": "持证率", "points": 20, "indicator": "certified_share", "steps": STEPS},
        )
    )
    trial = try_scheme(scheme, INDICATORS)
    spring, autumn = (_by_code(trial)[code] for code in (w.SPRING, w.AUTUMN))
    assert (spring.total_before, spring.before, spring.total_after, spring.after) == (D(54), 0, D("72.00"), 3)
    assert (autumn.total_before, autumn.before, autumn.total_after, autumn.after) == (D(94), 5, D("92.00"), 5)
    assert (spring.move, autumn.move, trial.moves) == ("up", "same", {"up": 1, "down": 0, "same": 1, "unknown": 0})
    assert [(one.label, one.difference) for one in spring.reasons] == [("民主协商", D("18.00"))]
    assert [(one.label, one.difference) for one in autumn.reasons] == [
        ("持证率", D("-20.00")),
        ("民主协商", D("18.00")),
    ]
    assert sum(one.difference for one in autumn.parts) == autumn.total_after - autumn.total_before


def test_items_without_points_last_year_are_left_out_and_named(world, last_year):
    scheme = make.scheme(items=({"label": "民主协商", "points": 50}, {"label": "志愿服务", "points": 50}))
    trial = try_scheme(scheme, INDICATORS)
    assert [one.label for one in trial.untried] == ["志愿服务"]
    assert (trial.tried_points, _by_code(trial)[w.SPRING].total_after) == (D(50), D("90.00"))


def test_events_of_last_year_count_where_the_labels_agree(world, last_year):
    old = last_year[w.AUTUMN]
    item = old.scheme.items.create(order=9, label="安全事故", kind="veto")
    Incident.objects.create(
        unit=old, item=item, happened_on=world.today, text="x", entered_by=world.users.city,
        confirmed_by=world.users.district,
    )  # fmt: skip
    refresh_totals(cycle_id=old.cycle_id)
    hand = {"label": "民主协商", "points": 100}
    kept = make.scheme(items=(hand, {"label": "安全事故", "kind": "veto"}))
    dropped = make.scheme(items=(hand,), year=2027)
    assert _by_code(try_scheme(kept, INDICATORS))[w.AUTUMN].after == 0
    found = _by_code(try_scheme(dropped, INDICATORS))[w.AUTUMN]
    assert (found.before, found.after, found.move) == (0, 5, "up")


def test_a_missing_score_leaves_a_unit_without_grade(world, last_year):
    ItemScore.objects.filter(unit=last_year[w.SPRING], item__label="民主协商").delete()
    trial = try_scheme(make.scheme(), INDICATORS)
    assert (_by_code(trial)[w.SPRING].after, _by_code(trial)[w.SPRING].move) == (None, "unknown")


def test_without_an_earlier_cycle_only_figures_are_tried(world):
    trial = try_scheme(make.scheme(w.DISTRICT), INDICATORS)
    assert (trial.cycle, trial.on.isoformat(), trial.tried_points) == (None, "2025-12-31", D(40))
    found = _by_code(trial)
    assert sorted(found) == [w.SPRING, w.SUMMER, w.AUTUMN, w.UNKNOWN]
    assert (found[w.AUTUMN].total_after, found[w.SPRING].total_after) == (D("100.00"), D("0.00"))


def test_villages_are_tried_apart(world):
    scheme = make.scheme(w.DISTRICT, unit_kind="village", items=({"label": "民主协商", "points": 100},))
    trial = try_scheme(scheme, INDICATORS)
    assert ([one.division.code for one in trial.rows], trial.tried_points) == ([w.VILLAGE], 0)


def test_a_trial_narrowed_to_a_street_shows_its_units(world, last_year):
    trial = try_scheme(make.scheme(), INDICATORS, under=w.NEIGHBOUR)
    assert list(_by_code(trial)) == [w.AUTUMN]


def test_a_trial_writes_nothing(world, last_year, django_assert_num_queries):
    before = list(ItemScore.objects.order_by("pk").values())
    scheme = make.scheme()
    with django_assert_num_queries(10):
        try_scheme(scheme, INDICATORS)
    assert list(ItemScore.objects.order_by("pk").values()) == before

"""Automatic scores from frozen figures, and totals by SQL."""

import json
import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from portal.core.lib.clock import today
from portal.registry import INDICATORS
from ratings.actions.scoring import refresh_totals, score_automatically
from ratings.models import Incident, ItemScore, UnitRating
from ratings.queries.scoring import bands_of, read_back, why_no_points
from ratings.scoring import Event, Line, in_force, outcome
from tests import factories
from tests import world as w
from tests.ratings import scheme_builders as make

D = Decimal


@pytest.fixture
def rated(world):
    """The communities of the city in a cycle of today, by code."""
    by = make.scheme()
    cycle = make.cycle(on=world.today)
    return {code: make.unit(cycle, code, by) for code in (w.SPRING, w.SUMMER, w.AUTUMN, w.SNOW)}


def _scored(rated, world, **changes):
    cycle = rated[w.SPRING].cycle
    return score_automatically(cycle=cycle, indicators={**INDICATORS, **changes}, by=world.users.city)


def _automatic(unit):
    return ItemScore.objects.get(unit=unit, item__label="持证率")


def test_automatic_items_are_scored_from_the_figure(rated, world):
    done = _scored(rated, world)
    assert (done.units, done.scores, done.without) == (4, 4, 1)
    spring = _automatic(rated[w.SPRING])
    assert spring.auto_points == D("0.00")
    assert {k: spring.figure[k] for k in ("indicator", "value", "exact", "numerator", "denominator", "state", "text")} == {
        "indicator": "certified_share", "value": "50.0", "exact": "50", "numerator": 1, "denominator": 2,
        "state": "value", "text": "50.0%",
    }  # fmt: skip
    assert spring.figure["on"] == world.today.isoformat()
    assert _automatic(rated[w.AUTUMN]).auto_points == D("40.00")
    assert read_back(spring.figure).exact == 50


def test_a_figure_without_data_gives_no_points_and_says_why(rated, world):
    _scored(rated, world)
    found = _automatic(rated[w.SNOW])
    assert (found.auto_points, found.figure["state"]) == (None, "no_data")
    assert why_no_points(found.item, found.figure) == "“持证率”无数据，本项不得分，也不扣分。"
    make.score(rated[w.SNOW], "民主协商", self_points=55)
    refresh_totals(cycle_id=rated[w.SNOW].cycle_id)
    rated[w.SNOW].refresh_from_db()
    assert rated[w.SNOW].total == D("55.00")


def test_scoring_again_changes_only_what_changed(rated, world):
    _scored(rated, world)
    factories.certificate(world.people["钱风"])
    w.count(world.today)
    _scored(rated, world)
    assert _automatic(rated[w.SPRING]).auto_points == D("40.00")
    assert ItemScore.objects.count() == 4
    assert sum(one.events.count() for one in ItemScore.objects.all()) == 5


def test_history_names_who_scored(rated, world):
    _scored(rated, world)
    event = _automatic(rated[w.SPRING]).events.get()
    assert event.pgh_context["user"] == world.users.city.username
    assert event.pgh_context["act"] == "score_automatically"


def test_units_left_out_are_not_scored(rated, world):
    UnitRating.objects.filter(pk=rated[w.SNOW].pk).update(left_out_because="新建社区")
    assert _scored(rated, world).units == 3
    assert not ItemScore.objects.filter(unit=rated[w.SNOW]).exists()


def test_after_the_notice_nothing_is_read_anew(rated, world):
    cycle = rated[w.SPRING].cycle
    cycle.stage = "notice"
    cycle.notice_from = cycle.notice_until = world.today
    cycle.save()
    with pytest.raises(ValidationError, match="已进入公示"):
        _scored(rated, world)


def test_an_indicator_that_is_gone_is_named(rated, world):
    with pytest.raises(ValidationError, match="持证率"):
        score_automatically(cycle=rated[w.SPRING].cycle, indicators={}, by=world.users.city)


def test_a_past_day_is_counted_from_the_records(world):
    by = make.scheme()
    cycle = make.cycle(on=date(2024, 6, 30))
    unit = make.unit(cycle, w.SPRING, by)
    score_automatically(cycle=cycle, indicators=INDICATORS, by=world.users.city)
    figure = _automatic(unit).figure
    assert (figure["on"], figure["origin"], figure["value"]) == ("2024-06-30", "rows", "50.0")


def test_only_the_units_named_are_refreshed(rated, world):
    _scored(rated, world)
    for code in (w.SPRING, w.AUTUMN):
        make.score(rated[code], "民主协商", self_points=50)
    assert refresh_totals(cycle_id=rated[w.SPRING].cycle_id, unit_ids=[rated[w.AUTUMN].pk]) == 1
    for unit in rated.values():
        unit.refresh_from_db()
    assert (rated[w.AUTUMN].total, rated[w.AUTUMN].banded, rated[w.SPRING].total) == (D("90.00"), 5, None)


ALL = (
    {"label": "甲", "points": 50},
    {"label": "乙", "points": 30},
    {"label": "丙", "points": 20, "indicator": "certified_share", "steps": [{"least": "60", "percent": "100"}]},
    {"label": "奖", "kind": "bonus", "points": 3, "cap": 5},
    {"label": "罚", "kind": "penalty", "points": "2.5"},
    {"label": "否", "kind": "veto"},
)


def _by_rules(unit):
    """The outcome of a unit by the pure rules."""
    scores = {score.item_id: score for score in unit.scores.all()}
    lines = []
    for item in unit.scheme.items.filter(kind="score"):
        score = scores.get(item.pk)
        points = in_force(score) if score else None
        lines.append(Line(points, item.automatic, bool(score and score.figure is not None)))
    counted = unit.incidents.filter(confirmed_by__isnull=False, taken_back=False).select_related("item")
    events = [Event(one.item_id, one.item.kind, one.item.points, one.item.cap) for one in counted]
    found = outcome(lines, events, bands_of(unit.scheme))
    return found.total, found.vetoed, found.banded, found.provisional


def _at_random(unit, chance: random.Random, users):
    for item in unit.scheme.items.filter(kind="score"):
        if chance.random() < 0.85:
            points = [D(chance.randint(0, int(item.points) * 100)) / 100 for _n in range(3)]
            given = dict(zip(("self_points", "street_points", "district_points"), points, strict=True))
            fields = {k: v for k, v in given.items() if chance.random() < 0.9}
            if item.automatic:
                fields = {"auto_points": points[0] if chance.random() < 0.7 else None, "figure": {"state": "x"}}
            ItemScore.objects.create(unit=unit, item=item, **fields)
    for item in unit.scheme.items.exclude(kind="score"):
        for _n in range(chance.choice((0, 0, 1, 3)) if item.kind != "veto" else chance.choice((0, 0, 0, 1))):
            Incident.objects.create(
                unit=unit, item=item, happened_on=today() - timedelta(days=1), text="x", entered_by=users.city,
                confirmed_by=chance.choice((None, users.district, users.district)), taken_back=chance.random() < 0.2,
            )  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_totals_by_sql_agree_with_the_rules_on_random_scores(world, seed):
    by = make.scheme(items=ALL)
    cycle = make.cycle(on=world.today)
    codes = (w.SPRING, w.SUMMER, w.AUTUMN, w.UNKNOWN, w.SAME_NAME, w.SNOW)
    units = [make.unit(cycle, code, by) for code in codes]
    chance = random.Random(seed)
    for unit in units:
        _at_random(unit, chance, world.users)
    refresh_totals(cycle_id=cycle.pk)
    found = list(UnitRating.objects.order_by("pk").values_list("total", "vetoed", "banded", "provisional"))
    assert found == [_by_rules(unit) for unit in units]
    assert refresh_totals(cycle_id=cycle.pk) == 0


def test_frozen_figures_are_plain_json(rated, world):
    _scored(rated, world)
    kept = _automatic(rated[w.SPRING]).figure
    assert json.loads(json.dumps(kept)) == kept


def test_the_number_of_statements_does_not_grow_with_the_units(rated, world, django_assert_max_num_queries):
    make.unit(rated[w.SPRING].cycle, w.SAME_NAME, rated[w.SPRING].scheme)
    with django_assert_max_num_queries(20):  # one more where the planner has not counted yet
        _scored(rated, world)

"""Schemes: drafted by one, approved by another, put in use, never changed afterwards."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from portal.core.territory.models import Division
from portal.registry import INDICATORS
from ratings.actions import schemes as acts
from ratings.models import RatingScheme, SchemeItem
from ratings.queries.schemes import differences, earlier, faults_of, rating_schemes
from tests import factories
from tests import world as w
from tests.ratings import scheme_builders as make
from workforce.actions.versions import Stale

D = Decimal
HEAD = {"year": 2026, "unit_kind": "community", "name": "社区方案", "document": "", "bands": make.BANDS}
BY_HAND = {"label": "民主协商", "kind": "score", "points": D(60), "steps": [], "indicator": ""}
AUTOMATIC = {
    "label": "持证率", "kind": "score", "points": D(40), "indicator": "certified_share",
    "steps": [{"least": "60", "percent": "100"}],
}  # fmt: skip


@pytest.fixture
def maker(world):
    return world.users.city


@pytest.fixture
def approver(world):
    return factories.user("approver", ("city", w.CITY), division=w.CITY)


@pytest.fixture
def draft(maker):
    scheme = acts.draft_rating_scheme(division=Division.objects.get(pk=w.CITY), fields=HEAD, by=maker)
    for fields in (BY_HAND, AUTOMATIC):
        _put(scheme, maker, **fields)
    return scheme


def _put(scheme, by, item=None, **fields):
    return acts.put_scheme_item(
        scheme=scheme, version=scheme.version, fields=fields, indicators=INDICATORS, item=item, by=by
    )


def _approve(scheme, by):
    return acts.approve_rating_scheme(scheme=scheme, version=scheme.version, indicators=INDICATORS, by=by)


def _labels(scheme):
    return list(scheme.items.values_list("order", "label"))


def test_a_draft_is_approved_by_another_and_put_in_use(draft, maker, approver):
    _approve(draft, approver)
    acts.use_rating_scheme(scheme=draft, version=draft.version, by=maker)
    draft.refresh_from_db()
    assert (draft.state, draft.approved_by, draft.version_number) == ("in_use", approver, 1)


def test_the_maker_cannot_approve(draft, maker):
    with pytest.raises(ValidationError, match="编制人不能批准自己编制的方案"):
        _approve(draft, maker)


def test_the_database_refuses_the_maker_as_approver(draft, maker):
    with pytest.raises(IntegrityError), transaction.atomic():
        RatingScheme.objects.filter(pk=draft.pk).update(approved_by=maker)


def test_whoever_changed_it_last_counts_as_its_maker(draft, maker, approver):
    _put(draft, approver, **{**BY_HAND, "label": "另一项", "kind": "veto", "points": D(0)})
    with pytest.raises(ValidationError, match="编制人不能批准"):
        _approve(draft, approver)


def test_a_change_takes_the_approval_back(draft, maker, approver):
    _approve(draft, approver)
    acts.change_rating_scheme(scheme=draft, version=draft.version, fields={"name": "改名"}, by=maker)
    with pytest.raises(ValidationError, match="还没有批准"):
        acts.use_rating_scheme(scheme=draft, version=draft.version, by=maker)


def test_points_that_do_not_add_up_are_refused_with_their_sum(draft, maker, approver):
    _put(draft, maker, item=draft.items.get(label="民主协商"), **{**BY_HAND, "points": D("55.5")})
    with pytest.raises(ValidationError) as refused:
        _approve(draft, approver)
    assert refused.value.messages == ["评分项的分值合计应为 100 分，现为 95.5 分。"]


def test_an_unknown_indicator_is_refused(draft, maker):
    with pytest.raises(ValidationError, match="没有这个指标"):
        _put(draft, maker, **{**AUTOMATIC, "label": "x", "indicator": "no_such_figure"})


def test_an_indicator_that_was_withdrawn_keeps_a_draft_from_approval(draft):
    left = {key: one for key, one in INDICATORS.items() if key != "certified_share"}
    assert faults_of(draft, left) == [
        "自动取数的指标已不存在，或不适用于这类单位：持证率。请改选指标，或改为人工评分。"
    ]


def test_villages_are_not_scored_by_figures_of_communities(world, maker):
    scheme = acts.draft_rating_scheme(
        division=Division.objects.get(pk=w.CITY), fields={**HEAD, "unit_kind": "village"}, by=maker
    )
    with pytest.raises(ValidationError, match="不适用于这类单位"):
        _put(scheme, maker, **AUTOMATIC)


def test_figures_of_pay_cannot_be_chosen(draft, maker):
    key = next(key for key, one in INDICATORS.items() if one.perm is not None)
    with pytest.raises(ValidationError, match="没有这个指标"):
        _put(draft, maker, **{**AUTOMATIC, "label": "x", "indicator": key})


@pytest.mark.parametrize("leasts", [(80, 80, 70), (70, 80, 90), (90, 80, 0), (101, 80, 70)])
def test_bands_that_do_not_fall_are_refused(draft, maker, leasts):
    bands = [{"grade": grade, "least": str(least)} for grade, least in zip((5, 4, 3), leasts, strict=True)]
    with pytest.raises(ValidationError, match="星级分数线应从高到低"):
        acts.change_rating_scheme(scheme=draft, version=draft.version, fields={"bands": bands}, by=maker)


def test_a_scheme_in_use_is_never_changed(maker):
    scheme = make.scheme()
    for act, given in (
        (acts.change_rating_scheme, {"fields": {"name": "x"}}),
        (acts.put_scheme_item, {"fields": BY_HAND, "indicators": INDICATORS}),
        (acts.drop_scheme_item, {"item": scheme.items.first()}),
        (acts.drop_rating_draft, {}),
        (acts.use_rating_scheme, {}),
        (acts.approve_rating_scheme, {"indicators": INDICATORS}),
    ):
        scheme.refresh_from_db()
        with pytest.raises(ValidationError, match="方案已经启用过，不能再改"):
            act(scheme=scheme, version=scheme.version, by=maker, **given)
    assert scheme.items.count() == 2


def test_a_version_read_before_is_refused(draft, maker):
    with pytest.raises(Stale):
        acts.change_rating_scheme(scheme=draft, version=1, fields={"name": "x"}, by=maker)


def test_a_new_version_retires_the_one_in_use(maker, approver):
    first = make.scheme()
    copy = acts.copy_rating_scheme(
        source=first, division=first.division, fields={"year": 2026, "name": "第二版"}, by=maker
    )
    assert (copy.version_number, copy.state, _labels(copy)) == (2, "draft", _labels(first))
    _approve(copy, approver)
    acts.use_rating_scheme(scheme=copy, version=copy.version, by=maker)
    first.refresh_from_db()
    assert (first.state, RatingScheme.objects.get(state="in_use")) == ("retired", copy)


def test_items_keep_an_order_without_gaps(draft, maker):
    _put(draft, maker, **{**BY_HAND, "label": "插入", "order": 1})
    assert _labels(draft) == [(1, "插入"), (2, "民主协商"), (3, "持证率")]
    _put(draft, maker, item=draft.items.get(label="插入"), **{**BY_HAND, "label": "插入", "order": 3})
    assert _labels(draft) == [(1, "民主协商"), (2, "持证率"), (3, "插入")]
    acts.drop_scheme_item(scheme=draft, version=draft.version, item=draft.items.get(label="民主协商"), by=maker)
    assert _labels(draft) == [(1, "持证率"), (2, "插入")]


def test_a_veto_has_no_points_and_a_bonus_no_figure(draft, maker):
    veto = _put(draft, maker, **{**AUTOMATIC, "label": "安全事故", "kind": "veto"})
    bonus = _put(draft, maker, **{**AUTOMATIC, "label": "表彰", "kind": "bonus", "points": D(2), "cap": D(4)})
    assert (veto.points, veto.indicator, veto.steps) == (0, "", [])
    assert (bonus.points, bonus.cap, bonus.indicator) == (2, 4, "")
    with pytest.raises(ValidationError, match="分值应大于 0"):
        _put(draft, maker, **{**BY_HAND, "label": "零分", "points": D(0)})


def test_a_dropped_draft_is_gone_with_its_items(draft, maker):
    acts.drop_rating_draft(scheme=draft, version=draft.version, by=maker)
    assert (RatingScheme.objects.count(), SchemeItem.objects.count()) == (0, 0)


def test_drafts_are_seen_only_by_those_who_prepare_or_decide_them(world, draft):
    users = world.users
    assert list(rating_schemes(users.city)) == [draft]
    assert [list(rating_schemes(user)) for user in (users.district, users.street, users.community)] == [[], [], []]


def test_a_scheme_in_use_is_seen_below_and_not_beside(world):
    scheme = make.scheme(w.DISTRICT)
    users = world.users
    assert list(rating_schemes(users.community)) == [scheme]
    assert list(rating_schemes(factories.user("west", ("district", "960102"), division="960102"))) == []


def test_differences_name_bands_and_items(maker):
    before = make.scheme(year=2025)
    after = make.scheme(
        items=({"label": "民主协商", "points": 70}, {"label": "志愿服务", "points": 30}),
        bands=[{"grade": 5, "least": "92"}, *make.BANDS[1:]],
    )
    assert earlier(after) == before
    found = [(one.label, one.kind, one.before, one.after) for one in differences(before, after, INDICATORS)]
    assert found == [
        ("五星分数线", "changed", "90 分以上", "92 分以上"),
        ("民主协商", "changed", "评分项，60 分，须附佐证", "评分项，70 分"),
        ("志愿服务", "added", "", "评分项，30 分"),
        ("持证率", "removed", "评分项，40 分，自动取数：持证率，60 以上得 100%", ""),
    ]

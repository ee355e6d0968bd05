"""Pages of schemes: list, draft, items, approval, comparison, trial; the wall around drafts."""

import csv
from datetime import timedelta

import pytest
from django.urls import reverse

from portal.registry import INDICATORS
from ratings.actions.scoring import score_automatically
from ratings.models import RatingScheme
from tests import factories
from tests import world as w
from tests.ratings import scheme_builders as make

HEAD = {
    "year": 2026, "unit_kind": "community", "name": "社区星级评定方案", "document": "示例办法",
    "least_5": "90", "least_4": "80", "least_3": "70",
}  # fmt: skip


@pytest.fixture
def city(world, login):
    return login(world.users.city)


def _text(response) -> str:
    return response.content.decode()


def _new(city, **changes):
    return city.post(reverse("rating_scheme_new"), {**HEAD, **changes})


def _item(**changes):
    return {"kind": "score", "label": "民主协商", "points": "100", "evidence": "on", **changes}


def test_a_scheme_from_draft_to_use(world, city, login):
    assert _new(city).status_code == 302
    scheme = RatingScheme.objects.get()
    page = reverse("rating_scheme", args=[scheme.pk])
    assert "还没有评分项。请至少加入一项。" in _text(city.get(page))
    items = reverse("rating_item_new", args=[scheme.pk])
    automatic = _item(label="持证率", points="40", indicator="certified_share", steps="60:100，50：50%", evidence="")
    saved = city.post(items, {**automatic, "version": 1, "next": "1"})
    assert saved["Location"] == items
    assert "评分项的分值合计应为 100 分，现为 40 分。" in _text(city.get(page))
    city.post(items, {**_item(points="60"), "version": 2})
    scheme.refresh_from_db()
    assert [(one.label, one.steps) for one in scheme.items.all()] == [
        ("持证率", [{"least": "60", "percent": "100"}, {"least": "50", "percent": "50"}]),
        ("民主协商", []),
    ]
    text = _text(city.get(page))
    assert "草稿还不能批准" not in text and "60 以上得 100%；50 以上得 50%" in text
    approve = reverse("rating_scheme_act", args=[scheme.pk, "approve"])
    refused = city.post(approve, {"version": 3})
    assert refused.status_code == 422 and "编制人不能批准自己编制的方案" in _text(refused)
    other = login(factories.user("other", ("city", w.CITY), division=w.CITY))
    assert other.post(approve, {"version": 3}).status_code == 302
    use = reverse("rating_scheme_act", args=[scheme.pk, "use"])
    assert city.post(use, {"version": 4}).status_code == 302
    scheme.refresh_from_db()
    assert (scheme.state, scheme.approved_by.username) == ("in_use", "other")
    assert "更改" not in _text(city.get(page))
    assert city.get(items).status_code == 302


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"least_4": "95"}, "星级分数线应从高到低"),
        ({"least_3": "0"}, "星级分数线应从高到低"),
        ({"name": ""}, "请填写“方案名称”。"),
        ({"year": "99"}, "2000"),
    ],
)
def test_a_head_that_does_not_fit_is_refused(world, city, changes, sentence):
    response = _new(city, **changes)
    assert response.status_code == 422 and sentence in _text(response)
    assert not RatingScheme.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"indicator": "certified_share", "steps": "about 60"}, "看不懂分档"),
        ({"indicator": "certified_share", "steps": "60:120"}, "得分百分比应在 0 到 100 之间。"),
        ({"indicator": "certified_share", "steps": "60:90, 60:80"}, "同一个数值只能有一档。"),
        ({"indicator": "in_post"}, "没有规定标准，请填写分档。"),
        ({"points": ""}, "请填写分值，应大于 0。"),
        ({"label": ""}, "请填写“指标”。"),
    ],
)
def test_an_item_that_does_not_fit_is_refused(world, city, changes, sentence):
    scheme = make.scheme(state="draft", items=())
    response = city.post(reverse("rating_item_new", args=[scheme.pk]), {**_item(**changes), "version": 1})
    assert response.status_code == 422 and sentence in _text(response)
    assert not scheme.items.exists()


def test_less_is_better_gives_steps_an_upper_bound(world, city):
    scheme = make.scheme(state="draft", items=())
    key = next(k for k, one in INDICATORS.items() if one.better == "lower" and one.perm is None)
    city.post(reverse("rating_item_new", args=[scheme.pk]), {**_item(indicator=key, steps="5:50, 0:100"), "version": 1})
    assert scheme.items.get().steps == [{"most": "0", "percent": "100"}, {"most": "5", "percent": "50"}]


def test_an_item_is_changed_and_dropped(world, city):
    scheme = make.scheme(state="draft")
    item = scheme.items.get(label="持证率")
    shown = _text(city.get(reverse("rating_item_edit", args=[item.pk])))
    assert 'value="60:100"' in shown
    response = city.post(
        reverse("rating_item_edit", args=[item.pk]), {**_item(label="持证", points="40"), "version": 1}
    )
    assert response.status_code == 302
    item.refresh_from_db()
    assert (item.label, item.indicator) == ("持证", "")
    city.post(reverse("rating_item_drop", args=[item.pk]), {"version": 2})
    assert [one.label for one in scheme.items.all()] == ["民主协商"]


def test_a_version_read_before_is_not_overwritten(world, city):
    scheme = make.scheme(state="draft")
    response = city.post(reverse("rating_item_new", args=[scheme.pk]), {**_item(), "version": 7})
    assert response.status_code == 422 and "刚被其他人修改过" in _text(response)


def test_a_draft_of_somewhere_else_does_not_exist(world, login):
    scheme = make.scheme(state="draft")
    for user in (world.users.district, world.users.street, world.users.community):
        assert login(user).get(reverse("rating_scheme", args=[scheme.pk])).status_code == 404


def test_a_district_copies_what_the_city_uses(world, login):
    scheme = make.scheme()
    district = login(world.users.district)
    response = district.post(reverse("rating_scheme_copy", args=[scheme.pk]), {"year": 2027, "name": "东区方案"})
    made = RatingScheme.objects.get(division_id=w.DISTRICT)
    assert response["Location"] == reverse("rating_scheme", args=[made.pk])
    assert (made.state, made.year, made.items.count()) == ("draft", 2027, 2)


def test_two_versions_are_compared(world, city):
    before = make.scheme(year=2025)
    after = make.scheme(items=({"label": "民主协商", "points": 100, "evidence": True},))
    text = _text(city.get(reverse("rating_scheme_compare", args=[after.pk])))
    assert "有 2 处不同" in text and "没有此项" in text
    same = city.get(reverse("rating_scheme_compare", args=[after.pk]), {"with": str(before.pk)})
    assert _text(same).count("<tr>") == 3


def test_the_list_is_filtered(world, city):
    make.scheme(year=2025, name="旧方案")
    make.scheme(unit_kind="village", name="村方案")
    assert [name in _text(city.get(reverse("rating_schemes"))) for name in ("旧方案", "村方案")] == [True, True]
    filtered = _text(city.get(reverse("rating_schemes"), {"kind": "village", "year": "2026"}))
    assert [name in filtered for name in ("旧方案", "村方案")] == [False, True]
    assert "没有符合条件的方案" in _text(city.get(reverse("rating_schemes"), {"year": "2020"}))


def _tried(world):
    by = make.scheme(year=2025)
    cycle = make.cycle(year=2025, on=world.today - timedelta(days=30))
    for code in (w.SPRING, w.AUTUMN):
        make.score(make.unit(cycle, code, by), "民主协商", self_points=54)
    score_automatically(cycle=cycle, indicators=INDICATORS, by=world.users.city)
    return make.scheme(items=({"label": "民主协商", "points": 100},), state="draft")


def test_a_trial_shows_who_would_move_and_why(world, city):
    scheme = _tried(world)
    response = city.get(reverse("rating_trial", args=[scheme.pk]))
    text = _text(response)
    assert response.status_code == 200
    assert "试算 2 个单位：1 个升星，0 个降星，1 个不变。" in text
    assert "“民主协商”多 36.00 分" in text and "取消“持证率”，去年得 40.00 分" in text
    up = _text(city.get(reverse("rating_trial", args=[scheme.pk]), {"move": "up"}))
    assert ("春风社区" in up, "秋叶社区" in up) == (True, False)
    none = _text(city.get(reverse("rating_trial", args=[scheme.pk]), {"q": "没有这个"}))
    assert "没有符合条件的单位" in none


def test_a_trial_is_taken_out_as_shown(world, city):
    scheme = _tried(world)
    response = city.get(reverse("export", args=["rating-trial", "csv"]), {"pk": scheme.pk, "move": "up"})
    lines = response.getvalue().decode("utf-8-sig").splitlines()
    assert [next(csv.reader([line])) for line in lines[1:] if line.startswith('"96')] == [
        [
            w.SPRING,
            "春风社区",
            "一号街道",
            "54.0",
            "无星",
            "90.0",
            "五星",
            "升星",
            "“民主协商”多 36.00 分",
        ]
    ]


def test_a_trial_without_last_year_says_so(world, city):
    scheme = make.scheme()
    text = _text(city.get(reverse("rating_trial", args=[scheme.pk])))
    assert "去年没有评定记录" in text and "以下项目去年没有得分，共 60 分" in text

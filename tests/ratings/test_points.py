"""Points: rules of a territory, confirmation by somebody else, balances, redemptions never beyond them (domain §1.I)."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from portal.core.lib.dated import ONE_DAY
from ratings.actions import points as writes
from ratings.actions.seen import mark_of
from ratings.models import PointEntry, PointRule
from ratings.queries import points as reads
from tests import factories
from tests import world as w
from tests.together import together


@pytest.fixture
def colleague(world):
    return factories.user("colleague", ("community", w.SPRING), division=w.SPRING)


@pytest.fixture
def home(world):
    return factories.premises(w.SPRING, "1 号楼 101")


@pytest.fixture
def gain(world):
    return factories.point_rule(w.STREET, "志愿服务一次", 30)


@pytest.fixture
def goods(world):
    return factories.point_rule(w.DISTRICT, "兑换洗衣液", -20, redemption=True)


def enter(world, home, rule, **fields):
    given = {"on": world.today, "by": world.users.community, **fields}
    return writes.enter_points(premises=home, rule=rule, **given)


def confirm(entry, by):
    return writes.review_points(entries=[entry.pk], accept=True, by=by)


def test_points_count_only_after_another_person_confirmed_them(world, colleague, home, gain):
    entry = enter(world, home, gain)
    assert reads.balance_of(home) == reads.Balance(0, 0)
    with pytest.raises(ValidationError) as caught:
        confirm(entry, world.users.community)
    assert caught.value.messages == ["“1 号楼 101”的积分是您本人登记的，登记和审核不能是同一人。请由其他同事审核。"]
    confirm(entry, colleague)
    assert reads.balance_of(home) == reads.Balance(30, 0)
    with pytest.raises(ValidationError) as caught:
        confirm(entry, world.users.street)
    assert caught.value.messages == ["“1 号楼 101”的这条积分已经审核过。请刷新页面。"]
    writes.review_points(entries=[entry.pk], accept=False, by=world.users.street)
    assert reads.balance_of(home) == reads.Balance(0, 0)


def test_redemption_beyond_the_balance_is_refused(world, colleague, home, gain, goods):
    confirm(enter(world, home, gain), colleague)
    first = enter(world, home, goods)
    assert reads.balance_of(home) == reads.Balance(30, 20)
    with pytest.raises(ValidationError) as caught:
        enter(world, home, goods)
    assert caught.value.message_dict == {"rule": ["这户可用积分 10 分，兑换需要 20 分，不够兑换。"]}
    confirm(first, colleague)
    assert reads.balance_of(home).available == 10


def test_redemption_whose_points_were_lost_meanwhile_cannot_be_confirmed(world, colleague, home, gain, goods):
    earned = enter(world, home, gain)
    confirm(earned, colleague)
    spent = enter(world, home, goods)
    writes.review_points(entries=[earned.pk], accept=False, by=colleague)
    with pytest.raises(ValidationError) as caught:
        confirm(spent, colleague)
    assert caught.value.messages == ["“1 号楼 101”的积分已不够这次兑换。请改为不通过。"]


def test_rule_of_another_place_day_or_a_shop_gives_no_points(world, home, gain):
    foreign = factories.point_rule(w.NEIGHBOUR, "别处的事项")
    later = factories.point_rule(w.STREET, "明年的事项", valid_from=world.today + ONE_DAY)
    shop = factories.premises(w.SPRING, "小店", kind="shop")
    for place, rule, key, sentence in (
        (home, foreign, "rule", "这个积分事项当天在本社区没有启用。"),
        (home, later, "rule", "这个积分事项当天在本社区没有启用。"),
        (shop, gain, "premises", "积分只登记给当天在册的住户。"),
    ):
        with pytest.raises(ValidationError) as caught:
            enter(world, place, rule)
        assert caught.value.message_dict == {key: [sentence]}
    assert not PointEntry.objects.exists()


def test_entries_of_a_neighbour_cannot_be_reviewed(world, gain):
    entry = enter(world, factories.premises(w.SPRING, "101"), gain)
    with pytest.raises(ValidationError):
        confirm(entry, world.users.neighbour)
    entry.refresh_from_db()
    assert entry.state == "entered"


@pytest.mark.django_db(transaction=True)
def test_two_redemptions_at_once_cannot_both_pass():
    world = w.build()
    home, gain = factories.premises(w.SPRING, "101"), factories.point_rule(w.STREET, "志愿服务", 30)
    goods = factories.point_rule(w.STREET, "洗衣液", -20, redemption=True)
    confirm(enter(world, home, gain), world.users.street)
    answers = together(lambda: enter(world, home, goods), lambda: enter(world, home, goods))
    assert sorted(type(one).__name__ for one in answers) == ["PointEntry", "ValidationError"]
    assert reads.balance_of(home) == reads.Balance(30, 20)


def test_database_refuses_one_person_as_both(world, home, gain):
    entry = enter(world, home, gain)
    with pytest.raises(Exception, match="points_reviewer"), connection.cursor() as cursor:
        cursor.execute("UPDATE ratings_pointentry SET reviewed_by_id = entered_by_id WHERE id = %s", [entry.pk])


def test_pages_enter_review_and_show_the_balance(world, login, colleague, home, gain, goods):
    keeper, other = login(world.users.community), login(colleague)
    fields = {"premises": "1 号楼 101", "rule": gain.pk, "on": world.today.isoformat(), "evidence": "签到表"}
    assert keeper.post(reverse("point_new", args=[w.SPRING]), fields).status_code == 302
    entry = PointEntry.objects.get()
    url = reverse("points", args=[w.SPRING])
    assert f'id="entry-{entry.pk}"' not in keeper.get(url).content.decode()
    assert f'id="entry-{entry.pk}"' in other.get(url).content.decode()
    review = reverse("points_review", args=[w.SPRING])
    same = keeper.post(review, {"entry": [entry.pk], "act": "accept"}, follow=True)
    assert "登记和审核不能是同一人" in same.content.decode()
    done = other.post(review, {"entry": [entry.pk], "act": "accept"}, follow=True)
    assert "已确认 1 条积分。" in done.content.decode()
    page = keeper.get(reverse("point_household", args=[home.pk])).content.decode()
    assert "可用积分 30 分（已确认 30 分，待审核的兑换占用 0 分）；累计加分 30 分。" in page
    unknown = keeper.post(reverse("point_new", args=[w.SPRING]), {**fields, "premises": "没有的门牌"})
    assert unknown.status_code == 422
    assert "本社区没有登记这个门牌的住户。" in unknown.content.decode()


def test_office_sets_rules_that_hold_below_and_others_cannot_change(world, login):
    district, street = login(world.users.district), login(world.users.street)
    fields = {"behaviour": "垃圾分类", "points": "5", "valid_from": world.today.isoformat()}
    assert district.post(reverse("point_rule_new", args=[w.DISTRICT]), fields).status_code == 302
    rule = PointRule.objects.get()
    page = street.get(reverse("point_rules", args=[w.STREET])).content.decode()
    assert "垃圾分类" in page and "由上级设置" in page
    assert street.get(reverse("point_rule_edit", args=[rule.pk])).status_code == 404
    wrong = district.post(reverse("point_rule_new", args=[w.DISTRICT]), {**fields, "redemption": "on"})
    assert "兑换要用去积分，请填负数。" in wrong.content.decode()


def test_page_of_a_street_counts_the_places_that_use_points(world, login, colleague, home, gain):
    confirm(enter(world, home, gain), colleague)
    page = login(world.users.street).get(reverse("points", args=[w.STREET])).content.decode()
    assert f"{world.today.year} 年有 1 户积分，共加 30 分；待审核 0 条。" in page
    assert "冬岭村" in page


def test_rule_is_taken_back_only_while_nobody_has_used_it(world, home, gain):
    unused = factories.point_rule(w.STREET, "误设")
    enter(world, home, gain)
    writes.take_back_point_rule(rule=unused, seen=mark_of(unused), by=world.users.street)
    assert list(reads.rules(w.STREET)) == [gain]
    with pytest.raises(ValidationError) as caught:
        writes.take_back_point_rule(rule=gain, seen=mark_of(gain), by=world.users.street)
    assert caught.value.messages == ["已有积分按这个事项登记，不能撤回。请登记停用日期。"]

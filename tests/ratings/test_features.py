"""The checklist: six organisations, services, pilots of a street, and the pages (domain §1.H11, H12, §1.I)."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.core.lib.dated import ONE_DAY
from ratings.actions import features as writes
from ratings.actions.seen import mark_of
from ratings.enums import ORGANISATIONS
from ratings.models import Feature
from ratings.queries import features as reads
from tests import factories
from tests import world as w


@pytest.mark.parametrize(("count", "warned"), [(0, True), (1, False), (2, False), (3, True)])
def test_street_picks_one_or_two_pilots(count, warned):
    assert reads.off(count, {"least": 1, "most": 2}) is warned
    assert reads.off(count, None) is None


def test_pilots_are_counted_by_street_without_villages(world):
    for code in (w.SPRING, w.SUMMER, w.VILLAGE):
        factories.feature(code, "pilot")
    found = [(street.code, n) for street, n in reads.pilots_by_street(w.DISTRICT, world.today)]
    assert found == [(w.STREET, 2), (w.NEIGHBOUR, 0)]


def test_all_organisations_of_the_rule_or_the_six_are_wanted(world):
    six = set(ORGANISATIONS)
    assert reads.complete(six, None) and not reads.complete(six - {"mediation"}, None)
    assert reads.complete({"mediation"}, ("mediation",))
    assert reads.two_halls({"online_hall", "parlour"}) and not reads.two_halls({"online_hall"})


def test_item_ends_with_its_last_day_and_may_begin_again(world):
    division, by = world.divisions[w.SPRING], world.users.community
    given = {"kind": "mediation", "note": "", "valid_to": None, "by": by}
    held = writes.add_feature(division=division, valid_from=world.today - 9 * ONE_DAY, **given)
    with pytest.raises(ValidationError) as caught:
        writes.add_feature(division=division, valid_from=world.today, **given)
    assert caught.value.message_dict == {"valid_from": ["这一项已经登记过，时间重叠。"]}
    writes.end_feature(feature=held, seen=mark_of(held), last_day=world.today - ONE_DAY, by=by)
    assert reads.kinds_held(w.SPRING, world.today) == {}
    writes.add_feature(division=division, valid_from=world.today, **given)
    assert reads.kinds_held(w.SPRING, world.today) == {w.SPRING: {"mediation"}}


def test_community_ticks_and_takes_back_on_its_page(world, login):
    factories.rule("service.organisations", {"kinds": list(ORGANISATIONS)}, w.CITY)
    client, url = login(world.users.community), reverse("features", args=[w.SPRING])
    assert client.get(url).content.decode().count("应有未有") == 6
    tick = reverse("feature_new", args=[w.SPRING, "mediation"])
    assert client.post(tick, {"valid_from": world.today.isoformat()}).status_code == 302
    page = client.get(url).content.decode()
    assert "组织和阵地应有 6 个，已有 1 个。" in page and page.count("应有未有") == 5
    held = Feature.objects.get()
    assert client.post(reverse("feature_take_back", args=[held.pk]), {"seen": mark_of(held)}).status_code == 302
    assert client.get(url).content.decode().count("应有未有") == 6
    assert client.get(reverse("feature_new", args=[w.SPRING, "unknown"])).status_code == 404
    assert client.get(reverse("feature_edit", args=[held.pk])).status_code == 404


def test_page_of_a_district_counts_villages_and_warns_of_pilots(world, login):
    factories.rule("service.pilots", {"least": 1, "most": 2}, w.CITY)
    for kind in ORGANISATIONS:
        factories.feature(w.VILLAGE, kind)
    factories.feature(w.SPRING, "pilot")
    page = login(world.users.district).get(reverse("features", args=[w.DISTRICT])).content.decode()
    assert "5 个村和社区中，组织和阵地齐全的 1 个。" in page
    assert "二号街道的试点社区有 0 个，应为 1 到 2 个。" in page
    assert "一号街道的试点社区有" not in page

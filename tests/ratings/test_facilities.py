"""Service facilities: square metres per 100 households as sum over sum, the public part, and the pages (domain §1.H6, H7)."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.core.lib.dated import ONE_DAY
from ratings.actions import facilities as writes
from ratings.actions.seen import mark_of
from ratings.models import Facility
from ratings.queries.facilities import Space, per_community, total
from tests import factories
from tests import world as w


@pytest.mark.parametrize(("area", "reached"), [("408", True), ("400", True), ("399", False)])
def test_forty_square_metres_per_hundred_households(area, reached):
    space = Space(count=1, area=Decimal(area), housed=Decimal(area), households=1000)
    assert space.reaches(40) is reached
    assert Space(housed=Decimal("408"), households=1000).per_hundred == Decimal("40.80")


@pytest.mark.parametrize(("public", "reached"), [("70", True), ("69.99", False)])
def test_seventy_percent_serves_the_public_inclusive(public, reached):
    space = Space(count=1, area=Decimal(100), public=Decimal(public), stated=Decimal(100))
    assert space.public_enough(70) is reached


def test_unknown_households_and_public_parts_are_no_zero(world):
    factories.facility(w.UNKNOWN, area="500")
    space = per_community(w.UNKNOWN, world.today)[w.UNKNOWN]
    assert (space.per_hundred, space.reaches(40), space.public_share, space.public_enough(70)) == (None,) * 4
    assert space.area == 500


def test_place_above_is_sum_over_sum_of_communities_with_households(world):
    factories.facility(w.SPRING, area="600", public_area="300")
    factories.facility(w.SPRING, "站点", area="100", public_area=None)
    factories.facility(w.UNKNOWN, area="1000")
    spaces = per_community(w.DISTRICT, world.today)
    whole = total(list(spaces.values()))
    # 3,000, 1,000 and 1,500 residents are on record with a third as many households.
    assert (whole.count, whole.area, whole.housed, whole.households) == (3, 1700, 700, 1000 + 333 + 500)
    assert whole.per_hundred == Decimal("38.19")
    assert whole.public_share == Decimal("50.0")


def test_facility_closed_or_taken_back_counts_no_longer(world):
    factories.facility(w.SPRING, "误登")
    factories.facility(w.SPRING)
    held, wrong = Facility.objects.get(name="党群服务中心"), Facility.objects.get(name="误登")
    writes.end_facility(facility=held, seen=mark_of(held), last_day=world.today, by=world.users.community)
    writes.take_back_facility(facility=wrong, seen=mark_of(wrong), by=world.users.community)
    assert per_community(w.SPRING, world.today)[w.SPRING].count == 1
    assert per_community(w.SPRING, world.today + ONE_DAY)[w.SPRING].count == 0


def test_second_facility_of_the_same_name_is_refused(world):
    factories.facility(w.SPRING)
    given = {"kind": "centre", "area": 1, "valid_from": world.today, "valid_to": None, "by": world.users.community}
    with pytest.raises(ValidationError) as caught:
        writes.add_facility(division=world.divisions[w.SPRING], name="党群服务中心", **given)
    assert caught.value.message_dict == {
        "name": ["这个社区已有同名的设施，时间重叠。请改用其他名称，或先停用原来的设施。"]
    }


def test_pages_enter_correct_and_judge(world, login):
    factories.rule("service.facility", {"square_metres": 40, "due": "2025-12-31"}, w.CITY)
    client = login(world.users.community)
    fields = {
        "name": "服务站", "kind": "station", "area": "399", "public_area": "500", "functions": ["health"],
        "valid_from": world.today.isoformat(),
    }  # fmt: skip
    url = reverse("facility_new", args=[w.SPRING])
    assert "居民活动面积不能大于建筑面积。" in client.post(url, fields).content.decode()
    assert client.post(url, {**fields, "public_area": "300"}).status_code == 302
    page = reverse("facilities", args=[w.SPRING])
    assert "每百户 39.90 平方米" in client.get(page).content.decode()
    assert "卫生服务" in client.get(page).content.decode()
    held = Facility.objects.get()
    edit = {**fields, "area": "400", "public_area": "300", "seen": mark_of(held)}
    assert client.post(reverse("facility_edit", args=[held.pk]), edit).status_code == 302
    assert client.post(reverse("facility_edit", args=[held.pk]), edit).status_code == 422
    assert "每百户 40.00 平方米" in client.get(page).content.decode()
    street = login(world.users.street).get(reverse("facilities", args=[w.STREET])).content.decode()
    assert "春风社区" in street and "秋叶社区" not in street

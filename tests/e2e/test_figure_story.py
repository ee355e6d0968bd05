"""From the catalogue to a figure, its rows, its publication, and to what has changed since; nothing is inaccessible on the way."""

import pytest

from portal.core.indicators.models import Publication
from portal.core.indicators.publishing import publish
from portal.registry import INDICATORS
from tests import factories
from tests import world as w
from workforce.actions.certificates import add_certificate
from workforce.models import Snapshot

pytestmark = pytest.mark.browser


def test_figure_is_found_published_and_compared(visit, live_world):
    users, people = live_world.users, live_world.people
    page = visit(users.district, "/")
    page.get_by_role("link", name="统计", exact=True).click()
    page.locator("#q").fill("持证率")
    page.get_by_role("link", name="持证率", exact=True).click()
    assert (
        page.locator("#sentence .says").inner_text().startswith("东区持证率 60.0%（持证人数 3 人，社区工作者 5 人）。")
    )
    page.locator("dl.stats").get_by_role("link", name="3 人").click()
    assert page.locator("tbody th").all_inner_texts() == ["赵春", "孙夏", "周秋"]
    page.get_by_role("link", name="返回指标").click()
    page.get_by_role("link", name="发布", exact=True).click()
    page.get_by_label("用途或场合").fill("第三季度通报")
    page.get_by_role("button", name="发布这个数").click()
    page.get_by_text("已发布。这个数和它的依据不再改变。").first.wait_for()
    assert Publication.objects.get().value == "60.0"

    person = people["钱风"]
    add_certificate(
        person=person,
        version=person.version,
        level="assistant",
        number="T9",
        obtained_on=factories.STARTED,
        by=users.street,
    )
    page.get_by_role("link", name="与今日数据对比").click()
    says = page.locator("#sentence .says").inner_text()
    assert "发布时 60.0%；用今天的记录重算同一天" in says
    assert "持证人数：新计入 1 项，不再计入 0 项。" in says
    page.get_by_role("link", name="登记证书").click()
    page.wait_for_url("**group=**")
    assert "钱风" in page.locator("#changes [data-rows]").inner_text()


ADDRESSES = (
    "/indicators/",
    "/indicators/?topic=certificates&on=2026-06-30",
    "/indicators/certified_share/",
    "/indicators/staffing_ratio/?level=community",
    "/indicators/certified_share/rows/?part=numerator",
    "/indicators/mean_age/rows/",
    f"/indicators/staffing_ratio/rows/?part=denominator&place={w.STREET}",
    "/indicators/certified_share/publish/",
    "/indicators/compare/",
    "/publications/",
    "/publications/{pk}/",
    "/publications/{pk}/compare/",
)


def test_pages_of_figures_are_accessible_and_fit(all_sound, live_world):
    users, day = live_world.users, live_world.today
    Snapshot.objects.create(division_id=w.DISTRICT, on=day.replace(day=1), workers=4, certified=1)
    row = publish(
        indicator=INDICATORS["certified_share"],
        division=live_world.divisions[w.DISTRICT],
        on=day,
        title="通报",
        by=users.district,
    )
    factories.certificate(live_world.people["钱风"])
    all_sound({address: (users.district, address.format(pk=row.pk)) for address in ADDRESSES})

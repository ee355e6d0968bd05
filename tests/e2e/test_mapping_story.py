"""A street uploads the sheet it has always kept: told once what its own columns are, never asked again."""

import pytest

from portal.core.sheets.models import ColumnMapping
from tests import rosters
from tests import world as w
from tests.rosters import headers, line

pytestmark = pytest.mark.browser

CELLS = {**line(1), "联系方式(手机)": "13800138000", "星座": "双鱼"}
KEYS = [*headers([line(1)]), "联系方式(手机)", "星座"]


@pytest.fixture
def failed(live_world, settings, tmp_path):
    settings.UPLOADS_DIR = tmp_path / "uploads"
    street = live_world.divisions[w.STREET]
    return rosters.judged(live_world.users.street, street, rosters.as_xlsx([CELLS], KEYS), "老表.xlsx")


def test_street_tells_its_columns_and_gets_on(visit, live_world, failed):
    page = visit(live_world.users.street, f"/imports/{failed.pk}/")
    page.get_by_role("link", name="说明各列的含义").click()
    page.get_by_label("联系方式(手机)").select_option("phone")
    page.get_by_label("星座").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="记住并重新检查").click()
    page.wait_for_url(f"**/imports/{failed.pk}/")
    assert dict(ColumnMapping.objects.values_list("header", "key")) == {"联系方式(手机)": "phone", "星座": ""}
    page.goto("/imports/headers/")
    page.get_by_role("row", name="星座").get_by_role("button", name="忘记").click()
    page.get_by_text("已忘记表头“星座”。").wait_for()
    assert ColumnMapping.objects.count() == 1


def test_pages_of_the_columns_are_clean_and_fit(all_sound, live_world, failed):
    ColumnMapping.objects.create(kind="roster", division_id=w.STREET, header="很长的表头" * 8, key="phone")
    addresses = (f"/imports/{failed.pk}/headers/", "/imports/headers/")
    all_sound({address: (live_world.users.street, address) for address in addresses})

"""The day of a street admin: a roster with twelve errors, mended from what the screen says, applied, and the gap closes."""

import re

import pytest

from portal.core.findings.models import Finding, State
from portal.core.findings.reconcile import reconcile
from portal.registry import INSPECTIONS
from tests import factories, rosters
from tests import world as w
from workforce.queries.staffing import staffing_of

pytestmark = [pytest.mark.browser, pytest.mark.redis]


@pytest.fixture
def street_folder(settings, tmp_path):
    settings.UPLOADS_DIR = tmp_path
    return tmp_path


WRONG = [
    {"name": None},
    {"id_number": "123"},
    {"id_number": rosters.number(90)[:17] + ("1" if rosters.number(90)[17] != "1" else "2")},
    {"id_number": 9.99999199105200e17},
    {"code": "999999999999"},
    {"tier": "队长"},
    {"body": "街道办"},
    {"valid_from": "去年"},
    {"valid_from": "2025-03-01", "valid_to": "2024-01-01"},
    {"sex": "女", "id_number": rosters.number(91)},
    {"birth_date": "1980-01-01"},
    {"phone": "12"},
]


def upload(page, path):
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="上传并检查").click()


def test_roster_with_twelve_errors_is_mended_and_applied(visit, live_world, live_server, worker, street_folder):
    world = live_world
    reconcile(inspection=INSPECTIONS["staffing"], on=world.today, by=None)
    short = Finding.objects.get(division_id=w.SPRING)
    good = [rosters.line(number) for number in range(1, 5)]
    bad = [rosters.line(10 + number, **cells) for number, cells in enumerate(WRONG)]
    (street_folder / "错.xlsx").write_bytes(rosters.as_xlsx(good + bad))
    (street_folder / "对.xlsx").write_bytes(rosters.as_xlsx(good))

    page = visit(None, "/login/")
    page.get_by_label("用户名").fill("street")
    page.get_by_label("密码", exact=True).fill(factories.PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.goto("/imports/new/")
    upload(page, street_folder / "错.xlsx")
    page.get_by_text("有错误").first.wait_for()
    body = page.locator("main").inner_text()
    assert "12" in body
    assert staffing_of(w.SPRING, world.today).workers == 2

    upload(page, street_folder / "对.xlsx")
    page.get_by_role("button", name="应用到名册").wait_for()
    assert re.search(r"新增 4 个任职（其中新录入 4 人）", page.locator("main").inner_text())
    page.get_by_role("button", name="应用到名册").click()
    page.get_by_text("已应用").first.wait_for()
    assert staffing_of(w.SPRING, world.today).workers == 6
    assert staffing_of(w.CITY, world.today).workers == 10

    city = visit(world.users.city, f"/divisions/{w.SPRING}/")
    assert "应配 6 人，在岗 6 人" in city.locator("main").inner_text()
    for _attempt in range(50):
        short.refresh_from_db()
        if short.state == State.RESOLVED:
            break
        page.wait_for_timeout(200)
    assert short.state == State.RESOLVED

"""A street plans a finding; the district supervises two of them, the street replies, the district closes."""

from datetime import timedelta

import pytest

from portal.core.findings.models import Finding, Supervision
from portal.core.findings.reconcile import reconcile
from portal.registry import INSPECTIONS
from tests import world as w

pytestmark = [pytest.mark.browser]


def test_plan_beside_the_list_then_supervision_to_its_end(visit, live_world):
    world = live_world
    reconcile(inspection=INSPECTIONS["staffing"], on=world.today, by=None)

    street = visit(world.users.street, "/findings/?holder=mine&kind=staffing")
    street.get_by_role("link", name="春风社区").click()
    beside = street.locator("#beside")
    day = (world.today + timedelta(days=20)).isoformat()
    beside.get_by_label("处理说明").fill("年底前招聘四人")
    beside.get_by_label("日期").fill(day)
    beside.get_by_role("button", name="列入计划").click()
    beside.get_by_text("已列入计划。").wait_for()
    assert f"计划 {day} 前完成" in beside.inner_text()
    street.locator("#inbox .finding-list li").nth(1).wait_for(state="detached")

    district = visit(world.users.district, "/findings/?holder=below&kind=staffing&state=active")
    for name in ("勾选 春风社区", "勾选 一号街道"):
        district.get_by_label(name).check()
    district.get_by_text("批量处理勾选的").click()
    district.get_by_role("button", name="发督办单").click()
    district.get_by_label("督办要求").fill("请报补员计划")
    district.get_by_role("button", name="发出").click()
    district.get_by_text("已发出。").wait_for()
    notice = Supervision.objects.get()

    street.goto("/")
    street.get_by_role("link", name="去回复").click()
    street.get_by_label("办理情况").fill("计划十二月招聘四人")
    street.get_by_role("button", name="提交回复").click()
    street.get_by_text("已回复。").wait_for()

    district.goto("/")
    district.get_by_role("link", name="去审核").click()
    assert "计划十二月招聘四人" in district.locator("main").inner_text()
    district.get_by_role("button", name="办结").click()
    district.get_by_text("已办结。").wait_for()
    notice.refresh_from_db()
    assert (notice.state, notice.findings.count()) == ("closed", 2)
    assert Finding.objects.get(division=w.SPRING, kind="staffing").state == "planned"

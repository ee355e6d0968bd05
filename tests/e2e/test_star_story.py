"""One community from its own assessment to the public result, with an objection upheld, and what a worker's bonus becomes.

With PICTURES=<folder> it leaves the pictures of docs/star-ratings.md there.
"""

import os
from pathlib import Path

import pytest
import time_machine

from ratings.actions import cycles
from ratings.models import RatingCycle
from tests import factories
from tests import world as w
from tests.ratings.storied import OTHERS, assessed, by_hand, hand_on, opened

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture
def clock():
    """The first of December 2026, from where the story travels on."""
    with time_machine.travel("2026-12-01 09:00+08:00") as traveller:
        yield lambda day: traveller.move_to(f"{day} 09:00+08:00")


def picture(page, name: str) -> None:
    if PICTURES:
        page.evaluate("document.activeElement.blur()")
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def filled(page, button: str, **fields) -> str:
    """Fills in a form by the names of its fields and sends it; returns what the page says then."""
    for name, value in fields.items():
        page.locator(f"main [name={name}]").fill(str(value))
    page.locator("main").get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state()
    return page.locator("main").inner_text()


def assessed_on_a_phone(visit, world, unit) -> None:
    items = by_hand(unit)
    page = visit(world.users.community, f"/ratings/units/{unit.pk}/evidence/new/?item={items[0].pk}", width=390)
    file = {"name": "党建台账.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 invented"}
    page.locator("main [name=file]").set_input_files(files=file)
    assert "党建台账.pdf" in filled(page, "上传")
    notes = ("“三会一课”12 次，均有记录", "走访 912 户，诉求办结 98%", "协商 5 次")
    given = {f"points_{one.pk}": points for one, points in zip(items, (28, 27, 17), strict=True)}
    filled(page, "保存", **given, **{f"note_{one.pk}": said for one, said in zip(items, notes, strict=True)})
    picture(page, "rating-assess-390")
    assert "已提交。" in filled(page, "保存并提交")


def reviewed_and_checked(visit, world, cycle: RatingCycle, unit) -> None:
    """The street scores at the keyboard, the district visits and asks residents; all other units are scored beside them."""
    others = assessed(cycle)
    picture(visit(world.users.district, f"/ratings/{cycle.pk}/"), "rating-2")
    page = visit(world.users.street, f"/ratings/{cycle.pk}/sheet/?stage=street")
    for item, points in zip(by_hand(unit), ("27", "25", "16"), strict=True):
        page.locator(f"#s-{unit.pk}-{item.pk}").fill(points)
    assert page.locator(f"tr[data-unit='{unit.pk}'] [data-sum]").inner_text() == "88"
    picture(page, "rating-3")
    filled(page, "保存并提交打满分项的单位")
    hand_on(cycle, "street", factories.user("reviewer", ("street", w.DISTRICT)), OTHERS, *others)

    checker = factories.user("checker", ("district", w.DISTRICT), name="唐科员", division=w.DISTRICT)
    page = visit(checker, f"/ratings/units/{unit.pk}/acts/visit/")
    said = "随机走访 20 户。居民普遍认可，停车问题尚未解决。"
    shown = filled(page, "登记抽样走访", visited_on="2026-12-01", findings=said, asked=20, satisfied=18)
    assert "调查 20 人，满意 18 人" in shown
    hand_on(cycle, "district", checker, ("27", "25", "16"), w.SPRING)
    hand_on(cycle, "district", checker, OTHERS, *others)
    page.reload()
    picture(page, "rating-4")


def calibrated(visit, world, cycle: RatingCycle, unit) -> None:
    """A department has spoken; the session takes a star from the community, and only then is anything public."""
    cycles.begin_joint(cycle=cycle, by=world.users.district)
    page = visit(world.users.district, f"/ratings/{cycle.pk}/opinions/new/")
    filled(page, "保存", department="区公安分局", words="全年无重大治安案件。")
    cycles.begin_calibration(cycle=RatingCycle.objects.get(pk=cycle.pk), by=world.users.district)
    page.goto(f"/ratings/units/{unit.pk}/acts/move/?back=calibration")
    page.get_by_label("调整为").select_option("3")
    assert "四星 → 三星" in filled(page, "调整星级", reason="停车矛盾引发多次投诉，办理不力。")
    picture(page, "rating-5")
    assert cycle.name not in visit(None, "/public/ratings/").locator("main").inner_text()
    page.goto(f"/ratings/{cycle.pk}/acts/announce/")
    assert "已公示。" in filled(page, "公示", notice_from="2026-12-21")


def objected(visit, cycle: RatingCycle) -> str:
    """Somebody without a log-in objects on a phone; returns the receipt number."""
    page = visit(None, "/public/ratings/", width=390)
    page.get_by_role("link", name=cycle.name).click()
    row = page.locator("tr", has_text="春风社区")
    assert "三星" in row.inner_text() and "88.00" in row.inner_text()
    picture(page, "rating-notice-390")
    row.get_by_role("link", name="提出异议").click()
    filled(page, "提交异议", words="投诉的停车场属于相邻街道，不归春风社区管理，请核实后更正。")
    return page.locator(".notice-receipt b").inner_text()


def upheld(visit, world, receipt: str) -> None:
    page = visit(world.users.district, "/stars/objections/")
    page.get_by_role("link", name=receipt).click()
    page.get_by_label("异议成立，改变星级").check()
    page.get_by_label("改为").select_option("4")
    page.locator("main [name=answer]").fill("经核实，停车场不在该社区范围内，恢复为四星。")
    picture(page, "rating-6")
    assert "已答复。" in filled(page, "答复")
    assert "异议成立" in visit(None, f"/public/ratings/receipts/{receipt}/").locator("main").inner_text()


def decided(visit, world, cycle: RatingCycle) -> None:
    """The officer who gave notice may not decide; the office above does."""
    page = visit(world.users.district, f"/ratings/{cycle.pk}/acts/close_notice/")
    assert "公示已结束。" in filled(page, "结束公示")
    document = {"number": "示例民发〔2026〕12号", "decided_on": "2026-12-29"}
    page.goto(f"/ratings/{cycle.pk}/acts/decide/")
    assert "不能再由您认定" in filled(page, "认定", **document)
    page = visit(world.users.city, f"/ratings/{cycle.pk}/acts/decide/")
    assert "已认定。" in filled(page, "认定", **document)
    cycle.refresh_from_db()
    page = visit(None, f"/public/ratings/{cycle.public_key}/")
    assert "示例民发〔2026〕12号" in page.locator("main").inner_text()
    assert "四星" in page.locator("tr", has_text="春风社区").inner_text()
    picture(page, "rating-7")


def bonus(page, name: str) -> str:
    return page.locator("tr", has_text=name).locator("td[data-label=上年度星级绩效]").inner_text()


def test_from_self_assessment_to_the_bonus_line(clock, visit, live_world, settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path
    world, cycle = live_world, opened(live_world)
    unit = cycle.units.get(division_id=w.SPRING)
    picture(visit(world.users.district, f"/ratings/schemes/{unit.scheme_id}/"), "rating-1")
    assessed_on_a_phone(visit, world, unit)
    reviewed_and_checked(visit, world, cycle, unit)
    clock("2026-12-18")
    calibrated(visit, world, cycle, unit)
    clock("2026-12-22")
    receipt = objected(visit, cycle)
    clock("2026-12-24")
    upheld(visit, world, receipt)
    clock("2026-12-29")
    decided(visit, world, cycle)
    clock("2027-01-15")
    page = visit(world.users.street, f"/roster/payroll/?place={w.STREET}")
    assert bonus(page, "钱风") == "四星 · 12 个月 · 系数 100% · 来源未给出金额"
    # 夏雨社区 has the three stars that 春风社区 would have kept without the objection.
    assert bonus(page, "孙夏") == "三星 · 12 个月 · 系数 80% · 来源未给出金额"
    picture(page, "rating-8")
    page.get_by_role("link", name="钱风").click()
    page.get_by_role("link", name="聘任、薪酬与考核").click()
    line = page.locator("li", has_text="2026 年度").filter(has_text="系数 100%")
    assert "示例民发〔2026〕12号" in line.inner_text(timeout=5000)

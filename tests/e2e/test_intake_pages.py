"""Intake of proposals in a real browser: wide and on a phone without a violation; entered and filed by the keyboard."""

import pytest

from proposals.models import CaseFile, Proposal
from tests import world as w
from tests.proposals import cases

pytestmark = pytest.mark.browser

PAGES = {
    "list": ("district", "/proposals/"),
    "list filtered": ("district", "/proposals/?state=received&q=食堂"),
    "list empty": ("city", "/proposals/?place=960102"),
    "list of a handler": ("handler", "/proposals/"),
    "new": ("district", "/proposals/new/"),
    "screen": ("district", "/proposals/{new}/screen/refuse/"),
    "file": ("district", "/proposals/{new}/files/new/"),
    "sessions": ("district", "/proposals/sessions/"),
    "session": ("district", "/proposals/sessions/new/"),
    "units": ("district", "/proposals/units/"),
    "unit": ("district", "/proposals/units/{unit}/"),
    "case": ("district", "/proposals/{new}/"),
}


def records(world) -> dict:
    """A case in handling, one that waits for screening and has a file, one merged; a unit with its people."""
    unit = cases.unit("区民政局", w.DISTRICT, world.users.handler)
    first = cases.proposal("0023", names=("甲某", "乙某", "丙某", "丁某"), key=True)
    cases.handling(first, unit)
    new = cases.proposal("0101", "关于社区食堂的提案", state="received", filed_on=None)
    cases.proposal("0102", "关于老年食堂的提案", state="merged", merged_into=first)
    about = {"filename": "附件.pdf", "content_type": "pdf", "size": 2048, "sha256": "0" * 64}
    CaseFile.objects.create(division_id=w.DISTRICT, proposal=new, added_by=world.users.district, **about)
    return {"new": new.pk, "unit": unit.pk}


def test_pages(all_sound, live_world):
    keys, users = records(live_world), live_world.users
    all_sound({name: (getattr(users, who), address.format(**keys)) for name, (who, address) in PAGES.items()})


def test_proposal_is_entered_and_filed_by_the_keyboard(visit, live_world):
    cases.session()
    page = visit(live_world.users.district, "/proposals/")
    page.get_by_role("link", name="登记提案", exact=True).press("Enter")
    page.get_by_label("会议", exact=True).select_option(label="区政协十四届五次会议（提案）")
    page.get_by_label("编号", exact=True).fill("第0023号")
    page.get_by_label("案由", exact=True).fill("关于养老服务的议案")
    page.get_by_label("提案者类别", exact=True).select_option("joint")
    page.get_by_label("提案者", exact=True).fill("甲某\n乙某")
    page.get_by_label("提案者数", exact=True).fill("2")
    page.get_by_role("button", name="保存").press("Enter")
    page.get_by_text("这里应称“提案”").first.wait_for()
    page.get_by_label("案由", exact=True).fill("关于养老服务的提案")
    page.get_by_role("button", name="保存").press("Enter")
    page.get_by_text("已登记 0023 号，等待审查。").wait_for()
    page.get_by_role("link", name="立案", exact=True).press("Enter")
    page.get_by_role("button", name="立案").press("Enter")
    page.get_by_text("已立案。").wait_for()
    assert Proposal.objects.get().state == "filed"

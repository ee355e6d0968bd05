"""The editor of answers in a real browser: written at the keyboard, a figure inserted, pages wide and on a phone."""

import pytest
from playwright.sync_api import expect

from proposals.actions.drafting import Written, save_reply, start_reply
from proposals.models import LiveFigure, Reply
from proposals.queries.drafts import sections_of
from tests import world as w
from tests.proposals import cases
from tests.proposals.test_signing import drafted, hire

pytestmark = pytest.mark.browser


def draft() -> Reply:
    people = cases.people()
    cases.unit("区民政局", w.DISTRICT, people.lead_officer)
    made = start_reply(handling=cases.handling(cases.proposal("0031")), by=people.lead_officer)
    written = [Written(None, 1, "基本情况"), Written(None, 0, "全区有，已配齐示政办[2021]6号。")]
    return save_reply(reply=made, version=1, by=people.lead_officer, sections=written)


def texts(reply: Reply) -> list[tuple[int, str]]:
    return [(one.level, one.text) for one in sections_of(reply)]


def test_editor_at_the_keyboard_without_loading_the_page_again(visit, live_world):
    reply = draft()
    page = visit(cases.user("lead_officer"), f"/proposals/replies/{reply.pk}/")
    page.evaluate("window.same = true")
    page.get_by_label("第 2 段", exact=True).focus()
    for key in ("Home", "ArrowRight", "ArrowRight", "ArrowRight", "Alt+i"):
        page.keyboard.press(key)
    page.keyboard.type("社区工作者")
    page.get_by_role("button", name="插入社区工作者", exact=True).click()
    expect(page.get_by_text("已插入：社区工作者 5人。")).to_be_visible()
    figure = LiveFigure.objects.get()
    assert texts(reply)[1] == (0, f"全区有[[{figure.pk}]]，已配齐示政办[2021]6号。")
    page.get_by_label("第 2 段", exact=True).focus()
    page.keyboard.press("Alt+Enter")
    expect(page.get_by_label("第 3 段", exact=True)).to_be_focused()
    page.keyboard.type("下一步")
    page.keyboard.press("Alt+2")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.get_by_label("第 2 段", exact=True)).to_have_value("下一步")
    page.keyboard.press("Control+s")
    expect(page.locator("[name=version]")).to_have_value("7")
    assert [level for level, _text in texts(reply)] == [1, 2, 0]
    assert page.evaluate("window.same")


def test_pages(all_sound, live_world):
    reply, signing = draft(), drafted()
    hire()
    officer, leader = cases.user("lead_officer"), cases.user("leader")
    all_sound(
        {
            "editor": (officer, f"/proposals/replies/{reply.pk}/"),
            "letter": (officer, f"/proposals/replies/{signing.pk}/letter/"),
            "sign": (leader, f"/proposals/replies/{signing.pk}/sign/"),
        }
    )

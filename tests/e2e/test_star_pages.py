"""Results and public pages in a real browser: wide and on a phone without a violation; an objection without scripts."""

import pytest

from ratings.models import Objection
from tests import world as w
from tests.ratings import rated

pytestmark = pytest.mark.browser

PAGES = {
    "public list": (None, "/public/ratings/"),
    "public notice": (None, "/public/ratings/{notice}/"),
    "public nothing found": (None, "/public/ratings/{notice}/?q=没有"),
    "public results": (None, "/public/ratings/{filed}/"),
    "public objection": (None, f"/public/ratings/{{notice}}/objection/{w.SPRING}/"),
    "public closed": (None, f"/public/ratings/{{filed}}/objection/{w.SPRING}/"),
    "public receipt": (None, "/public/ratings/receipts/{receipt}/"),
    "public receipts": (None, "/public/ratings/receipts/"),
    "public no receipt": (None, "/public/ratings/receipts/?number=ABCD"),
    "stars": ("city", "/stars/"),
    "stars street": ("street", "/stars/?year=2024&grade=four"),
    "stars empty": ("city", "/stars/?grade=none&q=没有"),
    "unit": ("district", f"/stars/of/{w.SPRING}/"),
    "unit empty": ("street", f"/stars/of/{w.VILLAGE}/"),
    "remove": ("district", f"/stars/of/{w.SUMMER}/remove/"),
    "correct": ("district", f"/stars/of/{w.SUMMER}/correct/"),
    "draft": ("city", "/stars/drafts/{draft}/"),
    "refuse": ("city", "/stars/drafts/{draft}/refuse/"),
    "objections": ("district", "/stars/objections/"),
    "objections empty": ("city", "/stars/objections/?q=没有"),
    "objection": ("district", "/stars/objections/{objection}/"),
    "reveal": ("district", "/stars/objections/{objection}/reveal/"),
    "community": ("district", f"/divisions/{w.SPRING}/"),
}


def records() -> dict:
    """A year decided and changed since, and the next one under notice with an objection."""
    filed = rated.cycle(year=2024, stage="filed")
    for code, grade in ((w.SPRING, 5), (w.SUMMER, 4), (w.AUTUMN, 3)):
        unit = rated.unit(filed, code, grade)
        rated.star(code, grade, 2024, unit=unit, current=code != w.SPRING)
    changed = rated.star(
        w.SPRING, 4, 2024, number=2, cause="removal", event="发生安全生产责任事故，经查属实", change="down", previous=5,
        decision_number="示例〔2026〕9号",
    )  # fmt: skip
    notice = rated.cycle(show_scores=True)
    units = {code: rated.unit(notice, code, grade) for code, grade in ((w.SPRING, 4), (w.SUMMER, 0), (w.AUTUMN, 5))}
    held = rated.objection(units[w.SPRING], sender="甲一", contact="10000000009")
    return {
        "filed": filed.public_key,
        "notice": notice.public_key,
        "receipt": held.receipt,
        "objection": held.pk,
        "draft": rated.draft(changed).pk,
    }


def test_pages(all_sound, live_world):
    keys, users = records(), live_world.users
    all_sound({name: (who and getattr(users, who), address.format(**keys)) for name, (who, address) in PAGES.items()})


def test_objection_is_raised_without_scripts(chromium, live_server, live_world):
    keys = records()
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"/public/ratings/{keys['notice']}/")
    page.get_by_label("村、社区名称").fill("春风")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name="提出异议 春风社区").click()
    page.get_by_label("异议内容").fill("走访记录与事实不符，请复核走访台账。")
    page.get_by_role("button", name="提交异议").click()
    made = Objection.objects.get(words__contains="走访台账")
    assert page.get_by_role("heading", level=1).inner_text() == "已收到您的异议"
    assert made.receipt in page.content()
    context.close()

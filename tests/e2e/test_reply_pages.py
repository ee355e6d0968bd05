"""Feedback by link, publication review and the public site in a real browser: wide, on a phone, and without scripts."""

import pytest
from django.urls import reverse

from proposals.actions.publication import take_back_publication
from proposals.models import Feedback, Handling
from tests.proposals import answered, cases

pytestmark = pytest.mark.browser

PAGES = {
    "form": (None, "/answers/{token}/"),
    "unknown link": (None, "/answers/{unknown}/"),
    "received": (None, "/answers/received/"),
    "public list": (None, "/public/replies/"),
    "nothing found": (None, "/public/replies/?q=没有这样的话"),
    "public reply": (None, "/public/replies/{out}/"),
    "taken back": (None, "/public/replies/{back}/"),
    "send": ("office", "/proposals/sending/{ready}/"),
    "paper": ("office", "/proposals/feedback/{feedback}/enter/"),
    "rates": ("office", "/proposals/satisfaction/"),
    "forms behind a rate": ("office", "/proposals/satisfaction/?said=asked"),
    "reviews": ("office", "/proposals/publication/"),
    "review": ("office", "/proposals/publication/of/{waiting}/"),
    "case": ("office", "/proposals/{case}/"),
}


def records() -> dict:
    """Cases at each step after the signature."""
    handling, (link,) = answered.sent(number="0001")
    out, back = answered.published("0002"), answered.published("0003")
    take_back_publication(publication=back, reason="数据需要核实", by=cases.user("office"))
    waiting = answered.checked(answered.reviewed("0004"))
    return {
        "token": link.token, "unknown": "x" * 43, "out": out.pk, "back": back.pk, "feedback": link.feedback.pk,
        "ready": answered.ready(number="0005").pk, "waiting": waiting.reply_id, "case": handling.proposal_id,
    }  # fmt: skip


def test_pages(all_sound, live_world):
    keys = records()
    all_sound({name: (who and cases.user(who), address.format(**keys)) for name, (who, address) in PAGES.items()})


def test_form_is_filled_in_and_replies_are_found_without_scripts(chromium, live_server, live_world):
    handling, (link,) = answered.sent(number="0001")
    held = answered.published("0002")
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(reverse("feedback_form", args=[link.token]))
    page.get_by_role("group", name="对办理态度").get_by_label("满意", exact=True).check()
    page.get_by_role("group", name="对办理结果").get_by_label("不满意").check()
    page.get_by_role("button", name="提交意见").click()
    assert "请写明不满意的理由" in page.get_by_role("main").inner_text()
    page.get_by_label("意见和建议").fill("没有答到要害。")
    page.get_by_role("button", name="提交意见").click()
    assert page.get_by_role("heading", level=1).inner_text() == "已收到您的意见"
    assert link.token not in page.url
    assert Feedback.objects.get().words == "没有答到要害。"
    assert Handling.objects.get(pk=handling.pk).stage == "rehandling"
    page.get_by_role("link", name="查看已公开的答复").click()
    page.get_by_label("标题、正文或编号").fill("每万城镇常住人口")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name="关于加强社区工作者队伍建设的提案").click()
    assert page.url.endswith(f"/public/replies/{held.pk}/")
    assert answered.SECRET not in page.content()
    context.close()

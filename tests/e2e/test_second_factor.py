"""A second factor in a real browser: set up, out, in again with the telephone's code and with one from paper."""

import time

import pytest
from playwright.sync_api import expect

from portal.core.accounts import totp
from portal.core.accounts.models import SecondFactor
from tests.core.accounts.factors import equip
from tests.e2e.conftest import SOUND, shortcomings
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser


def log_in(page) -> None:
    """By keyboard, to the page that asks for the code."""
    page.goto("/login/")
    page.locator("#id_username").fill("district")
    page.locator("#id_password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/login/code/**")


def test_set_up_and_log_in_with_code_and_recovery_code(visit, live_world):
    page = visit(live_world.users.district, "/second-factor/", bypass_csp=True)
    assert shortcomings(page) == SOUND
    page.get_by_role("link", name="开始设置").click()
    secret = page.locator("#secret").inner_text().replace(" ", "")
    assert page.locator("img.qr").evaluate("picture => picture.naturalWidth") > 150
    assert shortcomings(page) == SOUND
    page.get_by_label("当前密码").fill(PASSWORD)
    page.get_by_label("动态验证码").fill(totp.code_at(secret, time.time()))
    page.keyboard.press("Enter")
    page.get_by_text("恢复代码只显示这一次").wait_for()
    codes = page.locator("#codes code").all_inner_texts()
    assert len(codes) == 10
    assert shortcomings(page) == SOUND
    page.get_by_role("link", name="我已保存，继续").click()
    page.get_by_text("还剩 10 个没有用过").wait_for()
    assert shortcomings(page) == SOUND
    SecondFactor.objects.update(last_step=0)  # what 30 seconds of waiting would do
    page.locator("details.bar-user summary").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/login/**")

    log_in(page)
    expect(page.locator("#id_code")).to_be_focused()
    assert shortcomings(page) == SOUND
    page.locator("#id_code").fill("000")
    page.keyboard.press("Enter")
    page.locator(".error-summary").wait_for()
    page.locator("#id_code").fill(totp.code_at(secret, time.time()))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login/" not in address)

    page.context.clear_cookies(name="session")
    log_in(page)
    page.get_by_role("link", name="手机不在身边？用恢复代码登录").click()
    assert shortcomings(page) == SOUND
    page.locator("#id_code").fill(codes[7].upper())
    page.keyboard.press("Enter")
    page.get_by_text("还剩 9 个").wait_for()
    assert len(SecondFactor.objects.get().recovery) == 9


def test_set_up_that_is_due_stands_alone_and_the_other_pages_are_sound(visit, live_world, settings, all_sound):
    street, guard = live_world.users.street, live_world.users.security_admin
    equip(street)
    all_sound(
        {
            "off": (street, "/second-factor/off/"),
            "codes": (street, "/second-factor/recovery-codes/"),
            "list": (guard, "/accounts/"),
            "reset": (guard, f"/accounts/{street.pk}/reset-factor/"),
        }
    )
    settings.SECOND_FACTOR = "writers"
    page = visit(live_world.users.district, "/roster/", language="en", bypass_csp=True)
    page.wait_for_url("**/second-factor/set-up/")
    assert "requires two-step" in page.locator("main").inner_text()
    assert shortcomings(page) == SOUND
    page.locator("#id_password").fill("wrong")
    page.locator("#id_code").fill("000000")
    page.keyboard.press("Enter")
    page.locator(".error-summary").wait_for()
    assert shortcomings(page) == SOUND
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login/**")

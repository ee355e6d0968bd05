"""The board of proposals and the page that explains a last day, in a real browser: wide and on a phone, by keyboard."""

from datetime import date, timedelta

import pytest

from portal.core.lib.clock import today
from portal.core.workdays.actions import load_calendar
from portal.core.workdays.files import SHIPPED, read_calendar
from proposals.actions.deadlines import extend, start
from proposals.models import Handling
from tests.proposals import cases

pytestmark = pytest.mark.browser

PAGES = {
    "board": ("office", "/proposals/board/"),
    "board none": ("co_officer", "/proposals/board/"),
    "board narrowed": ("office", "/proposals/board/?light=green&kind=rehandling"),
    "reminder": ("office", "/proposals/board/{late}/remind/"),
    "rolled": ("office", "/proposals/deadlines/{rolled}/"),
    "guessed": ("office", "/proposals/deadlines/{guessed}/"),
}


def records() -> dict:
    """One part that is late, one with time left, a last day that rolled, and one in a year without a notice."""
    load_calendar(days=read_calendar(SHIPPED.read_text(encoding="utf-8")), by=None)
    people = cases.people()
    unit = cases.unit("区民政局", "960101", people.lead_officer)
    late = cases.handling(cases.proposal("0001"), unit)
    start(late, "reply", date(2026, 2, 10))
    extend(late, 6, "涉及多个部门", people.office)
    soon = cases.handling(cases.proposal("0002", "关于增配社区工作者的提案"), unit)
    start(soon, "opinion", today() - timedelta(days=27))
    rolled = start(cases.handling(cases.proposal("0003"), unit), "reply", date(2026, 7, 1))
    guessed = start(cases.handling(cases.proposal("0004"), unit), "publication", date(2026, 12, 20))
    return {"late": late.pk, "rolled": rolled.pk, "guessed": guessed.pk}


def test_board_and_explanation_pages(all_sound, live_world):
    keys, people = records(), cases.people()
    all_sound({name: (getattr(people, who), address.format(**keys)) for name, (who, address) in PAGES.items()})


def test_unit_is_reminded_from_the_board_by_keyboard(visit, live_world):
    keys = records()
    page = visit(cases.people().office, "/proposals/board/")
    page.get_by_role("link", name="催办 区民政局 0001").focus()
    page.keyboard.press("Enter")
    page.get_by_label("催办内容").fill("请于本周内答复")
    page.get_by_role("button", name="催办").press("Enter")
    page.get_by_text("已催办区民政局。").wait_for()
    assert Handling.objects.get(pk=keys["late"]).reminders == 1

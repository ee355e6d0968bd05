"""Service records in a real browser: every page wide and on a phone without a violation, a visit noted by one tap."""

from datetime import timedelta

import pytest

from ratings.actions.tallies import refresh_tallies
from ratings.models import Visit
from tests import factories
from tests import world as w

pytestmark = pytest.mark.browser

PAGES = {
    "hub": ("community", f"/service/of/{w.SPRING}/"),
    "hub empty": ("street", f"/service/of/{w.SUMMER}/"),
    "hub street": ("street", f"/service/of/{w.STREET}/"),
    "hub city": ("city", f"/service/of/{w.CITY}/"),
    "premises": ("community", f"/service/of/{w.SPRING}/premises/"),
    "premises empty": ("street", f"/service/of/{w.SUMMER}/premises/"),
    "premises one": ("community", "/service/premises/{premises}/"),
    "premises new": ("community", f"/service/of/{w.SPRING}/premises/new/"),
    "premises many": ("community", f"/service/of/{w.SPRING}/premises/many/"),
    "visits": ("community", f"/service/of/{w.SPRING}/visits/"),
    "due": ("community", f"/service/of/{w.SPRING}/visits/due/"),
    "due empty": ("street", f"/service/of/{w.SUMMER}/visits/due/"),
    "visit new": ("community", "/service/premises/{premises}/visit/"),
    "requests": ("community", f"/service/of/{w.SPRING}/requests/"),
    "requests street": ("street", f"/service/of/{w.STREET}/requests/?show=all"),
    "request new": ("community", f"/service/of/{w.SPRING}/requests/new/"),
    "request": ("community", "/service/requests/{request}/"),
    "shifts": ("community", f"/service/of/{w.SPRING}/shifts/"),
    "shifts read": ("district", f"/service/of/{w.SPRING}/shifts/"),
    "shifts day": ("community", f"/service/of/{w.SPRING}/shifts/day/{{day}}/"),
    "shifts month": ("community", f"/service/of/{w.SPRING}/shifts/month/"),
}


def records(world) -> dict:
    """A day in the life of 春风社区."""
    day = world.today
    factories.rule("service.visits", {"months": 6, "percent": 100}, w.CITY)
    factories.rule("service.grid_presence", {"staff_percent": 50, "time_percent": 50}, w.CITY)
    factories.rule("service.time_split", {"parts": 3}, w.CITY)
    rooms = [factories.premises(w.SPRING, f"3号楼{door}门{floor}01") for door in (1, 2) for floor in range(1, 7)]
    factories.premises(w.SPRING, "好邻居便利店", "shop")
    for room in rooms[:4]:
        factories.visit(room, day - timedelta(days=3), worker=world.people["钱风"], note="独居老人，身体尚好")
    factories.visit(rooms[5], outcome="absent")
    given = {"first_asked": world.people["钱风"], "text": "三层到四层之间的灯已经坏了一周。", "premises": rooms[0]}
    request = factories.service_request(w.SPRING, due_on=day + timedelta(days=4), **given)
    factories.service_request(w.SPRING, "window", title="办理居住证明")
    answered = {"state": "answered", "answered_on": day, "answer": "已修好", "verdict": "satisfied", "verdict_on": day}
    factories.service_request(w.SPRING, "errand", title="代取药品", due_on=day + timedelta(days=1), **answered)
    for name, work in (("赵春", "duty"), ("钱风", "visit"), ("郑专", "grid"), ("冯约", "project")):
        factories.shift(world.people[name], w.SPRING, day, work)
    factories.shift(world.people["赵春"], w.SPRING, day - timedelta(days=day.weekday()), "visit", "3.5")
    refresh_tallies([w.SPRING])
    return {"premises": rooms[0].pk, "request": request.pk, "day": day.isoformat()}


def test_service_pages(all_sound, live_world):
    keys, users = records(live_world), live_world.users
    all_sound({name: (getattr(users, who), address.format(**keys)) for name, (who, address) in PAGES.items()})


def test_one_tap_notes_a_visit_under_the_policy_and_can_be_undone(visit, live_world):
    records(live_world)
    page = visit(live_world.users.community, f"/service/of/{w.SPRING}/visits/due/", width=390)
    doors = page.locator(".doors > li")
    assert doors.count() == 9
    page.get_by_role("button", name="见到 3号楼2门101", exact=True).click()
    page.get_by_text("已记：3号楼2门101，见到本人。").wait_for()
    assert doors.count() == 8
    page.get_by_role("button", name="撤回").click()
    page.get_by_text("已撤回：3号楼2门101 的走访。").wait_for()
    assert (doors.count(), Visit.objects.filter(premises__label="3号楼2门101", taken_back=True).count()) == (9, 1)


def test_doors_are_noted_and_a_week_is_saved_by_keyboard_alone(visit, live_world):
    records(live_world)
    page = visit(live_world.users.community, f"/service/of/{w.SPRING}/visits/due/")
    page.keyboard.press("j")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("已记：").wait_for()
    page.goto(f"/service/of/{w.SPRING}/shifts/")
    page.locator(".rota select").last.focus()
    for key in ("ArrowDown", "Tab", "Enter"):
        page.keyboard.press(key)
    page.get_by_text("已保存排班，1 格有变化。").wait_for()

"""Needs, facilities, checklist, deliberation, points and access in a real browser, wide and on a phone."""

from datetime import timedelta

import pytest

from ratings.actions.needs import approve_project
from ratings.actions.seen import mark_of
from ratings.models import Feature, PointEntry
from tests import factories
from tests import world as w

pytestmark = pytest.mark.browser

PAGES = {
    "needs": ("community", f"/service/of/{w.SPRING}/needs/"),
    "needs empty": ("community", f"/service/of/{w.SPRING}/needs/?year=2022"),
    "needs street": ("street", f"/service/of/{w.STREET}/needs/"),
    "need new": ("community", f"/service/of/{w.SPRING}/needs/new/"),
    "need take back": ("community", "/service/needs/{need}/take-back/"),
    "projects": ("street", f"/service/of/{w.SPRING}/projects/"),
    "project new": ("community", f"/service/of/{w.SPRING}/projects/new/"),
    "project approve": ("street", "/service/projects/{project}/approve/"),
    "facilities": ("community", f"/service/of/{w.SPRING}/facilities/"),
    "facilities city": ("city", f"/service/of/{w.CITY}/facilities/"),
    "facility new": ("community", f"/service/of/{w.SPRING}/facilities/new/"),
    "features": ("community", f"/service/of/{w.SPRING}/features/"),
    "features district": ("district", f"/service/of/{w.DISTRICT}/features/"),
    "deliberations": ("community", f"/service/of/{w.SPRING}/deliberations/"),
    "deliberations street": ("street", f"/service/of/{w.STREET}/deliberations/"),
    "deliberation hold": ("community", "/service/deliberations/{matter}/hold/"),
    "points": ("street", f"/service/of/{w.SPRING}/points/"),
    "points street": ("street", f"/service/of/{w.STREET}/points/"),
    "point new": ("community", f"/service/of/{w.SPRING}/points/new/"),
    "point household": ("community", "/service/points/households/{home}/"),
    "point rules": ("district", f"/service/of/{w.DISTRICT}/points/rules/"),
    "access": ("district", "/access/"),
    "access not listed": ("community", f"/access/?place={w.SPRING}&q=填报表格"),
    "applications": ("district", "/access/applications/"),
    "application": ("district", "/access/applications/{application}/"),
    "application new": ("district", "/access/applications/new/"),
    "review": ("district", "/access/applications/{application}/review/"),
    "item new": ("district", "/access/items/new/"),
    "refusals": ("street", f"/access/refusals/of/{w.STREET}/"),
    "refusal new": ("community", f"/access/refusals/of/{w.SPRING}/new/"),
}


def records(world) -> dict:
    """What a year leaves in 春风社区."""
    day, by = world.today, world.users.community
    factories.rule("service.needs", {"needs": 12, "projects": 6}, w.CITY)
    factories.rule("service.facility", {"square_metres": 40, "due": "2025-12-31"}, w.CITY)
    factories.rule("service.pilots", {"least": 1, "most": 2}, w.CITY)
    factories.rule("service.access", {"days_ahead": 30, "decision_days": 15}, w.CITY)
    titles = ("增设非机动车充电桩", "三号楼楼道照明", "老年食堂开到周末", "雨后积水")
    needs = [factories.need(w.SPRING, title, day, text="居民在走访中多次提出。") for title in titles]
    project = factories.project(w.SPRING, *needs[:2], proposed_on=day, name="楼前充电与照明", lead=world.people["钱风"])
    other = factories.project(w.SPRING, needs[2], proposed_on=day, name="老年食堂延时")
    approve_project(project=project, seen=mark_of(project), approved_on=day, by=world.users.street)
    factories.facility(w.SPRING, area="408.50", public_area="300", functions=["elderly_care", "health"], rated="市级")
    factories.feature(w.SPRING, "mediation", note="2 楼 201 室")
    factories.feature(w.SPRING, "pilot")
    late = {"state": "held", "held_on": day - timedelta(days=30), "result": "由物业清理并每周巡查"}
    late |= {
        "follow_up_by": "物业服务企业",
        "follow_up_due": day - timedelta(days=3),
        "parties": "社区、业主委员会、物业",
    }
    factories.deliberation(w.SPRING, "楼道堆物清理", day - timedelta(days=30), **late)
    matter = factories.deliberation(w.SPRING, "停车位划线", day, level="big")
    home = factories.premises(w.SPRING, "3号楼1门101")
    gain, goods = (
        factories.point_rule(w.STREET),
        factories.point_rule(w.DISTRICT, "兑换洗衣液一瓶", -20, redemption=True),
    )
    for rule in (gain, gain, goods):
        given = {"premises": home, "rule": rule, "points": rule.points, "on": day, "entered_by": by}
        PointEntry.objects.create(division_id=w.SPRING, evidence="签到表", **given)
    factories.list_item(w.DISTRICT, "协助发放高龄津贴通知", basis="示例办法第三条", department="示例局")
    factories.list_item(w.CITY, "开具无犯罪记录证明", "no_proof")
    application = factories.access_application(
        w.DISTRICT, world.users.city, "协助采集用水信息", due_on=day + timedelta(days=9), starts_on=day
    )
    factories.refusal(w.SPRING, by, "填报表格", asked_on=day, refused_on=day)
    return {
        "need": needs[3].pk, "project": other.pk, "matter": matter.pk, "home": home.pk, "application": application.pk,
    }  # fmt: skip


def test_governance_pages(all_sound, live_world):
    keys, users = records(live_world), live_world.users
    all_sound({name: (getattr(users, who), address.format(**keys)) for name, (who, address) in PAGES.items()})


def test_item_of_the_checklist_is_ticked_by_keyboard_on_a_phone(visit, live_world):
    page = visit(live_world.users.community, f"/service/of/{w.SPRING}/features/", width=390)
    page.get_by_role("button", name="打钩 人民调解委员会").focus()
    page.keyboard.press("Enter")
    page.get_by_text("已登记“人民调解委员会”。").wait_for()
    assert Feature.objects.get().kind == "mediation"


def test_points_are_confirmed_by_the_colleague_under_the_policy(visit, live_world):
    records(live_world)
    page = visit(live_world.users.street, f"/service/of/{w.SPRING}/points/?state=entered", width=390)
    page.get_by_label("3号楼1门101 志愿服务一次").first.check()
    page.get_by_role("button", name="确认勾选的积分").click()
    page.get_by_text("已确认 1 条积分。").wait_for()
    assert PointEntry.objects.filter(state="confirmed").count() == 1

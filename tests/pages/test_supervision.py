from datetime import timedelta

import pytest
from django.urls import reverse

from portal.core.findings.models import Supervision
from portal.core.findings.supervision import issue_supervision, reply_supervision
from portal.registry import INSPECTIONS
from tests import world as w
from tests.core.findings.makers import finding, inspection
from tests.pages.reading import text_of


@pytest.fixture
def checks(world, monkeypatch):
    monkeypatch.setitem(INSPECTIONS, "sample", inspection())
    return world


@pytest.fixture
def notice(checks):
    return issue_supervision(findings=[finding(w.SPRING)], text="请逐一核实", working_days=5, by=checks.users.district)


def page(client, notice, **data):
    url = reverse("supervision", args=[notice.pk])
    return client.post(url, data, follow=True) if data else client.get(url)


def test_district_issues_a_notice_on_ticked_findings(checks, login):
    one, two = finding(w.SPRING), finding(w.SUMMER)
    url = reverse("supervision_new") + f"?finding={one.pk}&finding={two.pk}&finding=x"
    client = login(checks.users.district)
    assert client.get(url).context["form"].initial["working_days"] == 5
    response = client.post(url, {"text": "请核实", "working_days": "3"}, follow=True)
    made = Supervision.objects.get()
    assert f"督办单 {made.number} 已发出。" in text_of(response)
    assert sorted(made.findings.values_list("pk", flat=True)) == sorted([one.pk, two.pk])
    assert (made.division_id, made.working_days) == (w.STREET, 3)
    found = login(checks.users.street).get(reverse("finding", args=[one.pk]))
    assert made.number in text_of(found)


@pytest.mark.parametrize(
    ("user", "codes", "sentence"),
    [
        ("district", [], "请先在预警列表里勾选要督办的预警。"),
        ("district", [w.SPRING, w.AUTUMN], "一份督办单只能发给一个下级单位"),
        ("street", [w.SPRING], "只有区级和市级可以向下一级发督办单。"),
        ("district", [w.SNOW], "请先在预警列表里勾选要督办的预警。"),
    ],
)
def test_notice_that_cannot_be_issued_says_why(checks, login, user, codes, sentence):
    query = "&".join(f"finding={finding(code).pk}" for code in codes)
    client = login(getattr(checks.users, user))
    url = f"{reverse('supervision_new')}?{query}"
    assert sentence in text_of(client.get(url))
    client.post(url, {"text": "x", "working_days": "3"})
    assert not Supervision.objects.exists()


def test_street_replies_district_sends_back_then_closes(checks, notice, login):
    street, district = login(checks.users.street), login(checks.users.district)
    assert set(page(street, notice).context["forms"]) == {"reply"}
    assert set(page(district, notice).context["forms"]) == {"close"}
    assert "已回复。" in text_of(page(street, notice, act="reply", version=1, text="已报名"))
    assert page(street, notice).context["forms"] == {}
    assert set(page(district, notice).context["forms"]) == {"return", "close"}
    assert "已退回。" in text_of(page(district, notice, act="return", version=2, text="缺名单", working_days=2))
    page(street, notice, act="reply", version=3, text="附名单")
    text = text_of(page(district, notice, act="close", version=4, text=""))
    assert "已办结。" in text and "附名单 street" in text and "退回，回复期限" in text
    assert page(district, notice).context["forms"] == {}


def test_old_page_and_missing_text_change_nothing(checks, notice, login):
    client = login(checks.users.street)
    response = page(client, notice, act="reply", version=1, text=" ")
    assert response.status_code == 422
    reply_supervision(notice=Supervision.objects.get(), text="甲", version=1, by=checks.users.street)
    assert "这份督办单现在不能这样处理" in text_of(page(client, notice, act="reply", version=1, text="乙"))
    other = login(checks.users.district)
    assert "这份督办单刚被别人处理过" in text_of(page(other, notice, act="close", version=1, text=""))
    assert Supervision.objects.get().state == "replied"


def test_notice_is_listed_where_it_belongs_and_shows_when_late(checks, notice, login):
    Supervision.objects.update(issued_on=checks.today - timedelta(days=9), due_on=checks.today - timedelta(days=2))
    text = text_of(login(checks.users.street).get(reverse("supervisions")))
    assert notice.number in text and "已逾期 2 天" in text
    assert notice.number not in text_of(login(checks.users.neighbour).get(reverse("supervisions")))
    assert notice.number not in text_of(login(checks.users.district).get(reverse("supervisions"), {"state": "closed"}))
    assert "已逾期 2 天" in text_of(page(login(checks.users.city), notice))
    duties = login(checks.users.street).get(reverse("today")).context["needs"]["duties"]
    assert [str(duty.label) for duty in duties] == [f"督办单 {notice.number} 待回复", "预警待签收"]


def test_deadline_explains_itself_day_by_day_and_is_provisional_beyond_the_calendar(checks, notice, login):
    Supervision.objects.update(issued_on="2026-12-30", due_on="2027-01-04")
    text = text_of(page(login(checks.users.street), notice))
    assert "2026-12-30 星期三 起算日，不计" in text
    assert "放假安排尚未公布，按周一至周五推算。" in text


@pytest.mark.parametrize(
    ("user", "query", "sentence"),
    [
        ("district", "", "还没有督办单 在预警列表里勾选"),
        ("street", "", "还没有督办单 上级发来的督办单会出现在这里"),
        ("district", "?state=closed", "没有处于这个状态的督办单 请改选其他状态"),
    ],
)
def test_empty_list_says_what_the_reader_can_do(checks, login, user, query, sentence):
    response = login(getattr(checks.users, user)).get(reverse("supervisions") + query)
    assert sentence in text_of(response)
    assert ("去预警列表" in text_of(response)) == (user == "district" and not query)


def test_notice_is_signed_with_the_name_of_the_person(checks):
    by = checks.users.district
    by.name = "王主任"
    made = issue_supervision(findings=[finding(w.SPRING)], text="请核实", working_days=5, by=by)
    assert (made.issued_by, made.steps.get().by_name) == ("王主任", "王主任")

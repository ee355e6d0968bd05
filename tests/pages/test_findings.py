from datetime import timedelta

import pytest
from django.urls import reverse

from portal import tasks
from portal.core.findings.actions import acknowledge
from portal.core.findings.models import Finding, State
from portal.core.findings.reconcile import reconcile
from tests import factories
from tests import world as w
from tests.pages.reading import text_of
from workforce.inspections.staffing import STAFFING
from workforce.models import Appointment

HTMX = {"HX-Request": "true"}


@pytest.fixture
def inspected(world):
    """Short: 示例市 66, 东区 49, 一号街道 4, 春风 4, 西区 2, 三号街道 2, 冬雪 2, 秋叶 2."""
    reconcile(inspection=STAFFING, on=world.today, by=None)
    return world


def at(code: str) -> Finding:
    return Finding.objects.get(division_id=code)


def at_open(code: str) -> Finding:
    return Finding.objects.get(division_id=code, state=State.OPEN)


def ticked(finding: Finding) -> str:
    """The value of a finding's box in the list: which one, as the reader saw it."""
    return f"{finding.pk}.{finding.version}"


def codes(response) -> list[str]:
    return [line["finding"].division_id for group in response.context["inbox"].groups for line in group["lines"]]


def inbox(client, **query):
    return client.get(reverse("findings"), query)


@pytest.mark.parametrize(
    ("name", "query", "found"),
    [
        ("city", {"kind": "staffing"}, ["96", "960101", w.STREET, w.SPRING, "960102", "960102001", w.AUTUMN, w.SNOW]),
        ("district", {}, ["960101", w.STREET, w.SPRING, w.AUTUMN]),
        ("street", {}, [w.STREET, w.SPRING]),
        ("community", {}, [w.SPRING]),
        ("outsider", {}, []),
        ("city", {"level": "street"}, [w.STREET, "960102001"]),
        ("city", {"place": "960102"}, ["960102", "960102001", w.SNOW]),
        ("city", {"place": "960102000000", "level": "community"}, [w.SNOW]),
        ("city", {"state": "resolved"}, []),
        (
            "street",
            {"state": "x", "kind": "y", "level": "z", "sort": "q", "open": "-1", "page": "x"},
            [w.STREET, w.SPRING],
        ),
    ],
)
def test_inbox_holds_the_findings_of_the_territory_largest_gap_first(inspected, login, name, query, found):
    Finding.objects.filter(division_id__in=[w.STREET]).update(opened_on=inspected.today - timedelta(days=2))
    Finding.objects.filter(division_id__in=["960102", "960102001"]).update(
        opened_on=inspected.today - timedelta(days=1)
    )
    response = inbox(login(getattr(inspected.users, name)), **query)
    assert sorted(codes(response)) == sorted(found)
    assert [c for c in codes(response) if c in found[:4]] == found[:4]


def test_oldest_first_on_request(inspected, login):
    Finding.objects.filter(division_id=w.SNOW).update(opened_on=inspected.today - timedelta(days=30))
    assert codes(inbox(login(inspected.users.city), sort="oldest"))[:2] == [w.SNOW, "96"]


def test_filters_count_what_they_would_show(inspected, login):
    acknowledge(finding=at("960102"), by=inspected.users.city)
    page = inbox(login(inspected.users.city)).context["filters"]
    assert [(str(chip["label"]), chip["count"]) for chip in page.state_chips] == [
        ("待处理", 7), ("已签收", 1), ("已列计划", 0), ("暂不处理", 0), ("已消除", 0), ("全部未消除", 8),
    ]  # fmt: skip
    assert [(str(chip["label"]), chip["count"]) for chip in page.level_chips] == [
        ("各级", 7), ("省级", 1), ("区县", 1), ("街道乡镇", 2), ("社区", 3),
    ]  # fmt: skip
    assert [(chip["label"], chip["count"]) for chip in page.place_chips] == [("东区", 4), ("西区", 2)]


def test_past_day_shows_what_stood_open_then_and_offers_nothing_to_do(inspected, login):
    Finding.objects.filter(division_id=w.SPRING).update(opened_on=inspected.today - timedelta(days=9))
    Finding.objects.filter(division_id=w.AUTUMN).update(
        opened_on=inspected.today - timedelta(days=9), state=State.RESOLVED, resolved_on=inspected.today
    )
    response = inbox(login(inspected.users.district), on=(inspected.today - timedelta(days=1)).isoformat())
    assert sorted(codes(response)) == [w.SPRING, w.AUTUMN]
    assert "批量处理" not in text_of(response)
    assert "立即检查" not in text_of(response)


def test_finding_tells_numbers_rule_source_and_remedy(inspected, login):
    text = text_of(login(inspected.users.street).get(reverse("finding", args=[at(w.SPRING).pk])))
    for words in (
        "应配 6 人，在岗 2 人，缺 4 人（社区台账人口 3,000 人，每 10,000 人配 18 人）。",
        "规则 每 10,000 名城镇常住人口不少于 18 人示例文件〔2022〕1号 第一条",
        "补足在岗人数后，下一次检查会自动消除本预警。",
        f"{inspected.today}检查发现",
    ):
        assert words in text


def test_finding_opens_beside_the_list(inspected, login):
    response = login(inspected.users.street).get(reverse("finding", args=[at(w.SPRING).pk]), headers=HTMX)
    assert b"<html" not in response.content
    assert "HX-Request" in response["Vary"]
    page = inbox(login(inspected.users.street), open=at(w.SPRING).pk).content.decode()
    assert f'hx-get="/findings/{at(w.SPRING).pk}/" hx-trigger="load"' in page


@pytest.mark.parametrize("code", [w.AUTUMN, "960101", "96"])
def test_finding_outside_the_territory_does_not_exist(inspected, login, code):
    client = login(inspected.users.street)
    assert client.get(reverse("finding", args=[at(code).pk])).status_code == 404
    assert client.post(reverse("finding_act", args=[at(code).pk])).status_code == 404
    assert at(code).state == State.OPEN


def test_signing_keeps_the_note_and_tells_the_list(inspected, login):
    client = login(inspected.users.street)
    url = reverse("finding_act", args=[at(w.SPRING).pk])
    response = client.post(url, {"note": "年底前招聘 4 人"}, headers=HTMX)
    assert response["HX-Trigger"] == "finding-signed"
    assert "已签收。" in text_of(response)
    assert "年底前招聘 4 人 street" in text_of(response)
    assert (at(w.SPRING).state, at(w.SPRING).acknowledged_by) == (State.ACKNOWLEDGED, "street")


def test_signing_twice_says_who_was_first(inspected, login):
    acknowledge(finding=at(w.SPRING), note="我来办", by=inspected.users.district)
    url = reverse("finding_act", args=[at(w.SPRING).pk])
    response = login(inspected.users.street).post(url, {"note": "迟了"}, follow=True)
    assert "该预警已由 district 签收。" in text_of(response)
    assert at(w.SPRING).note == "我来办"


def test_too_long_a_note_comes_back_as_it_was_typed(inspected, login):
    url = reverse("finding_act", args=[at(w.SPRING).pk])
    response = login(inspected.users.street).post(url, {"note": "长" * 501})
    assert (response.status_code, "长" * 501 in response.content.decode()) == (422, True)


def test_reader_who_may_not_handle_sees_no_form(inspected, login):
    client = login(inspected.users.community)
    assert client.get(reverse("finding", args=[at(w.SPRING).pk])).context["form"] is None
    assert client.post(reverse("finding_act", args=[at(w.SPRING).pk])).status_code == 403
    assert not inbox(client).context["inbox"].may_act


def test_many_are_signed_at_once_but_never_outside_the_territory(inspected, login):
    ids = [ticked(at(code)) for code in (w.STREET, w.SPRING, w.AUTUMN)]
    response = login(inspected.users.street).post(
        reverse("findings_bulk") + "?level=street",
        {"act": "acknowledge", "ticked": [*ids, "x", "9" * 40, "1.x"], "note": "一起办"},
        follow=True,
    )
    assert response.redirect_chain == [("/findings/?level=street", 302)]
    assert "已处理 2 条预警。" in text_of(response)
    assert set(Finding.objects.filter(state=State.ACKNOWLEDGED).values_list("division_id", "note")) == {
        (w.STREET, "一起办"), (w.SPRING, "一起办"),
    }  # fmt: skip


def test_whole_page_is_signed_and_the_late_ones_are_told(inspected, login):
    acknowledge(finding=at(w.SPRING), by=inspected.users.district)
    shown = [ticked(at(code)) for code in (w.STREET, w.SPRING)]
    data = {"shown": shown, "whole_page": "on"}
    text = text_of(login(inspected.users.street).post(reverse("findings_bulk"), data, follow=True))
    assert "已处理 1 条预警。" in text
    assert "1 条已由别人改动或不能这样处理，没有变。" in text


def test_nothing_ticked_is_said(inspected, login):
    response = login(inspected.users.street).post(reverse("findings_bulk"), {}, follow=True)
    assert "请先勾选要处理的预警。" in text_of(response)


def test_checks_run_on_demand_once_the_request_is_committed(
    inspected, login, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(tasks.run_inspections, "delay", lambda trigger: sent.append(trigger))
    with django_capture_on_commit_callbacks(execute=True):
        response = login(inspected.users.street).post(reverse("findings_inspect"))
    assert (sent, response["Location"]) == (["manual"], "/findings/")


def test_story_tells_who_signed_when_it_was_resolved_and_what_came_before(inspected, login):
    first = at(w.SPRING)
    acknowledge(finding=first, note="已列计划", by=inspected.users.district)
    for number in range(4):
        factories.worker(f"补{number}", w.SPRING)
    later = inspected.today + timedelta(days=1)
    reconcile(inspection=STAFFING, on=later, by=None)
    text = text_of(login(inspected.users.street).get(reverse("finding", args=[first.pk])))
    assert f"{later}检查不再发现，预警消除" in text
    assert "已签收 已列计划 district" in text
    Appointment.objects.filter(person__name__startswith="补").delete()
    reconcile(inspection=STAFFING, on=later, by=None)
    text = text_of(login(inspected.users.street).get(reverse("finding", args=[at_open(w.SPRING).pk])))
    assert f"以前的同类预警：{inspected.today} 发现，{later} 消除" in text


@pytest.mark.parametrize("count", [1, 3])
def test_queries_for_one_and_three_findings_are_the_same(inspected, login, count, django_assert_num_queries):
    client = login(inspected.users.city)
    kept = Finding.objects.filter(division_id__in=[w.SPRING, w.SNOW, w.AUTUMN][:count]).values_list("pk", flat=True)
    Finding.objects.exclude(pk__in=list(kept)).delete()
    inbox(client)
    with django_assert_num_queries(11):
        assert len(codes(inbox(client))) == count
    with django_assert_num_queries(12):
        client.get(reverse("finding", args=[kept[0]]))

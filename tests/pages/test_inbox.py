"""The inbox with findings of many kinds, about places and about people: filters, order, acts, export."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from portal.core.audit.models import AuditEvent
from portal.core.findings.actions import plan
from portal.core.findings.models import Finding, State
from portal.registry import INSPECTIONS
from tests import world as w
from tests.core.findings.makers import finding, inspection
from tests.pages.reading import text_of

KINDS = ("sample", "second")


@pytest.fixture
def checks(world, monkeypatch):
    for key in KINDS:
        monkeypatch.setitem(INSPECTIONS, key, inspection(key=key))
    return world


def about(world, name: str, code: str, **fields) -> Finding:
    """A finding about a person of the world."""
    person = world.people[name]
    facts = {"on": world.today.isoformat(), "person": str(person.pk)}
    return finding(code, subject=str(person.pk), facts=facts, **{"kind": "sample", **fields})


def subjects(response) -> list[str]:
    return [line["finding"].subject for group in response.context["inbox"].groups for line in group["lines"]]


def inbox(client, **query):
    return client.get(reverse("findings"), query)


def pair(found: Finding) -> str:
    return f"{found.pk}.{found.version}"


def act(client, found: Finding, name: str, **data):
    found.refresh_from_db()
    return client.post(
        reverse("finding_act", args=[found.pk]), {"act": name, "version": found.version, **data}, follow=True
    )


def test_overdue_stand_first_and_say_how_late_they_are(checks, login):
    for subject, days in (("late", -3), ("soon", 12), ("far", 200), ("none", None)):
        due = {} if days is None else {"due_on": checks.today + timedelta(days=days)}
        finding(w.SPRING, subject=subject, **due)
    response = inbox(login(checks.users.street))
    assert subjects(response) == ["late", "soon", "far", "none"]
    for words in ("已逾期 3 天", "还有 12 天", "还有 200 天", "一号街道处理"):
        assert words in text_of(response)


def test_every_kind_shows_its_first_five_and_leads_to_the_rest(checks, login):
    for number in range(13):
        finding(w.SPRING, subject=f"{number:02}", due_on=checks.today + timedelta(days=number))
    finding(w.SPRING, kind="second", subject="other")
    client = login(checks.users.street)
    groups = inbox(client).context["inbox"].groups
    assert [(group["count"], len(group["lines"]), group["all_url"]) for group in groups] == [
        (13, 5, "/findings/?kind=sample"), (1, 1, ""),
    ]  # fmt: skip
    assert subjects(inbox(client, kind="sample")) == [f"{number:02}" for number in range(13)]
    assert subjects(inbox(client, kind="second")) == ["other"]


def test_holder_filter_parts_mine_from_those_below_and_above(checks, login):
    finding(w.SPRING, subject="street")
    finding(w.SPRING, subject="district", held_level=3)
    finding(w.SPRING, subject="city", held_level=2)

    def seen(user, holder):
        return sorted(subjects(inbox(login(getattr(checks.users, user)), holder=holder)))

    assert [seen("street", holder) for holder in ("mine", "below", "above")] == [["street"], [], ["city", "district"]]
    assert [seen("district", holder) for holder in ("mine", "below", "above")] == [["district"], ["street"], ["city"]]
    assert [seen("city", holder) for holder in ("mine", "below", "above")] == [["city"], ["district", "street"], []]
    assert seen("street", "") == ["city", "district", "street"]


def test_due_filter_takes_a_band(checks, login):
    for days in (-1, 5, 20):
        finding(w.SPRING, subject=str(days), due_on=checks.today + timedelta(days=days))
    client = login(checks.users.street)
    assert [subjects(inbox(client, due=band)) for band in ("overdue", "7", "30", "90")] == [["-1"], ["5"], ["20"], []]


def test_names_are_for_those_who_see_the_roster(checks, login):
    found = about(checks, "钱风", w.SPRING)
    detail = reverse("finding", args=[found.pk])
    assert "钱风 · 春风社区" in text_of(inbox(login(checks.users.street)))
    assert "钱风" in text_of(login(checks.users.district).get(detail))
    foreign = about(checks, "王邻", w.AUTUMN)  # a person of another province
    text = text_of(login(checks.users.city).get(reverse("finding", args=[foreign.pk])))
    assert "王邻" not in text
    assert "秋叶社区" in text


def test_facts_with_an_odd_person_break_nothing(checks, login):
    finding(w.SPRING, facts={"on": "x", "person": "no uuid"})
    assert inbox(login(checks.users.street)).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_findings_about_people(checks, login, count, django_assert_num_queries):
    for name in ("钱风", "赵春", "郑专")[:count]:
        about(checks, name, w.SPRING)
    client = login(checks.users.street)
    inbox(client)
    with django_assert_num_queries(12):
        assert len(subjects(inbox(client))) == count


def test_plan_excuse_and_taking_back_from_the_page(checks, login):
    found, client = finding(w.SPRING), login(checks.users.street)
    day = (checks.today + timedelta(days=20)).isoformat()
    text = text_of(act(client, found, "plan", day=day, note="招两人"))
    assert "已列入计划。" in text and f"列入计划，{day} 前完成 招两人 street" in text
    assert f"计划 {day} 前完成；到期没有消除的，重新待处理。" in text
    text = text_of(act(client, found, "excuse", day=day, note="产假"))
    assert f"暂不处理到 {day}，之后重新待处理。" in text
    text = text_of(act(client, found, "reopen", note="提前办"))
    assert "已撤回，继续处理。" in text and "撤回计划或暂缓 提前办 street" in text
    found.refresh_from_db()
    assert (found.state, found.version) == (State.ACKNOWLEDGED, 4)


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("plan", {"note": "x"}, "请填写日期。"),
        ("plan", {"day": "2020-01-01"}, "计划完成日期应在"),
        ("plan", {"day": "明天"}, "输入一个有效的日期"),
        ("excuse", {"day": "2026-12-31"}, "请写明暂不处理的理由。"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(checks, login, name, data, sentence):
    found = finding(w.SPRING)
    response = act(login(checks.users.street), found, name, **data)
    assert response.status_code == 422
    assert sentence in text_of(response)
    found.refresh_from_db()
    assert (found.state, found.version) == (State.OPEN, 1)


def test_reader_with_an_old_page_is_told_and_overwrites_nothing(checks, login):
    found = finding(w.SPRING)
    plan(finding=found, planned_for=checks.today, note="甲", by=checks.users.district)
    data = {"act": "excuse", "version": 1, "day": checks.today.isoformat(), "note": "乙"}
    response = login(checks.users.street).post(reverse("finding_act", args=[found.pk]), data, follow=True)
    assert "这条预警刚被改动：现在是“已列计划”（district）。" in text_of(response)
    assert Finding.objects.get().note == "甲"


def test_finding_that_went_up_is_for_reading_below(checks, login):
    found = finding(w.SPRING, held_level=3)
    client = login(checks.users.street)
    text = text_of(client.get(reverse("finding", args=[found.pk])))
    assert "东区（区级）处理" in text and "已经上报，由上级处理；这里只能查看。" in text
    assert act(client, found, "acknowledge").status_code == 422
    bulk = {"act": "acknowledge", "ticked": [pair(found)]}
    client.post(reverse("findings_bulk"), bulk)
    found.refresh_from_db()
    assert found.state == State.OPEN
    assert "已签收。" in text_of(act(login(checks.users.district), found, "acknowledge"))


def test_days_left_until_the_next_level_are_told(checks, login):
    found = finding(w.SPRING, opened_on=checks.today - timedelta(days=5))
    text = text_of(login(checks.users.street).get(reverse("finding", args=[found.pk])))
    assert (
        f"一号街道（街镇）处理，{checks.today - timedelta(days=5)} 起。 再过 10 天未消除、未列计划，上报区级。" in text
    )


@pytest.mark.parametrize(
    ("name", "state"), [("plan", "planned"), ("excuse", "excused"), ("acknowledge", "acknowledged")]
)
def test_many_at_once(checks, login, name, state):
    one, two, changed = finding(w.SPRING), finding(w.SUMMER), finding(w.SUMMER)
    ticked = [pair(found) for found in (one, two, changed)]
    Finding.objects.filter(pk=changed.pk).update(version=2)
    data = {"act": name, "ticked": ticked, "day": checks.today.isoformat(), "note": "一起"}
    text = text_of(login(checks.users.street).post(reverse("findings_bulk"), data, follow=True))
    assert "已处理 2 条预警。" in text and "1 条已由别人改动或不能这样处理，没有变。" in text
    assert sorted(Finding.objects.values_list("state", flat=True)) == sorted([state, state, "open"])


def test_many_planned_for_a_day_gone_by_are_refused(checks, login):
    data = {"act": "plan", "ticked": [pair(finding(w.SPRING))], "day": "2020-01-01"}
    text = text_of(login(checks.users.street).post(reverse("findings_bulk"), data, follow=True))
    assert "计划完成日期应在" in text
    assert Finding.objects.get().state == State.OPEN


def test_ticked_findings_lead_to_a_supervision_notice(checks, login):
    found = finding(w.SPRING)
    response = login(checks.users.district).post(
        reverse("findings_bulk"), {"act": "supervise", "ticked": [pair(found)]}
    )
    assert response["Location"] == f"/supervision/new/?finding={found.pk}"


def rows_of_xlsx(response) -> list[tuple]:
    book = openpyxl.load_workbook(io.BytesIO(response.getvalue()))
    return [tuple(cell for cell in row) for row in book.active.iter_rows(values_only=True)]


def test_filtered_list_goes_out_as_a_sheet_and_is_on_record(checks, login):
    about(checks, "钱风", w.SPRING, due_on=checks.today)
    finding(w.SPRING, kind="second")
    response = login(checks.users.street).get(reverse("export", args=["findings", "xlsx"]), {"kind": "sample"})
    head, *lines = rows_of_xlsx(response)
    assert head[:7] == ("编号", "类别", "区划代码", "区划", "姓名", "情况", "期限")
    assert [(line[1], line[3], line[4], line[7], line[8]) for line in lines] == [
        ("样例检查", "春风社区", "钱风", "待处理", "一号街道")
    ]
    event = AuditEvent.objects.get(act="list_exported")
    assert (event.actor, event.detail["rows"], event.division) == ("street", 1, w.STREET)


def test_names_stay_out_of_the_sheet_of_those_who_may_not_export_the_roster(checks, login):
    about(checks, "钱风", w.SPRING)
    response = login(checks.users.community).get(reverse("export", args=["findings", "csv"]))
    text = response.getvalue().decode()
    assert "春风社区" in text and "钱风" not in text


def test_sheet_holds_what_the_reader_may_see(checks, login):
    finding(w.SPRING), finding(w.AUTUMN)
    text = login(checks.users.street).get(reverse("export", args=["findings", "csv"])).getvalue().decode()
    assert (w.SPRING in text, w.AUTUMN in text) == (True, False)
    assert login(checks.users.street).get(reverse("export", args=["findings", "pdf"])).status_code == 404


def test_kind_nobody_inspects_any_more_still_shows(checks, login):
    found = finding(w.SPRING, kind="gone")
    client = login(checks.users.street)
    assert "gone" in text_of(inbox(client))
    assert client.get(reverse("finding", args=[found.pk])).status_code == 200


FILTERS = [
    {},
    {"sort": "gap"},
    {"sort": "oldest"},
    {"state": "active"},
    {"kind": "sample"},
    {"due": "overdue", "state": "active"},
    {"level": "street"},
]


@pytest.mark.parametrize("query", FILTERS)
def test_a_large_inbox_reads_the_same_as_a_small_one(checks, login, query, monkeypatch):
    for number in range(130):
        day = checks.today + timedelta(days=number % 11 - 5)
        code = (w.SPRING, w.AUTUMN, w.STREET, w.FAR)[number % 4]
        facts = {"on": checks.today.isoformat(), "gap": number % 13} if number % 3 else {"on": checks.today.isoformat()}
        state = {"state": State.ACKNOWLEDGED, "acknowledged_at": timezone.now(), "acknowledged_by": "某人"}
        finding(
            code, kind=KINDS[number % 2], subject=str(number), facts=facts, due_on=day, opened_on=day - timedelta(9),
            **(state if number % 5 == 0 else {}),
        )  # fmt: skip
    client = login(checks.users.city)
    pages = [{**query, "page": page} for page in ("1", "2")] if "kind" in query else [query]
    small = [subjects(inbox(client, **one)) for one in pages]
    assert all(small)
    monkeypatch.setattr("portal.pages.inbox.MANY", 3)
    assert [subjects(inbox(client, **one)) for one in pages] == small

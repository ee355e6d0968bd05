"""The pages of positions: what they show to whom, and a street that applies for two posts and gets one."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests import factories
from tests import world as w
from tests.pages.reading import rows_of, sentence_of, text_of
from workforce.actions.establishment import apply_for_posts
from workforce.models import Establishment, PostApplication, QuotaException


def page(client, code, name="establishment", **query):
    return client.get(reverse(name, args=[code]), query)


def applied(world, **fields) -> PostApplication:
    given = {"worker_class": "staff", "posts": 2, "starts_on": world.today, "reason": "新建小区"}
    return apply_for_posts(division=world.divisions[w.SUMMER], **{**given, **fields}, by=world.users.street)


def test_street_applies_for_two_and_gets_one(world, login):
    factories.establishment(w.SUMMER, posts=2)
    street, district = login(world.users.street), login(world.users.district)
    form = {"community": w.SUMMER, "worker_class": "staff", "posts": "2", "starts_on": world.today.isoformat()}
    response = street.post(reverse("establishment_apply", args=[w.STREET]), form | {"reason": "新建小区"}, follow=True)
    assert "已为夏雨社区申请社区专职工作人员员额 2 人，等待区里审批。" in text_of(response)
    application = PostApplication.objects.get()
    shown = page(district, w.DISTRICT)
    assert "夏雨社区 · 社区专职工作人员" in text_of(shown)
    assert reverse("establishment_application", args=[application.pk]) in shown.content.decode()
    decision = {"version": 1, "decision": "approve", "posts": "1", "document": "东区〔2026〕1号", "reason": "先批一个"}
    done = district.post(reverse("establishment_decide", args=[application.pk]), decision, follow=True)
    assert "已批准夏雨社区员额 1 人（申请 2 人），核定员额已相应增加。" in text_of(done)
    assert sentence_of(done).startswith("核定员额 3 人，实有 2 人，空缺 1 人。")
    assert "批准 1 人" in text_of(page(street, w.STREET))
    assert "先批一个" in text_of(page(street, application.pk, "establishment_application"))


def test_table_sums_its_children_and_filters_by_class(world, login):
    factories.establishment(w.SPRING, posts=1)
    factories.establishment(w.SUMMER, posts=5)
    client = login(world.users.district)
    response = page(client, w.STREET)
    assert [cells[1:] for cells in rows_of(response)] == [
        ["1", "3", "0", "1", "0", "1"],
        ["5", "2", "3", "0", "0", "1"],
    ]
    assert rows_of(response, "tfoot") == [["合计", "6", "5", "3", "1", "0", "2"]]
    assert sentence_of(response).startswith("核定员额 6 人，实有 5 人，空缺 3 人，超出 1 人，2 个社区尚未核定。")
    staff = page(client, w.STREET, **{"class": "staff"})
    assert [cells[1:] for cells in rows_of(staff)] == [["1", "2", "0", "1", "0", "0"], ["5", "2", "3", "0", "0", "0"]]
    city = page(login(world.users.city), w.CITY)
    assert [cells[0] for cells in rows_of(city)] == ["东区960101", "西区960102"]


def test_without_any_establishment_it_says_so(world, login):
    client = login(world.users.street)
    assert sentence_of(page(client, w.STREET)).startswith("实有 5 人占用员额；辖区内还没有社区核定员额，不作控制。")
    assert sentence_of(page(client, w.SUMMER)).startswith("实有 2 人占用员额；还没有核定员额，不作控制。")
    assert "还没有核定员额：不作控制，任用不受员额限制。" in text_of(page(client, w.SUMMER))


def test_past_day_is_read_only_and_answers_as_it_was(world, login):
    factories.establishment(w.SUMMER, posts=2, valid_to=world.today)
    factories.establishment(w.SUMMER, posts=4, valid_from=world.today)
    client = login(world.users.street)
    yesterday = (world.today - timedelta(days=1)).isoformat()
    past = page(client, w.SUMMER, on=yesterday)
    assert sentence_of(past).startswith("核定员额 2 人，实有 2 人，空缺 0 人。")
    assert past.context["actions"] == []
    assert [act["label"] for act in page(client, w.SUMMER).context["actions"]] == ["申请员额"]
    assert [act["label"] for act in page(login(world.users.district), w.SUMMER).context["actions"]] == ["登记核定员额"]
    assert page(login(world.users.community), w.SPRING).context["actions"] == []


def test_queries_for_one_and_three_communities_are_the_same(world, login, django_assert_num_queries):
    client = login(world.users.district)
    page(client, w.STREET)
    for code, posts in ((w.STREET, 4), (w.DISTRICT, 1)):
        factories.establishment(w.SUMMER if code == w.STREET else w.AUTUMN, posts=posts)
        with django_assert_num_queries(10):
            assert page(client, code).status_code == 200


def test_establishment_is_recorded_by_form(world, login):
    client = login(world.users.district)
    form = {"worker_class": "committee", "posts": "5", "starts_on": "2026-01-01", "document": "东区〔2026〕2号"}
    response = client.post(reverse("establishment_set", args=[w.SUMMER]), form, follow=True)
    assert "已登记夏雨社区社区“两委”专职成员核定员额 5 人。" in text_of(response)
    assert [cells[:2] for cells in rows_of(response)] == [["社区“两委”专职成员", "5"]]
    assert client.post(reverse("establishment_set", args=[w.STREET]), form).status_code == 422
    assert Establishment.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"community": ""}, "community"),
        ({"community": w.AUTUMN}, "community"),
        ({"community": w.VILLAGE}, "community"),
        ({"posts": "0"}, "posts"),
        ({"posts": "x"}, "posts"),
        ({"reason": ""}, "reason"),
        ({"starts_on": "2020-01-01"}, "starts_on"),
    ],
)
def test_bad_application_is_told_beside_the_field(world, login, changes, field):
    form = {"community": w.SUMMER, "worker_class": "staff", "posts": "2", "reason": "x"}
    form |= {"starts_on": world.today.isoformat(), **changes}
    response = login(world.users.street).post(reverse("establishment_apply", args=[w.STREET]), form)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert not PostApplication.objects.exists()


@pytest.mark.parametrize(
    ("decision", "sentence"),
    [
        ({"decision": "approve", "posts": "3"}, "批准员额应为 1 到 2"),
        ({"decision": "approve", "posts": ""}, "请填写批准几个员额。"),
        ({"decision": "refuse", "posts": "1"}, "不予批准时请写明理由。"),
        ({"posts": "1"}, "请填写“审批决定”。"),
        ({"decision": "approve", "posts": "1", "version": "9"}, "这份申请刚被办理过。"),
    ],
)
def test_bad_decision_is_told_in_words_and_decides_nothing(world, login, decision, sentence):
    factories.establishment(w.SUMMER, posts=2)
    application = applied(world)
    url = reverse("establishment_decide", args=[application.pk])
    response = login(world.users.district).post(url, {"version": "1", "document": "", "reason": "", **decision})
    assert response.status_code == 422
    assert sentence in text_of(response)
    application.refresh_from_db()
    assert application.state == "submitted"


def test_refusal_is_read_by_the_street(world, login):
    application = applied(world)
    form = {"version": "1", "decision": "refuse", "posts": "2", "reason": "总量已满"}
    url = reverse("establishment_decide", args=[application.pk])
    assert "没有批准夏雨社区的员额申请" in text_of(login(world.users.district).post(url, form, follow=True))
    text = text_of(page(login(world.users.street), application.pk, "establishment_application"))
    assert "未批准" in text
    assert "总量已满" in text


def test_street_withdraws_and_a_second_time_is_told(world, login):
    application = applied(world)
    client, url = login(world.users.street), reverse("establishment_withdraw", args=[application.pk])
    assert "已撤回员额申请。" in text_of(client.post(url, {"version": "1"}, follow=True))
    again = client.post(url, {"version": "1"}, follow=True)
    assert "没有撤回：这份申请刚被办理过。" in text_of(again)
    assert "撤回人" in text_of(again)


def test_exception_by_form_and_names_only_for_who_may_see_them(world, login):
    factories.establishment(w.SPRING, posts=1)
    post = world.people["冯约"].appointments.get()
    post.managed = False
    post.save()
    client = login(world.users.district)
    shown = page(client, w.SPRING)
    url = reverse("establishment_exception", args=[post.pk])
    assert url in shown.content.decode()
    form = {
        "version": "1",
        "starts_on": world.today.isoformat(),
        "reason": "退役军人安置",
        "document": "东区〔2026〕3号",
    }
    done = client.post(url, form, follow=True)
    assert "已批准 冯约 超员额纳入管理。" in text_of(done)
    assert "退役军人安置" in text_of(done)
    assert QuotaException.objects.get().approved_by == "district"
    assert "冯约" not in text_of(page(login(world.users.auditor), w.SPRING))


def test_form_of_a_worker_tells_of_the_full_quota_beside_the_day(world, login):
    factories.establishment(w.SUMMER, posts=2)
    person = world.people["冯约"]
    url = reverse("worker_post_new", args=[person.pk])
    form = {
        "version": "1", "community": w.SUMMER, "body": "station", "title": "工作人员", "tier": "3", "entry": "hired",
        "full_time": "on", "managed": "on", "valid_from": world.today.isoformat(),
    }  # fmt: skip
    client = login(world.users.street)
    response = client.post(url, form)
    assert response.status_code == 422
    assert "核定员额 2 人" in response.context["form"].errors["valid_from"][0]
    factories.rule("staffing.position_control", {"mode": "warn"}, division=w.CITY)
    assert "核定员额 2 人" in text_of(client.post(url, form, follow=True))


def test_home_leads_to_the_readers_place(world, login):
    response = login(world.users.street).get(reverse("establishments"))
    assert response["Location"] == reverse("establishment", args=[w.STREET])
    everywhere = factories.user("country", ("city", ""))
    assert login(everywhere).get(reverse("establishments"))["Location"] == reverse("today")

"""Pages of moves: the list, the case as each side may see it, proposing, answering, moving within the street."""

import html
import re

import pytest
from django.urls import reverse

from tests import factories, rosters
from tests import world as w
from workforce.actions.transfers import propose_transfer, refuse_transfer
from workforce.models import Appointment, Transfer

POST = {
    "body": "station", "title": "工作人员", "tier": "3", "grade": "6", "entry": "hired",
    "full_time": "on", "managed": "on",
}  # fmt: skip


def words(response) -> str:
    return html.unescape(response.content.decode())


def asking(world, **fields) -> dict:
    """The form by which the street asks for 周秋."""
    person = {"name": "周丘", "id_number": str(world.people["周秋"].id_number)}
    return {
        **POST,
        **person,
        "community": w.SUMMER,
        "valid_from": world.today.isoformat(),
        "reason": "住址变化",
        **fields,
    }


def moving(world, **fields) -> dict:
    held = world.people["孙夏"].appointments.get()
    ends = {"version": "1", "ends": [f"appointment-{held.pk}"], "community": w.SPRING, "reason": ""}
    return {**POST, **ends, "valid_from": world.today.isoformat(), **fields}


@pytest.fixture
def asked(world, login) -> Transfer:
    response = login(world.users.street).post(reverse("transfer_new"), asking(world))
    made = Transfer.objects.get()
    assert response["Location"] == reverse("transfer", args=[made.pk])
    return made


def test_receiving_side_sees_what_it_typed_and_nothing_of_the_file(world, login, asked):
    client, person = login(world.users.street), world.people["周秋"]
    number = str(person.id_number)
    for name, arguments in (("transfer", [asked.pk]), ("transfers", []), ("transfer_withdraw", [asked.pk])):
        text = words(client.get(reverse(name, args=arguments)))
        assert "周丘" in text
        for secret in ("周秋", "秋叶", "二号街道", str(person.pk), number, "1990"):
            assert secret not in text, (name, secret)
    text = words(client.get(reverse("transfer", args=[asked.pk])))
    assert "另一街道（对方同意后可见）" in text and f"999{'*' * 11}{number[-4:]}" in text
    assert reverse("transfer_agree", args=[asked.pk]) not in text
    assert reverse("transfer_withdraw", args=[asked.pk]) in text
    assert client.get(reverse("worker", args=[person.pk])).status_code == 404


def test_giving_side_is_called_on_the_first_page_and_sees_what_would_end(world, login, asked):
    client = login(world.users.neighbour)
    today = words(client.get(reverse("today")))
    assert "调动申请待答复" in today and reverse("transfer", args=[asked.pk]) in today
    assert "调动申请待答复" not in words(login(world.users.street).get(reverse("today")))
    text = words(client.get(reverse("transfer", args=[asked.pk])))
    assert "申请中填写的姓名是“周丘”，请核对是否同一人。" in text
    assert "秋叶社区 工作人员，2024-01-01 起" in text
    assert reverse("worker", args=[world.people["周秋"].pk]) in text
    assert words(client.get(reverse("transfers"))).index("等您答复") < words(client.get(reverse("transfers"))).index(
        "周秋"
    )


def test_agreeing_is_confirmed_and_moves(world, login, asked):
    client, url = login(world.users.neighbour), reverse("transfer_agree", args=[asked.pk])
    assert "同意后立即写入名册：周秋在秋叶社区所在街道的任职到" in words(client.get(url))
    assert Appointment.objects.filter(person=world.people["周秋"]).count() == 1
    done = client.post(url, {"version": "1"}, follow=True)
    assert "双方已同意，调动已写入名册。" in words(done)
    assert Appointment.objects.filter(person=world.people["周秋"], division=w.SUMMER).count() == 1
    file = words(login(world.users.street).get(reverse("worker", args=[world.people["周秋"].pk])))
    assert "由秋叶社区调往夏雨社区" in file
    again = client.post(url, {"version": "1"}, follow=True)
    assert "现在不能这样办理。" in words(again)


def test_refusal_needs_a_reason_that_the_other_side_reads(world, login, asked):
    client, url = login(world.users.neighbour), reverse("transfer_refuse", args=[asked.pk])
    for reason, sentence in (("", "请填写“不同意的理由”。"), (" x ", "请写明不同意的理由。")):
        response = client.post(url, {"version": "1", "reason": reason})
        assert response.status_code == 422
        assert sentence in words(response)
    assert "已答复不同意，理由已告知对方。" in words(
        client.post(url, {"version": "1", "reason": "人手不足"}, follow=True)
    )
    text = words(login(world.users.street).get(reverse("transfer", args=[asked.pk])))
    assert "人手不足" in text and "对方不同意" in text
    assert "已答复不同意" in words(client.get(reverse("transfer", args=[asked.pk])))
    for secret in ("周秋", "秋叶", str(world.people["周秋"].pk)):
        assert secret not in text


def test_withdrawal(world, login, asked):
    url = reverse("transfer_withdraw", args=[asked.pk])
    assert "现在不能这样办理。" in words(login(world.users.neighbour).post(url, {"version": "1"}, follow=True))
    assert "已撤回调动申请。" in words(
        login(world.users.street).post(url, {"version": "1", "reason": "本人留任"}, follow=True)
    )
    asked.refresh_from_db()
    assert (asked.state, asked.decision_reason) == ("withdrawn", "本人留任")
    assert "本人留任" in words(login(world.users.neighbour).get(reverse("transfer", args=[asked.pk])))


def test_answer_to_an_old_version_says_so(world, login, asked):
    Transfer.objects.update(version=5)
    response = login(world.users.neighbour).post(reverse("transfer_agree", args=[asked.pk]), {"version": "1"})
    assert response.status_code == 422
    assert "这份调动申请刚被办理过。请查看最新状态。" in words(response)


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"id_number": rosters.number(77)}, "id_number", "名册中没有此人。请核对身份证号；新入职的，请用“新增人员”。"),
        ({"id_number": ""}, "id_number", "请填写“身份证号”。"),
        ({"community": w.AUTUMN}, "community", "您的辖区内没有这个社区。请核对代码或名称。"),
        ({"title": ""}, "title", "请填写“职务”。"),
        ({"valid_from": "2026-02-30"}, "valid_from", "没有这一天。请核对月份和日期。"),
    ],
)
def test_faulty_proposal_keeps_what_was_typed(world, login, fields, field, sentence):
    response = login(world.users.street).post(reverse("transfer_new"), asking(world, **fields))
    assert response.status_code == 422
    assert response.context["form"].errors[field] == [sentence]
    assert 'value="周丘"' in words(response) and 'value="住址变化"' in words(response)
    assert not Transfer.objects.exists()


def test_own_people_are_moved_on_their_page(world, login):
    number = str(world.people["孙夏"].id_number)
    response = login(world.users.street).post(reverse("transfer_new"), asking(world, id_number=number))
    assert "此人已在您的名册中（孙夏），请在其页面上办理调动。" in response.context["form"].errors["id_number"]


def test_grid_worker_elsewhere_is_not_named(world, login):
    person = factories.person("格一")
    factories.grid_post(person, factories.grid(w.AUTUMN))
    response = login(world.users.street).post(reverse("transfer_new"), asking(world, id_number=str(person.id_number)))
    assert response.status_code == 302
    assert "格一" not in words(login(world.users.street).get(reverse("transfers")))


def test_new_person_who_works_elsewhere_leads_to_the_proposal(world, login):
    client = login(world.users.street)
    typed = {**POST, "name": "周秋", "id_number": str(world.people["周秋"].id_number), "community": w.SUMMER}
    response = client.post(reverse("worker_new"), {**typed, "valid_from": "2026-11-01"})
    assert response.context["form"].errors["id_number"] == ["此人在另一街道任职，可提出调入申请。"]
    assert reverse("transfer_new") in words(response)
    assert "秋叶" not in words(response)


def test_move_within_the_street_is_written_at_once(world, login):
    client, url = login(world.users.street), reverse("worker_move", args=[world.people["孙夏"].pk])
    page = client.get(url)
    assert page.context["form"].initial["title"] == "工作人员"
    assert "夏雨社区 工作人员，2024-01-01 起" in words(page)
    done = client.post(url, moving(world), follow=True)
    assert "已把 孙夏 调到春风社区。" in words(done)
    held = Appointment.objects.filter(person=world.people["孙夏"]).order_by("valid_from")
    assert list(held.values_list("division_id", "valid_to")) == [(w.SUMMER, world.today), (w.SPRING, None)]
    assert not Transfer.objects.exists()


@pytest.mark.parametrize("place", [w.SNOW, "冬雪社区", "冬雪", "冬雪社区居委会", "西区 三号街道 冬雪社区"])
def test_move_to_another_street_is_a_proposal(world, login, place):
    url = reverse("worker_move", args=[world.people["孙夏"].pk])
    done = login(world.users.street).post(url, moving(world, community=place, reason="夫妻团聚"), follow=True)
    assert "已向冬雪社区所在街道提出 孙夏 的调动申请，等待对方答复。" in words(done)
    made = Transfer.objects.get()
    assert (made.from_division_id, made.to_division_id, made.from_agreed_by) == (w.SUMMER, w.SNOW, "street")
    assert Appointment.objects.filter(person=world.people["孙夏"]).count() == 1


def test_move_offers_the_communities_of_ones_own(world, login):
    client, url = login(world.users.street), reverse("worker_move", args=[world.people["孙夏"].pk])
    page = client.get(url).content.decode()
    offered = re.findall(r'<option value="([^"]+社区)">', re.search(r"<datalist.*?</datalist>", page, re.S)[0])
    assert offered == [f"东区 一号街道 {name}社区" for name in ("春风", "夏雨")]
    assert f'list="{re.search(r"<datalist id=.([^ >]+).>", page)[1]}"' in page
    done = client.post(url, moving(world, community=offered[0]), follow=True)
    assert "已把 孙夏 调到春风社区。" in words(done)


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"community": "同名社区"}, "community", "不止一个社区叫这个名称"),
        ({"community": "没有社区"}, "community", "没有这个社区。请核对代码或名称。"),
        ({"community": ""}, "community", "请填写“调入社区”。"),
        ({"ends": []}, "ends", "请至少勾选一项"),
        ({"ends": ["appointment-1"]}, "ends", "任职刚有变动，请核对后重新勾选。"),
        ({"valid_from": "2024-01-01"}, "valid_from", "应晚于现任职务的起始日期 2024-01-01"),
        ({"version": "9"}, "__all__", "这名人员的信息刚被其他人修改过"),
    ],
)
def test_faulty_move_is_refused(world, login, fields, field, sentence):
    url = reverse("worker_move", args=[world.people["孙夏"].pk])
    response = login(world.users.street).post(url, moving(world, **fields))
    assert response.status_code == 422
    assert sentence in response.context["form"].errors[field][0]
    assert Appointment.objects.get(person=world.people["孙夏"]).valid_to is None


def test_full_quota_is_told_beside_the_day(world, login):
    factories.establishment(w.SPRING, posts=2)
    url = reverse("worker_move", args=[world.people["孙夏"].pk])
    response = login(world.users.street).post(url, moving(world))
    assert "核定员额 2 人" in response.context["form"].errors["valid_from"][0]


def test_receiving_side_amends_the_post_when_it_agrees(world, login):
    client = login(world.users.street)
    client.post(reverse("worker_move", args=[world.people["孙夏"].pk]), moving(world, community=w.AUTUMN))
    made, receiving = Transfer.objects.get(), login(world.users.neighbour)
    url = reverse("transfer_agree", args=[made.pk])
    page = words(receiving.get(url))
    assert "孙夏" in page and 'value="工作人员"' in page
    assert reverse("worker", args=[world.people["孙夏"].pk]) not in words(
        receiving.get(reverse("transfer", args=[made.pk]))
    )
    receiving.post(url, {**POST, "version": "1", "title": "副主任", "tier": "2"})
    assert Appointment.objects.get(person=world.people["孙夏"], valid_to=None).title == "副主任"


def test_person_without_a_post_is_not_moved(world, login):
    Appointment.objects.filter(person=world.people["孙夏"]).update(valid_to=world.today)
    response = login(world.users.street).get(reverse("worker_move", args=[world.people["孙夏"].pk]), follow=True)
    assert "孙夏现在没有任职，请用“新增任职”。" in words(response)


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_one_case_and_three(world, login, count, django_assert_num_queries):
    post = {**POST, "tier": 3, "grade": 6, "full_time": True, "managed": True, "grid_worker": False}
    for state in ("open", "refused"):
        for number in range(count):
            made = propose_transfer(
                person=factories.worker(f"甲{'一二三'[number]}", w.AUTUMN), division=world.divisions[w.SUMMER],
                effective_on=world.today, post=post, by=world.users.street,
            )  # fmt: skip
            if state == "refused":
                refuse_transfer(transfer=made, version=1, reason="理由", by=world.users.neighbour)
    client = login(world.users.neighbour)
    client.get(reverse("transfers"))
    with django_assert_num_queries(QUERIES):
        response = client.get(reverse("transfers"))
    assert [len(group["lines"]) for group in response.context["groups"]] == [count, 0, count]


QUERIES = 9


def test_import_stands_in_the_history_with_a_link_for_those_who_may_open_it(world, login):
    batch = rosters.applied(world.users.street, world.divisions[w.STREET], [rosters.line(1)])
    person = Appointment.objects.get(person__name="新二").person
    url = reverse("worker", args=[person.pk]) + "?show=changes"
    text = words(login(world.users.street).get(url))
    assert "应用导入《名册.csv》" in text and reverse("import", args=[batch.pk]) in text
    assert reverse("import", args=[batch.pk]) not in words(login(world.users.community).get(url))

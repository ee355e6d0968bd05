"""Certificates, registrations and hours on the page of a person: forms, clocks as bars, past days."""

from datetime import date

import pytest
from django.urls import reverse

from tests import factories
from tests import world as w
from tests.pages.reading import text_of
from workforce.actions.statuses import add_status
from workforce.models import Contract, Person

D = date
TWO_YEARS = {"months": 24, "starts_on": "2018-01-01", "restart_after_months": 6, "judged_by": "obtained"}


@pytest.fixture
def person(world) -> Person:
    return world.people["钱风"]


def page(client, person, **query) -> str:
    return text_of(client.get(reverse("worker", args=[person.pk]), query))


def test_certificate_entered_then_corrected_then_registered(world, login, person):
    client = login(world.users.street)
    new = reverse("paper_new", args=[person.pk, "certificate"])
    answer = client.post(new, {"version": 1, "level": "local", "number": "T1", "obtained_on": "2025.8.10"})
    assert answer.status_code == 302
    held = person.certificates.get()
    edit = reverse("paper_edit", args=["certificate", held.pk])
    assert 'value="2025-08-10"' in client.get(edit).content.decode()
    answer = client.post(edit, {"version": 2, "level": "assistant", "number": "T1", "obtained_on": "2025-08-10"})
    assert answer.status_code == 302
    register = reverse("registration_new", args=[held.pk])
    assert client.post(register, {"version": 3, "registered_on": "2026-01-05"}).status_code == 302
    text = page(client, person)
    assert "2025-08-10 取得" in text and "2026-01-05 登记，有效期至 2029-01-05" in text
    row = held.registrations.get()
    edit = reverse("paper_edit", args=["registration", row.pk])
    assert 'value="2029-01-05"' in client.get(edit).content.decode()
    answer = client.post(edit, {"version": 4, "registered_on": "2026-01-06", "until": "2029-01-05", "number": "登9"})
    assert answer.status_code == 302
    assert "登9" in page(client, person)


def test_hours_entered_and_corrected(world, login, person):
    client = login(world.users.street)
    new = reverse("paper_new", args=[person.pk, "education"])
    given = {"kind": "course", "title": "社区治理", "done_on": "2026-03-01", "provider": "区民政局"}
    for hours, sentence in (("0", "学时应大于 0。"), ("十", "学时应为数字"), ("", "请填写“学时”。")):
        answer = client.post(new, {"version": 1, "hours": hours, **given})
        assert (answer.status_code, sentence in text_of(answer)) == (422, True)
    assert client.post(new, {"version": 1, "hours": "7.5", **given}).status_code == 302
    row = person.education_hours.get()
    edit = reverse("paper_edit", args=["education", row.pk])
    assert client.post(edit, {"version": 2, "hours": "8", **given}).status_code == 302
    assert "8 学时" in page(client, person)


def test_refusals_stand_in_the_form(world, login, person):
    factories.certificate(person)
    client = login(world.users.street)
    new = reverse("paper_new", args=[person.pk, "certificate"])
    answer = client.post(new, {"version": 1, "level": "assistant", "obtained_on": "2025-08-10"})
    assert (answer.status_code, "此人已有这个等级的证书" in text_of(answer)) == (422, True)
    answer = client.post(new, {"version": 9, "level": "local", "obtained_on": "2025-08-10"})
    assert (answer.status_code, "刚被其他人修改过" in text_of(answer)) == (422, True)
    assert person.certificates.count() == 1


@pytest.mark.parametrize("kind", ["registration", "contract", "nonsense"])
def test_unknown_kinds_are_missing(world, login, person, kind):
    assert login(world.users.street).get(reverse("paper_new", args=[person.pk, kind])).status_code == 404


def test_local_certificate_is_not_registered(world, login, person):
    held = factories.certificate(person, "local")
    client = login(world.users.street)
    assert client.get(reverse("registration_new", args=[held.pk])).status_code == 404
    assert "首次登记" not in page(client, person)


def test_who_only_reads_gets_no_forms(world, login, person):
    factories.certificate(person)
    content = login(world.users.district).get(reverse("worker", args=[person.pk])).content.decode()
    assert "/papers/" not in content
    content = login(world.users.street).get(reverse("worker", args=[person.pk])).content.decode()
    assert content.count("/papers/") == 4
    past = login(world.users.street).get(reverse("worker", args=[person.pk]), {"on": "2026-01-01"}).content.decode()
    assert "/papers/" not in past


def test_past_day_shows_what_was_held_then(world, login, person):
    held = factories.certificate(person, "assistant", D(2025, 8, 10))
    factories.registration(held, D(2026, 3, 1))
    factories.hours(person, done_on=D(2026, 4, 1))
    client = login(world.users.street)
    assert "没有登记证书" in page(client, person, on="2025-08-09")
    text = page(client, person, on="2025-08-10")
    assert "2025-08-10 取得" in text and "2026-03-01 登记" not in text and "示例课程" not in text


# Clocks --------------------------------------------------------------------------------------------------------------


def test_clocks_without_a_rule_say_so(world, login, person):
    assert "这里没有生效的取证期限规定。" in page(login(world.users.street), person)


def test_deadline_bar_says_why_and_who_stopped_it(world, login, person):
    factories.rule("certificate.deadline", TWO_YEARS, w.CITY)
    client = login(world.users.street)
    leave = {"kind": "maternity", "valid_from": D(2025, 3, 1), "valid_to": D(2025, 8, 26), "note": ""}
    add_status(person=person, version=1, by=world.users.street, **leave)
    text = page(client, person, on="2025-09-01")
    assert "入职后取得证书 2026-06-28 还有 300 天" in text
    assert "2025-03-01 至2025-08-25 产假，暂停计算（street 登记）。" in text
    assert "共顺延 178 天；不暂停时应为 2026-01-01。" in text
    assert "到期前已没有来得及出成绩的考试。" in text
    assert "示例文件〔2018〕1号 第一条" in text
    assert "已逾期" in page(client, person, on="2026-07-01")
    text = page(client, person, on="2025-04-01")
    assert "目前仍在暂停，期限逐日顺延。" in text


def test_deadline_bar_of_the_certified(world, login, person):
    factories.rule("certificate.deadline", TWO_YEARS, w.CITY)
    client = login(world.users.street)
    held = factories.certificate(person, "assistant", D(2025, 8, 10))
    assert "已按期取得" in page(client, person)
    held.obtained_on = D(2026, 8, 10)
    held.save()
    assert "逾期后取得" in page(client, person)
    Person.objects.filter(pk=person.pk).update(hired_on=None)
    assert "没有登记入职日期" in page(client, person)


def test_deadline_bar_of_a_hire_before_the_rule(world, login, person):
    factories.rule("certificate.deadline", {**TWO_YEARS, "starts_on": "2025-06-01"}, w.CITY)
    assert "规定施行以前入职，从 2025-06-01 起算。" in page(login(world.users.street), person)
    assert "到期前还有 2 次考试来得及出成绩：2026-05-24、2027-05-24。" not in page(login(world.users.street), person)


def test_registration_bar(world, login, person):
    client = login(world.users.street)
    held = factories.certificate(person, "assistant", D(2025, 8, 10))
    assert "首次登记 2026-08-10" in page(client, person, on="2025-09-01")
    factories.registration(held, D(2025, 9, 1))
    factories.hours(person, "70.5", D(2026, 1, 1))
    text = page(client, person, on="2026-09-01")
    assert "证书登记 2028-09-01" in text
    assert "本登记周期继续教育已有 70.5 学时，再登记需要 72 学时。" in text


def test_contract_bar(world, login, person):
    client = login(world.users.street)
    assert "无固定期限" in page(client, person)
    Contract.objects.filter(person=person).update(valid_to=D(2027, 1, 1))
    assert "劳动合同 2026-12-31 还有 30 天" in page(client, person, on="2026-12-01")
    assert "劳动合同 2026-12-31 已结束" in page(client, person, on="2027-01-01")

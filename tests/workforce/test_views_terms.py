"""The pages of terms: recording an election, correcting it, both committees under a division."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from tests import factories
from tests import world as w
from tests.pages.reading import rows_of, sentence_of, text_of
from workforce.actions.tallies import recount
from workforce.models import Term


def page(client, code, **query):
    return client.get(reverse("terms", args=[code]), query)


def entry(**changes) -> dict:
    return {"body": "committee", "number": "11", "form": "", "elected_on": "2026-03-01", "seats": "7", **changes}


def test_election_is_recorded_and_due_by_the_rule(world, login):
    factories.rule("committee.term", {"years": 5}, article="第十五条")
    client = login(world.users.street)
    response = client.post(reverse("term_new", args=[w.SPRING]), entry(), follow=True)
    assert "已登记居民委员会换届。" in text_of(response)
    day = world.today.isoformat()
    assert rows_of(response) == [
        [
            "居民委员会 第 11 届",
            "2026-03-01",
            "2026-03-01 至 2031-02-28",
            f"1 / 7{day} 在任",
            "无数据",
            "生效中",
            "更正 居民委员会 2026-03-01",
        ]
    ]
    assert sentence_of(response).startswith(
        "“两委”成员 1 人，其中党组织 1 人、居委会 1 人，交叉任职 1 人（100.0%），女性 0.0%；"
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"body": "party"}, "form"),
        ({"body": ""}, "body"),
        ({"elected_on": "2099-01-01"}, "elected_on"),
        ({"valid_from": "2026-02-01"}, "valid_from"),
        ({"valid_to": "2026-03-01"}, "valid_to"),
        ({"seats": "0"}, "seats"),
    ],
)
def test_bad_term_is_told_beside_the_field(world, login, changes, field):
    response = login(world.users.street).post(reverse("term_new", args=[w.SPRING]), entry(**changes))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert not Term.objects.exists()


def test_correction_shows_what_is_on_record_and_guards_it(world, login):
    term = factories.term(w.SPRING, number=10)
    client, url = login(world.users.street), reverse("term_edit", args=[term.pk])
    assert 'value="2029-01-01"' in client.get(url).content.decode()
    form = entry(version="1", number="12", elected_on="2024-01-01", valid_from="2024-01-01", valid_to="2029-01-01")
    assert "已保存居民委员会换届的更正。" in text_of(client.post(url, form, follow=True))
    again = client.post(url, form)
    assert again.status_code == 422
    assert "这条记录刚被其他人修改过" in text_of(again)


def test_history_tells_overdue_ended_and_how_many_stayed(world, login):
    start = date(2026, 3, 1)
    factories.term(w.SPRING, valid_from=date(2024, 2, 1), elected_on=date(2024, 2, 1), valid_to=start, number=10)
    factories.term(w.SPRING, valid_from=start, elected_on=start, valid_to=world.today, number=11)
    recount()
    response = page(login(world.users.community), w.SPRING)
    assert [(cells[0], cells[4], cells[5]) for cells in rows_of(response)] == [
        ("居民委员会 第 11 届", "1", "届满未换届"),
        ("居民委员会 第 10 届", "无数据", "已结束"),
    ]
    assert "届满未换届 1 个机构" in text_of(response)
    yesterday = (world.today - timedelta(days=1)).isoformat()
    assert rows_of(page(login(world.users.community), w.SPRING, on=yesterday))[0][5] == "生效中"


def test_table_of_a_street(world, login):
    factories.term(w.SPRING)
    recount()
    response = page(login(world.users.district), w.STREET)
    rows = [cells for cells in rows_of(response) if len(cells) == 8]
    assert rows == [
        [f"春风社区{w.SPRING}", "1", "1", "1", "1 / 1", "0", "0", "0"],
        [f"夏雨社区{w.SUMMER}", "0", "0", "0", "0 / 0", "未登记", "未登记", "未登记"],
    ]
    assert "上届最后一天没有登记“两委”成员，所以没有比较。" in text_of(response)
    assert sentence_of(page(login(world.users.neighbour), w.NEIGHBOUR)).startswith("没有登记在任的“两委”成员。")


def test_only_the_street_records(world, login):
    assert page(login(world.users.street), w.SPRING).context["actions"]
    for user in (world.users.district, world.users.community, world.users.auditor):
        assert page(login(user), w.SPRING).context["actions"] == []

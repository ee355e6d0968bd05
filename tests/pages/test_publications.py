"""Publishing a figure on its page, the list of what was published, and 今日数据对比."""

import pytest
from django.urls import reverse

from portal.core.indicators.models import Publication
from portal.core.indicators.publishing import publish
from portal.core.territory.models import Division, Population
from portal.registry import INDICATORS
from tests import factories, taken
from tests import world as w
from tests.pages.reading import rows_of, sentence_of, text_of
from workforce.actions.certificates import add_certificate
from workforce.actions.tallies import recount


def made(world, key="certified_share", code=w.DISTRICT, **given) -> Publication:
    given = {"on": world.today, "title": "季度通报", "by": world.users.district} | given
    return publish(indicator=INDICATORS[key], division=Division.objects.get(pk=code), **given)


def form_of(client, **query) -> tuple[str, dict]:
    """The address of the form and what its hidden fields hold."""
    response = client.get(reverse("indicator_publish", args=["certified_share"]), query)
    form = response.context["form"]
    return response.request["PATH_INFO"], {name: form[name].value() or "" for name in ("seen", "corrects")}


def test_figure_is_published_after_it_was_shown(world, login):
    client = login(world.users.district)
    address, hidden = form_of(client)
    response = client.post(address, hidden | {"title": "第三季度通报", "document": "示例〔2026〕3号"})
    row = Publication.objects.get()
    assert response["Location"] == reverse("publication", args=[row.pk])
    shown = client.get(response["Location"])
    assert sentence_of(shown).startswith("东区持证率 60.0%（持证人数 3 人，社区工作者 5 人）。")
    assert "与发布时一致" in text_of(shown)
    assert "示例〔2026〕3号" in text_of(shown)


def test_changed_figure_is_shown_again_before_it_is_published(world, login):
    client = login(world.users.district)
    address, hidden = form_of(client)
    factories.certificate(world.people["钱风"])
    recount()
    response = client.post(address, hidden | {"title": "通报"})
    assert response.status_code == 422
    assert "这个数刚刚变了。请看过新的数再发布。" in text_of(response)
    assert "东区持证率 80.0%" in text_of(response)
    again = response.context["form"]["seen"].value()
    assert client.post(address, {"title": "通报", "seen": again, "corrects": ""}).status_code == 302


def test_second_publication_is_a_correction_with_a_reason(world, login):
    first, client = made(world), login(world.users.district)
    address, hidden = form_of(client)
    assert hidden["corrects"] == first.pk
    refused = client.post(address, hidden | {"title": "更正通报"})
    assert (refused.status_code, Publication.objects.count()) == (422, 1)
    client.post(address, hidden | {"title": "更正通报", "reason": "补录证书"})
    old = text_of(client.get(reverse("publication", args=[first.pk])))
    assert "更正。理由：补录证书" in old
    listed = rows_of(client.get(reverse("publications")))
    assert [(row[4], row[6]) for row in listed] == [("更正通报", "现行 是一份更正"), ("季度通报", "已更正")]
    assert [row[4] for row in rows_of(client.get(reverse("publications"), {"state": "valid"}))] == ["更正通报"]


def test_a_figure_without_value_cannot_be_published(world, login):
    client = login(world.users.city)
    response = client.get(reverse("indicator_publish", args=["staffing_ratio"]), {"place": w.UNKNOWN})
    assert "这一天没有这个数，不能发布" in text_of(response)


def test_others_do_not_see_what_was_published_elsewhere(world, login):
    row = made(world)
    for name in ("publication", "publication_compare"):
        assert login(world.users.street).get(reverse(name, args=[row.pk])).status_code == 404
    assert rows_of(login(world.users.street).get(reverse("publications"))) == []
    assert rows_of(login(world.users.outsider).get(reverse("publications"))) == []


def compare(client, row, **query):
    return client.get(reverse("publication_compare", args=[row.pk]), query)


def test_pay_that_was_published_is_for_those_who_may_see_pay_there(world, login):
    """Who may see figures of the city and pay in one street sees what was published of pay in that street alone."""
    inside, outside = made(world, "mean_grade", w.STREET), made(world, "mean_grade", w.NEIGHBOUR)
    plain = made(world, "workers", w.NEIGHBOUR)
    shown = {
        world.users.district: {inside, outside, plain},
        factories.user("part", ("auditor", w.CITY), ("street", w.STREET)): {inside, plain},
        world.users.auditor: {plain},
    }
    for user, rows in shown.items():
        client = login(user)
        listed = client.get(reverse("publications")).context["lines"]
        assert {line["row"] for line in listed} == rows
        assert {int(row[0]) for row in taken.rows(client, "publications")[1:]} == {one.pk for one in rows}
        for one in (inside, outside, plain):
            answer = client.get(reverse("publication", args=[one.pk]))
            assert answer.status_code == (200 if one in rows else 404)


def test_pay_of_the_country_needs_the_right_in_the_country(world, login):
    """Whoever sees figures of the country and pay in one street has no list of pay by province."""
    client = login(factories.user("part", ("auditor", ""), ("street", w.STREET)))
    assert client.get(reverse("indicator", args=["mean_grade"])).status_code == 404
    assert client.get(reverse("indicator", args=["mean_grade"]), {"place": w.STREET}).status_code == 200
    compared = client.get(reverse("indicators_compare"), {"keys": "mean_grade,workers"})
    assert "平均等级" not in text_of(compared)


def test_nothing_has_changed_since(world, login):
    text = text_of(compare(login(world.users.district), made(world)))
    assert "发布时 60.0%；用今天的记录重算同一天，仍是 60.0%。" in text
    assert "同一天的数、名单、规则、人口和算法都与发布时一致。" in text


@pytest.fixture
def changed(transactional_db, world) -> Publication:
    """Published, then a certificate entered late by the street and another taken out past the portal, each at its time."""
    row = made(world)
    add_certificate(
        person=world.people["钱风"],
        level="assistant",
        number="T1",
        obtained_on=factories.STARTED,
        version=world.people["钱风"].version,
        by=world.users.street,
    )
    world.people["周秋"].certificates.all().delete()
    recount()
    return row


def test_changes_are_grouped_by_who_made_them(world, login, changed):
    response = compare(login(world.users.district), changed)
    text = text_of(response)
    assert "用今天的记录重算同一天，仍是 60.0%。" in text
    assert "持证人数：新计入 1 项，不再计入 1 项。" in text
    groups = [row for row in rows_of(response) if len(row) == 5 and row[-1] in "01"]
    assert [(row[0], row[1], row[3], row[4]) for row in groups] == [
        ("登记证书", "street", "1", "0"),
        ("未经平台直接写入", "", "0", "1"),
    ]
    lines = [row for row in rows_of(response) if row[0] in ("新计入", "不再计入")]
    assert [(row[0], row[1], row[2]) for row in lines] == [
        ("新计入", "钱风", "春风社区"),
        ("不再计入", "周秋", "秋叶社区"),
    ]
    assert "证书等级" in lines[0][4]


def test_names_of_changed_people_stay_inside_the_wall(world, login, changed):
    both = factories.user("both", ("auditor", w.DISTRICT), ("community", w.SPRING))
    text = text_of(compare(login(both), changed))
    assert "另有 1 项变化不在您的查看范围。" in text
    assert "钱风" in text
    assert "周秋" not in text
    alone = text_of(compare(login(world.users.auditor), changed))
    assert "变化的名单不在您的查看范围" in alone
    assert "钱风" not in alone


def test_a_later_change_that_does_not_bear_on_the_day_is_no_reason(world, login, changed):
    person = world.people["钱风"]
    person.phone = "10000000009"
    person.save(update_fields=["phone"])
    groups = rows_of(compare(login(world.users.district), changed))
    assert groups[0][0] == "登记证书"


def test_population_changed_since(world, login):
    row = made(world, "staffing_ratio")
    Population.objects.filter(division=w.DISTRICT).update(value=20_000)
    recount()
    text = text_of(compare(login(world.users.district), row))
    assert "发布时 1.66 人/万人；用今天的记录重算同一天，现在 2.50 人/万人（+0.84 人/万人）。" in text
    assert "数据以外的变化" in text


def test_figure_that_is_counted_no_more_keeps_what_was_published(world, login, monkeypatch):
    row = made(world)
    monkeypatch.delitem(INDICATORS, "certified_share")
    client = login(world.users.district)
    assert "这个指标现在已经不再统计" in text_of(client.get(reverse("publication", args=[row.pk])))
    assert "算不出来" in text_of(compare(client, row))


def test_changes_cost_a_fixed_number_of_queries(world, login, django_assert_max_num_queries):
    row = made(world)
    for number in range(30):
        factories.worker(f"新{number}", w.SPRING, certified=True)
    recount()
    client = login(world.users.district)
    with django_assert_max_num_queries(34):
        response = compare(client, row)
    assert sum(line[0] == "新计入" for line in rows_of(response)) == 30


def test_publications_and_changes_as_files(world, login, changed):
    client = login(world.users.district)
    (row,) = taken.rows(client, "publications")[1:]
    assert row[1:9] == ["持证率", w.DISTRICT, "东区", str(world.today), "60.0", "%", "3", "5"]
    changes = taken.rows(client, "publication-people", pk=changed.pk, part="numerator")
    assert [(line[0], line[2], line[4]) for line in changes[1:]] == [
        ("新计入", "钱风", "登记证书"),
        ("不再计入", "周秋", "未经平台直接写入"),
    ]

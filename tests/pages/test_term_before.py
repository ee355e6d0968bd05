"""The term before 上届: one definition for the dashboard and the page of elections, community by community (domain §1.M)."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse

from tests import factories
from tests import world as w
from tests.pages.reading import rows_of, text_of
from workforce.actions.tallies import recount
from workforce.models import Term

HELD = date(2013, 1, 1)
SINCE_2018 = date(2018, 6, 1)


@pytest.fixture
def city(world):
    """一号街道 voted ten days ago, 秋叶社区 in 2018: two members each before, both committees' in 秋叶社区 then and now."""
    voted = world.today - timedelta(days=10)
    for code, began in ((w.SPRING, voted), (w.AUTUMN, SINCE_2018)):
        factories.term(code, elected_on=HELD, valid_from=HELD, valid_to=began, number=1)
        factories.term(code, elected_on=began, valid_from=began, valid_to=world.today + timedelta(days=900), number=2)
    _member("秋前", w.AUTUMN, "female", HELD, SINCE_2018, bodies=("party", "committee"))
    _member("秋今", w.AUTUMN, "female", SINCE_2018, None)
    _member("秋同", w.AUTUMN, "male", SINCE_2018, None)
    _member("春新", w.SPRING, "female", voted, None)
    recount()
    return world


def _member(name, code, sex, start, end, bodies=("committee",)):
    person = factories.person(name, sex=sex)
    for body in bodies:
        factories.appointment(person, code, body=body, title="委员", entry="elected", valid_from=start, valid_to=end)


def panel(client, code):
    return client.get(reverse("division_panel", args=[code, "committees"]), headers={"HX-Request": "true"})


def compared(response) -> dict[str, list[str]]:
    """Now, before and change of the three shares that both pages tell."""
    labels = {"交叉任职率": "交叉任职", "“两委”成员女性比例": "女性", "“一肩挑”比例": "“一肩挑”"}
    rows = {labels.get(row[0], row[0]): row[1:] for row in rows_of(response) if len(row) in (4, 5)}
    return {label: [row[0], *row[-2:]] for label, row in rows.items() if label in labels.values()}


def test_both_pages_tell_the_same_term_before(city, login):
    """Before: 赵春 and 秋前, both in both committees; now: 赵春, 春新, 秋今, 秋同."""
    expected = {
        "交叉任职": ["25.0%", "100.0%", "−75.0 个百分点"],
        "女性": ["50.0%", "50.0%", "0.0 个百分点"],
        "“一肩挑”": ["50.0%", "50.0%", "0.0 个百分点"],
    }
    client = login(city.users.city)
    assert compared(panel(client, w.DISTRICT)) == expected
    assert compared(client.get(reverse("terms", args=[w.DISTRICT]))) == expected


def test_both_pages_say_in_words_what_the_term_before_is(city, login):
    client, first, last = login(city.users.city), SINCE_2018 - timedelta(days=1), city.today - timedelta(days=11)
    words = f"上届逐社区统计后相加：每个社区取居民委员会上一届的最后一天（没有登记上一届的，取本届任期起始前一天），共 2 个社区，{first} 至 {last}。"
    assert words in text_of(panel(client, w.DISTRICT))
    assert words in text_of(client.get(reverse("terms", args=[w.DISTRICT])))


@pytest.mark.parametrize("key", ["committee_members", "cross_appointment", "one_shoulder_rate", "committee_mean_age"])
def test_numbers_of_the_term_before_lead_to_the_communities_that_make_them(city, login, key):
    client = login(city.users.city)
    url = reverse("terms_before", args=[w.DISTRICT]) + f"?figure={key}"
    assert url in unescape(panel(client, w.DISTRICT).content.decode())
    response = client.get(url)
    rows = {row[0]: row[1:] for row in rows_of(response)}
    assert [row[0] for row in rows.values()] == [
        str(city.today - timedelta(days=11)),
        str(SINCE_2018 - timedelta(days=1)),
    ]
    (foot,) = rows_of(response, "tfoot")
    shown = next(row for row in panel(client, w.DISTRICT).context["rows"] if row["figure"].indicator.key == key)
    assert foot[-1] == shown["before"]


def test_every_community_of_the_term_before_leads_to_its_rows_on_its_own_last_day(city, login):
    client = login(city.users.city)
    response = client.get(reverse("terms_before", args=[w.DISTRICT]), {"figure": "cross_appointment"})
    for line, day in zip(response.context["lines"], (city.today - timedelta(days=11), date(2018, 5, 31)), strict=True):
        listed = client.get(line["parts"][0]["url"]).context["table"]
        assert (listed.on, listed.number_words) == (day, "1 人")


def test_term_before_stays_inside_the_territory(city, login):
    assert login(city.users.street).get(reverse("terms_before", args=[w.DISTRICT])).status_code == 404
    own = login(city.users.street).get(reverse("terms_before", args=[w.STREET]))
    assert [line["place"].code for line in own.context["lines"]] == [w.SPRING]


def test_term_before_of_an_unknown_figure_does_not_exist(city, login):
    client = login(city.users.city)
    for key in ("workers", "nonsense"):
        assert client.get(reverse("terms_before", args=[w.DISTRICT]), {"figure": key}).status_code == 404


def test_term_before_of_too_many_people_says_why(city, login, monkeypatch):
    monkeypatch.setattr("portal.core.indicators.days.PEOPLE_AT_MOST", 1)
    client = login(city.users.city)
    for response in (panel(client, w.DISTRICT), client.get(reverse("terms", args=[w.DISTRICT]))):
        assert "上届没有统计：所选范围超过 1 人，不能当场逐条统计。请选择下级区划。" in text_of(response)
        assert "没有登记上一届" not in text_of(response)


def test_page_of_elections_without_a_term_on_record_is_not_compared(world, login):
    response = login(world.users.city).get(reverse("terms", args=[w.DISTRICT]))
    assert "没有登记上一届，所以没有比较。" in text_of(response)
    empty = login(world.users.city).get(reverse("terms_before", args=[w.DISTRICT]))
    assert "没有登记上一届，所以没有比较。" in text_of(empty)


def test_overdue_committee_is_compared_with_the_term_before_its_own(city, login):
    Term.objects.filter(division=w.AUTUMN, number=2).update(valid_to=city.today - timedelta(days=1))
    rows = compared(panel(login(city.users.city), w.NEIGHBOUR))
    assert rows["交叉任职"] == ["0.0%", "100.0%", "−100.0 个百分点"]

"""Pages of places with many people: they come at once, and what is worked out from every person after them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, reverse_lazy
from django.utils.html import escape

from portal.core.indicators import days
from tests import factories
from tests import world as w
from tests.pages.reading import rows_of, sentence_of, text_of
from workforce.actions.tallies import recount
from workforce.queries.term_before import MEMBERS

LEDGERS = [("contracts", "contracts"), ("certificates", "people")]


@pytest.fixture
def few_at_once(monkeypatch):
    monkeypatch.setattr(days, "PEOPLE_AT_ONCE", 5)


def part_of(client, later):
    return client.get(later.url, headers={"HX-Request": "true", "HX-Target": later.part})


@pytest.mark.parametrize(("name", "target"), LEDGERS)
def test_ledger_of_many_comes_after_its_page(world, login, monkeypatch, name, target):
    client, url = login(world.users.city), f"{reverse(name)}?place={w.CITY}"
    at_once = client.get(url)
    monkeypatch.setattr(days, "PEOPLE_AT_ONCE", 5)
    with CaptureQueriesContext(connection) as captured:
        waiting = client.get(url)
    assert not any("workforce_appointment" in query["sql"] for query in captured.captured_queries)
    assert "正在逐人统计 9 人" in text_of(waiting)
    assert waiting.context["exports"] == at_once.context["exports"]
    later = waiting.context["later"]
    part = part_of(client, later)
    assert (sentence_of(part), rows_of(part)) == (sentence_of(at_once), rows_of(at_once))
    assert "<html" not in part.content.decode()
    assert f'id="{target}"' in part.content.decode()
    whole = client.get(later.whole_url)
    assert (sentence_of(whole), rows_of(whole)) == (sentence_of(at_once), rows_of(at_once))


@pytest.mark.parametrize(("name", "target"), LEDGERS)
def test_list_inside_is_read_alone(world, login, few_at_once, name, target):
    answer = login(world.users.city).get(reverse(name), headers={"HX-Request": "true", "HX-Target": target})
    assert 'class="sentence"' not in answer.content.decode()
    assert len(rows_of(answer)) > 0


@pytest.mark.parametrize(("name", "target"), LEDGERS)
def test_district_is_never_kept_waiting(world, login, few_at_once, name, target):
    answer = login(world.users.district).get(reverse(name))
    assert (answer.context["later"], sentence_of(answer) != "") == (None, True)


PAST = "2026-10-31"
FIGURES = [
    reverse_lazy("division", args=[w.CITY]), reverse_lazy("today"), reverse_lazy("indicators"),
    reverse_lazy("indicator", args=["staffing_ratio"]), reverse_lazy("grids", args=[w.CITY]),
    reverse_lazy("terms", args=[w.CITY]),
]  # fmt: skip


@pytest.mark.parametrize("url", FIGURES)
def test_past_day_of_many_says_that_it_is_counted_and_goes_on_to_it(world, login, monkeypatch, url):
    client = login(world.users.city)
    at_once = client.get(url, {"on": PAST})
    monkeypatch.setattr(days, "PEOPLE_AT_ONCE", 5)
    with CaptureQueriesContext(connection) as captured:
        first = client.get(url, {"on": PAST})
    assert not any("workforce_appointment" in query["sql"] for query in captured.captured_queries)
    assert "正在按 2026-10-31 的记录逐人统计 9 人" in text_of(first)
    whole = first.context["later"].whole_url
    assert f'<meta http-equiv="refresh" content="0; url={escape(whole)}">' in first.content.decode()
    asked = client.get(whole)
    assert (rows_of(asked), "逐人统计" in text_of(asked)) == (rows_of(at_once), False)


@pytest.mark.parametrize("url", FIGURES)
def test_figures_of_today_are_kept_and_come_at_once(world, login, few_at_once, url):
    answer = login(world.users.city).get(url)
    assert "逐人统计" not in text_of(answer)


RECORDS = [reverse_lazy("training_rotation"), reverse_lazy("careers_secretaries")]


@pytest.mark.parametrize("on", [{}, {"on": PAST}])
@pytest.mark.parametrize("url", RECORDS)
def test_page_made_of_records_says_so_on_every_day_however_many_there_are(world, login, monkeypatch, url, on):
    client = login(world.users.city)
    at_once = client.get(url, on)
    monkeypatch.setattr(days, "PEOPLE_AT_ONCE", 5)
    monkeypatch.setattr(days, "PEOPLE_AT_MOST", 6)
    with CaptureQueriesContext(connection) as captured:
        first = client.get(url, on)
    assert not any("workforce_appointment" in query["sql"] for query in captured.captured_queries)
    assert "逐人统计 9 人" in text_of(first)
    whole = client.get(first.context["later"].whole_url)
    assert (rows_of(whole), sentence_of(whole)) == (rows_of(at_once), sentence_of(at_once))
    assert "逐人统计" not in text_of(whole)
    assert "逐人统计" not in text_of(client.get(url, {"place": w.DISTRICT, **on}))


@pytest.mark.parametrize("url", RECORDS)
def test_country_is_counted_in_the_same_way(world, login, few_at_once, url):
    client = login(factories.user("country", ("city", "")))
    first = client.get(url)
    assert "逐人统计 10 人" in text_of(first)
    assert client.get(first.context["later"].whole_url).context["place"] is None


def test_term_before_of_many_members_says_that_it_is_counted(world, login, monkeypatch):
    """Its members are counted on every day; where they are too many the page says so at once."""
    factories.term(w.SPRING)
    for name in ("赵春", "钱风"):
        factories.appointment(world.people[name], w.SPRING, body="committee")
    recount()
    client, url = login(world.users.city), reverse("terms", args=[w.CITY])
    at_once = client.get(url)
    monkeypatch.setattr(days, "PEOPLE_AT_ONCE", 1)
    first = client.get(url)
    members = days.people_under(MEMBERS, w.CITY)
    assert f"逐人统计 {members} 人" in text_of(first) and members >= 2
    whole = client.get(first.context["later"].whole_url)
    assert (rows_of(whole), sentence_of(whole)) == (rows_of(at_once), sentence_of(at_once))
    assert "逐人统计" not in text_of(login(world.users.district).get(reverse("terms", args=[w.DISTRICT])))
    behind = reverse("terms_before", args=[w.CITY])
    assert f"逐人统计 {members} 人" in text_of(client.get(behind))
    assert "逐人统计" not in text_of(client.get(behind, {"whole": "1"}))
    monkeypatch.setattr(days, "PEOPLE_AT_MOST", 1)
    assert "before_sorry" in client.get(url).context


def test_communities_behind_positions_of_many_come_after_a_sign(world, login, few_at_once):
    client, url = login(world.users.city), reverse("establishment", args=[w.CITY])
    assert "逐人统计" not in text_of(client.get(url))
    first = client.get(url, {"show": "taken"})
    assert "逐人统计 9 人" in text_of(first)
    assert len(client.get(first.context["later"].whole_url).context["page"]) > 2

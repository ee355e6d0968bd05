"""Pages of places with many people: they come at once, and what is worked out from every person after them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, reverse_lazy
from django.utils.html import escape

from portal.core.indicators import days
from tests import world as w
from tests.pages.reading import rows_of, sentence_of, text_of

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
    reverse_lazy("indicator", args=["staffing_ratio"]),
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

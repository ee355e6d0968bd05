"""Pages of places with many people: they come at once, and what is worked out from every person after them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

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

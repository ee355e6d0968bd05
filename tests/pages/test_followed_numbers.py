"""Every number of a dashboard that is a link leads to a list that counts the same, today and on a day gone by."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from portal.core.findings.models import State
from portal.pages.dashboard import panels_of
from tests import factories
from tests import world as w
from tests.core.findings.makers import finding
from workforce.actions.tallies import recount

LINK = re.compile(r'<a\b[^>]*href="(/(?:findings|indicators)/[^"]*)"[^>]*>(.*?)</a>', re.S)
HIDDEN = re.compile(r'<span class="visually-hidden">.*?</span>|<[^>]+>', re.S)
NUMBER = re.compile(r"([−\d,]+(?:\.\d+)?)(?: [^\d\s]+)?")
SENTENCE = {"level": 5, "workers": 0, "population": 1000, "basis": "ledger", "population_on": "2026-01-01", "heads": 18}
FACTS = SENTENCE | {"per": 10000, "required": 2, "gap": 2, "document": "x", "article": "", "on": "2026-01-01"}


@pytest.fixture
def known(world):
    """Findings of every state and band, opened long ago; a term, and members of both committees."""
    past = world.today - timedelta(days=60)
    states = {
        State.OPEN: {},
        State.ACKNOWLEDGED: {},
        State.PLANNED: {"planned_for": world.today, "rest_from": past},
        State.EXCUSED: {"excused_until": world.today, "rest_from": past},
    }
    for number, days in enumerate((-70, -3, 0, 5, 20, 60, 200, None)):
        due = {} if days is None else {"due_on": world.today + timedelta(days=days)}
        for state, fields in states.items():
            finding(
                w.SPRING,
                kind="staffing",
                subject=f"{state}{number}",
                opened_on=past,
                facts=FACTS,
                state=state,
                **due,
                **fields,
            )
    factories.term(w.SPRING)
    recount()
    return world


def numbers_of(response) -> dict[str, str]:
    """The links of the page itself whose words are a number, by address."""
    body = response.content.decode().partition("<main")[2]
    found = ((unescape(url), HIDDEN.sub("", inside).strip()) for url, inside in LINK.findall(body))
    return {url: number[1] for url, words in found if (number := NUMBER.fullmatch(words))}


def counted_at(client, url: str) -> set[str]:
    """What the list of an address says of its number: the whole, or the figure that it is part of."""
    context = client.get(url).context
    if "inbox" in context:
        return {f"{context['inbox'].count():,}"}
    if "/rows/" not in url:
        return {number for number, _share in figures_in(context["sentence"])}
    table = context["table"]
    assert table.part.summed or table.by_place or table.listed.count == table.number, url
    return set(NUMBER.findall(table.number_words)) | {number for number, _share in figures_in(context["figure_words"])}


def figures_in(words: str) -> list[tuple[str, str]]:
    return re.findall(r"<b>−?([\d,.]+)(%?)", words)


@pytest.mark.parametrize("days", [0, 30])
@pytest.mark.parametrize("code", [w.CITY, w.DISTRICT, w.STREET])
def test_numbers_of_a_dashboard_equal_their_lists(known, login, code, days):
    client, on = login(known.users.city), known.today - timedelta(days=days)
    day = {"on": on.isoformat()} if days else {}
    pages = [reverse("division", args=[code])]
    pages += [reverse("division_panel", args=[code, key]) for key in panels_of(known.divisions[code])]
    found = {url: number for one in pages for url, number in numbers_of(client.get(one, day)).items()}
    assert len([url for url in found if url.startswith("/findings/")]) >= 3
    assert len([url for url in found if url.startswith("/indicators/")]) > 20
    assert {url: number for url, number in found.items() if number not in counted_at(client, url)} == {}


def test_deadlines_of_the_first_page_equal_their_lists(known, login):
    client = login(known.users.street)
    bands = client.get(reverse("today")).context["deadlines"]["bands"]
    assert [band["count"] for band in bands] == [6, 6, 3, 3]
    assert [client.get(band["url"]).context["inbox"].count() for band in bands] == [6, 6, 3, 3]

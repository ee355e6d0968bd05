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
from tests.ratings import starred
from workforce.actions.tallies import recount

LINK = re.compile(r'<a\b[^>]*href="(/(?:findings|indicators|terms|forecast|stars|service)/[^"]*)"[^>]*>(.*?)</a>', re.S)
CELL = re.compile(r"<td( [^>]*)>(.*?)</td>", re.S)
WITHOUT_ROWS = re.compile(r'data-label="(?:变化|同比|名次)"')
HIDDEN = re.compile(r'<span class="visually-hidden">.*?</span>|<[^>]+>', re.S)
NUMBER = re.compile(r"([−\d,]+(?:\.\d+)?)(?:%| [^\d\s]+)?")
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
    for code, voted in ((w.SPRING, past + timedelta(days=20)), (w.AUTUMN, past)):
        factories.term(code, elected_on=voted, valid_from=voted, valid_to=world.today + timedelta(days=100))
    factories.worker("将退", w.SUMMER, birth=world.today - timedelta(days=59 * 365))
    factories.grid_post(world.people["孙夏"], factories.grid(w.SUMMER), "chief")
    _served(world)
    recount()
    w.count(world.today)
    return world


def _served(world):
    """Visits, requests, positions and stars."""
    doors = [factories.premises(w.SPRING, f"1号楼{number}") for number in range(101, 104)]
    factories.visit(doors[0])
    factories.visit(factories.premises(w.SUMMER, "小卖部", kind="shop"))
    factories.service_request(w.SPRING)
    factories.establishment(w.SPRING)
    factories.establishment(w.SUMMER, posts=1)
    starred.star(world, w.SPRING, 5)
    starred.star(world, w.AUTUMN, 3, change="up")


def body_of(response) -> str:
    return response.content.decode().partition("<main")[2]


def numbers_of(response) -> set[tuple[str, str]]:
    """The links of the page itself whose words are a number, with their addresses."""
    found = ((unescape(url), HIDDEN.sub("", inside).strip()) for url, inside in LINK.findall(body_of(response)))
    return {(url, number[1].strip("−")) for url, words in found if (number := NUMBER.fullmatch(words))}


def links_of(response, path: str) -> list[tuple[str, str]]:
    """Every link of the page itself to an address that begins with `path` whose words are a number, as it stands."""
    links = re.findall(rf'<a\b[^>]*href="({re.escape(path)}[^"]*)"[^>]*>(.*?)</a>', body_of(response), re.S)
    found = ((unescape(url), HIDDEN.sub("", inside).strip()) for url, inside in links)
    return [(url, words) for url, words in found if words[:1].isdigit()]


def bare_numbers_of(response) -> list[str]:
    """The numbers in tables that lead nowhere, in their order; changes and ranks have no rows, nor has what is 0."""
    cells = (inside for about, inside in CELL.findall(body_of(response)) if not WITHOUT_ROWS.search(about))
    bare = (HIDDEN.sub("", inside).strip() for inside in cells if "<a " not in inside)
    return [words for words in bare if words != "0" and NUMBER.fullmatch(words)]


def counted_at(client, url: str) -> set[str]:
    """What the list of an address says of its number: the whole, or the figure that it is part of."""
    context = client.get(url).context
    if "inbox" in context:
        return {f"{context['inbox'].count():,}"}
    if url.startswith("/forecast/"):
        return {f"{context['table'].page.paginator.count:,}"}
    if url.startswith(("/stars/", "/service/")):
        return {f"{context['page'].paginator.count:,}"}
    if url.startswith("/terms/"):
        return {NUMBER.fullmatch(context["total"]["value"]["number"])[1]}
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
    found = {pair for one in pages for pair in numbers_of(client.get(one, day))}
    assert len([url for url, _number in found if url.startswith("/findings/")]) >= 3
    assert len([url for url, _number in found if url.startswith("/indicators/")]) > 20
    assert astray(client, found) == {}


def astray(client, found: set[tuple[str, str]]) -> dict[str, list[str]]:
    """The numbers that are not those of their lists, by address."""
    lists = {url: counted_at(client, url) for url, _number in found}
    wrong = [(url, number) for url, number in found if number not in lists[url]]
    return {url: sorted(number for at, number in wrong if at == url) for url, _number in wrong}


PAGES = {
    "elections": ("terms", [w.DISTRICT], {}, []),
    "elections of a community": ("terms", [w.SPRING], {}, None),
    "term before": ("terms_before", [w.DISTRICT], {"figure": "one_shoulder_rate"}, None),
    "grids": ("grids", [w.DISTRICT], {}, []),
    "certificates": ("certificates", [], {"place": w.DISTRICT}, None),
    "positions": ("establishment", [w.DISTRICT], {}, None),
    "service": ("service_place", [w.DISTRICT], {}, None),
    "stars": ("stars", [], {"place": w.DISTRICT}, None),
    "catalogue": ("indicators", [], {"place": w.DISTRICT}, []),
    "heads": ("indicator", ["workers"], {"place": w.DISTRICT}, []),
    "certified": ("indicator", ["certified_share"], {"place": w.DISTRICT}, []),
    "required": ("indicator", ["staffing_required"], {"place": w.DISTRICT}, []),
    "forecast": ("forecast", [w.DISTRICT], {"hires": "0"}, None),
}


@pytest.mark.parametrize(
    ("name", "days"), [*((name, 0) for name in sorted(PAGES)), ("elections", 30), ("certified", 30)]
)
def test_numbers_of_a_page_equal_their_lists(known, login, name, days):
    """Where a page allows for it, every number of its tables leads somewhere."""
    client, on = login(known.users.city), known.today - timedelta(days=days)
    view, arguments, query, bare = PAGES[name]
    response = client.get(reverse(view, args=arguments), query | ({"on": on.isoformat()} if days else {}))
    found = numbers_of(response)
    assert found
    assert astray(client, found) == {}
    if bare is not None:
        assert bare_numbers_of(response) == bare


@pytest.mark.parametrize("days", [0, 30])
@pytest.mark.parametrize("code", [w.CITY, w.DISTRICT, w.STREET])
def test_only_sums_of_the_column_above_stand_without_a_link_below_a_division(known, login, code, days):
    """Populations of one basis are added up in the foot; the place itself may have another of its own."""
    client, on = login(known.users.city), known.today - timedelta(days=days)
    response = client.get(reverse("division", args=[code]), {"on": on.isoformat()} if days else {})
    table = response.context["table"]
    sums = [f"{table.sums.population:,}", f"{table.sums.ratio:.2f}"] if table.sums.population else []
    assert bare_numbers_of(response) == ([] if table.sums.population == table.figure.population else sums)


def test_deadlines_of_the_first_page_equal_their_lists(known, login):
    client = login(known.users.street)
    bands = client.get(reverse("today")).context["deadlines"]["bands"]
    assert [band["count"] for band in bands] == [6, 6, 3, 3]
    assert [client.get(band["url"]).context["inbox"].count() for band in bands] == [6, 6, 3, 3]

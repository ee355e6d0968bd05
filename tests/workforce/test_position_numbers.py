"""Every number of the pages of positions leads to what it counts: records, people on the roster, communities."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from tests import factories
from tests import world as w
from tests.pages.reading import text_of
from tests.pages.test_followed_numbers import bare_numbers_of, links_of
from workforce.actions.establishment import apply_for_posts
from workforce.actions.tallies import recount


@pytest.fixture
def positions(world):
    """Recorded, exceeded, vacant and applied for; somebody with two posts of one class, and with one of each."""
    factories.establishment(w.SPRING, posts=1)
    factories.establishment(w.SUMMER, posts=5)
    factories.establishment(w.SPRING, "committee", posts=3)
    factories.establishment(w.SUMMER, "committee", posts=1)
    for code, posts, by in ((w.SUMMER, 2, world.users.street), (w.AUTUMN, 1, world.users.neighbour)):
        given = {"worker_class": "staff", "posts": posts, "starts_on": world.today, "reason": "新建小区"}
        apply_for_posts(division=world.divisions[code], **given, by=by)
    factories.appointment(world.people["孙夏"], w.SUMMER, body="centre", tier=2)
    factories.appointment(world.people["孙夏"], w.AUTUMN, body="committee")
    factories.worker("村专", w.VILLAGE)
    recount()
    w.count(world.today)
    return world


def counted(client, url: str) -> int:
    """What the list of an address adds up to."""
    context, asked = client.get(url).context, parse_qs(urlsplit(url).query)
    if url.startswith(reverse("roster")):
        return context["table"].page.paginator.count
    if "table" in context:
        return context["table"].number
    shown = asked.get("show", [""])[0]
    if shown == "applied":
        assert sum(one.posts for one in context["applications"]) == context["figure"].applied
    if shown == "unrecorded":
        assert context["page"].paginator.count == context["figure"].unrecorded
    return getattr(context["figure"], shown) if shown else -1


@pytest.mark.parametrize("chosen", ["", "staff", "committee"])
@pytest.mark.parametrize("code", [w.CITY, w.DISTRICT, w.STREET])
def test_every_number_leads_to_what_it_counts(positions, login, code, chosen):
    client = login(positions.users.city)
    page = client.get(reverse("establishment", args=[code]), {"class": chosen} if chosen else {})
    found = links_of(page, "/")
    assert len(found) >= 8
    assert bare_numbers_of(page) == []
    for url, number in found:
        code = urlsplit(url).path.rstrip("/").rpartition("/")[2]
        if "show" not in url and url.startswith(reverse("establishment", args=[code])):
            assert f" {number} 人" in text_of(client.get(url)), url
        else:
            assert counted(client, url) == int(number), url


def test_people_are_listed_once_for_each_position(positions, login):
    client = login(positions.users.district)
    posts = client.get(reverse("roster"), {"place": w.DISTRICT, "status": "position_staff"}).context["table"].posts
    names = sorted((post.person.name, post.division_id, post.tier) for post in posts)
    assert [one for one in names if one[0] == "孙夏"] == [("孙夏", w.SUMMER, 2)]
    assert "村专" not in {one[0] for one in names}
    both = client.get(reverse("roster"), {"place": w.DISTRICT, "status": "position"}).context["table"].posts
    assert sorted(post.division_id for post in both if post.person.name == "孙夏") == [w.SUMMER, w.AUTUMN]
    factories.establishment(w.VILLAGE, posts=1)
    again = client.get(reverse("roster"), {"place": w.VILLAGE, "status": "position"}).context["table"].posts
    assert "村专" in {post.person.name for post in again}


def test_page_of_a_community_leads_to_its_people(positions, login):
    client = login(positions.users.street)
    for page in (reverse("establishment", args=[w.SUMMER]), reverse("division", args=[w.SUMMER])):
        found = {url: number for url, number in _people(client.get(page))}
        assert len(found) == 1
        for url, number in found.items():
            assert client.get(url).context["table"].page.paginator.count == number


def _people(page):
    context = page.context
    lines = context["classes"] if "classes" in context else context["positions"]["lines"]
    for line in lines:
        if line["people_url"]:
            yield line["people_url"], line["taken"] if "taken" in line else line["figure"].taken


def test_list_of_communities_stays_inside_and_leads_back(positions, login):
    client = login(positions.users.street)
    page = client.get(reverse("establishment", args=[w.STREET]), {"show": "unrecorded"})
    assert [line["division"].code for line in page.context["lines"]] == []
    assert "没有这样的社区" in page.content.decode()
    odd = client.get(reverse("establishment", args=[w.STREET]), {"show": "x"})
    assert "page" not in odd.context and len(odd.context["lines"]) == 2
    assert client.get(reverse("establishment", args=[w.NEIGHBOUR]), {"show": "taken"}).status_code == 404

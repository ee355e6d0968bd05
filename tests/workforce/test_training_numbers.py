"""Every number of the pages of training leads to what it counts: classes, people, person-times, the rotation."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from portal.core.lib.clock import today
from portal.core.web import formats
from tests import factories
from tests import world as w
from tests.pages.test_followed_numbers import CELL, HIDDEN, body_of, links_of
from workforce.actions.tallies import recount


@pytest.fixture
def classes(world):
    """Classes of the district, the city and the neighbour's, with people of two streets."""
    day = world.today - timedelta(days=1)
    rotation = factories.training_class(w.DISTRICT, day)
    skills = factories.training_class(w.CITY, day, level="city", kind="skills")
    near = factories.training_class(w.NEIGHBOUR, day, level="street")
    factories.training_class(w.DISTRICT, day, title="没有人参加")
    for held, name, code, came in (
        (rotation, "孙夏", w.SUMMER, True), (rotation, "李雨", w.SUMMER, True), (rotation, "赵春", w.SPRING, None),
        (skills, "孙夏", w.SUMMER, True), (skills, "周秋", w.AUTUMN, True), (skills, "李雨", w.SUMMER, False),
        (near, "钱风", w.SPRING, True), (rotation, "周秋", w.AUTUMN, True),
    ):  # fmt: skip
        factories.enrolment(held, world.people[name], code, came)
    recount()
    w.count(world.today)
    return world


def counted(client, url: str) -> str:
    """How many rows the list of an address has."""
    context = client.get(url).context
    if "table" in context:
        assert context["table"].listed.count == context["table"].number
        return f"{context['table'].number:,}"
    return f"{context['page'].paginator.count:,}"


@pytest.mark.parametrize("user", ["street", "district", "city"])
def test_every_number_of_training_leads_to_what_it_counts(classes, login, user):
    client = login(getattr(classes.users, user))
    page = client.get(reverse("training"))
    found = links_of(page, reverse("training"))
    assert len(found) >= 12
    assert [(url, number) for url, number in found if number.isdigit() and number != counted(client, url)] == []
    assert _bare(page) <= {"0", "8.0"}
    total = page.context["total"]["words"]
    assert [one["words"] for one in total] == {
        "street": ["2026 年举办并有人参加的班次 3 个", "参训 3 人", "4 人次"],
        "district": ["2026 年举办并有人参加的班次 3 个", "参训 4 人", "6 人次"],
        "city": ["2026 年举办并有人参加的班次 3 个", "参训 4 人", "6 人次"],
    }[user]
    assert [int(client.get(one["url"]).context["page"].paginator.count) for one in total] == (
        [3, 3, 4] if user == "street" else [3, 4, 6]
    )


def _bare(page) -> set[str]:
    cells = (HIDDEN.sub("", inside).strip() for _about, inside in CELL.findall(body_of(page)) if "<a " not in inside)
    return {words for words in cells if words.replace(".", "").isdigit()}


def test_class_of_the_neighbours_is_named_and_not_opened(classes, login):
    client = login(classes.users.street)
    assert len(client.get(reverse("training")).context["page"]) == 3
    page = client.get(reverse("training"), {"show": "held"})
    assert sorted(one.open_to for one in page.context["page"]) == [False, True, True]
    urls = {url for url, _number in links_of(page, "/training/") if "?" not in url}
    assert {client.get(url).status_code for url in urls} == {200}


def test_lists_of_people_are_narrowed_as_the_classes_are(classes, login):
    client, url = login(classes.users.district), reverse("training")
    persons = client.get(url, {"show": "persons", "kind": "rotation", "level": "district"}).context["lines"]
    assert {line["row"]["person__name"]: (line["row"]["times"], line["place"]) for line in persons} == {
        "孙夏": (1, "夏雨社区"), "李雨": (1, "夏雨社区"), "周秋": (1, "秋叶社区"),
    }  # fmt: skip
    times = client.get(url, {"show": "times", "place": w.AUTUMN}, headers={"HX-Request": "true"})
    assert [row.person.name for row in times.context["page"]] == ["周秋", "周秋"]
    assert "<html" not in times.content.decode()
    assert client.get(url, {"show": "persons", "year": "2019"}).context["page"].paginator.count == 0


@pytest.mark.parametrize("show", ["persons", "times", "held"])
def test_lists_cost_the_same_for_one_and_many(classes, login, django_assert_max_num_queries, show):
    client = login(classes.users.district)
    more = factories.training_class(w.DISTRICT, classes.today)
    for number in range(5):
        factories.enrolment(more, factories.worker(f"学员{number}", w.SUMMER), w.SUMMER)
    client.get(reverse("training"))
    with django_assert_max_num_queries(12):
        assert len(client.get(reverse("training"), {"show": show}).context["page"]) > 3


@pytest.mark.parametrize("query", [{}, {"on": "last"}, {"year": "2025"}])
@pytest.mark.parametrize("place", [w.CITY, w.DISTRICT, w.STREET])
def test_every_number_of_the_rotation_leads_to_the_people_it_counts(classes, login, place, query):
    old = factories.training_class(w.DISTRICT, date(2025, 5, 5))
    factories.enrolment(old, classes.people["孙夏"], w.SUMMER)
    client = login(classes.users.city)
    asked = {
        key: (today() - timedelta(days=20)).isoformat() if value == "last" else value for key, value in query.items()
    }
    page = client.get(reverse("training_rotation"), {"place": place, **asked})
    found = links_of(page, "/indicators/")
    assert len(found) >= 6
    assert [(url, number) for url, number in found if number != counted(client, url)] == []
    assert _bare(page) <= {"0", *(str(number) for number in _shares(page))}


def _shares(page) -> set:
    """Cut off and not rounded, as the page has them; the list says the figure's own share."""
    rotations = [row["place"].rotation for row in page.context["rows"]] + [page.context["whole"]]
    return {formats.number(one.share, 1) for one in rotations if one and one.share is not None}

"""Grids and their teams: one person once, never a head by a grid post alone; teams, counts, and the page."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.core.lib.identity import synthetic
from tests import factories
from tests import world as w
from tests.pages.reading import rows_of, text_of
from workforce.actions import grids
from workforce.actions.people import end_post
from workforce.actions.tallies import recount
from workforce.indicators.grids import GRIDS
from workforce.models import Grid, GridPost, Person
from workforce.queries.grids import teams
from workforce.queries.lines import lines_under
from workforce.queries.staffing import staffing_of

NUMBER = synthetic(date(1985, 5, 5), 902)


def newcomer(name="网一", number=NUMBER) -> dict:
    return {"name": name, "id_number": number, "sex": "female", "birth_date": date(1985, 5, 5), "phone": None}


def post(world, **fields) -> dict:
    return {"role": "full_time", "valid_from": world.today, "valid_to": None, "by": world.users.street, **fields}


def test_person_with_a_grid_post_alone_is_no_head_and_seen_in_the_territory(world):
    before = staffing_of(w.CITY, world.today).workers
    made = grids.enter_grid_worker(grid=factories.grid(w.SUMMER), person=newcomer(), **post(world))
    assert staffing_of(w.CITY, world.today).workers == before
    people = Person.objects.filter(pk=made.person_id)
    assert people.for_user(world.users.street, "roster.view").exists()
    assert not people.for_user(world.users.neighbour, "roster.view").exists()


def test_known_number_is_the_same_person(world):
    known = world.people["孙夏"]
    fields = newcomer("孙夏", str(known.id_number))
    made = grids.enter_grid_worker(grid=factories.grid(w.SUMMER), person=fields, **post(world))
    assert (made.person_id, Person.objects.filter(name="孙夏").count()) == (known.pk, 1)
    assert Person.objects.get(pk=known.pk).version == 2


@pytest.mark.parametrize(
    ("name", "bearer", "key", "sentence"),
    [
        ("孙下", "孙夏", "name", "该身份证号在名册中登记的姓名是“孙夏”，请核对。"),
        ("周秋", "周秋", "id_number", "此人在另一街道任职，可提出调入申请。"),
    ],
)
def test_number_of_somebody_else_is_refused(world, name, bearer, key, sentence):
    fields = newcomer(name, str(world.people[bearer].id_number))
    with pytest.raises(ValidationError) as caught:
        grids.enter_grid_worker(grid=factories.grid(w.SUMMER), person=fields, **post(world))
    assert caught.value.message_dict == {key: [sentence]}


def test_street_gives_no_grid_post_to_somebody_who_now_serves_in_another(world):
    """孙夏 went from 一号街道 to 二号街道; the former street may still tell of what is over."""
    person, grid, by = world.people["孙夏"], factories.grid(w.SUMMER), world.users.street
    ended = factories.grid_post(person, grid, valid_from=date(2024, 3, 1), valid_to=date(2025, 1, 1))
    last = world.today - timedelta(days=20)
    end_post(appointment=person.appointments.get(), version=1, last_day=last, by=by)
    factories.appointment(person, w.AUTUMN, valid_from=world.today - timedelta(days=19))
    fields = newcomer("孙夏", str(person.id_number))
    attempts = [
        lambda: grids.add_grid_post(grid=grid, person=person, version=2, **post(world)),
        lambda: grids.enter_grid_worker(grid=grid, person=fields, **post(world)),
        lambda: grids.change_grid_post(record=ended, version=2, valid_to=None, by=by),
    ]
    for attempt in attempts:
        with pytest.raises(ValidationError, match="此人在另一街道任职，可提出调入申请。"):
            attempt()
    assert list(person.grid_posts.all()) == [ended]
    grids.change_grid_post(record=ended, version=2, valid_to=date(2025, 2, 1), by=by)
    past = post(world, valid_from=date(2025, 3, 1), valid_to=date(2025, 6, 1))
    assert grids.add_grid_post(grid=grid, person=person, version=3, **past).pk


def test_same_role_twice_and_a_post_before_the_grid_are_refused(world):
    grid, person = factories.grid(w.SUMMER), world.people["孙夏"]
    grids.add_grid_post(grid=grid, person=person, version=1, **post(world))
    with pytest.raises(ValidationError, match="此人在这个网格已担任同一职务"):
        grids.add_grid_post(grid=grid, person=person, version=2, **post(world))
    with pytest.raises(ValidationError, match="网格于 2024-01-01 设立"):
        grids.add_grid_post(grid=grid, person=person, version=2, **post(world, valid_from=date(2023, 1, 1)))


def test_grid_ends_with_its_team_and_its_name_is_free_again(world):
    grid = factories.grid(w.SUMMER)
    made = factories.grid_post(world.people["孙夏"], grid)
    yesterday = world.today - timedelta(days=1)
    grids.end_grid(grid=grid, last_day=yesterday, by=world.users.street)
    made.refresh_from_db()
    assert (grid.valid_to, made.valid_to) == (world.today, world.today)
    fields = {"households": None, "micro_grids": None, "valid_from": world.today, "valid_to": None}
    grids.add_grid(division=world.divisions[w.SUMMER], name="第一网格", by=world.users.street, **fields)
    with pytest.raises(ValidationError) as caught:
        grids.add_grid(division=world.divisions[w.SUMMER], name="第一网格", by=world.users.street, **fields)
    assert caught.value.message_dict == {"name": ["这个社区已有同名的网格。请改用其他名称，或先撤销原来的网格。"]}


def test_grid_with_somebody_who_begins_later_cannot_end_before(world):
    grid = factories.grid(w.SUMMER)
    factories.grid_post(world.people["孙夏"], grid, valid_from=world.today + timedelta(days=5))
    with pytest.raises(ValidationError, match="这个网格有人在该日期之后才任职"):
        grids.end_grid(grid=grid, last_day=world.today, by=world.users.street)


def test_grid_post_is_corrected_ended_and_taken_back(world):
    grid = factories.grid(w.SUMMER)
    made, by = factories.grid_post(world.people["孙夏"], grid), world.users.street
    grids.change_grid_post(record=made, version=1, role="chief", by=by)
    grids.end_grid_post(record=made, version=2, last_day=world.today, by=by)
    assert (made.role, made.valid_to) == ("chief", world.today + timedelta(days=1))
    grids.take_back_grid_post(record=made, version=3, by=by)
    assert GridPost.objects.in_force(world.today).count() == 0
    assert grids.change_grid(grid=grid, name="甲网格", by=by).name == "甲网格"


def test_team_tells_what_it_lacks_and_who_is_a_community_worker_too(world):
    grid, worker = factories.grid(w.SUMMER), world.people["孙夏"]
    factories.grid_post(worker, grid, "chief")
    factories.grid_post(factories.person("网二"), grid, "part_time")
    (team,) = teams(world.users.street, w.SUMMER, world.today)
    assert team.missing == {"full_time": 1, "instructor": 1}
    assert team.also_workers == {worker.pk}
    assert teams(world.users.neighbour, w.SUMMER, world.today) == []


def test_counts_of_a_street_count_a_person_once_per_role_and_community(world):
    chief = world.people["孙夏"]
    for code, name in ((w.SUMMER, "第一网格"), (w.SUMMER, "第二网格"), (w.SPRING, "第一网格")):
        factories.grid_post(chief, factories.grid(code, name), "chief")
    factories.grid_post(factories.person("网三"), Grid.objects.first(), "instructor")
    recount()
    line, _below = lines_under(world.divisions[w.STREET], world.today, GRIDS)
    counted = [line.count(key) for key in ("grids", "micro_grids", "grid_chiefs", "grid_instructors")]
    assert counted == [3, 15, 2, 1]
    lacking = [line.count(f"grids_without_{role}") for role in ("chief", "full_time", "instructor")]
    assert lacking == [0, 3, 2]
    empty, _below = lines_under(world.divisions[w.NEIGHBOUR], world.today, GRIDS)
    assert (empty.count("grids"), empty.figures["micro_grids_per_grid"].value) == (0, None)


def test_taizhou_ratios(world):
    line, _below = lines_under(world.divisions[w.CITY], world.today, GRIDS)
    found = {"micro_grids_per_grid": 43_011, "grid_full_time_per_grid": 8_039}
    figures = [line.figures[key]._replace(numerator=number, denominator=7_734) for key, number in found.items()]
    assert [figure.value for figure in figures] == [Decimal("5.56"), Decimal("1.04")]


# Pages ---------------------------------------------------------------------------------------------------------------


def test_street_sets_up_a_grid_and_its_team(world, login):
    client = login(world.users.street)
    new = {"name": "第一网格", "households": "300", "micro_grids": "4", "valid_from": "2026-01-01"}
    response = client.post(reverse("grid_new", args=[w.SUMMER]), new)
    assert (response.status_code, response["Location"]) == (302, reverse("grids", args=[w.SUMMER]))
    grid = Grid.objects.get()
    page = reverse("gridpost_new", args=[grid.pk])
    chosen = {"role": "chief", "person": str(world.people["孙夏"].pk), "valid_from": "2026-01-01"}
    assert client.post(page, chosen).status_code == 302
    entered = {"role": "full_time", "name": "网一", "id_number": NUMBER, "valid_from": "2026-01-01"}
    assert client.post(page, entered).status_code == 302
    text = text_of(client.get(reverse("grids", args=[w.SUMMER])))
    for words in (
        "网格 1 个，微网格 4 个；网格长 1 人，专职网格员 1 人，网格指导员 0 人",
        "缺网格指导员 1 人",
        "社区工作者兼任",
    ):
        assert words in text
    only = GridPost.objects.get(role="full_time").person
    text = client.get(reverse("worker", args=[only.pk])).content.decode()
    assert "网格员，不计入社区工作者" in text
    assert client.post(reverse("worker_reveal", args=[only.pk]), {"reason": "核对社保"}).status_code == 200


def test_form_asks_for_one_of_list_and_number(world, login):
    client, grid = login(world.users.street), factories.grid(w.SUMMER)
    page = reverse("gridpost_new", args=[grid.pk])
    neither = client.post(page, {"role": "chief", "valid_from": "2026-01-01"})
    assert set(neither.context["form"].errors) == {"name", "id_number"}
    both = {"role": "chief", "person": str(world.people["孙夏"].pk), "name": "网一", "id_number": NUMBER}
    assert set(client.post(page, {**both, "valid_from": "2026-01-01"}).context["form"].errors) == {"person"}


def test_district_sees_counts_by_street_and_each_leads_on(world, login):
    factories.grid(w.SUMMER)
    recount()
    response = login(world.users.district).get(reverse("grids", args=[w.DISTRICT]))
    assert [row[:2] for row in rows_of(response)] == [["一号街道", "1"], ["二号街道", "0"]]
    assert reverse("grids", args=[w.STREET]) in response.content.decode()


def test_grid_is_ended_and_corrected_by_form(world, login):
    client, grid = login(world.users.street), factories.grid(w.SUMMER)
    factories.grid_post(world.people["孙夏"], grid)
    edit = {"name": "甲网格", "valid_from": "2024-01-01"}
    assert client.post(reverse("grid_edit", args=[grid.pk]), edit).status_code == 302
    assert "专职网格员 孙夏" in client.get(reverse("grid_end", args=[grid.pk])).content.decode()
    assert client.post(reverse("grid_end", args=[grid.pk]), {"last_day": world.today.isoformat()}).status_code == 302
    grid.refresh_from_db()
    assert (grid.name, grid.valid_to) == ("甲网格", world.today + timedelta(days=1))

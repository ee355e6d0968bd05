"""Allotted heads on pages and by REST: the rows with every engine, the part of the dashboard, the way from a community."""

import pytest
from django.urls import reverse

from portal.core.indicators.counting import Scope
from portal.core.policy.kinds import ALLOTMENT, ELIGIBILITY, POPULATION_BASIS
from tests import factories
from tests import world as w
from tests.workforce.test_allotment_queries import FOUR_PLUS_N, rule
from workforce.actions.rules import counting
from workforce.actions.tallies import recount
from workforce.counters.allotment import BOOK

pytestmark = pytest.mark.django_db


@pytest.fixture
def ruled(world):
    rule("staffing.allotment", FOUR_PLUS_N, division=w.STREET)
    rule("staffing.cap", {"heads": 6}, division=w.SPRING)
    factories.population(w.UNKNOWN, 900, world.today)
    recount()
    return world


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_rows_tell_what_every_engine_gives_and_which_binds(ruled, login):
    page = text(
        login(ruled.users.street).get(
            reverse("indicator_rows", args=["allotted"]), {"place": w.STREET, "part": "numerator"}
        )
    )
    for heading in ("人口标准", "户数（4+N）", "户数分档", "应配职数"):
        assert heading in page
    assert "人数上限" in page
    assert "春风社区" in page and "夏雨社区" in page


def test_rows_end_at_the_wall(ruled, login):
    address = reverse("indicator_rows", args=["allotted"])
    assert login(ruled.users.neighbour).get(address, {"place": w.STREET, "part": "numerator"}).status_code == 404


def test_dashboard_has_the_engines_in_force_only(ruled, login):
    page = text(login(ruled.users.city).get(reverse("division_panel", args=[w.DISTRICT, "allotment"])))
    assert "按 4+N 应配" in page and "按户数分档应配" not in page
    assert "16 人" in page  # 6 by the cap, 5 by 4+N, 3 and 2 by the ratio in the other street
    far = text(login(ruled.users.outsider).get(reverse("division_panel", args=["970101", "allotment"])))
    assert "没有生效的配备办法" in far


def test_community_leads_to_the_figure(ruled, login):
    page = text(login(ruled.users.street).get(reverse("division", args=[w.SPRING])))
    assert f"{reverse('indicator', args=['allotted'])}?place={w.SPRING}" in page


def test_tallies_take_heads_from_the_roster_and_do_not_count_them_again():
    kept, afresh = (one.counts(Scope.EVERYWHERE) for one in (BOOK.of_the_day, BOOK))
    assert "workforce_appointment" not in kept and "workforce_tally" in kept
    assert "workforce_appointment" in afresh and "workforce_tally" not in afresh
    assert {ALLOTMENT.key, POPULATION_BASIS.key} < counting(BOOK)
    assert ELIGIBILITY.key not in counting(BOOK)

"""The wall: an officer of another department sees the cases of its units and no others, on every page and in REST."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.core.accounts.roles import Perm, Scope
from portal.core.indicators.rolling import recount
from portal.core.lib.clock import today
from proposals.models import Commitment, Handling, Proposal
from tests.api.conftest import new_token
from tests.proposals import cases

TODAY = today()
pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def who():
    return cases.people()


@pytest.fixture
def mine(who):
    """A case in which the officer's unit gives an opinion."""
    proposal = cases.proposal("0023", "关于增加公益性岗位的提案")
    cases.handling(proposal, cases.unit("区民政局"))
    cases.handling(proposal, cases.unit("区人社局", cases.w.DISTRICT, who.co_officer), "co")
    return proposal


@pytest.fixture
def other(who):
    """A case of the same place in which it has no part."""
    proposal = cases.proposal("0024", "关于完善养老驿站的提案")
    cases.handling(proposal, cases.unit("区民政局"))
    return proposal


def seen(user):
    return set(Proposal.objects.for_user(user, Perm.VIEW_PROPOSALS).values_list("number", flat=True))


def test_an_officer_sees_the_cases_of_its_units_and_the_office_all(who, mine, other):
    assert seen(who.co_officer) == {"0023"}
    assert seen(who.lead_officer) == set()
    assert seen(who.office) == {"0023", "0024"}
    assert set(Handling.objects.for_user(who.co_officer, Perm.VIEW_PROPOSALS).values_list("proposal__number", flat=True)) == {"0023"}  # fmt: skip


@pytest.mark.parametrize("stage", ["returned", "withdrawn"])
def test_a_unit_that_gave_a_case_back_sees_it_no_longer(who, mine, login, stage):
    Handling.objects.filter(proposal=mine, role="co").update(stage=stage, return_reason="x")
    assert seen(who.co_officer) == set()
    assert login(who.co_officer).get(reverse("proposal", args=[mine.pk])).status_code == 404


def test_an_officer_who_lost_the_seat_sees_nothing(who, mine):
    who.co_officer.seats.all().delete()
    assert seen(who.co_officer) == set()


def test_a_seat_without_the_role_opens_nothing(mine):
    clerk = cases.user("clerk", "street", cases.w.STREET)
    cases.unit("区人社局", cases.w.DISTRICT, clerk)
    assert seen(clerk) == set()


def test_an_office_sees_its_own_place_and_a_city_those_below(who, mine):
    assert seen(cases.user("westerner", "district", "960102")) == set()
    assert seen(cases.user("city_office", "city", cases.w.CITY)) == {"0023"}


def test_a_foreign_case_answers_like_one_that_does_not_exist(who, mine, other, login):
    officer = login(who.co_officer)
    assert officer.get(reverse("proposal", args=[mine.pk])).status_code == 200
    part = other.handlings.get()
    for url in (
        reverse("proposal", args=[other.pk]),
        reverse("proposal", args=[999_999_999]),
        reverse("handling_step", args=[part.pk, "contact"]),
        reverse("handling_step", args=[999_999_999, "contact"]),
    ):
        assert officer.get(url).status_code == 404
        assert officer.post(url, {"version": part.version}).status_code in (404, 405)


def test_who_takes_part_does_not_act_for_another_unit_of_the_case(who, mine, login):
    lead = mine.handlings.get(role="lead")
    url = reverse("handling_step", args=[lead.pk, "contact"])
    assert login(who.co_officer).get(url).status_code == 404


def test_list_counts_search_and_export_stop_at_the_wall(who, mine, other, login):
    officer = login(who.co_officer)
    page = officer.get(reverse("proposals")).content.decode()
    assert "0023" in page
    assert "养老驿站" not in page
    found = officer.get(reverse("proposals"), {"q": "养老驿站"}).content.decode()
    assert "关于完善养老驿站的提案" not in found
    taken = officer.get(reverse("export", args=["proposals", "csv"])).getvalue().decode("utf-8-sig")
    assert "0023" in taken
    assert "养老驿站" not in taken
    board = officer.get(reverse("proposal_board")).content.decode()
    assert "养老驿站" not in board


def test_rest_stops_at_the_wall(who, mine, other):
    secret = new_token(who.co_officer, Scope.PROPOSALS_READ)
    client = Client(headers={"authorization": f"Bearer {secret}"})
    assert [row["number"] for row in client.get("/api/v1/proposals/").json()["results"]] == ["0023"]
    assert client.get(f"/api/v1/proposals/{mine.pk}/").status_code == 200
    assert client.get(f"/api/v1/proposals/{other.pk}/").status_code == 404
    assert client.get("/api/v1/proposals/", {"search": "养老驿站"}).json()["results"] == []


def test_promises_of_foreign_cases_stay_unseen(who, mine, other):
    made = {"division_id": cases.w.DISTRICT, "year": TODAY.year, "text": "x", "owner": "x", "due_on": TODAY,
            "first_result": "B", "result": "B", "entered_by": who.office}  # fmt: skip
    for proposal in (mine, other):
        part = proposal.handlings.exclude(role="co").get()
        Commitment.objects.create(handling=part, unit=part.unit, **made)
    assert Commitment.objects.for_user(who.co_officer, Perm.VIEW_PROPOSALS).count() == 1
    assert Commitment.objects.for_user(who.office, Perm.VIEW_PROPOSALS).count() == 2


def test_the_office_pages_are_closed_to_officers_of_other_departments(who, mine, login):
    officer = login(who.co_officer)
    assert officer.get(reverse("proposal_assign", args=[mine.pk])).status_code == 403
    assert officer.get(reverse("proposal_withdraw", args=[mine.pk])).status_code == 403


def test_streets_have_nothing_of_proposals(login):
    clerk = cases.user("clerk", "street", cases.w.STREET)
    assert login(clerk).get(reverse("proposals")).status_code == 403


def test_rows_behind_a_figure_stop_at_the_wall(who, mine, other, login):
    recount()
    for key in ("proposals", "proposals_filed"):
        page = login(who.co_officer).get(reverse("indicator_rows", args=[key]), {"place": cases.w.DISTRICT})
        assert "养老驿站" not in page.content.decode()
    page = login(who.office).get(reverse("indicator_rows", args=["proposals"]), {"place": cases.w.DISTRICT})
    assert "养老驿站" in page.content.decode()

"""What waits for whom on the first page: the unit's steps, the office's decisions, the leader's signature."""

import pytest
from django.urls import reverse

from portal.core.lib.clock import today
from proposals.queries.handling_duties import duties
from tests.proposals import cases

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def who():
    return cases.people()


def lines(user):
    return {str(duty.label): duty.count for duty in duties(user)}


def test_an_officer_is_told_of_its_own_unit_alone(who):
    unit = cases.unit("区人社局", cases.w.DISTRICT, who.co_officer)
    one = cases.proposal()
    cases.handling(one)
    cases.handling(one, unit, "co", due_on=today(), due_kind="opinion")
    (duty,) = duties(who.co_officer)
    assert (str(duty.label), duty.count, duty.due_on) == ("会办意见待提出", 1, today())
    assert duty.url == reverse("proposal", args=[one.pk])
    cases.handling(cases.proposal("0024"), unit, "co")
    (duty,) = duties(who.co_officer)
    assert (duty.count, duty.url) == (2, reverse("proposal_board"))


def test_the_office_is_told_of_what_it_decides(who):
    cases.proposal("0001", state="received", filed_on=None)
    cases.proposal("0002")
    cases.handling(cases.proposal("0003"), stage="return_requested", return_reason="x")
    cases.handling(cases.proposal("0004"), stage="publication")
    part = cases.handling(cases.proposal("0005"))
    part.extensions.create(months=6, reason="x", told_on=today(), asked_on=today(), asked_by=who.drafter)
    assert lines(who.office) == {
        "提案待审查": 1, "提案待交办": 1, "退办申请待决定": 1, "提案答复待公开审查": 1, "延期申请待审批": 1,
    }  # fmt: skip
    assert "延期申请待审批" not in lines(who.drafter)
    assert lines(cases.user("city_office", "city", cases.w.CITY)) == {}


def test_nobody_is_told_to_check_what_they_wrote(who):
    cases.handling(cases.proposal(), stage="signature", drafted_by=who.drafter, checked_by=who.checker)
    assert lines(who.drafter) == lines(who.checker) == {}
    assert lines(who.leader) == {"提案答复待签发": 1}


def test_today_shows_them(who, login):
    cases.proposal("0001", state="received", filed_on=None)
    assert "提案待审查" in login(who.office).get(reverse("today")).content.decode()

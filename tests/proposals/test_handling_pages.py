"""The case page and the forms of its steps, as the people of a case go through them."""

import pytest
from django.urls import reverse

from portal.core.lib.clock import today
from proposals.models import Handling, Proposal, Reply
from tests.proposals import cases

TODAY = today()
pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def who():
    return cases.people()


@pytest.fixture
def units(who):
    cases.unit("区人社局", cases.w.DISTRICT, who.co_officer)
    return {"lead": cases.unit("区民政局"), "co": cases.unit("区人社局")}


def text_of(client, proposal):
    response = client.get(reverse("proposal", args=[proposal.pk]))
    assert response.status_code == 200
    return response.content.decode()


def press(client, part, key, **fields):
    """The form of a step as its page gives it, sent with what the person fills in."""
    part.refresh_from_db()
    url = reverse("handling_step", args=[part.pk, key])
    assert client.get(url).status_code == 200
    return client.post(url, {"version": part.version, **fields})


def test_a_case_from_filing_to_signature_through_its_pages(who, units, login):
    proposal = cases.proposal()
    office, drafter, co = login(who.office), login(who.drafter), login(who.co_officer)
    assert "还没有交办" in text_of(office, proposal)
    given = {"version": 1, "way": "lead", "lead": units["lead"].pk, "units": [units["co"].pk], "assigned_on": TODAY}
    assert office.post(reverse("proposal_assign", args=[proposal.pk]), given).status_code == 302
    lead, other = Handling.objects.order_by("role").reverse()
    assert (lead.role, other.role) == ("lead", "co")
    page = text_of(co, proposal)
    assert "由区人社局签收" in page
    assert page.count("签收<span") == 1  # its own part, not the lead's
    assert press(drafter, lead, "sign_for", on=TODAY, section="基政科", officer="科员甲").status_code == 302
    assert press(co, other, "sign_for", on=TODAY, section="就业科", officer="科员乙").status_code == 302
    talk = {"when": "during", "mode": "visit", "on": TODAY, "people": "甲委员", "words": "当面听取意见"}
    assert press(drafter, lead, "contact", **talk).status_code == 302
    Reply.objects.create(handling=lead, title="x", addressee="x", opening="x", drafted_by=who.drafter)
    page = text_of(drafter, proposal)
    assert "区人社局会办" in page
    assert "还缺" in page
    refused = press(drafter, lead, "submit_draft")
    assert refused.status_code == 422
    assert "还缺会办意见：区人社局" in refused.content.decode()
    assert press(co, other, "give_opinion", words="建议增编十名").status_code == 302
    assert "建议增编十名" in text_of(drafter, proposal)
    assert press(drafter, lead, "submit_draft").status_code == 302
    assert "您参与过本次答复" in text_of(drafter, proposal)
    assert press(login(who.checker), lead, "pass_office").status_code == 302
    assert press(login(who.supervisor), lead, "pass_supervision").status_code == 302
    page = text_of(login(who.leader), proposal)
    assert "待签发" in page
    assert "checker" in page


def test_a_form_that_saw_an_older_state_says_so_and_then_counts_as_seen(who, units, login):
    part = cases.handling(cases.proposal(), units["lead"], stage="office_check", drafted_by=who.drafter)
    Handling.objects.filter(pk=part.pk).update(version=5)
    url = reverse("handling_step", args=[part.pk, "pass_office"])
    answer = login(who.checker).post(url, {"version": 1})
    assert answer.status_code == 422
    assert "刚被其他人办理过" in answer.content.decode()
    assert 'value="5"' in answer.content.decode()
    assert login(who.checker).post(url, {"version": 5}).status_code == 302


def test_a_step_that_is_no_longer_open_leads_back_with_a_sentence(who, units, login):
    part = cases.handling(cases.proposal(), units["lead"], stage="sent", replied_on=TODAY)
    answer = login(who.checker).get(reverse("handling_step", args=[part.pk, "sign_for"]), follow=True)
    assert "现处于“征询意见”" in answer.content.decode()
    assert login(who.checker).get(reverse("handling_step", args=[part.pk, "nonsense"])).status_code == 404


def test_a_return_is_asked_refused_and_told_on_the_page(who, units, login):
    part = cases.handling(cases.proposal(), units["lead"], stage="assigned", signed_for_on=None)
    drafter, office = login(who.drafter), login(who.office)
    assert press(drafter, part, "request_return").status_code == 422
    assert press(drafter, part, "request_return", words="不属于本单位职责").status_code == 302
    page = text_of(office, part.proposal)
    assert "退办理由：不属于本单位职责" in page
    assert press(office, part, "refuse_return", words="属于三定职责").status_code == 302
    page = text_of(office, part.proposal)
    assert "不同意退办：属于三定职责" in page
    assert "区民政局：申请退办 → 申请退办" in page


def test_a_return_is_no_longer_offered_once_its_time_is_over(who, units, login):
    part = cases.handling(cases.proposal(), units["lead"], stage="assigned", signed_for_on=None)
    assert "/request_return/" in text_of(login(who.drafter), part.proposal)
    part.deadlines.create(
        division_id=part.division_id, kind="return", starts_on=cases.ASSIGNED, working_days=7,
        unrolled_on=cases.ASSIGNED, due_on=cases.ASSIGNED,
    )  # fmt: skip
    assert "/request_return/" not in text_of(login(who.drafter), part.proposal)


def test_extension_and_suspension_go_through_their_forms(who, units, login):
    office, supervisor = login(who.office), login(who.supervisor)
    proposal = cases.proposal()
    given = {"version": 1, "way": "lead", "lead": units["lead"].pk, "assigned_on": TODAY}
    office.post(reverse("proposal_assign", args=[proposal.pk]), given)
    part = Handling.objects.get()
    asked = {"months": 6, "reason": "情况复杂", "told_on": TODAY}
    assert press(office, part, "extension", **asked).status_code == 302
    url = reverse("extension_decide", args=[part.extensions.get().pk])
    assert url in text_of(supervisor, proposal)
    part.refresh_from_db()
    assert office.post(url, {"version": part.version, "agreed": "yes"}).status_code == 422
    assert supervisor.post(url, {"version": part.version, "agreed": "yes"}).status_code == 302
    assert "答复期限由" in text_of(office, proposal)
    stop = {"starts_on": TODAY, "reason": "等待上级文件", "consent": "电话同意"}
    assert press(office, part, "suspend", **stop).status_code == 302
    assert "计时已中止" in text_of(office, proposal)
    assert press(office, part, "resume", ends_on=TODAY).status_code == 302


def test_a_talk_is_taken_back_by_its_button(who, units, login):
    part = cases.handling(cases.proposal(), units["lead"])
    drafter = login(who.drafter)
    talk = {"when": "during", "mode": "visit", "on": TODAY, "people": "甲委员", "words": "误登一条"}
    press(drafter, part, "contact", **talk)
    part.refresh_from_db()
    assert "误登一条" in text_of(drafter, part.proposal)
    url = reverse("contact_take_back", args=[part.contacts.get().pk])
    assert drafter.post(url, {"version": part.version}).status_code == 302
    assert "误登一条" not in text_of(drafter, part.proposal)


def test_beside_a_lead_only_co_handlers_are_offered(who, units, login):
    lead = cases.handling(cases.proposal(), units["lead"])
    page = login(who.office).get(reverse("proposal_assign", args=[lead.proposal_id])).content.decode()
    assert "增加的会办单位" in page
    assert 'name="lead"' not in page


def test_separate_handlers_are_at_least_two(who, units, login):
    proposal, office = cases.proposal(), login(who.office)
    url = reverse("proposal_assign", args=[proposal.pk])
    given = {"version": 1, "way": "separate", "units": [units["lead"].pk], "assigned_on": TODAY}
    assert "至少要有两个单位" in office.post(url, given).content.decode()
    given["units"] = [units["lead"].pk, units["co"].pk]
    assert office.post(url, given).status_code == 302
    assert set(Handling.objects.values_list("role", flat=True)) == {"separate"}


def test_a_withdrawn_case_says_so_and_offers_nothing(who, units, login):
    part = cases.handling(cases.proposal(), units["lead"])
    proposal = Proposal.objects.get(pk=part.proposal_id)
    office = login(who.office)
    url = reverse("proposal_withdraw", args=[proposal.pk])
    assert office.post(url, {"version": proposal.version, "reason": ""}).status_code == 422
    assert office.post(url, {"version": proposal.version, "reason": "提案者申请撤回"}).status_code == 302
    page = text_of(office, proposal)
    assert "交办已收回" in page
    assert "handling_step" not in page


def test_a_past_day_offers_no_step(who, units, login):
    part = cases.handling(cases.proposal(), units["lead"], stage="assigned", signed_for_on=None)
    url = reverse("proposal", args=[part.proposal_id])
    assert "/parts/" not in login(who.drafter).get(url, {"on": "2026-06-30"}).content.decode()
    assert "/parts/" in login(who.drafter).get(url).content.decode()


def test_the_page_of_a_case_asks_few_queries(who, units, login, django_assert_max_num_queries):
    proposal = cases.proposal()
    cases.handling(proposal, units["lead"])
    cases.handling(proposal, units["co"], "co")
    for short in ("区财政局", "区卫健委", "区教育局"):
        cases.handling(proposal, cases.unit(short), "co")
    client = login(who.office)
    client.get(reverse("proposal", args=[proposal.pk]))
    with django_assert_max_num_queries(45):
        client.get(reverse("proposal", args=[proposal.pk]))

"""REST of issued letters: the file by format or Accept, with its ETag, inside the wall."""

import pytest

from portal.core.accounts.roles import Scope
from proposals.actions.drafting import correct_reply
from proposals.models import Reply
from tests.api.conftest import refused
from tests.proposals import cases
from tests.proposals.test_signing import drafted, sign

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def reply(world):
    made = drafted(text="无指标。")
    sign(made)
    return Reply.objects.get(pk=made.pk)


@pytest.fixture
def office(world, api):
    return api(cases.user("office"), Scope.PROPOSALS_READ)


def url(reply) -> str:
    return f"/api/v1/proposals/{reply.handling.proposal_id}/reply/document/"


def test_letter_comes_as_pdf_or_word_by_format_or_accept(office, reply):
    asked = [
        office.get(url(reply)),
        office.get(url(reply), {"format": "docx"}),
        office.get(url(reply), headers={"accept": DOCX}),
    ]
    found = [(one.status_code, one["Content-Type"], one.content[:4]) for one in asked]
    assert found == [(200, "application/pdf", b"%PDF"), (200, DOCX, b"PK\x03\x04"), (200, DOCX, b"PK\x03\x04")]
    assert "filename*=utf-8''" in asked[0]["Content-Disposition"]
    assert office.get(url(reply)).content == asked[0].content


def test_copy_that_is_still_true_is_answered_304(office, reply):
    tag = office.get(url(reply))["ETag"]
    assert office.get(url(reply), headers={"if-none-match": tag}).status_code == 304
    assert office.get(url(reply), {"format": "docx"}, headers={"if-none-match": tag}).status_code == 200


def test_format_that_is_none_and_format_that_accept_excludes(office, reply):
    refused(office.get(url(reply), {"format": "doc"}), 400, "invalid-parameter")
    refused(office.get(url(reply), {"format": "pdf"}, headers={"accept": DOCX}), 406, "not-acceptable")


def test_drafts_and_letters_of_others_do_not_exist(world, api, office, reply):
    draft = drafted("0099", text="草稿。")
    refused(office.get(url(draft)), 404, "not-found")
    refused(api(cases.user("stranger", "handler"), Scope.PROPOSALS_READ).get(url(reply)), 404, "not-found")
    refused(office.get(url(reply), {"unit": cases.unit("区财政局").pk}), 404, "not-found")
    refused(office.get(url(reply), {"kind": "implementation"}), 404, "not-found")
    refused(api(cases.user("office"), Scope.STATS_READ).get(url(reply)), 403, "missing-scope")


def test_correction_takes_the_place_of_what_it_corrects(office, reply):
    first = office.get(url(reply))["ETag"]
    made = correct_reply(reply=reply, reason="人数有误", by=cases.user("lead_officer"))
    assert office.get(url(reply))["ETag"] == first
    sign(made)
    assert office.get(url(reply))["ETag"] != first

"""Feedback: the link that works once, paper typed in, what dissatisfied and unanswered lead to, both rates."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.core.audit.models import AuditEvent
from portal.core.lib.clock import today
from portal.core.lib.logs import masked
from proposals.actions.feedback import LinkOver, enter_paper, return_feedback
from proposals.actions.sending import send_reply
from proposals.actions.steps import take_proposal_step
from proposals.models import Deadline, Feedback, StageMove
from proposals.queries.feedback import by_class, by_unit, lines
from proposals.satisfaction import Returns, percent, returns, verdict
from tests.proposals import answered, cases
from tests.together import together
from tests.world import run_command

ANSWERS = {"attitude": "satisfied", "result": "basic"}


def _url(link) -> str:
    return reverse("feedback_form", args=[link.token])


def _give(link, **fields):
    return return_feedback(token=link.token, **(ANSWERS | fields), by=None)


def test_percentages_of_the_sources():
    """Domain 2.2: shares are rounded by themselves and need not add up to 100."""
    assert [percent(n, 92) for n in (22, 68, 2)] == [Decimal("23.91"), Decimal("73.91"), Decimal("2.17")]
    assert [percent(n, 2276, 1) for n in (1882, 369, 25)] == [Decimal("82.7"), Decimal("16.2"), Decimal("1.1")]
    assert [percent(n, 1450, 1) for n in (1332, 108, 10)] == [Decimal("91.9"), Decimal("7.4"), Decimal("0.7")]
    assert percent(0, 0) is None
    with pytest.raises(ValueError, match="no part"):
        percent(3, 2)


def test_both_formulas_leave_out_what_did_not_come_back():
    made = returns(["satisfied", "satisfied", "basic", "dissatisfied", "", ""])
    assert made == Returns(6, 2, 1, 1)
    assert (made.returned, made.unreturned) == (4, 2)
    rates = (made.content_rate, made.satisfied_rate, made.return_rate)
    assert rates == (Decimal("75.00"), Decimal("50.00"), Decimal("66.67"))
    silent = returns(["", ""])
    assert (silent.content_rate, silent.satisfied_rate, silent.return_rate) == (None, None, Decimal(0))
    assert made + silent == Returns(8, 2, 1, 1)
    for wrong in (lambda: returns(["happy"]), lambda: Returns(1, 1, 1)):
        with pytest.raises(ValueError):
            wrong()


def test_what_a_round_of_forms_decides():
    assert verdict([]) == verdict(["satisfied", ""]) == ""
    assert verdict(["satisfied", "basic"]) == "satisfied"
    assert verdict(["dissatisfied", ""]) == "dissatisfied"


def test_link_is_opened_often_and_used_once(world):
    handling, (link,) = answered.sent()
    for _again in range(3):
        page = Client().get(_url(link))
        assert page.status_code == 200
    text = page.content.decode()
    assert "0023" in text and "关于加强社区工作者队伍建设的提案" in text and "东区民政局" in text
    response = Client().post(_url(link), {**ANSWERS, "contact_mode": "phone", "words": "很好"})
    assert (response.status_code, response["Location"]) == (302, reverse("feedback_received"))
    held = Feedback.objects.get()
    assert (held.attitude, held.result, held.contact_mode, held.words) == ("satisfied", "basic", "phone", "很好")
    assert held.returned_at is not None and held.entered_by is None
    handling.refresh_from_db()
    assert handling.stage == "publication"
    move = StageMove.objects.get(step="close_satisfied")
    assert (move.moved_by, move.words) == (None, "提案者反馈：甲一丁委员：基本满意")
    again = Client().post(_url(link), {**ANSWERS, "result": "dissatisfied"})
    assert again.status_code == 410 and "已经收到" in again.content.decode()
    assert Client().get(_url(link)).status_code == 410
    assert Feedback.objects.get().result == "basic"
    assert run_command("recount", "--verify").code == 0


def test_link_expires_and_lost_ones_do_not_exist(world):
    handling, (link,) = answered.sent(sent_on=today())
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        page = Client().get(_url(link))
        assert page.status_code == 410 and "已经过期" in page.content.decode()
        with pytest.raises(LinkOver):
            _give(link)
    assert Client().get(reverse("feedback_form", args=["A" * 43])).status_code == 404
    assert Feedback.objects.filter(returned_at__isnull=False).count() == 0


def test_page_gives_nothing_away(world):
    _handling, (link,) = answered.sent()
    page = Client().get(_url(link))
    assert (
        page["Referrer-Policy"] == "strict-origin"
        and 'name="referrer" content="strict-origin"' in page.content.decode()
    )
    assert page["X-Robots-Tag"] == "noindex" and "no-store" in page["Cache-Control"]
    assert page["X-Frame-Options"] == "DENY" and "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert "session" not in page.cookies
    assert not re.search(r'<script(?![^>]*src=)|style=|onclick|href="http', page.content.decode())
    line = masked(f"Forbidden (CSRF cookie not set.): {_url(link)}")
    assert link.token not in line and "/answers/***/" in line


def test_form_needs_its_token(world):
    _handling, (link,) = answered.sent()
    assert Client(enforce_csrf_checks=True).post(_url(link), ANSWERS).status_code == 403
    client = Client(enforce_csrf_checks=True)
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(_url(link)).content.decode())
    assert client.post(_url(link), {**ANSWERS, "csrfmiddlewaretoken": found[1]}).status_code == 302


@pytest.mark.parametrize(
    "fields",
    [
        {"attitude": ""},
        {"result": ""},
        {"result": "happy"},
        {"contact_mode": "x"},
        {"words": "长" * 1001},
        {"homepage": "x"},
    ],
)
def test_what_the_form_refuses(world, fields):
    _handling, (link,) = answered.sent()
    assert Client().post(_url(link), ANSWERS | fields).status_code == 422
    assert Feedback.objects.filter(returned_at__isnull=False).count() == 0


def test_dissatisfied_without_words_is_asked_why(world):
    _handling, (link,) = answered.sent()
    page = Client().post(_url(link), ANSWERS | {"result": "dissatisfied"})
    assert page.status_code == 422 and "请写明不满意的理由" in page.content.decode()


def test_trying_links_is_stopped_and_no_key_is_on_record(world, monkeypatch):
    monkeypatch.setattr("proposals.actions.feedback.PER_HOUR", 3)
    _handling, (link,) = answered.sent()
    wrong = [reverse("feedback_form", args=[f"{n}" * 43]) for n in range(4)]
    assert [Client().get(url).status_code for url in wrong] == [404, 404, 404, 429]
    refused = Client().get(_url(link))
    assert refused.status_code == 429 and 0 < int(refused["Retry-After"]) <= 3601
    events = AuditEvent.objects.filter(act="feedback_unknown_link")
    assert events.count() == 3 and set(events.values_list("subject", flat=True)) == {""}
    assert Client(REMOTE_ADDR="198.51.100.7").get(_url(link)).status_code == 200


def test_dissatisfied_opens_a_second_round_with_its_own_clock_then_a_consultation(world):
    handling, (link,) = answered.sent()
    _give(link, result="dissatisfied", words="没有答到要害")
    handling.refresh_from_db()
    assert (handling.stage, handling.round) == ("rehandling", 2)
    due = Deadline.objects.get(kind="rehandling")
    assert (due.round, due.starts_on, due.months, due.met_on) == (2, today(), 1, None)
    assert Deadline.objects.get(kind="feedback").met_on == today()
    assert Deadline.objects.get(kind="publication").dropped
    answered.signed(handling, answered.paper(dated=today()))
    handling.stage = "signed"
    handling.save()
    (second,) = send_reply(
        handling=handling, version=handling.version, sent_on=today(), mode="visit", by=cases.user("office")
    )
    assert Deadline.objects.get(kind="rehandling").met_on == today()
    _give(second, result="dissatisfied")
    handling.refresh_from_db()
    assert (handling.stage, handling.round) == ("consultation", 2)


def test_one_dissatisfied_signer_is_enough_and_the_others_are_still_heard(world):
    handling, (first, second, third) = answered.sent(("甲一丁", "乙二丁", "丙三丁"))
    _give(first)
    handling.refresh_from_db()
    assert handling.stage == "sent"
    _give(second, result="dissatisfied")
    handling.refresh_from_db()
    assert handling.stage == "rehandling"
    _give(third, result="satisfied")
    handling.refresh_from_db()
    assert (handling.stage, handling.round) == ("rehandling", 2)
    assert Feedback.objects.filter(returned_at__isnull=False).count() == 3


def test_unanswered_is_not_satisfied(world):
    handling, (link,) = answered.sent(sent_on=today() - timedelta(days=90))
    step = {"handling": handling, "version": handling.version, "step": "close_unanswered", "by": cases.user("office")}
    take_proposal_step(**step)
    handling.refresh_from_db()
    assert handling.stage == "publication"
    with pytest.raises(LinkOver):
        _give(link)
    with pytest.raises(ValidationError, match="已经办结"):
        enter_paper(feedback=link.feedback, on=today(), **ANSWERS, by=cases.user("office"))
    (line,) = lines(cases.user("office"))
    assert (line.name, line.result, line.returns) == ("区民政局", "A", Returns(asked=1))


def test_paper_is_typed_in_by_the_unit(world):
    handling, (link,) = answered.sent()
    people = cases.people()
    with pytest.raises(ValidationError, match="没有办理这一步的权限"):
        enter_paper(feedback=link.feedback, on=today(), **ANSWERS, by=people.lead_officer)
    cases.unit("区民政局", cases.w.DISTRICT, people.lead_officer)
    with pytest.raises(ValidationError, match="收回日期"):
        enter_paper(feedback=link.feedback, on=handling.sent_on - timedelta(days=1), **ANSWERS, by=people.lead_officer)
    made = enter_paper(feedback=link.feedback, on=handling.sent_on, **ANSWERS, by=people.lead_officer)
    assert made.entered_by == people.lead_officer
    assert timezone.localtime(made.returned_at).date() == handling.sent_on
    handling.refresh_from_db()
    assert handling.stage == "publication"
    with pytest.raises(LinkOver):
        _give(link)


def test_rates_by_unit_and_class_count_the_last_round(world):
    handling, (link,) = answered.sent()
    _give(link, result="dissatisfied")
    handling.refresh_from_db()
    second = Feedback.objects.create(
        handling=handling, proposer=link.feedback.proposer, round=2, token_hash="0" * 64, asked_on=today(),
        expires_on=today(), attitude="basic", result="satisfied", returned_at=timezone.now(),
    )  # fmt: skip
    other, (late,) = answered.sent(number="0024")
    other.result = "B"
    other.save()
    found = lines(cases.user("office"), year=2026)
    assert [(one.name, one.result, one.returns) for one in found] == [
        ("区民政局", "A", Returns(1, satisfied=1)), ("区民政局", "B", Returns(1)),
    ]  # fmt: skip
    assert [(one.name, one.returns) for one in by_unit(found)] == [("区民政局", Returns(2, satisfied=1))]
    assert [(one.result, one.returns) for one in by_class(found)] == [
        ("A", Returns(1, satisfied=1)), ("B", Returns(1)),
    ]  # fmt: skip
    assert lines(cases.user("office"), year=2020) == [] == lines(world.users.outsider)
    assert late.feedback.returned_at is None and second.pk


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_are_not_both_taken(world):
    handling, (link,) = answered.sent()
    found = together(*[lambda: _give(link)] * 4)
    assert sorted(type(one).__name__ for one in found) == ["Feedback", "LinkOver", "LinkOver", "LinkOver"]
    assert StageMove.objects.filter(step="close_satisfied").count() == 1

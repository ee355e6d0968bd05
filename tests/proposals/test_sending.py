"""Sending: what it meets and starts, who is asked, links of which only the hash stays."""

import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from portal.core.lib.clock import today
from proposals.actions import deadlines
from proposals.actions.sending import renew_link, send_implementation, send_reply
from proposals.models import ClassChange, Deadline, Feedback, StageMove
from proposals.queries.feedback import by_token, digest_of
from tests.proposals import answered, cases
from tests.world import run_command
from workforce.actions.versions import Stale


def _send(handling, **fields):
    given = {"version": handling.version, "sent_on": today(), "mode": "mail", "by": cases.user("office")} | fields
    return send_reply(handling=handling, **given)


def test_sending_meets_the_answer_and_starts_feedback_and_publication(world):
    handling = answered.ready()
    deadlines.start(handling, "reply", handling.assigned_on)
    day = date(2026, 3, 3)
    (link,) = _send(handling, sent_on=day)
    handling.refresh_from_db()
    assert (handling.stage, handling.sent_on, handling.replied_on, handling.result) == ("sent", day, day, "A")
    assert StageMove.objects.get(step="send").words == "寄送方式：书信"
    dues = {one.kind: one for one in Deadline.objects.filter(handling=handling)}
    assert dues["reply"].met_on == day
    assert (dues["feedback"].starts_on, dues["feedback"].working_days, dues["feedback"].met_on) == (day, 15, None)
    assert (dues["publication"].starts_on, dues["publication"].working_days) == (day, 20)
    assert link.feedback.expires_on == dues["feedback"].due_on and link.feedback.asked_on == day
    change = ClassChange.objects.get()
    assert (change.before, change.after, change.on) == ("", "A", day)
    assert run_command("recount", "--verify").code == 0


def test_every_signer_is_asked_or_the_first_who_tells_the_others(world):
    names = ("甲一丁", "乙二丁", "丙三丁")
    _handling, links = answered.sent(names)
    assert [link.feedback.proposer.name for link in links] == list(names)
    assert len({link.token for link in links}) == 3
    _handling, links = answered.sent(names, "0024", first_signer_forwards=True)
    assert [link.feedback.proposer.name for link in links] == ["甲一丁"]


def test_only_the_hash_of_a_link_is_stored_anywhere(world):
    _handling, (link,) = answered.sent()
    assert len(link.token) == 43 and link.token not in repr(link)
    assert link.feedback.token_hash == digest_of(link.token) and by_token(link.token) == link.feedback
    for wrong in ("", "x", link.token[:-1], link.token + "x" * 80, link.feedback.token_hash):
        assert by_token(wrong) is None
    with connection.cursor() as cursor:
        for table in ("proposals_feedback", "proposals_feedbackevent", "core_auditevent", "pghistory_context"):
            cursor.execute(f"SELECT coalesce(json_agg(t), '[]') FROM {table} t")
            assert link.token not in json.dumps(cursor.fetchone()[0], cls=DjangoJSONEncoder)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"sent_on": date(2026, 3, 1)}, "成文日期"),
        ({"sent_on": today() + timedelta(days=1)}, "不能晚于今天"),
        ({"mode": "pigeon"}, "寄送方式"),
    ],
)
def test_what_sending_refuses(world, fields, sentence):
    with pytest.raises(ValidationError, match=sentence):
        _send(answered.ready(), **fields)
    assert Feedback.objects.count() == 0


def test_unsigned_replies_and_other_stages_are_not_sent(world):
    handling = cases.handling(cases.proposal(), stage="signed")
    with pytest.raises(ValidationError, match="还没有签发"):
        _send(handling)
    handling, _links = answered.sent(number="0024")
    with pytest.raises(ValidationError, match="不能办理这一步"):
        _send(handling)


def test_somebody_else_was_faster_or_is_of_another_unit(world):
    handling = answered.ready()
    with pytest.raises(Stale):
        _send(handling, version=handling.version + 1)
    people = cases.people()
    cases.unit("区财政局", cases.w.DISTRICT, people.co_officer)
    cases.handling(handling.proposal, cases.unit("区财政局"), "co")
    with pytest.raises(ValidationError, match="没有办理这一步的权限"):
        _send(handling, by=people.co_officer)
    cases.unit("区民政局", cases.w.DISTRICT, people.lead_officer)
    assert len(_send(handling, by=people.lead_officer)) == 1


def test_second_round_is_sent_by_its_own_clock(world):
    handling = cases.handling(cases.proposal(), stage="signed", round=2, replied_on=date(2026, 3, 3), result="B")
    answered.signed(handling, result="A")
    deadlines.start(handling, "rehandling", date(2026, 4, 1))
    (link,) = _send(handling, sent_on=date(2026, 4, 10))
    handling.refresh_from_db()
    assert (handling.replied_on, handling.sent_on, handling.result) == (date(2026, 3, 3), date(2026, 4, 10), "A")
    assert Deadline.objects.get(kind="rehandling").met_on == date(2026, 4, 10)
    assert link.feedback.round == 2
    assert ClassChange.objects.get().reason == "第 2 轮答复"


def test_new_link_ends_the_old_one(world):
    _handling, (link,) = answered.sent(sent_on=today())
    fresh = renew_link(feedback=link.feedback, by=cases.user("office"))
    assert by_token(link.token) is None and by_token(fresh.token) == link.feedback
    Feedback.objects.update(expires_on=today() - timedelta(days=1), asked_on=today() - timedelta(days=30))
    with pytest.raises(ValidationError, match="不能更换链接"):
        renew_link(feedback=link.feedback, by=cases.user("office"))


def test_later_report_goes_out_and_the_case_stays(world):
    handling = cases.handling(cases.proposal(), stage="answered", replied_on=date(2026, 3, 3))
    first = answered.signed(handling)
    later = answered.signed(handling, kind="implementation")
    deadlines.start(handling, "implementation", date(2026, 3, 3), fixed_on=date(2026, 9, 3))
    given = {"sent_on": today(), "mode": "mail", "by": cases.user("office")}
    with pytest.raises(ValidationError, match="落实答复"):
        send_implementation(handling=handling, reply=first, version=handling.version, **given)
    send_implementation(handling=handling, reply=later, version=handling.version, **given)
    handling.refresh_from_db()
    assert handling.stage == "answered"
    assert Deadline.objects.get(kind="implementation").met_on == today()

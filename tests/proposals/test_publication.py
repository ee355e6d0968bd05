"""Publication review: redacted by rule and checked, released by another person, withheld with reason, taken back."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.core.lib.clock import today
from proposals.actions import deadlines
from proposals.actions.publication import check_publication, hide_more, release_publication, take_back_publication
from proposals.models import Deadline, Proposer, Publication, StageMove
from proposals.queries.publication import known_of, mark_of, paper_of, preview, published
from proposals.redaction import HIDDEN
from tests import world as w
from tests.proposals import answered, cases
from tests.world import run_command
from workforce.actions.versions import Stale


def _release(publication, **fields):
    given = {"seen": mark_of(publication), "by": cases.user("office")} | fields
    return release_publication(publication=publication, **given)


def test_checked_version_holds_no_contact_data_and_says_what_went(world):
    reply = answered.reviewed()
    Proposer.objects.filter(proposal=reply.handling.proposal).update(phone="2223344", address="示例路5号")
    made = answered.checked(reply, further=("队伍",))
    public = paper_of(made)
    text = public.to_json()
    for gone in (answered.SECRET, "戊某", "0000-0000000", "甲一丁", "队伍"):
        assert gone not in text
    for kept in ("3310人", "东政发〔2025〕7号", "东民函〔2026〕1号", "甲某委员", "2026-03-02"):
        assert kept in text
    counts = {one["kind"]: one["n"] for one in made.removed}
    assert counts == {"phone": 2, "name": 3, "given": 1}
    assert (made.checked_by, made.checked_on, made.published_at) == (cases.user("checker"), today(), None)
    assert published().count() == 0


def test_names_stay_where_proposers_agreed_and_organisations_always(world):
    reply = answered.reviewed()
    public, _removed = preview(reply, keep_names=True)
    assert public.addressee == "甲一丁委员"
    proposal = reply.handling.proposal
    proposal.proposer_type = "party"
    proposal.save()
    assert known_of(reply).names == ()


def test_released_by_another_person_the_case_is_answered(world):
    reply = answered.reviewed()
    deadlines.start(reply.handling, "publication", date(2026, 3, 3))
    made = answered.checked(reply)
    with pytest.raises(ValidationError, match="须由另一个人发布"):
        _release(made, by=cases.user("checker"))
    out = _release(made)
    reply.handling.refresh_from_db()
    assert (out.published_by, reply.handling.stage) == (cases.user("office"), "answered")
    assert out.published_at is not None and [one.pk for one in published()] == [out.pk]
    assert StageMove.objects.get().step == "publish"
    assert Deadline.objects.get(kind="publication").met_on == today()
    with pytest.raises(ValidationError, match="已经完成"):
        _release(out, by=cases.user("leader"))
    with pytest.raises(ValidationError, match="已经完成"):
        answered.checked(reply)
    assert run_command("recount", "--verify").code == 0


def test_another_version_than_was_seen_is_not_released(world):
    reply = answered.reviewed()
    seen = mark_of(answered.checked(reply))
    again = answered.checked(reply, further=("一号街道",))
    with pytest.raises(Stale):
        _release(again, seen=seen)
    assert Publication.objects.get().published_at is None


@pytest.mark.parametrize("disclosure", ["on_request", "withheld"])
def test_withheld_needs_a_reason_and_stays_out_of_sight(world, disclosure):
    reply = answered.reviewed()
    with pytest.raises(ValidationError, match="理由"):
        answered.checked(reply, disclosure=disclosure)
    made = answered.checked(reply, disclosure=disclosure, reason="涉及个人隐私")
    assert made.content is None
    _release(made)
    reply.handling.refresh_from_db()
    move = StageMove.objects.get()
    assert (reply.handling.stage, move.step, move.words) == ("answered", "withhold", "涉及个人隐私")
    assert published().count() == 0


def test_wider_than_the_letter_says_needs_a_reason(world):
    reply = answered.reviewed()
    reply.disclosure, reply.disclosure_reason = "withheld", "内部事项"
    reply.save()
    with pytest.raises(ValidationError, match="理由"):
        answered.checked(reply)
    assert answered.checked(reply, reason="已解除限制").disclosure == "public"


def test_drafts_earlier_rounds_and_cases_elsewhere_are_not_published(world):
    handling = cases.handling(cases.proposal(), stage="publication", round=2)
    earlier = answered.signed(handling, kind="reply", round=1)
    draft = answered.signed(handling)
    draft.letter = None
    draft.save()
    with pytest.raises(ValidationError, match="还没有签发"):
        answered.checked(draft)
    answered.signed(handling, round=3)
    with pytest.raises(ValidationError, match="最近一次"):
        answered.checked(earlier)
    writing = answered.signed(cases.handling(cases.proposal("0024"), stage="sent"))
    with pytest.raises(ValidationError, match="不在公开审查阶段"):
        answered.checked(writing)


def test_later_report_is_published_by_itself(world):
    first = answered.published()
    later = answered.signed(first.reply.handling, kind="implementation")
    _release(answered.checked(later))
    assert published().count() == 2
    assert StageMove.objects.count() == 1


def test_only_the_office_reviews(world):
    reply = answered.reviewed()
    officer = cases.people().lead_officer
    cases.unit("区民政局", w.DISTRICT, officer)
    with pytest.raises(ValidationError, match="没有办理这一步的权限"):
        check_publication(reply=reply, disclosure="public", by=officer)


def test_taken_back_with_a_reason_keeps_its_row(world):
    made = answered.published()
    with pytest.raises(ValidationError, match="理由"):
        take_back_publication(publication=made, reason=" ", by=cases.user("office"))
    held = take_back_publication(publication=made, reason="内容需要核实", by=cases.user("office"))
    assert held.taken_back_because == "内容需要核实" and published().count() == 0
    with pytest.raises(ValidationError, match="已经撤下"):
        take_back_publication(publication=made, reason="再撤", by=cases.user("office"))
    assert run_command("recount", "--verify").code == 0


def test_more_is_hidden_at_once_at_the_same_address(world):
    made = answered.published()
    by = cases.user("office")
    with pytest.raises(ValidationError, match="没有这些文字"):
        hide_more(publication=made, words=("不存在的文字",), reason="x", by=by)
    held = hide_more(publication=made, words=("一号街道",), reason="漏看", by=by)
    assert held.pk == made.pk and "一号街道" not in paper_of(held).to_json() and HIDDEN in paper_of(held).to_json()


def test_review_in_the_pages_from_check_to_release(world, login):
    reply = answered.reviewed()
    checker, office = login(cases.user("checker")), login(cases.user("office"))
    url = reverse("disclosure_review", args=[reply.pk])
    text = checker.get(url).content.decode()
    assert answered.SECRET in text and "电话号码 2 处" in text and HIDDEN in text
    listed = checker.get(reverse("disclosure_reviews")).content.decode()
    assert url in listed
    looked = checker.post(url, {"act": "preview", "disclosure": "public", "further": "一号街道\n"})
    assert looked.status_code == 200 and "审查人指定的文字 1 处" in looked.content.decode()
    assert checker.post(url, {"act": "check", "disclosure": "public"}).status_code == 422
    assert checker.post(url, {"act": "check", "disclosure": "public", "looked": "on"}).status_code == 302
    held = Publication.objects.get()
    assert "请另一位有权限的同事" in checker.get(url).content.decode()
    release = reverse("disclosure_release", args=[held.pk])
    assert checker.get(release).status_code == 405
    checker.post(release, {"seen": mark_of(held)})
    assert "须由另一个人发布" in checker.get(url).content.decode()
    office.post(release, {"seen": mark_of(held)})
    text = office.get(url).content.decode()
    assert reverse("public_reply", args=[held.pk]) in text
    taken = office.post(reverse("disclosure_take_back", args=[held.pk]), {"reason": "需要核实"})
    assert taken.status_code == 302 and "需要核实" in office.get(url).content.decode()


def test_office_pages_of_sending_and_rates(world, login):
    handling = answered.ready(("甲一丁", "乙二丁"))
    client = login(cases.user("office"))
    url = reverse("reply_send", args=[handling.pk])
    assert client.get(url).status_code == 200
    page = client.post(url, {"version": handling.version, "sent_on": today().isoformat(), "mode": "mail"})
    text = page.content.decode()
    assert page.status_code == 200 and text.count("/answers/") == 2 and "no-store" in page["Cache-Control"]
    assert (
        client.post(url, {"version": handling.version, "sent_on": today().isoformat(), "mode": "mail"}).status_code
        == 422
    )
    first, second = handling.feedback.order_by("pk")
    renewed = client.post(reverse("feedback_renew", args=[second.pk]))
    assert renewed.content.decode().count("/answers/") == 1
    entered = client.post(
        reverse("feedback_enter", args=[first.pk]),
        {"on": today().isoformat(), "attitude": "basic", "result": "satisfied", "contact_mode": "", "words": ""},
    )
    assert entered.status_code == 302
    text = client.get(reverse("satisfaction")).content.decode()
    assert "发出征询意见表 2 份，收回 1 份；满意和基本满意率 100.00%，满意率 100.00%" in text
    assert client.get(reverse("satisfaction"), {"year": 2020}).status_code == 200
    assert login(world.users.outsider).get(url).status_code == 404

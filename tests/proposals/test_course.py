"""Moving a part of a proposal: who may, what is noted, four pairs of eyes, two at once."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from proposals.actions import course, steps
from proposals.actions.contacts import add_contact
from proposals.models import Handling, Reply, StageMove
from tests.proposals import cases
from tests.together import together
from workforce.actions.versions import Stale

TODAY = today()
DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def who():
    return cases.people()


def talked(part, when="during"):
    return part.contacts.create(
        when=when, mode="visit", on=cases.ASSIGNED, people="x", words="x", entered_by=cases.user("office")
    )


def drafted(part, by):
    return Reply.objects.create(
        handling=part, title="x", addressee="x", opening="x", drafted_by=by, round=part.round,
        kind="reply" if part.round == 1 else "second",
    )  # fmt: skip


def part_of(stage="handling", role="lead", unit=None, number="0023", **fields):
    return cases.handling(cases.proposal(number), unit, role, stage=stage, **fields)


def go(part, *walk):
    with transaction.atomic():
        for key, by in walk:
            course.move(part, key, by=by)
    return part


def test_move_notes_who_from_where_to_where_and_sets_the_day(who):
    part = part_of("assigned", signed_for_on=None)
    go(part, ("sign_for", who.drafter))
    assert (part.stage, part.signed_for_on) == ("handling", TODAY)
    move = StageMove.objects.get(handling=part)
    assert (move.step, move.before, move.after, move.moved_by, move.on) == (
        "sign_for", "assigned", "handling", who.drafter, TODAY,
    )  # fmt: skip


def test_step_that_is_not_open_is_refused_with_where_it_stands(who):
    part = part_of("assigned")
    with pytest.raises(ValidationError, match="待签收"):
        go(part, ("pass_office", who.checker))
    with pytest.raises(KeyError):
        go(part, ("nonsense", who.checker))


def test_a_day_to_come_or_before_the_assignment_is_refused(who):
    part = part_of("assigned")
    for day in (TODAY + DAY, cases.ASSIGNED - DAY):
        with pytest.raises(ValidationError), transaction.atomic():
            course.move(part, "sign_for", by=who.drafter, on=day)


def test_four_persons_sign_and_each_stands_on_record(who):
    part = part_of()
    talked(part)
    drafted(part, who.drafter)
    go(part, ("submit_draft", who.drafter), ("pass_office", who.checker), ("pass_supervision", who.supervisor), ("sign", who.leader))  # fmt: skip
    assert part.stage == "signed"
    assert (part.drafted_by, part.checked_by, part.supervised_by, part.signed_by) == (
        who.drafter, who.checker, who.supervisor, who.leader,
    )  # fmt: skip


@pytest.mark.parametrize("same", ["pass_office", "pass_supervision", "sign"])
def test_nobody_takes_two_of_the_four_steps(who, same):
    part = part_of()
    talked(part)
    drafted(part, who.drafter)
    walk = [("submit_draft", who.drafter), ("pass_office", who.checker), ("pass_supervision", who.supervisor), ("sign", who.leader)]  # fmt: skip
    for at, (key, by) in enumerate(walk):
        if key == same:
            for _step, before in walk[:at]:
                with pytest.raises(ValidationError, match="另一个人"):
                    go(part, (key, before))
            return
        go(part, (key, by))


def test_who_wrote_the_draft_does_not_check_it_though_another_handed_it_in(who):
    part = part_of()
    talked(part)
    drafted(part, who.checker)
    go(part, ("submit_draft", who.drafter))
    with pytest.raises(ValidationError, match="另一个人"):
        go(part, ("pass_office", who.checker))


@pytest.mark.parametrize("second", [{"checked_by": "drafter"}, {"supervised_by": "drafter"}, {"signed_by": "drafter"}])
def test_four_eyes_are_refused_by_the_database_too(who, second):
    part = part_of(drafted_by=who.drafter)
    fields = {name: getattr(who, person) for name, person in second.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Handling.objects.filter(pk=part.pk).update(**fields)


def test_co_handler_in_a_stage_of_answers_is_refused_by_the_database(who):
    part = part_of("opinion", "co", cases.unit("区人社局"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Handling.objects.filter(pk=part.pk).update(stage="signature")


def test_sending_back_forgets_who_had_approved(who):
    part = part_of("signature", drafted_by=who.drafter, checked_by=who.checker, supervised_by=who.supervisor)
    with pytest.raises(ValidationError, match="理由"):
        go(part, ("send_back", who.leader))
    with transaction.atomic():
        course.move(part, "send_back", by=who.leader, words="数字有误")
    assert (part.stage, part.drafted_by, part.checked_by, part.supervised_by) == ("handling", None, None, None)


def test_a_draft_without_text_talk_or_opinions_is_not_handed_in(who):
    lead = part_of()
    cases.handling(lead.proposal, cases.unit("区人社局"), "co")
    with pytest.raises(ValidationError, match="还没有起草答复"):
        go(lead, ("submit_draft", who.drafter))
    drafted(lead, who.drafter)
    with pytest.raises(ValidationError, match="还缺会办意见：区人社局"):
        go(lead, ("submit_draft", who.drafter))
    Handling.objects.filter(proposal=lead.proposal, role="co").update(stage="opinion_given")
    with pytest.raises(ValidationError, match="办中"):
        go(lead, ("submit_draft", who.drafter))
    talked(lead)
    assert go(lead, ("submit_draft", who.drafter)).stage == "office_check"


def test_a_separate_handler_waits_for_nobody(who):
    mine = part_of(role="separate")
    cases.handling(mine.proposal, cases.unit("区人社局"), "separate")
    talked(mine)
    drafted(mine, who.drafter)
    assert go(mine, ("submit_draft", who.drafter)).stage == "office_check"


def test_a_dissatisfied_return_opens_a_round_with_its_own_clock(who):
    part = part_of("sent", drafted_by=who.drafter, checked_by=who.checker, signed_by=who.leader, replied_on=TODAY, sent_on=TODAY)  # fmt: skip
    with transaction.atomic():
        course.move(part, "rehandle", by=None)
    assert (part.stage, part.round, part.drafted_by, part.signed_by) == ("rehandling", 2, None, None)
    due = part.deadlines.get(kind="rehandling")
    assert (due.round, due.starts_on) == (2, TODAY)
    assert (part.due_kind, part.due_on) == ("rehandling", due.due_on)
    assert part.moves.get().moved_by is None


def test_the_second_dissatisfied_return_is_talked_over_before_it_closes(who):
    part = part_of("sent", round=2, replied_on=TODAY, sent_on=TODAY)
    with pytest.raises(ValidationError):
        go(part, ("rehandle", who.drafter))
    go(part, ("consult", who.drafter))
    with pytest.raises(ValidationError, match="协商座谈"), transaction.atomic():
        course.move(part, "close_consulted", by=who.drafter, words="已面商")
    talk = {"when": "after", "mode": "meeting", "on": TODAY, "people": "甲委员", "words": "取得理解"}
    add_contact(handling=part, version=part.version, consultation=True, by=who.drafter, **talk)
    part.refresh_from_db()
    with transaction.atomic():
        course.move(part, "close_consulted", by=who.drafter, words="已面商")
    assert part.stage == "publication"


def test_the_portal_takes_only_the_steps_that_are_its_own():
    part = part_of("signature")
    with pytest.raises(ValidationError, match="没有办理这一步的权限"):
        go(part, ("sign", None))


def test_unit_office_and_leader_each_take_their_own_steps(who):
    unit = cases.unit("区人社局", cases.w.DISTRICT, who.lead_officer)
    part = part_of("assigned", unit=unit)
    with pytest.raises(ValidationError, match="权限"):
        go(part, ("sign_for", who.co_officer))
    go(part, ("sign_for", who.lead_officer))
    Handling.objects.filter(pk=part.pk).update(stage="supervision_check")
    with pytest.raises(ValidationError, match="权限"):
        go(part, ("pass_supervision", who.lead_officer))
    Handling.objects.filter(pk=part.pk).update(stage="signature")
    with pytest.raises(ValidationError, match="权限"):
        go(part, ("sign", who.lead_officer))


def test_an_office_of_another_district_takes_no_step(who):
    stranger = cases.user("westerner", "district", "960102")
    part = part_of("assigned")
    with pytest.raises(ValidationError, match="权限"):
        go(part, ("sign_for", stranger))
    with pytest.raises(Handling.DoesNotExist), transaction.atomic():
        course.claim(part.pk, part.version, stranger, Perm.HANDLE_PROPOSALS)


def test_the_proposal_closes_with_its_last_answer_and_goes_to_file_with_its_last_part(who):
    lead = part_of("publication", replied_on=TODAY)
    co = cases.handling(lead.proposal, cases.unit("区人社局"), "co", stage="opinion_given")
    go(lead, ("publish", who.office))
    lead.proposal.refresh_from_db()
    assert (lead.closed_on, lead.proposal.state, lead.proposal.closed_on) == (TODAY, "closed", TODAY)
    go(lead, ("archive", who.office))
    lead.proposal.refresh_from_db()
    assert lead.proposal.state == "closed"
    go(co, ("archive", who.office))
    lead.proposal.refresh_from_db()
    assert lead.proposal.state == "archived"


def test_separate_handlers_close_the_proposal_only_together(who):
    one = part_of("publication", "separate")
    two = cases.handling(one.proposal, cases.unit("区人社局"), "separate", stage="sent")
    go(one, ("publish", who.office))
    one.proposal.refresh_from_db()
    assert one.proposal.state == "handling"
    go(two, ("close_satisfied", None), ("publish", who.office))
    one.proposal.refresh_from_db()
    assert one.proposal.state == "closed"


def test_unanswered_closes_only_after_the_time_for_it(who):
    part = part_of("sent", replied_on=TODAY)
    part.deadlines.create(
        division_id=part.division_id, kind="feedback", starts_on=TODAY, working_days=15,
        unrolled_on=TODAY, due_on=TODAY,
    )  # fmt: skip
    with pytest.raises(ValidationError, match=TODAY.isoformat()):
        go(part, ("close_unanswered", who.drafter))
    part.deadlines.update(due_on=TODAY - DAY, unrolled_on=TODAY - DAY)
    assert go(part, ("close_unanswered", who.drafter)).stage == "publication"
    assert part.deadlines.get().dropped


def test_who_saw_an_older_state_is_told_so(who):
    part = part_of("assigned")
    steps.sign_for(handling=part, version=part.version, section="基层政权科", officer="科员甲", by=who.drafter)
    stale = Handling.objects.get(pk=part.pk)
    assert (stale.section, stale.officer) == ("基层政权科", "科员甲")
    with pytest.raises(Stale):
        steps.name_officer(handling=part, version=1, section="x", officer="y", by=who.checker)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_signs_for_and_the_other_is_told(who):
    part = part_of("assigned")
    answers = together(
        *(lambda by=by: steps.sign_for(handling=part, version=1, by=by) for by in (who.drafter, who.checker))
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Handling", "Stale"]
    assert StageMove.objects.filter(handling=part).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_parts_of_a_proposal_that_end_at_once_close_it(who):
    one = part_of("publication", "separate")
    two = cases.handling(one.proposal, cases.unit("区人社局"), "separate", stage="publication")

    def publish(part):
        with transaction.atomic():
            course.move(part, "publish", by=who.office)

    assert together(lambda: publish(one), lambda: publish(two)) == [None, None]
    one.proposal.refresh_from_db()
    assert one.proposal.state == "closed"

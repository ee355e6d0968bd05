"""Signature: figures checked, frozen and issued with the letter in one act; later differences shown and never rewritten."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from portal.core.audit.models import AuditEvent
from portal.core.letters.models import Letter, NumberRegister
from portal.core.lib.clock import today
from portal.registry import INDICATORS
from proposals.actions import course, figures, signing
from proposals.actions.drafting import Written, correct_reply, save_reply, start_reply
from proposals.models import ClassChange, Handling, LiveFigure, Reply
from proposals.queries.drafts import sections_of
from proposals.queries.figures import standing
from tests import factories
from tests import world as w
from tests.proposals import cases
from workforce.actions.versions import Stale

pytestmark = pytest.mark.django_db


def drafted(number: str = "0023", *, text: str = "全区有%s。", stage: str = "signature", on=None, **more) -> Reply:
    """A reply of the lead with one figure, drafted by its officer and waiting for signature."""
    people = cases.people()
    cases.unit("区民政局", w.DISTRICT, people.lead_officer)
    handling = cases.handling(cases.proposal(number), **more)
    reply = start_reply(handling=handling, by=people.lead_officer)
    save_reply(
        reply=reply, version=1, by=people.lead_officer, fields={"result": "A"}, sections=[Written(None, 0, text)]
    )
    reply.refresh_from_db()
    if "%s" in text:
        figure = figures.insert_figure(
            reply=reply, version=2, indicators=INDICATORS, indicator="workers", by=people.lead_officer,
            division=factories.Division.objects.get(pk=w.DISTRICT), on=on or today(), at=text.index("%s"),
        )  # fmt: skip
        section = sections_of(reply)[0]
        section.text = section.text.replace("%s", "")
        section.save(update_fields=["text"])
        assert f"[[{figure.pk}]]" in section.text
    at_signature(handling, people, stage)
    return Reply.objects.get(pk=reply.pk)


def at_signature(handling: Handling, people, stage: str) -> None:
    handling.stage, handling.drafted_by, handling.checked_by = stage, people.lead_officer, people.checker
    handling.save(update_fields=["stage", "drafted_by", "checked_by"])


def sign(reply: Reply, by: str = "leader", **more) -> Letter:
    version = more.pop("version", Reply.objects.get(pk=reply.pk).version)
    return signing.sign_reply(reply=reply, version=version, indicators=INDICATORS, by=cases.user(by), **more)


def hire() -> None:
    factories.worker("新人", w.SPRING)
    w.count(today())


def words(letter: Letter) -> str:
    return letter.paper["blocks"][1]["text"]


def test_signature_freezes_the_figures_issues_the_letter_and_moves_the_case_on(world):
    reply = drafted()
    letter = sign(reply)
    reply.refresh_from_db()
    handling = Handling.objects.get(pk=reply.handling_id)
    assert (words(letter), letter.number, letter.issued_by.username) == (
        "全区有5人。",
        f"东民函〔{today().year}〕1号",
        "leader",
    )
    assert (reply.letter, handling.stage, handling.signed_by.username, handling.result) == (
        letter,
        "signed",
        "leader",
        "A",
    )
    frozen = LiveFigure.objects.get().frozen
    assert (frozen["text"], frozen["checked_on"], "kept_because" in frozen) == ("5人", today().isoformat(), False)
    assert [(one["indicator"], one["text"]) for one in letter.figures] == [("workers", "5人")]
    assert list(ClassChange.objects.values_list("before", "after")) == [("", "A")]
    assert w.run_command("recount", "--verify").code == 0


def test_figure_that_changed_since_it_was_inserted_stops_the_signature(world):
    reply = drafted()
    hire()
    with pytest.raises(ValidationError, match="1 个指标在插入后已变动：社区工作者 5人 → 6人"):
        sign(reply)
    reply.refresh_from_db()
    assert (reply.letter, Letter.objects.count(), NumberRegister.objects.count()) == (None, 0, 0)
    assert Handling.objects.get(pk=reply.handling_id).stage == "signature"


def test_changed_figure_refreshed_by_who_signs(world):
    reply = drafted()
    hire()
    figure = LiveFigure.objects.get()
    figures.refresh_figure(
        reply=Reply.objects.get(pk=reply.pk), version=reply.version, figure=figure.pk, indicators=INDICATORS,
        by=cases.user("leader"),
    )  # fmt: skip
    assert words(sign(reply)) == "全区有6人。"


def test_changed_figure_kept_with_a_reason_of_its_own(world):
    reply = drafted()
    hire()
    figure = LiveFigure.objects.get()
    letter = sign(reply, kept={figure.pk: "以交办日数据为准"})
    figure.refresh_from_db()
    assert (words(letter), figure.frozen["kept_because"], figure.frozen["instead_of"]) == (
        "全区有5人。",
        "以交办日数据为准",
        "6人",
    )
    assert letter.figures[0]["kept_because"] == "以交办日数据为准"


def test_later_differences_are_shown_and_the_letter_stays(world):
    reply = drafted()
    letter = sign(reply)
    hire()
    (stands,) = standing(Reply.objects.get(pk=reply.pk), INDICATORS)
    assert (stands.changed, stands.words) == (True, "5人 → 6人")
    letter.refresh_from_db()
    assert (words(letter), LiveFigure.objects.get().frozen["text"]) == ("全区有5人。", "5人")


def test_figure_of_an_earlier_day_holds_though_people_came_since(world):
    reply = drafted(on=today() - timedelta(days=40))
    made = factories.person("新人")
    factories.contract(made)
    factories.appointment(made, w.SPRING, valid_from=today())
    w.count(today())
    assert words(sign(reply)) == "全区有5人。"


def test_signed_text_is_never_written_again(world):
    reply = drafted()
    sign(reply)
    reply.refresh_from_db()
    with pytest.raises(ValidationError, match="已经签发，不再改动"):
        save_reply(reply=reply, version=reply.version, by=cases.user("lead_officer"), fields={"title": "新"})
    with pytest.raises(ValidationError, match="已经签发，不再改动"):
        sign(reply)


@pytest.mark.parametrize("stage", ["handling", "office_check", "signed"])
def test_signature_at_its_stage_only(world, stage):
    reply = drafted(stage=stage, text="无指标。")
    with pytest.raises(ValidationError, match="答复还不能签发"):
        sign(reply)


@pytest.mark.parametrize(("by", "said"), [("lead_officer", "没有办理这一步的权限"), ("checker", "须由另一个人办理")])
def test_signature_by_a_leader_who_has_had_no_part_in_it(world, by, said):
    reply = drafted(text="无指标。")
    with pytest.raises(ValidationError, match=said):
        sign(reply, by)
    assert Letter.objects.count() == 0


def test_signature_of_what_the_reader_has_seen(world):
    reply = drafted(text="无指标。")
    with pytest.raises(Stale):
        sign(reply, version=reply.version - 1)


def test_figure_that_is_not_of_the_reply_is_refused_and_unused_ones_are_dropped(world):
    reply = drafted(text="全区有%s。")
    section = sections_of(reply)[0]
    kept, section.text = section.text, "见[[999]]。"
    section.save(update_fields=["text"])
    with pytest.raises(ValidationError, match=r"\[\[999\]\] 不是这份答复的指标"):
        sign(reply)
    section.text = kept.replace("[", "").replace("]", "")
    section.save(update_fields=["text"])
    sign(reply)
    assert LiveFigure.objects.count() == 0


def test_class_is_asked_for_where_the_place_has_a_scheme(world):
    reply = drafted(text="无指标。")
    Reply.objects.filter(pk=reply.pk).update(result="")
    factories.rule("proposal.classes", {"scheme": "npc"}, w.DISTRICT)
    with pytest.raises(ValidationError, match="还没有选择办理结果类别"):
        sign(reply)


def test_numbers_of_letters_go_on_without_gap_when_a_signature_fails(world):
    first, second, third = (drafted(number) for number in ("1", "2", "3"))
    sign(first)
    hire()
    with pytest.raises(ValidationError):
        sign(second)
    sign(third, kept_reason="按交办日数据")
    numbers = Letter.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(numbers) == [1, 2]


def test_correction_is_a_new_letter_that_names_the_old_one(world):
    reply = drafted()
    letter = sign(reply)
    people = cases.people()
    reply.refresh_from_db()
    with pytest.raises(ValidationError, match="请写明更正的原因"):
        correct_reply(reply=reply, reason=" ", by=people.lead_officer)
    made = correct_reply(reply=reply, reason="人数有误", by=people.lead_officer)
    assert (sections_of(made)[0].text, made.figures.get().inserted["text"]) == (
        f"全区有[[{made.figures.get().pk}]]。",
        "5人",
    )
    with pytest.raises(ValidationError, match="是您起草的，须由另一个人签发"):
        signing.sign_reply(reply=correct_by(made, people.leader), version=1, indicators=INDICATORS, by=people.leader)
    correct_by(made, people.lead_officer)
    save_reply(reply=made, version=1, by=people.lead_officer, sections=[Written(None, 0, "全区有6人。")])
    corrected = sign(made)
    assert (corrected.corrects, words(corrected), corrected.sequence) == (letter, "全区有6人。", 2)
    letter.refresh_from_db()
    assert (words(letter), Handling.objects.get(pk=reply.handling_id).stage) == ("全区有5人。", "signed")
    assert AuditEvent.objects.filter(act="reply_corrected", reason="人数有误").count() == 1
    with pytest.raises(ValidationError, match="已有更正"):
        correct_reply(reply=reply, reason="再改", by=people.lead_officer)


def correct_by(reply: Reply, by) -> Reply:
    Reply.objects.filter(pk=reply.pk).update(drafted_by=by)
    reply.refresh_from_db()
    return reply


def test_implementation_reply_is_signed_without_moving_the_case(world):
    people = cases.people()
    cases.unit("区民政局", w.DISTRICT, people.lead_officer)
    handling = cases.handling(cases.proposal(), stage="answered", result="B")
    reply = start_reply(handling=handling, by=people.lead_officer, kind="implementation")
    letter = sign(reply)
    handling.refresh_from_db()
    assert (handling.stage, letter.title) == ("answered", "东区民政局关于区政协十四届五次会议第0023号提案落实答复的函")


def test_the_whole_way_from_draft_to_signature(world):
    people = cases.people()
    cases.unit("区民政局", w.DISTRICT, people.lead_officer)
    handling = cases.handling(cases.proposal())
    handling.contacts.create(
        when="during", mode="phone", on=today(), people="甲委员", words="已沟通", entered_by=people.lead_officer
    )
    reply = start_reply(handling=handling, by=people.lead_officer)
    for step, who in (("submit_draft", "lead_officer"), ("pass_office", "checker"), ("pass_supervision", "supervisor")):
        course.move(Handling.objects.get(pk=handling.pk), step, by=cases.user(who))
    letter = sign(reply)
    assert (letter.title, Handling.objects.get(pk=handling.pk).stage) == (reply.title, "signed")

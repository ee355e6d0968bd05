"""Answers as they are written: begun with the right words, rewritten by version, with what co-handlers gave."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from portal.core.accounts.roles import Perm
from portal.core.letters.paper import Block, Contact, Kind, Style
from proposals.actions import drafting, reply_sections
from proposals.actions.drafting import Written, save_reply, start_reply
from proposals.models import Opinion, Reply
from proposals.queries.drafts import paper_of, replies, sections_of, slips_of
from tests.proposals import cases
from workforce.actions.versions import Stale

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(world):
    made = cases.people()
    cases.unit("区民政局", cases.w.DISTRICT, made.lead_officer)
    cases.unit("区人社局", cases.w.DISTRICT, made.co_officer)
    return made


@pytest.fixture
def handling(people):
    return cases.handling(cases.proposal(), officer="甲经办")


def started(handling, by, **more) -> Reply:
    return start_reply(handling=handling, by=by, **more)


def texts(reply) -> list[tuple[int, str]]:
    return [(one.level, one.text) for one in sections_of(reply)]


def test_started_reply_has_the_wording_of_its_proposer_and_body(handling, people):
    reply = started(handling, people.lead_officer)
    assert (reply.title, reply.addressee, reply.contact, reply.phone, reply.kind, reply.round) == (
        "东区民政局关于区政协十四届五次会议第0023号提案答复的函",
        "甲委员",
        "甲经办",
        "0000-0000000",
        "reply",
        1,
    )
    assert reply.copies == "区政府办公室（督查室）\n区政协提案委"
    assert slips_of(reply, []) == []


def test_draft_is_started_once_and_only_by_the_unit_or_the_office(handling, people):
    with pytest.raises(ValidationError, match="没有办理这一步的权限"):
        started(handling, people.co_officer)
    started(handling, people.lead_officer)
    with pytest.raises(ValidationError, match="已经在起草"):
        started(handling, people.drafter)


def test_co_handler_never_answers(people):
    part = cases.handling(cases.proposal(), cases.unit("区人社局"), "co")
    with pytest.raises(ValidationError, match="会办单位不直接答复提案者"):
        started(part, people.co_officer)


@pytest.mark.parametrize(
    ("stage", "round", "kind"),
    [("signature", 1, ""), ("handling", 1, "second"), ("rehandling", 2, "reply"), ("handling", 1, "implementation")],
)
def test_kinds_are_drafted_at_their_stage_only(people, stage, round, kind):  # noqa: A002
    part = cases.handling(cases.proposal(), stage=stage, round=round)
    with pytest.raises(ValidationError, match="不能起草"):
        started(part, people.lead_officer, kind=kind)


def test_second_reply_and_implementation_reply_have_their_own_words(people):
    second = started(cases.handling(cases.proposal("1"), stage="rehandling", round=2), people.lead_officer)
    later = started(cases.handling(cases.proposal("2"), stage="answered"), people.lead_officer, kind="implementation")
    assert (second.kind, second.round, "再次答复的函" in second.title) == ("second", 2, True)
    assert (later.kind, later.round, "落实答复的函" in later.title) == ("implementation", 1, True)


def test_sections_are_written_moved_and_removed_by_version(handling, people):
    by = people.lead_officer
    reply = started(handling, by)
    save_reply(reply=reply, version=1, by=by, sections=[Written(None, 1, "基本情况"), Written(None, 0, "已配齐。")])
    head, text = sections_of(reply)
    reply_sections.add_section(reply=reply, version=2, text="下一步", level=1, after=head.pk, by=by)
    assert texts(reply) == [(1, "基本情况"), (1, "下一步"), (0, "已配齐。")]
    reply_sections.move_section(reply=reply, version=3, section=text.pk, up=True, by=by)
    reply_sections.edit_section(reply=reply, version=4, section=text.pk, text="全部配齐。", level=0, by=by)
    assert texts(reply) == [(1, "基本情况"), (0, "全部配齐。"), (1, "下一步")]
    reply_sections.remove_section(reply=reply, version=5, section=head.pk, by=by)
    assert texts(reply) == [(0, "全部配齐。"), (1, "下一步")]
    with pytest.raises(Stale):
        reply_sections.remove_section(reply=reply, version=5, section=text.pk, by=by)
    assert texts(reply) == [(0, "全部配齐。"), (1, "下一步")]


def test_a_draft_in_check_is_not_rewritten(handling, people):
    reply = started(handling, people.lead_officer)
    handling.stage = "office_check"
    handling.save(update_fields=["stage"])
    with pytest.raises(ValidationError, match="现处于“核稿”，答复不能再改"):
        save_reply(reply=reply, version=1, by=people.lead_officer, fields={"title": "新标题"})


def test_fields_that_a_letter_needs(handling, people):
    by, reply = people.lead_officer, started(handling, people.lead_officer)
    with pytest.raises(ValidationError) as empty:
        save_reply(reply=reply, version=1, by=by, fields={"title": " \x07"})
    with pytest.raises(ValidationError) as withheld:
        save_reply(reply=reply, version=1, by=by, fields={"disclosure": "withheld"})
    assert (set(empty.value.error_dict), set(withheld.value.error_dict)) == ({"title"}, {"disclosure_reason"})
    saved = save_reply(
        reply=reply, version=1, by=by, fields={"disclosure": "withheld", "disclosure_reason": "涉及隐私"}
    )
    assert (saved.version, paper_of(saved).note) == (2, "此件不予公开")


def test_opinion_of_a_co_handler_is_taken_over_and_stays_traceable(handling, people):
    part = cases.handling(handling.proposal, cases.unit("区人社局"), "co", stage="opinion_given")
    reply = started(handling, people.lead_officer)
    with pytest.raises(ValidationError, match="区人社局还没有提出会办意见"):
        reply_sections.take_opinion(reply=reply, version=1, part=part, by=people.lead_officer)
    Opinion.objects.create(
        handling=part, words="开展培训。\n\n落实待遇。", given_on=cases.ASSIGNED, given_by=people.co_officer
    )
    reply_sections.take_opinion(reply=reply, version=1, part=part, by=people.lead_officer)
    assert [(one.unit.short, one.text) for one in sections_of(reply)] == [
        ("区人社局", "开展培训。"),
        ("区人社局", "落实待遇。"),
    ]


def test_co_handler_without_opinion_is_a_slip_once_named(handling, people):
    cases.handling(handling.proposal, cases.unit("区人社局"), "co")
    reply = started(handling, people.lead_officer)
    assert "区人社局" not in reply.opening
    reply = save_reply(
        reply=reply, version=1, by=people.lead_officer, sections=[Written(None, 0, "经与区人社局商定，开展培训。")]
    )
    found = slips_of(reply, sections_of(reply))
    assert [(slip.code, slip.found) for slip in found] == [("opinion_missing", "区人社局")]


def test_paper_holds_every_element_in_both_styles(handling, people):
    by, reply = people.lead_officer, started(handling, people.lead_officer)
    fields = {"result": "A", "attachments": "情况表\n\n名单", "print_copies": 6}
    sections = [Written(None, 1, "基本情况"), Written(None, 0, "第一段。\n第二段。")]
    reply = save_reply(reply=reply, version=1, by=by, fields=fields, sections=sections)
    paper = paper_of(reply, dated=cases.ASSIGNED)
    assert paper.blocks == (
        Block(Kind.PARAGRAPH, reply.opening),
        Block(Kind.HEADING_1, "基本情况"),
        Block(Kind.PARAGRAPH, "第一段。"),
        Block(Kind.PARAGRAPH, "第二段。"),
        Block(Kind.PARAGRAPH, reply.closing),
    )
    assert (paper.style, paper.issuer, paper.class_mark, paper.attachments, paper.print_office) == (
        Style.LETTER,
        "东区民政局",
        "A",
        ("情况表", "名单"),
        "",
    )
    assert paper.contact == Contact("东区民政局办公室", "甲经办", "0000-0000000", "")
    reply = save_reply(reply=reply, version=2, by=by, fields={"style": "file"})
    assert paper_of(reply, dated=cases.ASSIGNED) == replace(
        paper,
        style=Style.FILE,
        issuer="东区民政局文件",
        print_office="东区民政局办公室",
        printed_on=cases.ASSIGNED,
        print_copies=6,
    )


def test_draft_is_thrown_away_with_its_sections(handling, people):
    reply = started(handling, people.lead_officer)
    reply_sections.add_section(reply=reply, version=1, text="一段", by=people.lead_officer)
    drafting.discard_reply(reply=reply, version=2, by=people.lead_officer)
    assert Reply.objects.count() == 0


def test_answers_are_seen_by_units_that_take_part_and_the_office(handling, people):
    reply = started(handling, people.lead_officer)
    seen = {
        name: replies(getattr(people, name), Perm.VIEW_PROPOSALS).filter(pk=reply.pk).exists()
        for name in ("lead_officer", "co_officer", "leader")
    }
    assert seen == {"lead_officer": True, "co_officer": False, "leader": True}

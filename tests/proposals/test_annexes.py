"""Annexes and tables of an answer, and answers that several units issue: written, listed, frozen and published."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.core.letters.paper import Kind, Paper
from portal.core.lib.clock import today
from portal.registry import INDICATORS
from proposals.actions import figures
from proposals.actions.drafting import Written, correct_reply, save_reply, start_reply
from proposals.models import LiveFigure, Opinion, Reply
from proposals.queries.compared import compared
from proposals.queries.drafts import paper_of, sections_of, table_of
from proposals.redaction import redact_paper
from proposals.views.public import shown
from tests import factories
from tests import world as w
from tests.proposals import cases
from tests.proposals.test_editor_pages import HTMX, editor, sent, words
from tests.proposals.test_signing import at_signature, sign

pytestmark = pytest.mark.django_db

WRITTEN = [
    Written(None, 0, "各街道情况见附件2。"),
    Written(None, 5, "各街道配备情况"),
    Written(None, 1, "一、配备"),
    Written(None, 6, "单位：人\n街道 | 在岗\n春风街道 | 3\n秋实街道"),
]


@pytest.fixture
def people(world):
    made = cases.people()
    cases.unit("区民政局", w.DISTRICT, made.lead_officer)
    cases.unit("区人社局", w.DISTRICT, made.co_officer)
    return made


@pytest.fixture
def reply(people):
    made = start_reply(handling=cases.handling(cases.proposal()), by=people.lead_officer)
    written = [Written(None, 1, "基本情况"), Written(None, 0, "已配齐。")]
    return save_reply(reply=made, version=1, by=people.lead_officer, sections=written)


def saved(reply, written=WRITTEN, **fields) -> Reply:
    about = {"attachments": "管理办法", "result": "A"} | fields
    version = Reply.objects.get(pk=reply.pk).version
    save_reply(reply=reply, version=version, by=reply.drafted_by, fields=about, sections=written)
    return Reply.objects.get(pk=reply.pk)


def test_annex_is_listed_after_what_was_typed_and_holds_what_follows_its_title(reply):
    paper = paper_of(saved(reply))
    assert paper.attachments == ("管理办法", "各街道配备情况")
    assert [block.text for block in paper.blocks if block.text.startswith("各街道")] == ["各街道情况见附件2。"]
    ((number, blocks),) = [(annex.number, annex.blocks) for annex in paper.annexes]
    assert (number, blocks[0].kind, blocks[0].text) == (2, Kind.HEADING_1, "配备")
    assert blocks[1].table.rows == (("街道", "在岗"), ("春风街道", "3"), ("秋实街道", ""))
    assert (blocks[1].table.caption, blocks[1].table.header_rows) == ("单位：人", 1)


def test_names_typed_decide_the_order_of_annexes(reply):
    written = [*WRITTEN, Written(None, 5, "名单"), Written(None, 0, "甲、乙。")]
    paper = paper_of(saved(reply, written, attachments="名单\n管理办法"))
    assert paper.attachments == ("名单", "管理办法", "各街道配备情况")
    assert [(annex.number, len(annex.blocks)) for annex in paper.annexes] == [(1, 1), (3, 2)]


@pytest.mark.parametrize("titles", [("",), ("名单", "名单")])
def test_annex_without_a_title_of_its_own_is_refused(reply, titles):
    with pytest.raises(ValidationError, match="附件"):
        saved(reply, [Written(None, 5, title) for title in titles])
    assert len(sections_of(reply)) == 2


def test_table_is_read_as_typed_and_as_pasted():
    assert table_of("甲\t乙\n1\t2").rows == table_of("| 甲 | 乙 |\n| 1 | 2 |").rows == (("甲", "乙"), ("1", "2"))
    assert table_of("一格").rows == (("一格",),)


def column(reply, indicator: str, section: int | None = None, on: date | None = None) -> list[LiveFigure]:
    reply.refresh_from_db()
    return figures.insert_table(
        reply=reply, version=reply.version, indicators=INDICATORS, indicator=indicator, on=on or today(), section=section,
        division=factories.Division.objects.get(pk=w.DISTRICT), by=reply.drafted_by,
    )  # fmt: skip


def test_table_of_places_grows_by_a_column_and_is_frozen_with_the_letter(people, reply):
    made = column(reply, "workers")
    table = sections_of(reply)[-1]
    column(reply, "certified", table.pk)
    rows = [line.split(" | ") for line in sections_of(reply)[-1].text.splitlines()]
    assert rows[0] == ["地区", str(INDICATORS["workers"].label), str(INDICATORS["certified"].label)]
    assert len(rows) == 1 + len(made) and {len(row) for row in rows} == {3}
    assert f"[[{made[0].pk}]]" == rows[1][1]
    at_signature(reply.handling, people, "signature")
    Reply.objects.filter(pk=reply.pk).update(result="A")
    letter = sign(reply)
    shown_rows = next(block["table"] for block in letter.paper["blocks"] if block["table"])["rows"]
    assert shown_rows[1][1] == made[0].inserted["text"]
    assert LiveFigure.objects.filter(reply=reply, frozen__isnull=True).count() == 0


def test_figure_of_a_day_that_is_too_much_to_count_is_refused_with_the_reason(people, reply, monkeypatch):
    monkeypatch.setattr("portal.core.indicators.days.PEOPLE_AT_MOST", 1)
    past = date(2026, 3, 10)
    with pytest.raises(ValidationError, match="2026-03-10没有留存的数据，所选范围又超过 1 人"):
        column(reply, "workers", on=past)
    with pytest.raises(ValidationError, match="2026-03-10没有留存的数据，所选范围又超过 1 人"):
        figures.insert_figure(
            reply=reply, version=reply.version, indicators=INDICATORS, indicator="workers", on=past,
            division=factories.Division.objects.get(pk=w.DISTRICT), by=reply.drafted_by,
        )  # fmt: skip


def test_annexes_are_frozen_with_the_letter_and_taken_into_a_correction(people, reply):
    held = saved(reply)
    at_signature(held.handling, people, "signature")
    letter = sign(held)
    assert [annex["number"] for annex in letter.paper["annexes"]] == [2]
    made = correct_reply(reply=Reply.objects.get(pk=held.pk), reason="数字有误", by=people.lead_officer)
    assert paper_of(made).annexes == Paper.from_data(letter.paper).annexes


def test_nothing_personal_in_an_annex_is_published(reply):
    written = [Written(None, 5, "联系人名单"), Written(None, 6, "姓名 | 电话\n戊某 | 13800138000")]
    paper = paper_of(saved(reply, written))
    public, counts = redact_paper(paper)
    assert "13800138000" not in public.to_json() and counts["phone"] >= 1
    assert [pair.label for pair in compared(paper, public) if pair.changed and "13800138000" in pair.before] == [""]
    assert shown(public)["annexes"][0]["title"] == "联系人名单"


def joined(people, reply, words: str = "同意。") -> Reply:
    stage = {"stage": "opinion_given"} if words else {}
    unit = cases.HandlingUnit.objects.get(short="区人社局")
    part = cases.handling(reply.handling.proposal, unit, "co", **stage)
    if words:
        Opinion.objects.create(handling=part, words=words, given_on=today(), given_by=people.co_officer)
    return saved(reply, issued_with=[part.unit_id], style="file", both_sides=True)


def test_joint_answer_bears_the_names_of_all_and_the_number_of_the_lead(people, reply):
    held = joined(people, reply)
    paper = paper_of(held)
    assert paper.joint == (cases.HandlingUnit.objects.get(short="区人社局").name,)
    assert paper.both_sides
    at_signature(held.handling, people, "signature")
    assert sign(held).number == f"东民函〔{today().year}〕1号"


def test_joint_answer_waits_for_the_opinion_of_who_issues_it(people, reply):
    held = joined(people, reply, words="")
    at_signature(held.handling, people, "signature")
    with pytest.raises(ValidationError, match="联合行文须经会签：区人社局"):
        sign(held)


def test_only_co_handlers_issue_an_answer_jointly(reply):
    with pytest.raises(ValidationError) as refused:
        saved(reply, issued_with=[reply.handling.unit_id])
    assert "issued_with" in refused.value.message_dict


def test_editor_writes_annexes_and_tables_and_shows_them_in_words(login, people, reply):
    client = login(people.lead_officer)
    page = client.post(
        editor(reply),
        sent(reply, key=["", ""], level=["5", "6"], text=["名单", "姓名\t街道\n甲某\t春风街道"], both_sides="on"),
        headers=HTMX,
    )
    assert page.status_code == 200
    assert '<option value="6" selected>表格</option>' in page.content.decode()
    assert Reply.objects.get(pk=reply.pk).both_sides
    letter = words(client.get(reverse("reply_letter", args=[reply.pk])))
    assert "附件 名单 姓名 街道 甲某 春风街道" in letter


def test_button_lists_the_places_below(login, people, reply):
    client = login(people.lead_officer)
    page = client.post(editor(reply), sent(reply, "table:workers", figure_on=today().isoformat()), headers=HTMX)
    assert page.status_code == 200
    assert [one.level for one in sections_of(reply)] == [1, 6, 0]

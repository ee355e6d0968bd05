"""Earlier answers to write from: found by Chinese words inside the wall, taken over with figures that live again."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.registry import INDICATORS
from proposals.actions import reply_sections
from proposals.actions.drafting import start_reply
from proposals.models import LiveFigure, Proposal, ReplySection
from proposals.queries.cases import search_query, search_text, search_vector
from proposals.queries.drafts import sections_of
from proposals.queries.library import alike, paragraphs, together
from tests.proposals import cases
from tests.proposals.test_signing import drafted, hire, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def earlier(world):
    reply = drafted(text="全区社区工作者有%s，持证补贴按月发放。")
    sign(reply)
    return reply


@pytest.fixture
def draft(earlier):
    return start_reply(handling=cases.handling(cases.proposal("0099")), by=cases.user("lead_officer"))


def found(user: str, words: str, **more) -> list[str]:
    return [one.text for one in paragraphs(cases.user(user), words, **more)]


def test_paragraphs_are_found_by_words_that_stand_together(earlier):
    text = sections_of(earlier)[0].text
    assert [found("lead_officer", words) for words in ("持证补贴", "按月发放 社区工作者", "5人", "补贴持证", "")] == [
        [text], [text], [text], [], [],
    ]  # fmt: skip


def test_drafts_and_answers_of_others_are_not_in_the_library(earlier, draft):
    assert found("co_officer", "持证补贴") == []
    drafted("0050", text="持证补贴的草稿。")
    assert len(found("leader", "持证补贴")) == 1
    assert found("leader", "持证补贴", without=earlier) == []


def test_paragraph_taken_over_says_where_from_and_its_figures_are_of_today(earlier, draft):
    hire()
    source = ReplySection.objects.get(reply=earlier)
    reply_sections.take_paragraph(
        reply=draft, version=1, source=source, indicators=INDICATORS, by=cases.user("lead_officer")
    )
    (taken,) = sections_of(draft)
    figure = LiveFigure.objects.get(reply=draft)
    assert (taken.taken_from, taken.text, figure.inserted["text"]) == (
        earlier,
        f"全区社区工作者有[[{figure.pk}]]，持证补贴按月发放。",
        "6人",
    )


def test_paragraph_whose_figure_is_gone_is_taken_over_in_words(earlier, draft):
    source = ReplySection.objects.get(reply=earlier)
    reply_sections.take_paragraph(reply=draft, version=1, source=source, indicators={}, by=cases.user("lead_officer"))
    assert sections_of(draft)[0].text == "全区社区工作者有5人，持证补贴按月发放。"


def test_paragraphs_of_drafts_and_of_others_are_not_taken(earlier, draft):
    hidden = drafted("0050", text="草稿。")
    with pytest.raises(ValidationError, match="只能引用您可以查看的"):
        reply_sections.take_paragraph(
            reply=draft, version=1, source=sections_of(hidden)[0], indicators={}, by=cases.user("lead_officer")
        )


def proposal(number: str, title: str) -> Proposal:
    made = cases.proposal(number, title, text="")
    terms = search_text(number, title, made.text)
    Proposal.objects.filter(pk=made.pk).update(search=search_vector(terms))
    return made


def test_similar_proposals_come_by_what_their_titles_share_inside_the_wall(earlier, draft):
    near, far = proposal("0101", "关于提高社区工作者薪酬待遇的提案"), proposal("0102", "关于加强河道治理的提案")
    asked = proposal("0103", "关于落实社区工作者待遇的提案")
    leader = [one.pk for one in alike(cases.user("leader"), asked)]
    assert near.pk in leader and far.pk not in leader and asked.pk not in leader
    assert alike(cases.user("co_officer", "handler"), asked) == []


def test_library_answers_in_the_editor_with_few_queries(login, earlier, draft):
    proposal("0101", "关于加强社区工作者队伍的提案")
    client, address = login(cases.user("lead_officer")), reverse("reply_library", args=[draft.pk])
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address, {"library_q": "持证补贴"}).content.decode()
    assert f'value="take:{ReplySection.objects.get(reply=earlier).pk}"' in page
    assert len(queries) <= 12
    assert "没有含" in client.get(address, {"library_q": "没有的词"}).content.decode()


def test_search_of_paragraphs_uses_its_index(earlier):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        query, parameters = ReplySection.objects.filter(search=search_query("持证补贴")).query.sql_with_params()
        cursor.execute(f"EXPLAIN {query}", parameters)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "section_search" in plan


def test_text_of_a_merged_proposal_is_taken_over_before_it_is_signed(draft):
    lead = cases.proposal("0201")
    merged = cases.proposal("0202", state="merged", merged_into=lead, assigned_on=cases.ASSIGNED)
    by = cases.user("lead_officer")
    first = start_reply(handling=cases.handling(lead), by=by)
    part = cases.unit("区人社局")
    reply_sections.add_section(reply=first, version=1, text="并案一并答复。", unit=part, by=by)
    second = start_reply(handling=cases.handling(merged), by=by)
    assert together(by, second) == [first]
    reply_sections.take_text(reply=second, version=1, source=first, indicators=INDICATORS, by=by)
    assert [(one.text, one.unit, one.taken_from) for one in sections_of(second)] == [("并案一并答复。", part, None)]
    with pytest.raises(ValidationError, match="并案办理的答复"):
        reply_sections.take_text(reply=second, version=2, source=draft, indicators=INDICATORS, by=by)


def test_text_of_an_issued_answer_is_taken_over_in_the_editor(login, earlier, draft):
    by = cases.user("lead_officer")
    found = login(by).get(reverse("reply_library", args=[draft.pk])).content.decode()
    assert "没有相近的提案" in found
    reply_sections.take_text(reply=draft, version=1, source=earlier, indicators=INDICATORS, by=by)
    assert [one.taken_from for one in sections_of(draft)] == [earlier]

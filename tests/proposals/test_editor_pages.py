"""The editor of answers, the letter as it prints, and signature on screen."""

import html
import re

import pytest
from django.urls import reverse

from portal.core.letters.models import Letter
from portal.core.lib.clock import today
from proposals.actions.drafting import Written, correct_reply, save_reply, start_reply
from proposals.models import LiveFigure, Opinion, Reply
from proposals.queries.drafts import sections_of
from tests import factories
from tests import world as w
from tests.proposals import cases
from tests.proposals.test_signing import at_signature, drafted, hire

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def people(world):
    made = cases.people()
    cases.unit("区民政局", w.DISTRICT, made.lead_officer)
    cases.unit("区人社局", w.DISTRICT, made.co_officer)
    return made


@pytest.fixture
def reply(people):
    handling = cases.handling(cases.proposal())
    made = start_reply(handling=handling, by=people.lead_officer)
    written = [Written(None, 1, "基本情况"), Written(None, 0, "已配齐。")]
    return save_reply(reply=made, version=1, by=people.lead_officer, sections=written)


def sent(reply, act="save", **more) -> dict:
    """What the form of the editor sends: its fields and sections, as stored unless told otherwise."""
    stored, sections = Reply.objects.get(pk=reply.pk), sections_of(reply)
    names = ("title", "addressee", "opening", "closing", "disclosure", "style", "contact", "phone", "copies")
    return {
        **{name: getattr(stored, name) for name in names},
        "version": stored.version,
        "key": [one.pk for one in sections],
        "level": [one.level for one in sections],
        "text": [one.text for one in sections],
        "current": 0,
        "at": "",
        "act": act,
        **more,
    }


def editor(reply) -> str:
    return reverse("reply_draft", args=[reply.pk])


def texts(reply) -> list[tuple[int, str]]:
    return [(one.level, one.text) for one in sections_of(reply)]


def words(response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def test_editor_saves_what_was_typed_with_every_button(login, people, reply):
    client = login(people.lead_officer)
    page = client.post(editor(reply), sent(reply, "add:0", text=["基本情况", "全部配齐。"]), headers=HTMX)
    assert texts(reply) == [(1, "基本情况"), (0, ""), (0, "全部配齐。")]
    assert page.status_code == 200 and "data-focus" in page.content.decode().split("text-2")[2]
    client.post(editor(reply), sent(reply, "up:2"), headers=HTMX)
    client.post(editor(reply), sent(reply, "remove:2"), headers=HTMX)
    assert texts(reply) == [(1, "基本情况"), (0, "全部配齐。")]


def test_editor_without_scripts_comes_back_as_a_page(login, people, reply):
    client = login(people.lead_officer)
    answer = client.post(editor(reply), sent(reply, text=["基本情况", "改了。"]))
    assert (answer.status_code, answer["Location"]) == (302, editor(reply))
    assert "改了。" in client.get(editor(reply)).content.decode()


def test_editor_overtaken_keeps_what_was_typed_and_says_so(login, people, reply):
    client, typed = login(people.lead_officer), sent(reply, text=["基本情况", "我写的。"])
    save_reply(reply=reply, version=2, by=people.drafter, fields={"title": "同事改的标题"})
    page = client.post(editor(reply), typed, headers=HTMX)
    assert page.status_code == 422 and "刚被其他人改过" in words(page) and "我写的。" in page.content.decode()
    assert texts(reply)[1] == (0, "已配齐。")
    assert client.post(editor(reply), typed | {"version": 3}, headers=HTMX).status_code == 200
    assert texts(reply)[1] == (0, "我写的。")


def test_figure_is_searched_inserted_at_the_cursor_and_listed_in_the_margin(login, people, reply):
    client = login(people.lead_officer)
    asked = {"figure_q": "社区工作者", "figure_place": w.DISTRICT, "figure_on": today().isoformat()}
    found = client.get(reverse("reply_figures", args=[reply.pk]), asked)
    assert 'value="figure:workers"' in found.content.decode() and "5人" in words(found)
    page = client.post(editor(reply), sent(reply, "figure:workers", current=1, at=1, **asked), headers=HTMX)
    figure = LiveFigure.objects.get()
    assert texts(reply)[1] == (0, f"已[[{figure.pk}]]配齐。")
    assert "已插入：社区工作者 5人。" in words(page) and "仍然成立" in words(page) and "已5人配齐。" in words(page)
    hire()
    changed = words(client.get(editor(reply)))
    assert "插入后已变动：5人 → 6人" in changed
    client.post(editor(reply), sent(reply, f"refresh:{figure.pk}"), headers=HTMX)
    figure.refresh_from_db()
    assert figure.inserted["text"] == "6人"
    client.post(editor(reply), sent(reply, f"drop:{figure.pk}"), headers=HTMX)
    assert (texts(reply)[1], LiveFigure.objects.count()) == ((0, "已配齐。"), 0)


def test_margin_tells_slips_and_typed_numbers(login, people, reply):
    client = login(people.lead_officer)
    page = client.post(
        editor(reply), sent(reply, text=["依据", "示政办[2021]6号：全区社区工作者8人，感谢你们。"]), headers=HTMX
    )
    said = words(page)
    assert "文号“示政办[2021]6号”的年份应放在六角括号〔〕里。" in said
    assert "称谓混用：您、你们。对这样的提案者应统一用“您”。" in said
    assert f"写的是“8人”，指标“社区工作者”在 {today()} 为 5人。" in said


def test_figure_that_cannot_be_had_is_refused_with_the_text_saved(login, people, reply):
    client = login(people.lead_officer)
    more = {"text": ["基本情况", "先保存。"], "figure_place": "97", "figure_on": today().isoformat()}
    page = client.post(editor(reply), sent(reply, "figure:workers", **more), headers=HTMX)
    assert page.status_code == 422 and "没有这个指标，或您没有查看它的权限" in words(page)
    assert texts(reply)[1] == (0, "先保存。")


def test_opinion_is_inserted_and_marked_with_where_it_comes_from(login, people, reply):
    part = cases.handling(reply.handling.proposal, cases.unit("区人社局"), "co", stage="opinion_given")
    Opinion.objects.create(handling=part, words="开展培训。", given_on=cases.ASSIGNED, given_by=people.co_officer)
    page = login(people.lead_officer).post(editor(reply), sent(reply, f"opinion:{part.pk}"), headers=HTMX)
    assert texts(reply) == [(1, "基本情况"), (0, "开展培训。"), (0, "已配齐。")]
    assert "来自区人社局的会办意见" in words(page)


def test_draft_is_thrown_away_on_request(login, people, reply):
    answer = login(people.lead_officer).post(editor(reply), sent(reply, "discard"), headers=HTMX)
    assert (answer["HX-Redirect"], Reply.objects.count()) == (reverse("proposal", args=[reply.handling.proposal_id]), 0)


def test_reply_is_begun_on_its_page(login, people):
    handling = cases.handling(cases.proposal("7"))
    client = login(people.lead_officer)
    answer = client.post(reverse("reply_new", args=[handling.pk]))
    assert answer["Location"] == editor(Reply.objects.get())
    again = client.post(reverse("reply_new", args=[handling.pk]))
    assert again.status_code == 422 and "已经在起草" in words(again)


def test_who_may_not_write_sees_the_letter_as_it_stands(login, people, reply):
    assert login(people.co_officer).get(editor(reply)).status_code == 404
    at_signature(reply.handling, people, "signature")
    answer = login(people.lead_officer).get(editor(reply))
    assert answer["Location"] == reverse("reply_letter", args=[reply.pk])


def test_letter_of_a_draft_shows_its_pages_words_and_files(login, people, reply):
    client = login(people.lead_officer)
    page = client.get(reverse("reply_letter", args=[reply.pk]))
    assert "这是草稿，还没有签发" in words(page) and "一、基本情况" in words(page)
    picture = client.get(reverse("reply_page", args=[reply.pk, 1]))
    assert (picture["Content-Type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    assert client.get(reverse("reply_page", args=[reply.pk, 99])).status_code == 404
    starts = {form: client.get(reverse("reply_file", args=[reply.pk, form])).content[:4] for form in ("pdf", "docx")}
    assert starts == {"pdf": b"%PDF", "docx": b"PK\x03\x04"}
    assert client.get(reverse("reply_file", args=[reply.pk, "exe"])).status_code == 404


def test_signature_page_names_every_changed_figure_and_signs_with_a_reason(login, world):
    reply = drafted()
    hire()
    client, address = login(cases.user("leader")), reverse("reply_sign", args=[reply.pk])
    assert "插入后已变动的指标：更新，或写明保留的理由" in words(client.get(address))
    refused = client.post(address, {"version": reply.version, "act": "sign"})
    assert refused.status_code == 422 and "1 个指标在插入后已变动：社区工作者 5人 → 6人" in words(refused)
    figure = LiveFigure.objects.get()
    signed = client.post(address, {"version": reply.version, "act": "sign", f"kept-{figure.pk}": "以交办日为准"})
    assert signed["Location"] == reverse("reply_letter", args=[reply.pk])
    page = words(client.get(signed["Location"]))
    assert "签发后有变动：5人 → 6人" in page and "保留原数的理由：以交办日为准" in page
    assert f"东民函〔{today().year}〕1号" in page


def test_signature_page_refreshes_a_figure_first(login, world):
    reply = drafted()
    hire()
    client, address = login(cases.user("leader")), reverse("reply_sign", args=[reply.pk])
    figure = LiveFigure.objects.get()
    assert client.post(address, {"version": reply.version, "act": f"refresh:{figure.pk}"})["Location"] == address
    client.post(address, {"version": reply.version + 1, "act": "sign"})
    assert Letter.objects.get().paper["blocks"][1]["text"] == "全区有6人。"


def test_correction_begins_with_its_reason_and_both_letters_point_to_each_other(login, world):
    reply = drafted(text="无指标。")
    client = login(cases.user("lead_officer", "handler"))
    address = reverse("reply_correct", args=[reply.pk])
    assert client.get(address).status_code == 404
    login(cases.user("leader")).post(reverse("reply_sign", args=[reply.pk]), {"version": reply.version, "act": "sign"})
    answer = client.post(address, {"reason": "人数有误"})
    made = Reply.objects.get(corrects=reply)
    assert answer["Location"] == editor(made)
    login(cases.user("leader")).post(reverse("reply_sign", args=[made.pk]), {"version": 1, "act": "sign"})
    assert "已被更正，以更正件为准" in words(client.get(reverse("reply_letter", args=[reply.pk])))
    assert "这是一份更正件" in words(client.get(reverse("reply_letter", args=[made.pk])))


def test_correction_of_figures_keeps_what_was_signed(world):
    reply = drafted()
    from_letter = LiveFigure.objects.get()
    LiveFigure.objects.filter(pk=from_letter.pk).update(frozen=from_letter.inserted | {"text": "签发的"})
    Reply.objects.filter(pk=reply.pk).update(letter=factories_letter(reply))
    made = correct_reply(reply=Reply.objects.get(pk=reply.pk), reason="更正", by=cases.user("leader"))
    assert made.figures.get().inserted["text"] == "签发的"


def factories_letter(reply: Reply) -> Letter:
    return Letter.objects.create(
        division=factories.Division.objects.get(pk=w.DISTRICT), year=2026, title="x", issued_on=today(),
        issued_by=cases.user("leader"), paper={}, sha256="0" * 64,
    )  # fmt: skip

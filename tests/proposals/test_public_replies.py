"""Public site of published replies: only what was released, in plain HTML, as PDF, feed and open data."""

import csv
import io
import json
import re
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse

from portal.core.letters.paper import Block, Kind
from proposals.actions.publication import take_back_publication
from tests import world as w
from tests.proposals import answered, cases

ATOM = "{http://www.w3.org/2005/Atom}"
HIDDEN = (answered.SECRET, "甲一丁", "戊某", "0000-0000000")


def _get(name: str, *args, **query):
    return Client().get(reverse(name, args=args), query)


def _titles(**query) -> set[str]:
    text = _get("public_replies", **query).content.decode()
    return set(re.findall(r"题目[甲乙丙]", text))


@pytest.fixture
def three(world):
    """Published replies about three things, one of them of the city; and others in every earlier state."""
    made = {}
    for number, title, body, fields in (
        ("0101", "题目甲", "养老服务设施建设", {}),
        ("0102", "题目乙", "社区工作者薪酬待遇", {}),
        ("0103", "题目丙", "社区工作者证书补贴", {"session": cases.session(w.CITY, place_name="市政协")}),
    ):
        paper = answered.paper(title=title, blocks=(Block(Kind.PARAGRAPH, f"{body}，电话{answered.SECRET}。"),))
        made[title] = answered.published(number, paper, title=title, **fields)
    answered.checked(answered.reviewed("0104", answered.paper(title="题目丁"), title="题目丁"))
    answered.reviewed("0105", answered.paper(title="题目戊"), title="题目戊")
    answered.sent(number="0106")
    return made


def test_list_shows_what_was_released_and_finds_by_words_place_and_class(three):
    assert _titles() == {"题目甲", "题目乙", "题目丙"}
    page = _get("public_replies")
    text = page.content.decode()
    assert "题目丁" not in text and "题目戊" not in text and "session" not in page.cookies
    assert not re.search(r"<script(?![^>]*src=)|style=|onclick", text)
    assert _titles(q="社区工作者") == {"题目乙", "题目丙"}
    assert _titles(q="薪酬 社区") == {"题目乙"}
    assert _titles(q="0101") == {"题目甲"}
    assert _titles(q="没有这样的话") == set() == _titles(q=answered.SECRET)
    assert _titles(under=w.DISTRICT) == {"题目甲", "题目乙"}
    assert _titles(year=2026, result="A", body="cppcc") == {"题目甲", "题目乙", "题目丙"}
    assert _titles(result="C") == _titles(body="npc") == set()
    assert _titles(year="x", under="zz", page="no") == {"题目甲", "题目乙", "题目丙"}


def test_page_is_the_whole_letter_without_contact_data(world):
    held = answered.published()
    text = _get("public_reply", held.pk).content.decode()
    for kept in (
        "3310人",
        "东政发〔2025〕7号",
        "东民函〔2026〕1号",
        "甲某委员：",
        "2026年3月2日",
        "（此件主动公开）",
        "区政协提案委",
    ):
        assert kept in text
    for gone in HIDDEN:
        assert gone not in text
    assert "<h1>关于区政协十四届五次会议第0023号提案答复的函</h1>" in text and "<h2>一、配备情况</h2>" in text
    assert '<th scope="col">街道</th>' in text and "<caption>各街道人数</caption>" in text
    assert "<strong>（一）下一步</strong>甲某委员的建议已列入计划。" in text
    assert not re.search(r"<script(?![^>]*src=)|style=|onclick", text)


def test_drafts_and_reviews_have_no_address(world):
    waiting = answered.checked()
    for name in ("public_reply", "public_reply_pdf"):
        assert _get(name, waiting.pk).status_code == 404
        assert _get(name, "00000000-0000-4000-8000-000000000000").status_code == 404


def test_taken_back_is_gone_everywhere_and_its_address_says_why(three):
    held = three["题目乙"]
    take_back_publication(publication=held, reason="数据需要核实", by=cases.user("office"))
    page = _get("public_reply", held.pk)
    assert page.status_code == 410 and "数据需要核实" in page.content.decode() and "薪酬" not in page.content.decode()
    assert _get("public_reply_pdf", held.pk).status_code == 410
    assert _titles() == {"题目甲", "题目丙"}
    for name in ("public_replies_feed", "public_replies_json", "public_replies_csv"):
        assert str(held.pk) not in _body(_get(name))


def _body(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode()


def test_feed_is_atom_with_permanent_names(three):
    response = _get("public_replies_feed")
    assert response["Content-Type"].startswith("application/atom+xml") and "max-age=300" in response["Cache-Control"]
    feed = ElementTree.fromstring(response.content)
    entries = feed.findall(f"{ATOM}entry")
    assert [one.find(f"{ATOM}title").text for one in entries] == ["题目丙", "题目乙", "题目甲"]
    assert entries[2].find(f"{ATOM}id").text == f"urn:uuid:{three['题目甲'].pk}"
    link = entries[2].find(f"{ATOM}link").get("href")
    assert link == f"http://testserver/public/replies/{three['题目甲'].pk}/"
    assert answered.SECRET not in response.content.decode()
    narrowed = ElementTree.fromstring(_get("public_replies_feed", q="养老").content)
    assert len(narrowed.findall(f"{ATOM}entry")) == 1


def test_open_data_is_the_same_in_both_forms(three):
    rows = json.loads(_body(_get("public_replies_json")))["results"]
    assert [row["title"] for row in rows] == ["题目丙", "题目乙", "题目甲"]
    row = rows[2]
    assert row["url"].endswith(f"/public/replies/{row['id']}/") and row["pdf_url"] == f"{row['url']}letter.pdf"
    assert (row["kind"], row["number"], row["division_code"], row["result"]) == ("cppcc", "0101", w.DISTRICT, "A")
    assert row["session"] == "区政协十四届五次会议" and row["replied_on"] == "2026-03-02"
    assert "养老服务设施建设" in row["text"] and not any(
        gone in json.dumps(rows, ensure_ascii=False) for gone in HIDDEN
    )
    table = list(csv.reader(io.StringIO(_body(_get("public_replies_csv")).lstrip("\ufeff"))))
    assert table[0] == list(row) and len(table) == 4
    assert dict(zip(table[0], table[3], strict=True))["id"] == row["id"]
    assert len(json.loads(_body(_get("public_replies_json", under=w.DISTRICT)))["results"]) == 2


def test_pdf_is_of_the_public_version_and_made_once(world):
    held = answered.published()
    response = _get("public_reply_pdf", held.pk)
    if response.status_code == 503:
        pytest.skip("no Chinese font on this machine")
    assert response["Content-Type"] == "application/pdf" and response.content.startswith(b"%PDF")
    tag = response["ETag"]
    again = Client(headers={"if-none-match": tag}).get(reverse("public_reply_pdf", args=[held.pk]))
    assert (again.status_code, again.content) == (304, b"")


def test_correction_is_pointed_to(world):
    held = answered.published()
    right = answered.signed(held.reply.handling, corrects=held.reply, kind="implementation")
    assert "已经更正" not in _get("public_reply", held.pk).content.decode()
    held.__class__.objects.create(
        reply=right, division_id=w.DISTRICT, disclosure="public", content=held.content, checked_by=cases.user("checker"),
        checked_on=held.checked_on, published_by=cases.user("office"), published_at=held.published_at,
    )  # fmt: skip
    assert "已经更正" in _get("public_reply", held.pk).content.decode()


def test_pages_cost_the_same_for_many(three, django_assert_num_queries, django_assert_max_num_queries):
    with django_assert_max_num_queries(6) as one:
        _get("public_replies", q="题目甲")
    with django_assert_num_queries(len(one)):
        _get("public_replies", q="题目")


def test_public_pages_speak_english_too(world):
    held = answered.published()
    response = Client(headers={"accept-language": "en"}).get(reverse("public_reply", args=[held.pk]))
    assert response.status_code == 200 and '<html lang="en">' in response.content.decode()

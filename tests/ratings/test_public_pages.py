"""Pages without a log-in: only what the public may know, in plain HTML; the form of objections holds its ground."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from portal.core.lib.clock import today
from ratings.models import Objection
from tests import world as w
from tests.ratings import rated

WORDS = "走访记录与事实不符，请复核。"


def _page(cycle, **query):
    return Client().get(reverse("public_rating", args=[cycle.public_key]), query)


@pytest.mark.parametrize("stage", ["self", "joint", "calibration"])
def test_cycle_before_its_notice_does_not_exist(world, stage):
    cycle = rated.cycle(stage=stage)
    rated.unit(cycle)
    assert _page(cycle).status_code == 404
    assert Client().get(reverse("public_objection", args=[cycle.public_key, w.SPRING])).status_code == 404
    assert cycle.name not in Client().get(reverse("public_ratings")).content.decode()


def test_notice_that_begins_tomorrow_does_not_exist_yet(world):
    day = today() + timedelta(days=1)
    cycle = rated.cycle(notice_from=day, notice_until=day)
    rated.unit(cycle)
    assert _page(cycle).status_code == 404
    assert cycle.name not in Client().get(reverse("public_ratings")).content.decode()


def test_notice_shows_grades_and_how_to_object_but_no_score(world):
    cycle = rated.cycle()
    rated.unit(cycle, w.SPRING, 5, total=91.25)
    rated.unit(cycle, w.SUMMER, 0, vetoed=True)
    rated.unit(cycle, w.VILLAGE, None, left_out_because="秘密理由")
    response = _page(cycle)
    text = response.content.decode()
    assert response.status_code == 200 and "sessionid" not in response.cookies
    assert "春风社区" in text and "五星" in text and "无星" in text and "一号街道" in text
    assert "评定村、社区 2 个：五星 1 个，四星 0 个，三星 0 个，无星 1 个。" in text
    assert "提出异议" in text and reverse("public_objection", args=[cycle.public_key, w.SPRING]) in text
    for hidden in ("91.25", "秘密理由", "冬岭村", "checker", "一票否决"):
        assert hidden not in text
    assert not re.search(r"<script(?![^>]*src=)|style=|onclick", text)


def test_scores_are_shown_where_the_cycle_says_so(world):
    cycle = rated.cycle(show_scores=True)
    rated.unit(cycle, total=91.25)
    assert "91.25" in _page(cycle).content.decode()


def test_units_are_found_by_name_place_and_grade(world):
    cycle = rated.cycle()
    for code, grade in ((w.SPRING, 5), (w.SUMMER, 4), (w.AUTUMN, 4)):
        rated.unit(cycle, code, grade)

    def shown(**query) -> set[str]:
        text = _page(cycle, **query).content.decode()
        return {name for name in ("春风社区", "夏雨社区", "秋叶社区") if name in text}

    assert shown(q="春风") == {"春风社区"}
    assert shown(grade="four") == {"夏雨社区", "秋叶社区"}
    assert shown(under=w.STREET) == {"春风社区", "夏雨社区"}
    assert shown(under="96", grade="x", page="zz") == {"春风社区", "夏雨社区", "秋叶社区"}


def test_page_costs_the_same_for_many_units(world, django_assert_num_queries, django_assert_max_num_queries):
    cycle = rated.cycle()
    rated.unit(cycle, w.SPRING)
    with django_assert_max_num_queries(9) as one:
        _page(cycle)
    for code in (w.SUMMER, w.AUTUMN, w.UNKNOWN):
        rated.unit(cycle, code)
    with django_assert_num_queries(len(one)):
        _page(cycle)


def test_results_after_the_decision_say_what_was_changed_since(world):
    cycle = rated.cycle(stage="filed", notice_from=today() - timedelta(days=9), notice_until=today())
    unit = rated.unit(cycle, w.SPRING, 5)
    rated.star(w.SPRING, 5, unit=unit, current=False)
    rated.star(w.SPRING, 3, unit=unit, number=2, cause="removal", event="内部事由", effective_from=today())
    text = _page(cycle).content.decode()
    assert "示例〔2026〕1号" in text and "起为三星（年度内摘星）" in text
    assert "内部事由" not in text and "提出异议" not in text
    listed = Client().get(reverse("public_ratings")).content.decode()
    assert cycle.name in listed and "认定" in listed


def _object(cycle, client=None, code=w.SPRING, **fields):
    url = reverse("public_objection", args=[cycle.public_key, code])
    return (client or Client()).post(url, {"words": WORDS, **fields})


def test_objection_from_form_to_answer(world, login):
    cycle = rated.cycle()
    rated.unit(cycle, w.SPRING, 4)
    response = _object(cycle, sender="甲一", contact="10000000009")
    made = Objection.objects.get()
    assert (made.words, made.sender, made.contact) == (WORDS, "甲一", "10000000009")
    assert response["Location"] == reverse("public_receipt", args=[made.receipt]) + "?sent=1"
    receipt = Client().get(response["Location"])
    text = receipt.content.decode()
    assert made.receipt in text and "请记下回执编号" in text and "正在办理" in text
    assert receipt["X-Robots-Tag"] == "noindex" and "no-store" in receipt["Cache-Control"]
    given = {"version": 1, "state": "upheld", "grade": 5, "answer": "经复核，走访记录有误。"}
    answered = login(world.users.district).post(reverse("objection", args=[made.pk]), given)
    assert answered.status_code == 302
    text = Client().get(reverse("public_receipt", args=[made.receipt])).content.decode()
    assert "异议成立" in text and "经复核，走访记录有误。" in text
    for hidden in ("甲一", "10000000009", WORDS, "district"):
        assert hidden not in text
    assert "五星" in _page(cycle).content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"words": ""},
        {"words": "太短"},
        {"words": "长" * 2001},
        {"sender": "长" * 101},
        {"contact": "长" * 101},
        {"homepage": "http://example.invalid/"},
    ],
)
def test_what_the_form_refuses(world, fields):
    cycle = rated.cycle()
    rated.unit(cycle)
    assert _object(cycle, **fields).status_code == 422
    assert Objection.objects.count() == 0


def test_form_needs_its_token(world):
    cycle = rated.cycle()
    rated.unit(cycle)
    assert _object(cycle, Client(enforce_csrf_checks=True)).status_code == 403
    client = Client(enforce_csrf_checks=True)
    page = client.get(reverse("public_objection", args=[cycle.public_key, w.SPRING])).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    assert _object(cycle, client, csrfmiddlewaretoken=token).status_code == 302


@pytest.mark.parametrize("shift", [-30, 30])
def test_outside_the_notice_there_is_a_sentence_instead_of_the_form(world, shift):
    day = today() + timedelta(days=shift)
    cycle = rated.cycle(notice_from=day - timedelta(days=1), notice_until=day)
    rated.unit(cycle)
    url = reverse("public_objection", args=[cycle.public_key, w.SPRING])
    if shift > 0:
        assert Client().get(url).status_code == 404
        return
    assert "异议只在公示期内受理" in Client().get(url).content.decode()
    assert (_object(cycle).status_code, Objection.objects.count()) == (409, 0)


def test_objection_to_what_is_not_published_is_missing(world):
    cycle = rated.cycle()
    rated.unit(cycle, w.VILLAGE, None, left_out_because="x")
    for code in (w.VILLAGE, w.FAR, "96", "x"):
        assert _object(cycle, code=code).status_code == 404


def test_flood_from_one_address_is_stopped_behind_the_proxy_too(world, settings, monkeypatch):
    monkeypatch.setattr("ratings.actions.objections.PER_HOUR", 2)
    settings.HTTPS = True
    cycle = rated.cycle()
    rated.unit(cycle)

    def sent(forwarded: str):
        client = Client(headers={"x-forwarded-for": forwarded, "x-forwarded-proto": "https"})
        return _object(cycle, client)

    assert [sent(f"198.51.100.{n}, 203.0.113.5").status_code for n in range(3)] == [302, 302, 429]
    refused = sent("203.0.113.5")
    assert 0 < int(refused["Retry-After"]) <= 3601 and "这一件没有收下" in refused.content.decode()
    assert sent("203.0.113.6").status_code == 302


def test_receipts_are_found_however_typed_and_others_are_missing(world):
    made = rated.objection(rated.unit(rated.cycle()), receipt="ABCD-EFGH-JKMN-2345")
    search = reverse("public_receipt_search")
    for typed in ("abcd efgh jkmn 2345", "ABCDEFGHJKMN2345", made.receipt):
        assert Client().get(search, {"number": typed})["Location"] == reverse("public_receipt", args=[made.receipt])
    for wrong in ("ABCD-EFGH-JKMN-2346", "%00", "回执", "A" * 300):
        response = Client().get(search, {"number": wrong})
        assert (response.status_code, "没有这个回执编号" in response.content.decode()) == (404, True)
    gone = Client().get(reverse("public_receipt", args=["AAAA-AAAA-AAAA-AAAA"]), follow=True)
    assert gone.status_code == 404
    assert Client().get(search).status_code == 200


def test_public_pages_speak_english_too(world):
    cycle = rated.cycle()
    rated.unit(cycle)
    response = Client(headers={"accept-language": "en"}).get(reverse("public_rating", args=[cycle.public_key]))
    assert response.status_code == 200 and '<html lang="en">' in response.content.decode()

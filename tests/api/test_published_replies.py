"""`published-replies/`: without a token, only what was released, without contact data; filters, paging, formats."""

import csv
import io

from django.test import Client

from portal.core.lib.clock import today
from proposals.actions.publication import take_back_publication
from tests import world as w
from tests.api.conftest import refused
from tests.proposals import answered, cases

LIST = "/api/v1/published-replies/"


def _get(path: str = LIST, **query):
    return Client().get(path, query)


def _numbers(**query) -> list[str]:
    return [row["number"] for row in _get(**query).json()["results"]]


def test_row_of_a_published_reply_needs_no_token(world):
    held = answered.published()
    answered.checked(answered.reviewed("0024"))
    response = _get()
    assert response.status_code == 200 and response["Cache-Control"] == "public, max-age=60"
    (row,) = response.json()["results"]
    page = f"http://testserver/public/replies/{held.pk}/"
    text = row.pop("text")
    assert "3310人" in text and answered.SECRET not in text and "甲一丁" not in text and "戊某" not in text
    assert row.pop("published_at").startswith(today().isoformat()[:4])
    assert row == {
        "id": str(held.pk), "url": page, "pdf_url": f"{page}letter.pdf", "division": {"code": w.DISTRICT, "name": "东区"},
        "body": "cppcc", "session": "区政协十四届五次会议", "number": "0023", "unit": "东区民政局", "kind": "reply",
        "proposal_title": "关于加强社区工作者队伍建设的提案", "title": "关于区政协十四届五次会议第0023号提案答复的函",
        "document_number": "东民函〔2026〕1号", "result": "A", "replied_on": "2026-03-02",
    }  # fmt: skip
    one = Client().get(f"{LIST}{held.pk}/")
    assert one.json()["id"] == str(held.pk)
    again = Client(headers={"if-none-match": one["ETag"]}).get(f"{LIST}{held.pk}/")
    assert again.status_code == 304


def test_filters_paging_and_refusals(world):
    for number, title in (("0001", "养老服务"), ("0002", "社区工作者"), ("0003", "社区养老")):
        answered.published(number, answered.paper(title=title), title=title)
    city = cases.session(w.CITY, place_name="市人大", body="npc")
    answered.published("0004", answered.paper(title="乡村"), title="乡村", session=city)
    assert _numbers() == ["0001", "0002", "0003", "0004"]
    assert _numbers(search="养老") == ["0001", "0003"]
    assert _numbers(division=w.DISTRICT) == _numbers(body="cppcc") == ["0001", "0002", "0003"]
    assert _numbers(year="2025") == _numbers(result="C") == _numbers(since="2099-01-01") == []
    first = _get(page_size="3").json()
    rest = Client().get(first["next"]).json()
    assert len(first["results"]) == 3 and [row["number"] for row in rest["results"]] == ["0004"]
    refused(_get(division="99"), 404, "not-found")
    refused(_get(draft="yes"), 400, "invalid-parameter")
    refused(_get(token="x"), 400, "invalid-parameter")
    refused(Client().post(LIST, {}, "application/json"), 405, "method-not-allowed")


def test_taken_back_and_unreleased_do_not_exist(world):
    held = answered.published()
    waiting = answered.checked(answered.reviewed("0024"))
    take_back_publication(publication=held, reason="需要核实", by=cases.user("office"))
    assert _numbers() == []
    for one in (held, waiting):
        refused(Client().get(f"{LIST}{one.pk}/"), 404, "not-found")


def test_list_as_csv_and_as_many_queries_for_many(world, django_assert_max_num_queries, django_assert_num_queries):
    answered.published("0001")
    with django_assert_max_num_queries(4) as one:
        _get()
    answered.published("0002")
    with django_assert_num_queries(len(one)):
        _get()
    sheet = Client(headers={"accept": "text/csv"}).get(LIST)
    content = b"".join(sheet) if sheet.streaming else sheet.content
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row["number"] for row in rows] == ["0001", "0002"]


def test_too_many_calls_of_an_address_are_turned_away(world, settings):
    settings.REST_RATE_LIMIT_ADDRESS = 2
    client = Client(REMOTE_ADDR="198.51.100.77")
    found = [client.get(LIST).status_code for _call in range(4)]
    assert found[0] == 200 and found[-1] == 429

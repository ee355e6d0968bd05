"""The ledger of certificates: figures that add up, and the people behind each of them."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from tests import world as w
from tests.pages.reading import rows_of, sentence_of, text_of
from workforce.actions.cases import open_due_cases
from workforce.models import Person
from workforce.queries.certificate_ledger import Ledger, Month, Share

D = date
NOW = D(2026, 11, 22)
TWO_YEARS = {"months": 24, "starts_on": "2018-01-01", "restart_after_months": 6, "judged_by": "obtained"}
QUERIES = 20


@pytest.fixture
def ruled(world):
    factories.rule("certificate.deadline", TWO_YEARS, w.CITY)
    factories.rule("certificate.share_target", {"percent": 60, "due": "2026-12-31"}, w.CITY)
    factories.rule("certificate.share_target", {"percent": 100, "due": "2027-12-31"}, w.STREET)
    return world


def ledger(world, code, on=NOW) -> Ledger:
    return Ledger(world.divisions[code], on)


def shares(world, code) -> tuple[Share, list[Share]]:
    found = ledger(world, code).figures()
    return found.own, found.below


def test_shares_of_a_place_and_below(ruled):
    own, below = shares(ruled, w.DISTRICT)
    assert own == Share(w.DISTRICT, "东区", 5, 3, 60, D(2026, 12, 31))
    assert (own.met, own.needed) == (True, 0)
    assert below == [
        Share(w.STREET, "一号街道", 4, 2, 100, D(2027, 12, 31)),
        Share(w.NEIGHBOUR, "二号街道", 1, 1, 60, D(2026, 12, 31)),
    ]
    assert (below[0].met, below[0].needed) == (False, 2)


def test_shares_pass_over_formal_divisions(ruled):
    own, below = shares(ruled, w.CITY)
    assert (own.heads, own.certified, own.needed) == (6, 3, 1)
    assert [one.name for one in below] == ["东区", "西区"]


def test_shares_of_nobody_and_without_a_target(ruled):
    own, below = shares(ruled, w.SNOW)
    assert (own, own.met, below) == (Share(w.SNOW, "冬雪社区", 0, 0, 60, D(2026, 12, 31)), None, [])
    own, _below = shares(ruled, "97")
    assert (own.percent, own.needed, own.met) == (None, None, None)


def test_levels_count_the_best_certificate_once(ruled):
    factories.certificate(ruled.people["赵春"], "assistant", D(2020, 1, 1))
    factories.certificate(ruled.people["钱风"], "local", D(2026, 11, 23))
    assert ledger(ruled, w.STREET).figures().levels == {"social_worker": 1, "assistant": 1, "": 2}
    assert ledger(ruled, w.STREET, D(2026, 11, 23)).figures().levels == {
        "social_worker": 1,
        "assistant": 1,
        "local": 1,
        "": 1,
    }


def test_months_of_deadlines(ruled):
    factories.worker("新来", w.SPRING, hired_on=D(2026, 3, 15))
    assert ledger(ruled, w.DISTRICT).figures().months == [Month(D(2026, 1, 1), 2, 2), Month(D(2028, 3, 1), 1, 0)]


def test_next_sitting(ruled):
    assert ledger(ruled, w.CITY).next_sitting() == (D(2027, 5, 24), D(2027, 7, 24))
    assert ledger(ruled, w.CITY, D(2026, 5, 24)).next_sitting() == (D(2026, 5, 24), D(2026, 7, 24))


def names(response) -> list[str]:
    return [row[0] for row in rows_of(response)]


def listed(client, **query) -> list[str]:
    return names(client.get(reverse("certificates"), {"on": "2026-11-22", **query}, headers={"hx-request": "true"}))


def test_page_says_how_the_place_stands(ruled, login):
    response = login(ruled.users.street).get(reverse("certificates"), {"on": "2026-11-22"})
    assert (
        "一号街道在岗社区工作者 4 人，持证 2 人，持证率 50.0%；到 2027-12-31 应达 100%，还需 2 人取得证书。"
        in sentence_of(response)
    )
    rows = rows_of(response)
    assert rows[:2] == [
        ["春风社区", "2", "1", "50.0%", "100%", "1"],
        ["夏雨社区", "2", "1", "50.0%", "100%", "1"],
    ]
    text = text_of(response)
    assert "下一次全国考试在 2027-05-24 前后" in text
    assert "取证逾期 2人" in text
    factories.worker("新来", w.SPRING, hired_on=D(2026, 3, 15))
    text = text_of(login(ruled.users.street).get(reverse("certificates"), {"on": "2026-11-22"}))
    assert "今后各月到期的未持证人员 2028-03 1" in text


def test_page_of_a_met_target_and_of_none(ruled, login):
    text = text_of(login(ruled.users.district).get(reverse("certificates"), {"on": "2026-11-22"}))
    assert "已达到 2026-12-31 应达 60% 的目标" in text
    text = text_of(login(ruled.users.outsider).get(reverse("certificates")))
    assert "当日没有生效的持证率目标" in text
    text = text_of(login(ruled.users.city).get(reverse("certificates"), {"place": w.SNOW}))
    assert "冬雪社区没有计入配备的社区工作者。" in text


def test_numbers_lead_to_their_people(ruled, login):
    client = login(ruled.users.street)
    assert sorted(listed(client)) == sorted(listed(client, show="overdue")) == ["李雨", "钱风"]
    assert listed(client, show="social_worker") == ["赵春"]
    assert listed(client, show="assistant") == ["孙夏"]
    assert sorted(listed(client, show="registration")) == ["孙夏", "赵春"]
    factories.certificate(Person.objects.get(name="赵春"), "assistant", D(2020, 6, 1))
    assert sorted(listed(client, show="held")) == ["孙夏", "赵春", "赵春"]
    assert sorted(listed(client, month="2026-01")) == ["李雨", "钱风"]
    assert listed(client, month="2026-02") == []
    assert sorted(listed(client, show="nonsense", month="nonsense")) == ["李雨", "钱风"]
    assert listed(client, show="overdue", place=w.SPRING) == ["钱风"]


def test_list_tells_the_day_and_leads_to_the_case(ruled, login):
    open_due_cases(on=D(2026, 2, 1))
    client = login(ruled.users.street)
    response = client.get(reverse("certificates"), headers={"hx-request": "true"})
    row = next(row for row in rows_of(response) if row[0] == "钱风")
    assert row[1:4] == ["春风社区", "未持证", "2026-01-01"] and row[6] == "待告知"
    assert "已逾期" in row[4]
    assert "/roster/cases/" in response.content.decode()
    community = login(ruled.users.community).get(reverse("certificates"))
    assert "/roster/cases/" not in community.content.decode()


def test_past_day_answers_as_it_was(ruled, login):
    factories.certificate(ruled.people["钱风"], "local", D(2026, 6, 1))
    client = login(ruled.users.street)
    assert sorted(listed(client, on="2026-05-31")) == ["李雨", "钱风"]
    assert listed(client, on="2026-06-01") == ["李雨"]


def test_country_is_asked_to_choose_a_place(ruled, login):
    country = factories.user("country", ("city", ""))
    assert "请先选择一个地方" in text_of(login(country).get(reverse("certificates")))


def test_pages_of_people(ruled, login):
    for number in range(52):
        factories.worker(f"多{number}", w.SPRING)
    client = login(ruled.users.street)
    assert len(listed(client)) == 50
    assert len(listed(client, page="2")) == 4
    assert len(listed(client, page="all")) == 54


def test_costs_the_same_for_one_and_for_many(ruled, login):
    client = login(ruled.users.street)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("certificates"))
        return len(found)

    queries()
    before = queries()
    for number in range(3):
        factories.worker(f"多{number}", w.SPRING)
    assert queries() == before <= QUERIES

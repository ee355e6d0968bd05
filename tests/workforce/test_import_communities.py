"""What a sheet lets one notice of its communities as a whole: once for each, and nothing that stops it."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from portal.core.sheets.annotate import write_annotated
from portal.core.territory.models import Population, PopulationTotal
from tests import factories, rosters
from tests import world as w
from tests.pages.test_imports import words
from tests.rosters import line
from workforce.importers import ROSTER

HOUSEHOLDS = {"base": 4, "households_per": 300, "rounding": "nearest", "least": 0}
SIZE = {"least": 5, "most": 9}


@pytest.fixture
def judge(world):
    def judged(*lines, division=w.STREET, by=None):
        return rosters.judged(by or world.users.street, world.divisions[division], list(lines))

    return judged


def told(batch) -> list[tuple[int, str, str]]:
    """Row, column and sentence of every warning."""
    rows = batch.rows.order_by("number")
    return [
        (row.number, one["column"], ROSTER.sentence(one["code"], one["params"])) for row in rows for one in row.warnings
    ]


def seat(seq: int, body: str, **cells) -> dict:
    """A row for a member of a committee, without a contract."""
    bare = {"contract_kind": None, "contract_from": None, "party": None}
    return line(seq, **bare, **{"body": body, "title": "委员", "entry": "选举", **cells})


def forget(code: str) -> None:
    Population.objects.filter(division_id=code).delete()
    PopulationTotal.objects.filter(division_id=code).delete()


def test_community_without_population_is_told_once_and_stops_nothing(judge, world):
    forget(w.SUMMER)
    batch = judge(line(1), line(2, code=w.SUMMER), line(3, code=w.SUMMER), line(4, code=None, community="夏雨社区"))
    assert told(batch) == [
        (3, "社区代码", "“夏雨社区”没有登记人口，导入后算不出应配人数。请登记人口；不影响这次导入。")
    ]
    assert (rosters.errors(batch), batch.counts["warning_kinds"]) == ([], {"population_missing": 1})
    rosters.request_apply(batch=batch, importer=ROSTER, by=world.users.street)
    assert rosters.apply_batch(batch.pk, world.users.street, ROSTER).state == "applied"


def test_households_are_missed_where_a_rule_counts_them(judge, world):
    Population.objects.filter(division_id=w.SUMMER).update(households=None)
    assert told(judge(line(2, code=None, community="夏雨社区"))) == []
    factories.rule("staffing.allotment", HOUSEHOLDS, division=w.CITY)
    rosters.ImportBatch.objects.update(state="cancelled")
    batch = judge(line(2, code=None, community="夏雨社区"))
    assert told(batch) == [
        (2, "社区名称", "“夏雨社区”没有登记户数，算不出按户数核定的职数。请登记户数；不影响这次导入。")
    ]


def test_villages_and_communities_outside_are_not_looked_at(judge, world):
    forget(w.AUTUMN)
    person = world.people["陈村"]
    known = {"name": "陈村", "id_number": str(person.id_number), "valid_from": "2024-01-01"}
    batch = judge(line(1, code=w.VILLAGE, **known, contract_from="2024-01-01"), line(2, code=w.AUTUMN))
    assert batch.counts["warning_kinds"] == {"outside": 1}


def test_committees_are_counted_as_the_import_leaves_them(judge, world):
    factories.rule("committee.size_residents", SIZE, division=w.CITY)
    person = world.people["赵春"]
    chair = {"name": "赵春", "id_number": str(person.id_number), "title": "居委会主任", "valid_from": "2024-01-01"}
    members = [seat(seq, "居民委员会") for seq in (1, 2, 3)]
    batch = judge(*members, seat(4, "居民委员会", **chair, tier="正职"), seat(5, "居民委员会", code=w.SUMMER))
    assert told(batch) == [
        (2, "社区代码", "导入后“春风社区”居民委员会有成员 4 人，一般为 5 至 9 人。请核对；不影响这次导入。"),
        (6, "社区代码", "导入后“夏雨社区”居民委员会有成员 1 人，一般为 5 至 9 人。请核对；不影响这次导入。"),
    ]
    rosters.ImportBatch.objects.update(state="cancelled")
    assert told(judge(*members, seat(6, "居民委员会"))) == []


def test_member_who_leaves_by_the_sheet_is_not_counted(judge, world):
    factories.rule("committee.size_residents", {"least": 1, "most": 2}, division=w.CITY)
    factories.appointment(world.people["钱风"], w.SPRING, body="committee", title="委员")
    leaver = {"name": "赵春", "id_number": str(world.people["赵春"].id_number), "title": "居委会主任", "tier": "正职"}
    gone = seat(9, "居民委员会", **leaver, valid_from="2024-01-01", valid_to="2026-06-30")
    assert told(judge(seat(1, "居民委员会"), gone)) == []
    rosters.ImportBatch.objects.update(state="cancelled")
    assert told(judge(seat(1, "居民委员会"))) == [
        (2, "社区代码", "导入后“春风社区”居民委员会有成员 3 人，一般为 1 至 2 人。请核对；不影响这次导入。")
    ]


def test_party_is_judged_by_its_form_and_left_alone_without_one(judge, world):
    factories.rule("committee.size_party_branch", {"least": 3, "most": 5}, division=w.CITY)
    factories.rule("committee.size_party_committee", {"least": 5, "most": 7}, division=w.CITY)
    factories.term(w.SPRING, "party")
    factories.term(w.SUMMER, "party", form="committee")
    batch = judge(seat(1, "社区党组织"), seat(2, "社区党组织", code=w.SUMMER))
    assert told(batch) == [
        (2, "社区代码", "导入后“春风社区”社区党组织有成员 2 人，一般为 3 至 5 人。请核对；不影响这次导入。"),
        (3, "社区代码", "导入后“夏雨社区”社区党组织有成员 1 人，一般为 5 至 7 人。请核对；不影响这次导入。"),
    ]


def test_team_beyond_the_most_is_told(judge, world):
    factories.rule("staffing.cap", {"heads": 4}, division=w.CITY)
    assert told(judge(line(1))) == []
    rosters.ImportBatch.objects.update(state="cancelled")
    batch = judge(line(1), line(2), line(2, body="党群服务中心", title="窗口"), line(3, full_time="否"))
    assert told(batch) == [
        (2, "社区代码", "导入后“春风社区”有专职、纳入管理的 5 人，上限 4 人。请核对；不影响这次导入。")
    ]


def test_sheet_with_errors_does_not_guess_what_it_would_leave(judge, world):
    factories.rule("committee.size_residents", SIZE, division=w.CITY)
    batch = judge(seat(1, "居民委员会"), seat(2, "居民委员会", tier="科员"), seat(5, "居民委员会", code=w.SUMMER))
    assert [row for row, _column, _sentence in told(batch)] == [4]


def test_page_and_summary_sheet_show_it(judge, world, login):
    forget(w.SUMMER)
    content = rosters.as_xlsx([line(2, code=w.SUMMER)])
    batch = rosters.judged(world.users.street, world.divisions[w.STREET], content, "名册.xlsx")
    page = words(login(world.users.street).get(reverse("import", args=[batch.pk])))
    assert "请核对（不影响应用）" in page and "“夏雨社区”没有登记人口" in page
    out = io.BytesIO()
    write_annotated(out, content=content, filename="名册.xlsx", batch=batch, importer=ROSTER)
    summary = openpyxl.load_workbook(out)["问题汇总"]
    cells = [str(cell.value) for row in summary.iter_rows() for cell in row if cell.value]
    assert "社区没有人口数" in cells and any(cell.startswith("“夏雨社区”没有登记人口") for cell in cells)
    with translation.override("en"):
        assert ROSTER.heading("population_missing") == "No population on record"


def test_as_many_queries_for_one_community_as_for_three(judge, world):
    factories.rule("committee.size_residents", SIZE, division=w.CITY)
    admin = factories.user("both", ("street", w.CITY))

    def queries(*codes):
        rosters.ImportBatch.objects.update(state="cancelled")
        lines = [seat(seq, "居民委员会", code=code) for seq, code in enumerate(codes, 1)]
        with CaptureQueriesContext(connection) as captured:
            batch = judge(*lines, by=admin, division=w.CITY)
        assert batch.counts["warning_kinds"] == {"residents_size": len(codes)}
        return len(captured)

    queries(w.SPRING)
    assert queries(w.SUMMER) == queries(w.SPRING, w.SUMMER, w.AUTUMN)

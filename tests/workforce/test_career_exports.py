"""Directed posts, honours and who was put forward for them as files: as the pages show them, nobody of the neighbour."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.core.audit.models import AuditEvent
from tests import factories, taken
from tests import world as w
from workforce.models import Award, DirectedRecruitment, Nomination

YEAR = 2026


@pytest.fixture
def city(world, login):
    return login(world.users.city)


def directed(**fields) -> DirectedRecruitment:
    given = {"division_id": w.DISTRICT, "year": YEAR, "kind": "institution", "group": "heads", "posts": 2}
    return DirectedRecruitment.objects.create(**{**given, **fields})


def award(code: str = w.CITY, **fields) -> Award:
    given = {"name": "最美社区工作者", "level": "city", "year": YEAR, "quota": 2}
    return Award.objects.create(division_id=code, **{**given, **fields})


def put_forward(prize: Award, person, code: str, stage: str = "nominated", **fields) -> Nomination:
    return Nomination.objects.create(award=prize, person=person, division_id=code, stage=stage, **fields)


def test_directed_posts_have_a_row_for_every_kind_and_one_where_nothing_was_entered(world, city):
    factories.rule("careers.directed_posts", {"heads_least": 1, "workers_least": 1}, w.DISTRICT)
    directed(applicants=9, hired=1, document="=示例公告")
    directed(kind="civil_service", posts=1)
    rows = taken.rows(city, "directed", year=YEAR)
    assert rows == [
        ["区划代码", "区", "年度", "面向对象", "岗位性质", "岗位数", "报名人数", "录用人数", "公告或文件", "规定最少（合计）", "判定"],
        [w.DISTRICT, "东区", "2026", "“一肩挑”负责人", "公务员", "1", "", "", "", "1", "达标"],
        [w.DISTRICT, "东区", "2026", "“一肩挑”负责人", "事业单位", "2", "9", "1", "'=示例公告", "1", "达标"],
        [w.DISTRICT, "东区", "2026", "其他社区工作者", "", "", "", "", "", "1", "未按规定设岗"],
        ["960102", "西区", "2026", "“一肩挑”负责人", "", "", "", "", "", "", "未生效"],
        ["960102", "西区", "2026", "其他社区工作者", "", "", "", "", "", "", "未生效"],
    ]  # fmt: skip
    assert len(taken.rows(city, "directed", year=YEAR, place="960102")) == 3
    assert {row[4] for row in taken.rows(city, "directed", year=2025)[1:]} == {""}


def test_awards_count_their_nominations_by_stage(world, city, login):
    prize, other = award(), award(name="=先进", year=2025)
    put_forward(prize, world.people["孙夏"], w.SUMMER, "awarded")
    put_forward(prize, world.people["钱风"], w.SPRING)
    put_forward(prize, world.people["周秋"], w.AUTUMN, "declined")
    head, *rows = taken.rows(city, "awards", year=YEAR)
    assert head[:7] == ["区划代码", "推荐地区", "荣誉名称", "层级", "年度", "名额（空为不限）", "已上报（人）"]
    assert head[7:] == ["已推荐（人）", "已遴选（人）", "已上报待定（人）", "已授予（人）", "未入选（人）"]
    assert rows == [["96", "示例市", "最美社区工作者", "市级", "2026", "2", "1", "1", "0", "0", "1", "1"]]
    assert taken.rows(city, "awards", year=2025)[1][2] == "'=先进"
    street = taken.rows(login(world.users.neighbour), "awards", year=YEAR)
    assert street[1][6:] == ["1", "0", "0", "0", "0", "1"]
    assert taken.rows(city, "awards", year=YEAR, place=w.STREET)[1][6:] == ["1", "1", "0", "0", "1", "0"]
    assert other.year == 2025


def test_nominations_name_people_and_go_on_record(world, city, login):
    prize = award()
    put_forward(prize, world.people["孙夏"], w.SUMMER, "awarded", decided_on=date(2026, 5, 1), reason="事迹")
    put_forward(prize, world.people["周秋"], w.AUTUMN)
    rows = taken.rows(city, "nominations", pk=prize.pk)
    assert rows == [
        ["社区代码", "社区", "姓名", "进度", "日期", "事迹或理由"],
        [w.SUMMER, "夏雨社区", "孙夏", "已授予", "2026-05-01", "事迹"],
        [w.AUTUMN, "秋叶社区", "周秋", "已推荐", "", ""],
    ]
    event = AuditEvent.objects.latest("id")
    assert (event.act, event.detail["list"], event.detail["rows"], event.detail["personal"]) == (
        "list_exported", "nominations", 2, True,
    )  # fmt: skip
    assert [row[2] for row in taken.rows(login(world.users.street), "nominations", pk=prize.pk)[1:]] == ["孙夏"]
    assert taken.take(login(world.users.outsider), "nominations", pk=prize.pk).status_code == 404
    assert taken.sheet(taken.book(city, "nominations", pk=prize.pk), "推荐人选")[1][2] == "孙夏"


def test_pages_offer_their_files(world, city):
    prize = award()
    put_forward(prize, world.people["孙夏"], w.SUMMER)
    for name, args, key in (
        ("careers", [], "directed"),
        ("awards", [], "awards"),
        ("award", [prize.pk], "nominations"),
    ):
        page = city.get(reverse(name, args=args)).content.decode()
        for form in ("xlsx", "csv"):
            assert reverse("export", args=[key, form]) in page, name
    empty = award(name="无人")
    assert (
        reverse("export", args=["nominations", "csv"])
        not in city.get(reverse("award", args=[empty.pk])).content.decode()
    )


def test_page_does_not_call_districts_without_a_rule_in_order(world, city):
    page = city.get(reverse("careers"), {"year": YEAR}).content.decode()
    assert "没有生效的定向设岗规则，不作判定" in page and "没有发现不按规定设岗的情形" not in page


@pytest.mark.parametrize("page", [True, False])
def test_awards_cost_the_same_for_one_and_for_four(world, city, page):
    def ask() -> int:
        answer = city.get(reverse("awards"), {"year": YEAR}) if page else taken.take(city, "awards", year=YEAR)
        answer.content if page else answer.getvalue()
        return answer.status_code

    put_forward(award(), world.people["孙夏"], w.SUMMER)
    ask()
    with CaptureQueriesContext(connection) as few:
        assert ask() == 200
    for number in range(3):
        put_forward(award(name=f"荣誉{number}"), world.people["孙夏"], w.SUMMER)
    with CaptureQueriesContext(connection) as many:
        assert ask() == 200
    assert len(few) == len(many)


def test_pages_say_what_the_year_came_to(world, city, login):
    page = city.get(reverse("careers"), {"year": YEAR}).content.decode()
    assert "2026 年没有登记定向岗位。" in page
    directed(posts=3)
    directed(kind="civil_service", posts=4, hired=1)
    said = city.get(reverse("careers"), {"year": YEAR}).content.decode()
    assert "2026 年登记定向岗位 7 个；其中 4 个登记了录用情况，录用 1 人，占 25.0%。" in said
    DirectedRecruitment.objects.update(hired=None)
    said = city.get(reverse("careers"), {"year": YEAR}).content.decode()
    assert "2026 年登记定向岗位 7 个；录用情况还没有登记。" in said
    prize = award()
    put_forward(prize, world.people["孙夏"], w.SUMMER, "awarded")
    put_forward(prize, world.people["周秋"], w.AUTUMN, "declined")
    for reader, counts in ((city, [0, 0, 0, 1, 1]), (login(world.users.street), [0, 0, 0, 1, 0])):
        stages = reader.get(reverse("awards"), {"year": YEAR}).context["stages"]
        assert [(one["label"], one["count"]) for one in stages] == list(
            zip(["已推荐", "已遴选", "已上报", "已授予", "未入选"], counts, strict=True)
        )

"""Lists of the workforce as files: exact contents, the filters of the page, nothing of the neighbour, constant queries."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.core.lib.clock import now
from portal.core.lib.identity import mask
from tests import factories, taken
from tests import world as w
from workforce.exports import roster
from workforce.importers.columns import COLUMNS
from workforce.models import Appointment, Contract, Person, Transfer

DAY = date(2024, 1, 1)


@pytest.fixture
def street(world, login):
    return login(world.users.street)


def column(rows: list[list[str]], head: str) -> list[str]:
    return [row[rows[0].index(head)] for row in rows[1:]]


# Roster -------------------------------------------------------------------------------------------------------------


def test_roster_has_the_columns_of_the_import_and_masks_numbers(street, world):
    rows = taken.rows(street, "roster", q="钱风")
    person = world.people["钱风"]
    assert rows[0] == [column.header for column in COLUMNS]
    assert dict(zip(rows[0], rows[1], strict=True)) == {
        **dict.fromkeys(rows[0], ""),
        "社区代码": w.SPRING,
        "社区名称": "春风社区",
        "姓名": "钱风",
        "身份证号": mask(person.id_number),
        "性别": "女",
        "出生日期": "",
        "联系电话": "100****0001",
        "岗位层级": "工作人员",
        "岗位等级": "5",
        "任职机构": "社区工作站",
        "职务": "工作人员",
        "任职方式": "聘用",
        "任职起始": "2024-01-01",
        "是否专职": "是",
        "纳入管理": "是",
        "入职日期": "2024-01-01",
        "用工主体": "一号街道办事处",
        "合同类型": "劳动合同",
        "合同起始": "2024-01-01",
        "兼任网格员": "否",
    }
    assert len(rows) == 2


def test_roster_tells_birth_dates_in_clear_only_and_reasons_to_those_who_see_them_on_the_page(world, login):
    Person.objects.filter(pk=world.people["钱风"].pk).update(left_on=date(2026, 12, 31), leaving_reason="身体原因")

    def told(user) -> tuple[list[str], list[str]]:
        rows = taken.rows(login(user), "roster", q="钱风")
        return column(rows, "出生日期"), column(rows, "离职原因")

    assert told(world.users.community) == ([""], [""])
    assert told(world.users.street) == ([""], ["身体原因"])
    book = taken.book(login(world.users.community), "roster", q="钱风")
    assert "身体原因" not in str(taken.sheet(book, "花名册")) and "1990" not in str(taken.sheet(book, "花名册"))
    client = login(world.users.street)
    answer = client.post(reverse("export_clear", args=["roster"]) + "?q=钱风", {"reason": "核对", "form": "xlsx"})
    clear = taken.sheet(openpyxl.load_workbook(io.BytesIO(answer.getvalue())), "花名册")
    assert [(row[5].date(), row[-1]) for row in clear[1:]] == [(date(1990, 1, 1), "身体原因")]


def test_roster_holds_papers_of_the_day(street, world):
    person = world.people["孙夏"]
    best = factories.certificate(person, "senior", date(2025, 3, 1))
    factories.registration(best, date(2025, 4, 1))
    Contract.objects.filter(person=person).update(valid_to=date(2025, 1, 1))
    factories.contract(person, kind="service", party="二号单位", valid_from=date(2025, 1, 1), valid_to=date(2026, 1, 1))
    papers = ["合同类型", "合同起始", "合同截止", "证书等级", "证书取得日期", "登记日期"]

    def on(day):
        rows = taken.rows(street, "roster", q="孙夏", on=day)
        return [column(rows, head)[0] for head in papers]

    assert on("2024-06-30") == ["劳动合同", "2024-01-01", "2024-12-31", "助理社会工作师", "2024-01-01", ""]
    assert on("2025-06-30") == ["服务协议", "2025-01-01", "2025-12-31", "高级社会工作师", "2025-03-01", "2025-04-01"]
    assert on("2026-06-30")[:3] == ["服务协议", "2025-01-01", "2025-12-31"]


def test_roster_follows_status_search_sort_place_and_day(street, world):
    Appointment.objects.filter(person=world.people["李雨"]).update(valid_to=date(2026, 1, 1))

    def names(**query):
        return column(taken.rows(street, "roster", **query), "姓名")

    assert names(status="part_time") == ["郑专"]
    assert names(status="left") == ["李雨"]
    assert names(q="sx") == ["孙夏"]
    assert names(place=w.SUMMER) == ["孙夏"]
    assert sorted(names(place=w.SUMMER, on="2025-12-31")) == ["孙夏", "李雨"]
    assert names(sort="-name", status="counted") == list(reversed(names(sort="name", status="counted")))
    assert "周秋" not in names()


def test_roster_of_all_streets_is_in_the_order_of_communities(world, login):
    codes = column(taken.rows(login(world.users.district), "roster"), "社区代码")
    assert codes == sorted(codes)
    assert {w.SPRING, w.AUTUMN} <= set(codes)


def test_clear_numbers_stay_inside_the_territory_of_the_right_to_export(world, login):
    user = factories.user("both", ("street", w.STREET), ("community", w.AUTUMN))
    client = login(user)
    assert {w.SPRING, w.AUTUMN} <= set(column(taken.rows(client, "roster"), "社区代码"))
    answer = client.post(reverse("export_clear", args=["roster"]), {"reason": "核对", "form": "csv"})
    text = answer.getvalue().decode()
    assert str(world.people["钱风"].id_number) in text
    assert w.AUTUMN not in text and "周秋" not in text


def test_country_has_to_choose_a_place(login, db, world):
    client = login(factories.user("national", ("city", "")))
    page = client.get(reverse("export", args=["roster", "csv"]), follow=True)
    assert "全国的名单不能一次导出。请先在顶部选择一个地方。" in page.content.decode()
    assert len(taken.rows(client, "roster", place=w.SUMMER)) == 3


# Ledgers ------------------------------------------------------------------------------------------------------------


def test_certificates_list_the_people_of_the_page(street, world):
    rows = taken.rows(street, "certificates", show="social_worker")
    assert rows == [
        ["社区代码", "社区", "姓名", "证书等级", "证书编号", "证书取得日期", "最近登记日期", "期限", "剩余（天，负数为逾期）", "登记情况",
         "还来得及的考试（次）", "个案阶段"],
        [w.SPRING, "春风社区", "赵春", "社会工作师", f"T{world.people['赵春'].pk.hex[:10]}", "2024-01-01", "", "", "", "", "", ""],
    ]  # fmt: skip
    assert sorted(column(taken.rows(street, "certificates"), "姓名")) == ["李雨", "钱风"]
    assert sorted(column(taken.rows(street, "certificates", show="held"), "姓名")) == ["孙夏", "赵春"]
    assert column(taken.rows(street, "certificates", place=w.SUMMER), "姓名") == ["李雨"]


def test_every_certificate_stands_in_the_ledger_by_itself(street, world):
    """Somebody with two has two rows, each with its own number and registration; later ones are not there yet."""
    person = world.people["赵春"]
    first = factories.certificate(person, "assistant", date(2020, 6, 1))
    factories.registration(first, date(2020, 8, 1))
    factories.certificate(person, "senior", world.today + timedelta(days=1))
    number = f"T{person.pk.hex[:10]}"
    rows = taken.rows(street, "certificates", show="held", place=w.SPRING)
    assert [row[3:7] for row in rows[1:]] == [
        ["助理社会工作师", number, "2020-06-01", "2020-08-01"],
        ["社会工作师", number, "2024-01-01", ""],
    ]


def test_contracts_say_who_has_none_and_whose_ends(street, world):
    day = world.today
    ends = {"钱风": day + timedelta(days=91), "孙夏": day + timedelta(days=92), "李雨": day}
    for name, end in ends.items():
        Contract.objects.filter(person=world.people[name]).update(valid_to=end, number=f"合{name}")
    rows = taken.rows(street, "contracts")
    states = {row[2]: (row[4], row[9], row[10]) for row in rows[1:]}
    assert states == {
        "李雨": ("合同已到期", str(day - timedelta(days=1)), "-1"),
        "钱风": ("90 天内到期", str(day + timedelta(days=90)), "90"),
        "孙夏": ("履行中", str(day + timedelta(days=91)), "91"),
        "冯约": ("没有合同", "", ""),
        **dict.fromkeys(("赵春", "郑专", "陈村"), ("无固定期限", "", "")),
    }
    assert rows[1] == [
        w.SUMMER, "夏雨社区", "李雨", "工作人员", "合同已到期", "劳动合同", "合李雨", "一号街道办事处", "2024-01-01",
        str(day - timedelta(days=1)), "-1", "",
    ]  # fmt: skip
    assert column(taken.rows(street, "contracts", show="none"), "姓名") == ["冯约"]
    assert column(taken.rows(street, "contracts", q="sx"), "姓名") == ["孙夏"]
    assert column(taken.rows(street, "contracts", kind="service"), "姓名") == []
    assert column(taken.rows(street, "contracts", on="2023-12-31"), "姓名") == []


def test_contract_page_counts_and_lists_the_same_people(street, world):
    Contract.objects.filter(person=world.people["李雨"]).update(valid_to=world.today)
    page = street.get(reverse("contracts"), {"show": "lapsed"})
    assert [line["row"].name for line in page.context["table"].lines] == ["李雨"]
    assert {stat["label"]: stat["count"] for stat in page.context["stats"]} == {
        "没有合同": 1, "合同已到期": 1, "90 天内到期": 0, "履行中": 0, "无固定期限": 5,
    }  # fmt: skip
    assert "在岗 7 人，有在期合同 5 人；0 人 90 天内到期，1 人已到期，1 人没有合同。" in page.content.decode()
    assert "周秋" not in page.content.decode()
    assert street.get(reverse("contracts"), {"place": w.NEIGHBOUR}).status_code == 404


def test_contract_page_asks_the_country_to_choose(login, world):
    page = login(factories.user("national", ("city", ""))).get(reverse("contracts"))
    assert "请先选择一个地方" in page.content.decode()


# Places -------------------------------------------------------------------------------------------------------------


def test_establishment_sums_by_street_and_place_and_lists_applications(world, login):
    factories.establishment(w.SPRING, posts=4)
    factories.establishment(w.AUTUMN, posts=1)
    factories.application(w.SPRING, posts=2)
    client = login(world.users.district)
    rows = taken.rows(client, "establishment", **{"class": "staff"})
    assert rows == [
        ["区划代码", "区划", "行别", *(f"社区专职工作人员{name}（人）" for name in ("核定", "实有", "空缺", "超出", "待审批")),
         "未核定社区（个）"],
        [w.SPRING, "春风社区", "", "4", "2", "2", "0", "2", "0"],
        [w.SUMMER, "夏雨社区", "", "", "2", "", "0", "0", "1"],
        [w.STREET, "一号街道", "合计", "4", "4", "2", "0", "2", "1"],
        [w.AUTUMN, "秋叶社区", "", "1", "1", "0", "0", "0", "0"],
        [w.UNKNOWN, "同名社区", "", "", "0", "", "0", "0", "1"],
        [w.NEIGHBOUR, "二号街道", "合计", "1", "1", "0", "0", "0", "1"],
        [w.DISTRICT, "东区", "合计", "5", "5", "2", "0", "2", "2"],
    ]  # fmt: skip
    book = taken.book(client, "establishment")
    assert [row[:4] for row in taken.sheet(book, "员额申请")[1:]] == [(w.SPRING, "春风社区", "社区专职工作人员", 2)]
    assert len(taken.sheet(book, "员额表")[0]) == 3 + 3 * 5 + 1


def test_terms_and_committees_of_a_street(street):
    factories.term(w.SPRING, number=11)
    factories.term(w.SPRING, valid_from=date(2019, 1, 1), elected_on=date(2018, 12, 20), valid_to=DAY, number=10)
    factories.term(w.AUTUMN)
    rows = taken.rows(street, "terms")
    assert [row[1:4] + row[5:10] for row in rows[1:]] == [
        ["春风社区", "居民委员会", "11", "2024-01-01", "2024-01-01", "2028-12-31", "", "任期内"],
        ["春风社区", "居民委员会", "10", "2018-12-20", "2019-01-01", "2023-12-31", "", "已结束"],
    ]
    assert column(taken.rows(street, "terms", on="2030-01-01"), "状态") == ["到期未换届", "已结束"]
    committees = taken.sheet(taken.book(street, "terms"), "两委情况")
    assert [row[:3] for row in committees[1:]] == [
        (w.SPRING, "春风社区", 1),
        (w.SUMMER, "夏雨社区", 0),
        (w.STREET, "一号街道", 1),
    ]


def test_grids_have_a_row_per_person_and_one_for_an_empty_grid(street, world):
    held, empty = factories.grid(w.SPRING), factories.grid(w.SPRING, "第二网格")
    factories.grid(w.AUTUMN)
    factories.grid_post(world.people["钱风"], held, "chief")
    factories.grid_post(factories.person("王格"), held)
    rows = taken.rows(street, "grids")
    about = [w.SPRING, "春风社区", "第一网格", "400", "5", "2024-01-01"]
    assert sorted(rows[1:]) == sorted(
        [
            [*about, "网格长", "钱风", "2024-01-01", "是"],
            [*about, "专职网格员", "王格", "2024-01-01", "否"],
            [w.SPRING, "春风社区", empty.name, "400", "5", "2024-01-01", "", "", "", ""],
        ]
    )


# Pay, assessment, training, cases -----------------------------------------------------------------------------------


def test_scores_hold_every_indicator_and_only_ones_own_people(street, world):
    row = factories.assessment(world.people["孙夏"], w.SUMMER, scores={"work": "90.5"})
    factories.assessment(world.people["周秋"], w.AUTUMN)
    scheme = row.scheme
    scheme.indicators = [{"key": "work", "label": "工作实绩", "line": "community", "weight": 100}]
    scheme.save()
    rows = taken.rows(street, "scores", pk=scheme.pk)
    assert [dict(zip(rows[0], line, strict=True)) for line in rows[1:]] == [
        {
            "社区代码": w.SUMMER, "社区": "夏雨社区", "姓名": "孙夏", "兼任网格员": "否", "工作实绩": "90.5", "社区工作得分": "88.50",
            "网格工作得分": "", "总分": "88.50", "等次": "合格", "排名范围": "一号街道", "排名": "1", "列入末位名单": "",
        }
    ]  # fmt: skip
    assert taken.rows(street, "schemes")[1][:4] == ["2025", "年度考核", w.DISTRICT, "东区"]


def test_classes_follow_the_year_and_cases_the_stage(street, world):
    held = factories.training_class(w.DISTRICT, date(2025, 5, 6))
    factories.enrolment(held, world.people["孙夏"], w.SUMMER)
    factories.enrolment(held, world.people["周秋"], w.AUTUMN)
    rows = taken.rows(street, "classes", year=2025)
    assert [(row[0], row[7], row[11], row[12]) for row in rows[1:]] == [("示例轮训", "2025-05-06", "1", "1")]
    assert len(taken.rows(street, "classes", year=2024)) == 1
    factories.review_case(world.people["李雨"], w.SUMMER)
    factories.review_case(world.people["周秋"], w.AUTUMN)
    assert column(taken.rows(street, "cases"), "姓名") == ["李雨"]
    assert column(taken.rows(street, "cases", stage="closed"), "姓名") == []


def test_grades_follow_the_filter(street, world):
    factories.grade(world.people["孙夏"])
    everybody = column(taken.rows(street, "grades"), "姓名")
    assert {"孙夏", "钱风"} <= set(everybody) and "周秋" not in everybody
    assert "孙夏" not in column(taken.rows(street, "grades", show="none"), "姓名")
    assert column(taken.rows(street, "grades", q="孙"), "现等级") == ["5"]


LISTS = [
    "roster",
    "certificates",
    "contracts",
    "establishment",
    "terms",
    "grids",
    "grades",
    "payroll",
    "classes",
    "cases",
]


@pytest.mark.parametrize("key", LISTS)
def test_queries_do_not_grow_with_the_rows(world, login, key):
    client = login(world.users.neighbour)

    def add(number: int) -> None:
        person = factories.worker(f"甲{'一二三四'[number]}", w.UNKNOWN)
        factories.grid_post(person, factories.grid(w.UNKNOWN, f"第{number}网格"))
        factories.review_case(person, w.UNKNOWN)
        factories.training_class(w.UNKNOWN, world.today)
        factories.term(w.UNKNOWN, valid_from=DAY.replace(year=2000 + number), valid_to=DAY.replace(year=2001 + number))

    add(0)
    taken.rows(client, key, place=w.UNKNOWN)
    with CaptureQueriesContext(connection) as few:
        before = len(taken.rows(client, key, place=w.UNKNOWN))
    add(1), add(2), add(3)
    with CaptureQueriesContext(connection) as many:
        after = len(taken.rows(client, key, place=w.UNKNOWN))
    assert len(few) == len(many)
    assert after - before == (0 if key == "establishment" else 3)


def test_transfers_tell_each_side_what_it_may_know(world, login):
    person = world.people["周秋"]
    Transfer.objects.create(
        person=person, from_division_id=w.AUTUMN, to_division_id=w.SPRING, effective_on=world.today, proposed_by="street",
        post={"name": "周某", "title": "工作人员"}, to_agreed_at=now(), to_agreed_by="street",
    )  # fmt: skip
    asking, giving = (taken.rows(login(user), "transfers")[1] for user in (world.users.street, world.users.neighbour))
    assert asking[1:7] == ["周某", mask(person.id_number), "", "另一街道", w.SPRING, "春风社区"]
    assert giving[1:5] == ["周秋", mask(person.id_number), w.AUTUMN, "秋叶社区"]
    other = login(factories.user("third", ("street", "960102001")))
    assert len(taken.rows(other, "transfers")) == 1


def test_rows_carry_further_fields_before_the_cells(world):
    posts = Appointment.objects.filter(person=world.people["孙夏"])
    [row] = roster.rows(posts, world.today, user=world.users.street, clear=False, more=("id", "person__version"))
    assert row[:4] == (posts.get().pk, 1, w.SUMMER, "夏雨社区")

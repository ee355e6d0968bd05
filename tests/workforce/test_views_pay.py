"""The pages of grades, payroll and assessment: who sees what, what is written, what it says."""

import io
from datetime import date

import openpyxl
import pytest
from django.urls import reverse

from portal.core.audit.models import AuditEvent
from portal.core.web import formats
from tests import factories
from tests import world as w
from tests.pages.reading import rows_of, text_of
from tests.pages.test_followed_numbers import bare_numbers_of, links_of
from tests.workforce.paying import ALLOWANCE, AMOUNTS, BACHELOR, POSTS, STEPS, record, rule
from workforce.models import Appointment, Assessment, AssessmentScheme, GradeRecord, PayApproval, ReviewCase

SCHEME = {
    "year": "2025", "name": "年度考核", "group": "street", "grid_percent": "0", "weight_satisfaction": "40",
    "label_1": "工作实绩", "line_1": "community", "weight_1": "60", "least_excellent": "90", "least_qualified": "75",
    "least_basic": "60",
}  # fmt: skip


@pytest.fixture
def street(world, login):
    return login(world.users.street)


@pytest.fixture
def worker(world):
    found = factories.person("韩计", education="本科", hired_on=date(2019, 7, 1))
    factories.contract(found)
    factories.appointment(found, w.SPRING, valid_from=date(2019, 7, 1), grade=2)
    record(found, 2)
    return found


class TestGrades:
    def test_list_shows_present_proposed_and_difference(self, street, worker):
        rule("pay.education_credit", BACHELOR)
        found = {row[1]: row[4:7] for row in rows_of(street.get(reverse("grades")))}
        assert found["韩计"] == ["2", "4", "+2"]
        assert len(found) == 7

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ({"show": "higher"}, ["韩计"]),
            ({"q": "hj"}, ["韩计"]),
            ({"show": "none"}, []),
            ({"q": "韩", "show": "lower"}, []),
        ],
    )
    def test_filters(self, street, worker, query, names):
        rule("pay.education_credit", BACHELOR)
        assert [row[1] for row in rows_of(street.get(reverse("grades"), query))] == names

    def test_derivation_line_by_line_with_its_sources(self, street, worker):
        rule("pay.education_credit", BACHELOR)
        page = street.get(reverse("grade_proposal", args=[worker.pk]), headers={"HX-Request": "true"})
        rows = rows_of(page)
        assert [row[0] for row in rows] == ["起点", "年限", "学历"]
        assert [row[2] for row in rows] == ["+1", "+2", "+1"]
        assert "连续工作满 7 年，每 3 年一级" in rows[1][1]
        assert "示例文件〔2018〕1号 第二条" in rows[2][1]
        assert "现为 2 级，核定为 4 级（+2）" in text_of(page)

    def test_amount_that_the_rule_lacks_is_said(self, street, worker):
        factories.certificate(worker, "senior", date(2020, 1, 1))
        rule("pay.certificate_steps", STEPS)
        assert "级数未提供" in text_of(street.get(reverse("grade_proposal", args=[worker.pk])))

    def test_accepting_says_first_what_changes(self, street, worker):
        rule("pay.education_credit", BACHELOR)
        tick = f"{worker.pk}.{worker.version}.4"
        page = street.post(reverse("grades_accept"), {"ticked": [tick, "odd"]})
        assert "韩计（春风社区）：2 级 → 4 级" in text_of(page)
        assert worker.grades.count() == 1
        done = street.post(
            reverse("grades_accept"),
            {"ticked": tick, "valid_from": "2026-11-01", "evidence": "和民〔2026〕3号"},
            follow=True,
        )
        assert "已为 1 人执行核定等级。" in text_of(done)
        assert list(worker.grades.order_by("valid_from").values_list("grade", flat=True)) == [2, 4]

    def test_refusal_stands_on_the_page(self, street, worker):
        tick = f"{worker.pk}.{worker.version}.9"
        page = street.post(reverse("grades_accept"), {"ticked": tick, "valid_from": "2026-11-01", "evidence": "x"})
        assert page.status_code == 422
        assert "按 2026-11-01 的情况应为 3 级" in text_of(page)

    def test_nothing_ticked(self, street):
        assert "还没有勾选人员" in text_of(street.post(reverse("grades_accept"), follow=True))

    def test_district_reads_and_changes_nothing(self, world, login, worker):
        page = login(world.users.district).get(reverse("grades"))
        assert "韩计" in text_of(page)
        assert "办理勾选" not in text_of(page)

    def test_city_chooses_a_district_first(self, world, login):
        page = login(world.users.city).get(reverse("grades"))
        assert "请选择下级地区" in text_of(page)
        assert "东区" in text_of(page)

    @pytest.mark.parametrize("people", [1, 4])
    def test_number_of_queries_does_not_grow(self, world, login, people, django_assert_max_num_queries):
        for number in range(people):
            factories.worker(f"丁{number}", w.SUMMER)
        client = login(world.users.street)
        client.get(reverse("grades"))
        with django_assert_max_num_queries(26):
            client.get(reverse("grades"))


class TestPersonPage:
    def test_history_and_forms(self, street, worker):
        page = street.get(reverse("worker", args=[worker.pk]))
        assert "工作人员 2 级" in text_of(page)
        version = worker.version
        fields = {
            "version": version,
            "tier": "3",
            "grade": "5",
            "valid_from": "2026-11-01",
            "reason": "education",
            "evidence": "x",
        }
        done = street.post(reverse("record_new", args=[worker.pk, "grade"]), fields, follow=True)
        assert "工作人员 5 级" in text_of(done)
        found = worker.grades.get(grade=5)
        fields = {"version": version + 1, "tier": "3", "grade": "6", "valid_from": "2026-11-01", "evidence": "录入有误"}
        street.post(reverse("record_edit", args=["grade", found.pk]), fields)
        found.refresh_from_db()
        assert (found.grade, found.reason) == (6, "correction")
        street.post(reverse("record_take_back", args=["grade", found.pk]), {"version": version + 2})
        assert GradeRecord.objects.get(pk=found.pk).valid_to == date(2026, 11, 1)

    def test_approval_and_appointment(self, street, worker):
        fields = {"version": worker.version, "amount": "8000", "reason": "x", "document": "y", "approved_by": "区委组织部",
                  "valid_from": "2026-01-01", "valid_to": "2026-12-31"}  # fmt: skip
        street.post(reverse("record_new", args=[worker.pk, "approval"]), fields)
        assert PayApproval.objects.get().valid_to == date(2027, 1, 1)
        fields = {"version": worker.version + 1, "level": "assistant", "valid_from": "2026-01-01"}
        page = street.post(reverse("record_new", args=[worker.pk, "professional"]), fields, follow=True)
        assert "每月不超过 8,000 元" in text_of(page)
        assert worker.professional_appointments.get().level == "assistant"
        for kind, row in (
            ("approval", PayApproval.objects.get()),
            ("professional", worker.professional_appointments.get()),
        ):
            worker.refresh_from_db()
            street.post(
                reverse("record_end", args=[kind, row.pk]), {"version": worker.version, "last_day": "2026-06-30"}
            )
            row.refresh_from_db()
            assert row.valid_to == date(2026, 7, 1)
            worker.refresh_from_db()
            street.post(
                reverse("record_edit", args=[kind, row.pk]),
                {**_shown(row), "version": worker.version, "document": "改"},
            )
            row.refresh_from_db()
            assert row.document == "改"
            worker.refresh_from_db()
            street.post(reverse("record_take_back", args=[kind, row.pk]), {"version": worker.version})
            row.refresh_from_db()
            assert row.valid_to == row.valid_from

    def test_pay_stays_hidden_from_the_community(self, world, login, worker):
        page = text_of(login(world.users.community).get(reverse("worker", args=[worker.pk])))
        assert "工作人员 2 级" in page
        assert "超过薪酬上限的批准" not in page


def _shown(row) -> dict:
    keys = ("level", "amount", "reason", "approved_by", "document")
    found = {key: getattr(row, key) for key in keys if hasattr(row, key)}
    return {**found, "valid_from": row.valid_from.isoformat(), "valid_to": "2026-06-30"}


class TestPayroll:
    @pytest.fixture(autouse=True)
    def rules(self, world):
        rule("pay.grade_amounts", AMOUNTS)
        rule("pay.post_amounts", POSTS)
        rule("pay.certificate_allowance", ALLOWANCE)

    def test_one_row_per_person_with_sums(self, street):
        page = street.get(reverse("payroll"), {"month": "2026-10"})
        rows = {row[0]: row for row in rows_of(page)}
        assert rows["赵春"][2:6] == ["3,20012 级", "4,600书记、主任", "120社会工作师", "7,920"]
        assert rows["钱风"][3:5] == ["无此项", "无此项"]
        assert rows_of(page, "tfoot")[0] == ["合计", "6 人", "15,700", "4,600", "180", "20,480", "", ""]
        assert "2026-10，按 2026-10-31 在岗的专职人员 6 人计。已提供金额合计 20,480 元，比上月 0 元。" in text_of(page)

    def test_missing_amounts_are_said(self, street, world):
        Appointment.objects.filter(person=world.people["钱风"]).update(grade=18)
        text = text_of(street.get(reverse("payroll"), {"month": "2026-10"}))
        assert "等级工资：1 人的金额未提供，没有计入合计。" in text

    def test_difference_to_the_month_before(self, street, world):
        record(world.people["孙夏"], 5, valid_to=date(2026, 10, 1))
        record(world.people["孙夏"], 6, since=date(2026, 10, 1))
        factories.worker("丁新", w.SUMMER)
        Appointment.objects.filter(person__name="丁新").update(valid_from=date(2026, 10, 9))
        rows = {
            row[0]: row[1:] for row in rows_of(street.get(reverse("payroll"), {"month": "2026-10"})) if len(row) == 3
        }
        assert rows["孙夏夏雨社区"] == ["等级工资：5 级 2,500 → 6 级 2,600", "+100"]
        assert rows["丁新夏雨社区"] == ["本月新增", "+2,500"]

    def test_district_sees_sums_of_its_streets(self, world, login):
        rows = {
            row[0]: row[1:]
            for row in rows_of(login(world.users.district).get(reverse("payroll"), {"month": "2026-10"}))
        }
        assert rows["一号街道"] == ["6", "20,480", "0"]
        assert "赵春" not in rows

    @pytest.mark.parametrize("place", [w.DISTRICT, w.STREET])
    def test_every_number_leads_to_the_people_that_it_counts(self, world, login, place):
        Appointment.objects.filter(person__in=[world.people["钱风"], world.people["周秋"]]).update(grade=18)
        client = login(world.users.district)
        page = client.get(reverse("payroll"), {"month": "2026-10", "place": place})
        found = links_of(page, reverse("payroll"))
        assert {number for _url, number in found} >= {"6" if place == w.STREET else "7", "1"}
        for url, number in found:
            listed = client.get(url).context["page"].listed
            assert number in {formats.number(len(listed.lines)), formats.number(listed.sums["known"])}, url
        if place == w.DISTRICT:
            means = [formats.number(row["mean"], 2) for row in page.context["page"].averages]
            assert bare_numbers_of(page) == means
        (gap,) = page.context["page"].missing
        lacking = [row[0] for row in rows_of(client.get(gap["url"])) if len(row) == 8]
        assert lacking == (["钱风"] if place == w.STREET else ["钱风", "周秋"])

    def test_export_holds_those_listed(self, street):
        answer = street.get(reverse("export", args=["payroll", "xlsx"]), {"month": "2026-10", "tier": "1", "show": "x"})
        sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))["薪酬表"]
        assert [row[2] for row in sheet.values][1:] == ["赵春", "合计"]
        assert "没有符合条件的人员" in text_of(street.get(reverse("payroll"), {"show": "lacking", "tier": "2"}))

    def test_export_is_logged_and_holds_the_sheet(self, street):
        response = street.get(reverse("export", args=["payroll", "xlsx"]), {"month": "2026-10"})
        book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
        first = book["薪酬表"]
        assert first.max_row == 8
        assert [cell.value for cell in first[8]][2:4] == ["合计", "6 人"]
        assert [cell.value for cell in first[2]][2] == "冯约"
        assert "与上月相比" in book.sheetnames
        event = AuditEvent.objects.get(act="list_exported")
        assert (event.actor, event.division, event.detail["list"], event.detail["rows"]) == (
            "street",
            w.STREET,
            "payroll",
            6,
        )

    @pytest.mark.parametrize("month", ["2026", "x", "2026-13"])
    def test_odd_month_is_this_month(self, street, world, month):
        page = street.get(reverse("payroll"), {"month": month})
        assert f"{world.today:%Y-%m}，按" in text_of(page)

    def test_city_is_sent_to_choose(self, world, login):
        page = login(world.users.city).get(reverse("export", args=["payroll", "xlsx"]), follow=True)
        assert "请先选择一个区、街道或社区。" in text_of(page)

    def test_another_street_is_not_there(self, street):
        assert street.get(reverse("payroll"), {"place": w.NEIGHBOUR}).status_code == 404


class TestAssessment:
    @pytest.fixture
    def scheme(self, street):
        street.post(reverse("scheme_new"), SCHEME)
        return AssessmentScheme.objects.get()

    @pytest.fixture
    def opened(self, street, scheme):
        street.post(reverse("scheme_act", args=[scheme.pk, "open"]), {"version": scheme.version})
        scheme.refresh_from_db()
        return scheme

    def sheet(self, scheme, score="80", **changes):
        found = {}
        for row in scheme.assessments.select_related("person"):
            found[f"v-{row.pk}"] = row.version
            for one in scheme.indicators:
                found[f"s-{row.pk}-{one['key']}"] = changes.get(row.person.name, score)
        return found

    def test_scheme_is_kept_as_typed(self, scheme):
        assert [(one["key"], one["line"], one["weight"]) for one in scheme.indicators] == [
            ("satisfaction", "community", 40), ("i1", "community", 60),
        ]  # fmt: skip
        assert (scheme.division_id, scheme.state, [one["least"] for one in scheme.bands]) == (
            w.STREET, "draft", ["90", "75", "60", "0"],
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"weight_1": "50"}, "社区工作各项指标的权重合计应为 100%，现为 90%。"),
            ({"label_2": "巡查", "line_2": "grid", "weight_2": "100"}, "网格工作占比应大于 0"),
            ({"grid_percent": "20"}, "没有网格工作指标的，占比应为 0"),
            ({"label_2": "巡查"}, "指标名称和权重要一起填写。"),
            ({"least_basic": "80"}, "各等次的最低分应从高到低"),
        ],
    )
    def test_scheme_that_does_not_fit_is_not_saved(self, street, changes, sentence):
        page = street.post(reverse("scheme_new"), {**SCHEME, **changes})
        assert page.status_code == 422
        assert sentence in text_of(page)
        assert not AssessmentScheme.objects.exists()

    def test_rules_of_the_place_bind(self, street):
        rule("assessment.indicators", {"certificate": True, "satisfaction": True})
        rule("assessment.dual_line", {"community_least": 60})
        grid = {"label_2": "巡查", "line_2": "grid", "weight_2": "100", "grid_percent": "50"}
        page = text_of(street.post(reverse("scheme_new"), {**SCHEME, **grid}))
        assert "考核指标应包含持证情况" in page
        assert "社区工作占比不低于 60%，网格工作占比最高为 40%" in page

    def test_draft_is_changed(self, street, scheme):
        street.post(reverse("scheme_edit", args=[scheme.pk]), {**SCHEME, "name": "改名", "version": scheme.version})
        scheme.refresh_from_db()
        assert scheme.name == "改名"
        page = street.post(reverse("scheme_edit", args=[scheme.pk]), {**SCHEME, "version": 1})
        assert page.status_code == 422

    def test_scores_ranks_and_list_for_review(self, street, opened):
        rule("assessment.bottom_share", {"percent": 20, "rounding": "floor", "group": "street"})
        done = street.post(
            reverse("scheme_scores", args=[opened.pk]), self.sheet(opened, 陈村="59", 赵春="95"), follow=True
        )
        assert "已保存，6 人的得分有变动。" in text_of(done)
        page = street.get(reverse("scheme", args=[opened.pk]))
        rows = {row[0]: row[1:] for row in rows_of(page) if len(row) == 6}
        assert rows["赵春"] == ["春风社区", "95.00", "95.00", "1", "优秀"]
        assert rows["陈村"] == ["冬岭村", "59.00", "59.00", "6", "不合格 列入复核名单"]
        assert "名单只用于复核，不是淘汰决定" in text_of(page)

    @pytest.mark.parametrize("score", ["101", "-1", "1.234", "八", "NaN", "1e2"])
    def test_odd_score_is_refused_in_its_cell(self, street, opened, score):
        page = street.post(reverse("scheme_scores", args=[opened.pk]), self.sheet(opened, 陈村=score))
        expected = 302 if score == "1e2" else 422
        assert page.status_code == expected
        if expected == 422:
            assert "陈村 居民满意度：得分应为 0 到 100，最多两位小数。" in text_of(page)
            assert not Assessment.objects.filter(total__isnull=False).exists()

    def test_lost_update_shows_what_is_stored(self, street, opened):
        old = self.sheet(opened)
        street.post(reverse("scheme_scores", args=[opened.pk]), self.sheet(opened, "70"))
        page = street.post(reverse("scheme_scores", args=[opened.pk]), old)
        assert page.status_code == 422
        assert "刚被其他人保存过" in text_of(page)
        assert "现存 70" in text_of(page)
        again = {**old, **{key: value for key, value in self.sheet(opened).items() if key.startswith("v-")}}
        assert street.post(reverse("scheme_scores", args=[opened.pk]), again).status_code == 302

    def test_closing_and_cases(self, street, opened):
        rule("assessment.bottom_share", {"percent": 20, "rounding": "floor", "group": "street"})
        street.post(reverse("scheme_scores", args=[opened.pk]), self.sheet(opened, 陈村="59"))
        street.post(reverse("scheme_act", args=[opened.pk, "close"]), {"version": opened.version})
        opened.refresh_from_db()
        assert opened.state == "closed"
        assert "立案复核" in text_of(street.get(reverse("scheme", args=[opened.pk])))
        done = street.post(reverse("scheme_cases", args=[opened.pk]), {"version": opened.version}, follow=True)
        assert "新立案 1 件。" in text_of(done)
        assert ReviewCase.objects.get().kind == "assessment_bottom"
        text = text_of(street.get(reverse("payroll"), {"month": "2026-10"}))
        assert "不合格" in text

    def test_unknown_act_and_foreign_scheme_are_not_there(self, world, login, street, scheme):
        assert street.get(reverse("scheme_act", args=[scheme.pk, "burn"])).status_code == 404
        assert login(world.users.neighbour).get(reverse("scheme", args=[scheme.pk])).status_code == 404

    def test_scoring_a_scheme_of_the_district_is_the_streets_work(self, world, login, street):
        district = login(world.users.district)
        district.post(reverse("scheme_new"), SCHEME)
        scheme = AssessmentScheme.objects.get()
        assert scheme.division_id == w.DISTRICT
        district.post(reverse("scheme_act", args=[scheme.pk, "open"]), {"version": scheme.version})
        assert "周秋" not in text_of(street.get(reverse("scheme_scores", args=[scheme.pk])))
        assert street.get(reverse("scheme_act", args=[scheme.pk, "close"])).status_code == 404
        assert "周秋" in text_of(login(world.users.neighbour).get(reverse("scheme_scores", args=[scheme.pk])))

    def test_list_shows_state_and_progress(self, street, opened):
        assert rows_of(street.get(reverse("assessments"))) == [["2025 年度 年度考核", "一号街道", "进行中", "6", "0"]]

"""The yearly assessment on record: schemes, scores, ranks, the list for review, and what a closed scheme feeds."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from tests import factories
from tests import world as w
from tests.workforce.paying import rule
from workforce.actions.assessments import (
    Scored,
    add_scheme,
    change_scheme,
    close_scheme,
    open_bottom_cases,
    open_scheme,
    save_scores,
    take_in_people,
)
from workforce.actions.versions import Stale
from workforce.models import Appointment, Assessment, AssessmentScheme, Exit, Grid, GridPost, ReviewCase
from workforce.queries.assessments import assessments_of, faults_of, renewal, results, schemes_listed, sheet_rows

INDICATORS = [
    {"key": "work", "label": "工作实绩", "line": "community", "weight": 60},
    {"key": "satisfaction", "label": "居民满意度", "line": "community", "weight": 40},
]
GRID = {"key": "patrol", "label": "网格巡查", "line": "grid", "weight": 100}
BANDS = [
    {"grade": "excellent", "least": 90},
    {"grade": "qualified", "least": 70},
    {"grade": "basic", "least": 60},
    {"grade": "failed", "least": 0},
]


def fields(**changes):
    return {
        "division_id": w.STREET, "year": 2025, "name": "年度考核", "indicators": INDICATORS, "grid_percent": 0,
        "bands": BANDS, "group": "street", **changes,
    }  # fmt: skip


@pytest.fixture
def scheme(world):
    return add_scheme(fields=fields(), by=world.users.street)


@pytest.fixture
def opened(world, scheme):
    open_scheme(scheme=scheme, version=scheme.version, by=world.users.street)
    return scheme


def score(world, scheme, user="street", **totals):
    """Gives people the same score in both lines: the total is that score."""
    rows = {row.person.name: row for row in scheme.assessments.select_related("person")}
    given = [
        Scored(rows[name].pk, rows[name].version, {"work": str(total), "satisfaction": str(total)})
        for name, total in totals.items()
    ]
    return save_scores(scheme=scheme, rows=given, by=getattr(world.users, user))


EVERYBODY = {"赵春": 95, "钱风": 80, "冯约": 75, "孙夏": 70, "李雨": 65, "陈村": 60}


class TestSchemes:
    def test_twice_the_same_name_is_refused(self, world, scheme):
        with pytest.raises(ValidationError, match="已有同名方案"):
            add_scheme(fields=fields(), by=world.users.street)

    def test_draft_is_changed_and_guarded(self, world, scheme):
        change_scheme(scheme=scheme, version=1, fields=fields(name="改名"), by=world.users.street)
        assert AssessmentScheme.objects.get().name == "改名"
        with pytest.raises(Stale):
            change_scheme(scheme=scheme, version=1, fields=fields(), by=world.users.street)

    def test_opened_scheme_is_not_changed(self, world, opened):
        with pytest.raises(ValidationError, match="不能再改"):
            change_scheme(scheme=opened, version=opened.version, fields=fields(), by=world.users.street)

    def test_opening_takes_in_who_was_in_post_at_the_end_of_the_year(self, world, scheme):
        Appointment.objects.filter(person=world.people["李雨"]).update(valid_from=date(2026, 1, 1))
        Appointment.objects.filter(person=world.people["钱风"]).update(valid_to=date(2026, 1, 1))
        assert open_scheme(scheme=scheme, version=1, by=world.users.street) == 5
        assert "李雨" not in {row.person.name for row in scheme.assessments.all()}

    def test_grid_workers_are_marked(self, world, scheme):
        Appointment.objects.filter(person=world.people["孙夏"]).update(grid_worker=True)
        grid = Grid.objects.create(division_id=w.SUMMER, name="一网格", valid_from=date(2020, 1, 1))
        for name, role in (("李雨", "part_time"), ("钱风", "chief")):
            GridPost.objects.create(
                grid=grid, division_id=w.SUMMER, person=world.people[name], role=role, valid_from=date(2020, 1, 1)
            )
        open_scheme(scheme=scheme, version=1, by=world.users.street)
        marked = scheme.assessments.filter(grid_worker=True).values_list("person__name", flat=True)
        assert set(marked) == {"孙夏", "李雨"}

    @pytest.mark.parametrize(
        ("kind", "value", "changes", "fault"),
        [
            (None, None, {"indicators": INDICATORS[:1]}, "weights"),
            (
                "assessment.dual_line",
                {"community_least": 60},
                {"indicators": [*INDICATORS, GRID], "grid_percent": 41},
                "grid_percent",
            ),
            ("assessment.indicators", {"certificate": True, "satisfaction": True}, {}, "certificate"),
        ],
    )
    def test_scheme_that_does_not_fit_is_not_opened(self, world, scheme, kind, value, changes, fault):
        if kind:
            rule(kind, value)
        change_scheme(scheme=scheme, version=1, fields=fields(**changes), by=world.users.street)
        assert faults_of(scheme, world.today) == (fault,)
        with pytest.raises(ValidationError, match="还不符合要求"):
            open_scheme(scheme=scheme, version=2, by=world.users.street)

    def test_late_comers_are_taken_in_once(self, world, opened):
        factories.worker("丁新", w.SUMMER)
        for expected in (1, 0):
            opened.refresh_from_db()
            assert take_in_people(scheme=opened, version=opened.version, by=world.users.street) == expected

    def test_scheme_of_the_district_shows_to_its_streets(self, world, scheme):
        add_scheme(fields=fields(division_id=w.DISTRICT, name="全区考核"), by=world.users.district)
        names = {user: [one.name for one in schemes_listed(getattr(world.users, user))]
                 for user in ("street", "neighbour", "outsider")}  # fmt: skip
        assert names == {"street": ["全区考核", "年度考核"], "neighbour": ["全区考核"], "outsider": []}


class TestScores:
    def test_totals_and_grades(self, world, opened):
        assert score(world, opened, 赵春="90.01", 钱风="59.99") == 2
        found = {row.person.name: (row.total, row.grade) for row in opened.assessments.filter(total__isnull=False)}
        assert found == {"赵春": (Decimal("90.01"), "excellent"), "钱风": (Decimal("59.99"), "failed")}

    def test_half_a_sheet_has_no_total(self, world, opened):
        row = opened.assessments.first()
        save_scores(scheme=opened, rows=[Scored(row.pk, 1, {"work": "80"})], by=world.users.street)
        row.refresh_from_db()
        assert (row.total, row.grade, row.version) == (None, "", 2)

    def test_two_lines_for_grid_workers_only(self, world):
        Appointment.objects.filter(person=world.people["孙夏"]).update(grid_worker=True)
        scheme = add_scheme(fields=fields(indicators=[*INDICATORS, GRID], grid_percent=40), by=world.users.street)
        open_scheme(scheme=scheme, version=1, by=world.users.street)
        scores = {"work": "90", "satisfaction": "90", "patrol": "70"}
        rows = [Scored(row.pk, 1, scores) for row in scheme.assessments.all()]
        save_scores(scheme=scheme, rows=rows, by=world.users.street)
        totals = dict(scheme.assessments.values_list("person__name", "total"))
        assert (totals["孙夏"], totals["钱风"]) == (Decimal("82.00"), Decimal("90.00"))

    def test_lost_update_is_refused_and_named(self, world, opened):
        row = opened.assessments.get(person__name="钱风")
        save_scores(scheme=opened, rows=[Scored(row.pk, 1, {"work": "80"})], by=world.users.street)
        with pytest.raises(Stale, match="钱风的得分刚被其他人保存过"):
            save_scores(scheme=opened, rows=[Scored(row.pk, 1, {"work": "70"})], by=world.users.street)
        assert save_scores(scheme=opened, rows=[Scored(row.pk, 1, {"work": "80"})], by=world.users.street) == 0

    def test_nobody_scores_outside_the_territory_or_after_closing(self, world, opened):
        with pytest.raises(ValidationError, match="不在您的范围内"):
            score(world, opened, user="neighbour", 钱风=80)
        score(world, opened, **EVERYBODY)
        opened.refresh_from_db()
        close_scheme(scheme=opened, version=opened.version, by=world.users.street)
        with pytest.raises(ValidationError, match="不能打分"):
            score(world, opened, 钱风=81)

    def test_closing_waits_for_everybody(self, world, opened):
        score(world, opened, 钱风=80)
        with pytest.raises(ValidationError, match="还有 5 人没有完成打分"):
            close_scheme(scheme=opened, version=opened.version, by=world.users.street)


class TestResults:
    def test_ranks_and_list_for_review_with_ties(self, world, opened):
        rule("assessment.bottom_share", {"percent": 20, "rounding": "floor", "group": "street"})
        score(world, opened, **{**EVERYBODY, "李雨": 60})
        found = results(world.users.street, opened, world.today)
        assert {one.row.person.name: one.place for one in found.rows} == {
            "赵春": 1, "钱风": 2, "冯约": 3, "孙夏": 4, "李雨": 5, "陈村": 5,
        }  # fmt: skip
        assert [one.row.person.name for one in found.review] == ["李雨", "陈村"]
        assert (found.bottoms[w.STREET].asked, found.bottoms[w.STREET].tied) == (1, 1)
        assert found.grades == {"excellent": 1, "qualified": 3, "basic": 2}

    def test_list_opens_cases_once_and_only_after_closing(self, world, opened):
        rule("assessment.bottom_share", {"percent": 20, "rounding": "ceil", "group": "street"})
        score(world, opened, **{**EVERYBODY, "赵春": 55})
        with pytest.raises(ValidationError, match="归档后才能立案"):
            open_bottom_cases(scheme=opened, by=world.users.street)
        opened.refresh_from_db()
        close_scheme(scheme=opened, version=opened.version, by=world.users.street)
        assert open_bottom_cases(scheme=opened, by=world.users.neighbour) == 0
        assert open_bottom_cases(scheme=opened, by=world.users.street) == 2
        assert open_bottom_cases(scheme=opened, by=world.users.street) == 0
        found = set(ReviewCase.objects.values_list("person__name", "kind", "route", "state", "due_on"))
        assert found == {
            ("赵春", "assessment_bottom", "election", "notice", date(2025, 12, 31)),
            ("陈村", "assessment_bottom", "employer", "notice", date(2025, 12, 31)),
        }

    def test_without_the_rule_nobody_is_listed(self, world, opened):
        score(world, opened, **EVERYBODY)
        found = results(world.users.street, opened, world.today)
        assert (found.review, found.bottoms) == ([], {})

    def test_groups_are_ranked_apart_and_whole(self, world):
        scheme = add_scheme(fields=fields(division_id=w.DISTRICT), by=world.users.district)
        open_scheme(scheme=scheme, version=1, by=world.users.district)
        score(world, scheme, "district", 周秋=50, **EVERYBODY)
        found = results(world.users.street, scheme, world.today)
        assert {one.row.person.name: one.place for one in found.rows}["陈村"] == 6
        assert [one.place for one in results(world.users.neighbour, scheme, world.today).rows] == [1]
        scheme.group = "district"
        scheme.save()
        assert [one.place for one in results(world.users.neighbour, scheme, world.today).rows] == [7]

    def test_renewal_ratio(self, world, opened):
        for name, reason, left_on in (
            ("钱风", "failed_assessment", date(2026, 3, 1)),
            ("孙夏", "resignation", date(2026, 3, 1)),
        ):
            Exit.objects.create(person=world.people[name], division_id=w.SPRING, left_on=left_on, reason=reason)
        assert renewal(opened) == (1, 6, Decimal("16.67"))

    def test_results_of_a_person_only_once_closed(self, world, opened):
        score(world, opened, **EVERYBODY)
        person = world.people["钱风"]
        assert assessments_of(world.users.street, person) == []
        opened.refresh_from_db()
        close_scheme(scheme=opened, version=opened.version, by=world.users.street)
        assert [one.grade for one in assessments_of(world.users.street, person)] == ["qualified"]
        assert assessments_of(world.users.neighbour, person) == []
        assert Assessment.objects.filter(person=person).count() == 1

    def test_sheet_is_by_community_and_name(self, world, opened):
        names = [row.person.name for row in sheet_rows(world.users.street, opened)]
        assert names == ["冯约", "钱风", "赵春", "李雨", "孙夏", "陈村"]
        assert [row.person.name for row in sheet_rows(world.users.street, opened, w.SUMMER)] == ["李雨", "孙夏"]

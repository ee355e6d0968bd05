"""Pages of ratings: the board, a cycle, a unit, the sheet by keyboard's plain form, the session, files, duties, findings."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.core.findings.models import Finding
from portal.core.findings.reconcile import reconcile
from portal.registry import DUTIES
from ratings.actions import calibration, cycles, units
from ratings.inspections.stages import OVERDUE
from ratings.models import Evidence, ItemScore, UnitRating
from ratings.queries.rating_duties import duties
from tests import factories
from tests import world as w
from tests.ratings import cycling


@pytest.fixture
def cycle(world):
    return cycling.opened(world)


def text(response) -> str:
    return response.content.decode()


def sheet_data(unit, *values, version=None) -> dict:
    names = [f"s-{unit.pk}-{item.pk}" for item in cycling.items(unit)]
    return {f"v-{unit.pk}": version or unit.version, **dict(zip(names, values, strict=True))}


def test_board_shows_what_waits_with_the_latest_first(world, login, cycle):
    cycling.handed_in(cycling.unit_of(cycle, w.SPRING), "self", world.users.community, 50, 30)
    with time_machine.travel(f"{cycle.self_due + timedelta(days=3)} 09:00+08:00", tick=False):
        page = text(login(world.users.street).get(reverse("ratings")))
    assert page.index("夏雨社区") < page.index("lane-street")
    assert "逾期 3 天" in page
    assert "秋叶社区" not in page


def test_board_says_when_nothing_waits(world, login):
    assert "现在没有等待办理的评定" in text(login(world.users.street).get(reverse("ratings")))


def test_district_opens_a_cycle_by_the_form(world, login):
    cycling.scheme("community")
    client = login(world.users.district)
    data = {"year": 2026, "name": "2026 年度", "reference_on": "2026-10-31"}
    refused = client.post(reverse("rating_open"), data)
    assert refused.status_code == 422
    assert "村（1 个，如冬岭村）" in text(refused)
    cycling.scheme("village")
    assert client.post(reverse("rating_open"), data).status_code == 302
    assert UnitRating.objects.count() == 5


def test_cycle_page_shows_progress_and_the_next_step_only_to_its_manager(world, login, cycle):
    address = reverse("rating_cycle", args=[cycle.pk])
    mine = text(login(world.users.district).get(address))
    assert "进入部门联审" in mine
    assert "一号街道" in mine
    theirs = text(login(world.users.street).get(address))
    assert "进入部门联审" not in theirs
    assert "夏雨社区" in theirs
    assert "二号街道" not in theirs
    assert login(world.users.outsider).get(address).status_code == 404


def test_grades_stay_with_the_manager_until_the_notice(world, login):
    cycle = cycling.in_calibration(world)
    spring = cycling.unit_of(cycle, w.SPRING)
    calibration.move_grade(unit=spring, after=3, reason="整改不力", by=world.users.district)
    address = reverse("rating_unit", args=[spring.pk])
    assert "整改不力" in text(login(world.users.district).get(address))
    for user in (world.users.street, world.users.community):
        page = text(login(user).get(address))
        assert "整改不力" not in page
        assert "<dt>星级</dt>" not in page
        assert login(user).get(reverse("rating_calibration", args=[cycle.pk])).status_code == 403
    cycles.announce(cycle=cycle, notice_from=world.today, by=world.users.district)
    assert "整改不力" in text(login(world.users.community).get(address))


def test_sheet_lists_only_the_units_of_the_own_street_at_the_stage(world, login, cycle):
    cycling.handed_in(cycling.unit_of(cycle, w.SPRING), "self", world.users.community, 50, 30)
    address = reverse("rating_sheet", args=[cycle.pk])
    page = text(login(world.users.street).get(address, {"stage": "street"}))
    assert "春风社区" in page
    assert "夏雨社区" not in page
    assert 'data-before="50"' in page
    assert "没有等您打分的单位" in text(login(world.users.neighbour).get(address, {"stage": "street"}))


def test_sheet_saves_and_hands_on(world, login, cycle):
    spring = cycling.handed_in(cycling.unit_of(cycle, w.SPRING), "self", world.users.community, 50, 30)
    address = reverse("rating_sheet", args=[cycle.pk]) + "?stage=street"
    response = login(world.users.street).post(address, sheet_data(spring, "49.5", "30") | {"submit": "1"})
    assert response.status_code == 302
    spring.refresh_from_db()
    assert (spring.stage, spring.street_by) == ("district", world.users.street)


def test_sheet_keeps_what_was_typed_and_names_the_cell_out_of_bounds(world, login, cycle):
    spring = cycling.handed_in(cycling.unit_of(cycle, w.SPRING), "self", world.users.community, 50, 30)
    address = reverse("rating_sheet", args=[cycle.pk]) + "?stage=street"
    response = login(world.users.street).post(address, sheet_data(spring, "61", "30"))
    assert response.status_code == 422
    assert "春风社区 组织建设：应为 0 到 60 分，最多两位小数。" in text(response)
    assert 'value="61"' in text(response)
    assert not ItemScore.objects.filter(street_points__isnull=False).exists()


def test_sheet_shows_what_another_reviewer_has_stored(world, login, cycle):
    spring = cycling.handed_in(cycling.unit_of(cycle, w.SPRING), "self", world.users.community, 50, 30)
    seen = spring.version
    units.save_sheet(
        cycle=cycle, stage="street", rows=[cycling.points(spring, 41, 30)], by=cycling.second("street", w.STREET)
    )
    address = reverse("rating_sheet", args=[cycle.pk]) + "?stage=street"
    response = login(world.users.street).post(address, sheet_data(spring, "42", "30", version=seen))
    assert response.status_code == 422
    assert "春风社区的评定刚被其他人改过" in text(response)
    assert "现存 41" in text(response)


def test_late_sheet_is_closed_and_says_how_to_go_on(world, login, cycle):
    spring = cycling.unit_of(cycle, w.SPRING)
    with time_machine.travel(f"{cycle.self_due + timedelta(days=1)} 09:00+08:00", tick=False):
        client = login(world.users.community)
        address = reverse("rating_sheet", args=[cycle.pk])
        assert "readonly" in text(client.get(address))
        response = client.post(address, sheet_data(spring, "50", "30"))
    assert response.status_code == 422
    assert "自评已于" in text(response)
    assert not ItemScore.objects.exists()


def test_sheet_costs_the_same_for_one_unit_and_for_fifty(world, login, cycle, django_assert_max_num_queries):
    spring = cycling.handed_in(cycling.unit_of(cycle, w.SPRING), "self", world.users.community, 50, 30)
    made = [
        factories.Division(
            code=f"{w.STREET}{n}", name=f"{n}社区", label=f"{n}社区", initials="x", level=5, kind="residents", urban=True,
            parent_id=w.STREET,
        )
        for n in range(100, 149)
    ]  # fmt: skip
    factories.Division.objects.bulk_create(made)
    UnitRating.objects.bulk_create(
        UnitRating(cycle=cycle, division=one, year=2026, unit_kind="community", scheme=spring.scheme, stage="street")
        for one in made
    )
    client = login(world.users.street)
    address = reverse("rating_sheet", args=[cycle.pk]) + "?stage=street"
    with django_assert_max_num_queries(30):
        page = text(client.get(address))
    assert page.count("data-unit=") == 50


def test_community_assesses_itself_with_notes(world, login, cycle):
    spring = cycling.unit_of(cycle, w.SPRING)
    one, two = cycling.items(spring)
    data = {
        "version": 1,
        f"points_{one.pk}": "50",
        f"note_{one.pk}": "台账齐全",
        f"points_{two.pk}": "30",
        "submit": "1",
    }
    response = login(world.users.community).post(reverse("rating_assess", args=[spring.pk]), data)
    assert response.status_code == 302
    spring.refresh_from_db()
    assert (spring.stage, spring.scores.get(item=one).self_note) == ("street", "台账齐全")
    assert "台账齐全" in text(login(world.users.street).get(reverse("rating_unit", args=[spring.pk])))


def test_file_goes_out_as_a_download_inside_the_territory_only(world, login, cycle, settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path
    spring = cycling.unit_of(cycle, w.SPRING)
    sent = {"item": cycling.items(spring)[0].pk, "file": SimpleUploadedFile("台账.pdf", b"%PDF-1.7")}
    assert login(world.users.community).post(reverse("rating_evidence_new", args=[spring.pk]), sent).status_code == 302
    address = reverse("rating_evidence", args=[Evidence.objects.get().pk])
    response = login(world.users.district).get(address)
    assert response.getvalue() == b"%PDF-1.7"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment;")
    assert login(world.users.neighbour).get(address).status_code == 404


def test_wrong_file_is_refused_on_the_form(world, login, cycle, settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path
    spring = cycling.unit_of(cycle, w.SPRING)
    sent = {"item": cycling.items(spring)[0].pk, "file": SimpleUploadedFile("x.pdf", b"<script>")}
    response = login(world.users.community).post(reverse("rating_evidence_new", args=[spring.pk]), sent)
    assert response.status_code == 422
    assert "只接受 PDF" in text(response)


def test_grade_is_moved_from_the_table_with_a_reason(world, login):
    cycle = cycling.in_calibration(world)
    spring = cycling.unit_of(cycle, w.SPRING)
    client = login(world.users.district)
    address = reverse("rating_unit_act", args=[spring.pk, "move"]) + "?back=calibration"
    refused = client.post(address, {"version": spring.version, "after": 4, "reason": ""})
    assert refused.status_code == 422
    response = client.post(address, {"version": spring.version, "after": 4, "reason": "居民投诉多"})
    assert response["Location"] == reverse("rating_calibration", args=[cycle.pk])
    page = text(client.get(response["Location"], {"sort": "-deviation"}))
    assert "居民投诉多" in page
    assert page.index("春风社区") < page.index("夏雨社区")


def test_table_of_the_session_is_sorted_as_asked(world, login):
    cycle = cycling.in_calibration(world)
    for code, total in ((w.SPRING, 71), (w.SUMMER, 95), (w.AUTUMN, 83)):
        cycle.units.filter(division_id=code).update(total=total)
    client = login(world.users.district)
    address = reverse("rating_calibration", args=[cycle.pk])
    page = text(client.get(address, {"sort": "total", "kind": "community"}))
    assert page.index("春风社区") < page.index("秋叶社区") < page.index("夏雨社区")
    assert "冬岭村" not in page


def test_distribution_is_shown_as_a_deviation(world, login):
    factories.rule("rating.shares", {"five": 10, "four": 40, "three": 40, "none": 10}, w.DISTRICT)
    cycle = cycling.in_calibration(world)
    page = text(login(world.users.district).get(reverse("rating_calibration", args=[cycle.pk])))
    assert "偏离（个百分点）" in page
    assert "+90.0" in page


def test_duties_are_those_of_the_own_level(world, cycle):
    assert duties in DUTIES
    assert [(one.label, one.count) for one in duties(world.users.community)] == [("星级自评待提交", 1)]
    assert duties(world.users.street) == []
    cycling.handed_in(cycling.unit_of(cycle, w.SPRING), "self", world.users.community, 50, 30)
    [duty] = duties(world.users.street)
    assert (duty.label, duty.count, duty.due_on) == ("星级初评待打分", 1, cycle.street_due)
    assert duty.url == f"{reverse('rating_sheet', args=[cycle.pk])}?stage=street"
    assert duties(world.users.neighbour) == []


def test_overdue_stage_is_a_finding_with_its_holder_that_heals(world, cycle):
    cycling.handed_in(cycling.unit_of(cycle, w.SPRING), "self", world.users.community, 50, 30)
    late = cycle.street_due + timedelta(days=2)
    with time_machine.travel(f"{late} 09:00+08:00", tick=False):
        reconcile(inspection=OVERDUE, on=late, by=None)
        found = {one.subject: (one.division_id, one.facts["stage"], one.facts["days"]) for one in Finding.objects.all()}
        spring, summer = cycling.unit_of(cycle, w.SPRING), cycling.unit_of(cycle, w.SUMMER)
        assert found[f"unit:{spring.pk}"] == (w.STREET, "street", 2)
        assert found[f"unit:{summer.pk}"][:2] == (w.SUMMER, "self")
        assert len(found) == 5
        one = Finding.objects.get(subject=f"unit:{spring.pk}")
        assert OVERDUE.headline(one.facts) == "春风社区的街镇初评已逾期 2 天。"
        cycle.refresh_from_db()
        cycles.extend_deadline(cycle=cycle, stage="self", until=late, reason="x", by=world.users.district)
        reconcile(inspection=OVERDUE, on=late, by=None)
        assert set(Finding.objects.values_list("state", flat=True)) == {"resolved"}

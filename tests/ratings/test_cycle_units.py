"""Scoring of units: who may, within which bounds, by whom never, what is lost never, and files that go with it."""

import hashlib
import io
import zipfile
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from portal.core.audit.models import AuditEvent
from ratings.actions import calibration, evidence, incidents, units
from ratings.actions.units import UnitPoints
from ratings.models import Evidence, ItemScore, SchemeItem, UnitRating
from tests import factories
from tests import world as w
from tests.ratings import cycling
from tests.together import together
from workforce.actions.versions import Stale

PDF = b"%PDF-1.7\n1 0 obj\n"


def says(error) -> str:
    return " ".join(error.value.messages)


@pytest.fixture
def cycle(world):
    return cycling.opened(world)


@pytest.fixture
def files(settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path
    return tmp_path


def handed(unit, content: bytes, name: str, by, item=None) -> Evidence:
    item = item or cycling.items(unit)[0]
    return evidence.add_evidence(unit=unit, item=item, file=io.BytesIO(content), name=name, size=len(content), by=by)


def office(*parts: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        for part in parts:
            packed.writestr(part, "x")
    return held.getvalue()


def test_sheet_saves_points_and_takes_the_next_version(world, cycle):
    spring = cycling.unit_of(cycle, w.SPRING)
    saved = units.save_sheet(
        cycle=cycle, stage="self", rows=[cycling.points(spring, 50, None)], by=world.users.community
    )
    assert (saved.changed, saved.submitted) == (1, 0)
    spring.refresh_from_db()
    assert (spring.version, spring.stage, spring.self_by) == (2, "self", world.users.community)
    assert list(spring.scores.order_by("item__order").values_list("self_points", flat=True)) == [50, None]


def test_sheet_without_a_change_writes_nothing(world, cycle):
    spring = cycling.unit_of(cycle, w.SPRING)
    units.save_sheet(cycle=cycle, stage="self", rows=[cycling.points(spring, None, None)], by=world.users.community)
    spring.refresh_from_db()
    assert (spring.version, ItemScore.objects.count()) == (1, 0)


@pytest.mark.parametrize("value", [-1, 60.01, 59.999])
def test_points_out_of_bounds_are_refused_and_nothing_is_saved(world, cycle, value):
    spring, summer = (cycling.unit_of(cycle, code) for code in (w.SPRING, w.SUMMER))
    rows = [cycling.points(spring, 50, 30), cycling.points(summer, value, 30)]
    with pytest.raises(ValidationError) as error:
        units.save_sheet(cycle=cycle, stage="self", rows=rows, by=world.users.street)
    assert says(error) == "夏雨社区“组织建设”应为 0 到 60 分，最多两位小数。"
    assert not ItemScore.objects.exists()


def test_item_of_another_scheme_is_refused(world, cycle):
    spring = cycling.unit_of(cycle, w.SPRING)
    foreign = cycling.items(cycling.unit_of(cycle, w.VILLAGE))[0]
    with pytest.raises(ValidationError, match="不属于"):
        units.save_sheet(
            cycle=cycle, stage="self", rows=[UnitPoints(spring.pk, 1, {foreign.pk: 1})], by=world.users.community
        )


def test_units_of_a_sibling_street_do_not_exist(world, cycle):
    autumn = cycling.unit_of(cycle, w.AUTUMN)
    with pytest.raises(ValidationError, match="不由您打分"):
        units.save_sheet(cycle=cycle, stage="self", rows=[cycling.points(autumn, 50, 30)], by=world.users.street)
    with pytest.raises(ValidationError, match="权限"):
        units.submit_self(unit=autumn, by=world.users.street)
    assert not ItemScore.objects.exists()


def test_a_community_scores_only_itself_and_only_its_stage(world, cycle):
    summer = cycling.unit_of(cycle, w.SUMMER)
    with pytest.raises(ValidationError, match="不由您打分"):
        units.save_sheet(cycle=cycle, stage="self", rows=[cycling.points(summer, 50, 30)], by=world.users.community)
    spring = cycling.handed_in(cycling.unit_of(cycle, w.SPRING), "self", world.users.community, 50, 30)
    with pytest.raises(ValidationError, match="不由您打分"):
        units.save_sheet(cycle=cycle, stage="street", rows=[cycling.points(spring, 50, 30)], by=world.users.community)


def test_the_same_person_is_never_maker_and_checker(world, cycle):
    spring = cycling.handed_in(cycling.unit_of(cycle, w.SPRING), "self", world.users.street, 50, 30)
    with pytest.raises(ValidationError) as error:
        cycling.handed_in(spring, "street", world.users.street, 50, 30)
    assert says(error) == "您已参与春风社区的前一阶段打分，不能再由您街镇初评。请换一位同事办理。"
    cycling.handed_in(spring, "street", cycling.second("street", w.STREET), 50, 30)
    assert spring.stage == "district"


def test_a_checker_who_wears_two_hats_is_refused(world, cycle):
    both = factories.user("both", ("street", w.STREET), ("district", w.DISTRICT), division=w.STREET)
    spring = cycling.handed_in(cycling.unit_of(cycle, w.SPRING), "self", world.users.community, 50, 30)
    cycling.handed_in(spring, "street", both, 50, 30)
    with pytest.raises(ValidationError, match="前一阶段"):
        cycling.handed_in(spring, "district", both, 50, 30)


def test_who_scored_before_somebody_else_saved_over_it_is_refused_as_well(world, cycle):
    spring = cycling.unit_of(cycle, w.SPRING)
    rows = [cycling.points(spring, 50, 30)]
    units.save_sheet(cycle=cycle, stage="self", rows=rows, by=world.users.street)
    spring.refresh_from_db()
    cycling.handed_in(spring, "self", world.users.community, 51, 30)
    assert spring.self_by == world.users.community
    with pytest.raises(ValidationError, match="前一阶段"):
        cycling.handed_in(spring, "street", world.users.street, 50, 30)


def test_handing_in_names_what_is_not_scored(world, cycle):
    spring = cycling.unit_of(cycle, w.SPRING)
    units.save_sheet(cycle=cycle, stage="self", rows=[cycling.points(spring, 50, None)], by=world.users.community)
    spring.refresh_from_db()
    with pytest.raises(ValidationError) as error:
        units.submit_self(unit=spring, version=spring.version, by=world.users.community)
    assert says(error) == "还有 1 项没有打分：居民满意。全部打分后才能提交。"


def test_sheet_hands_on_only_what_is_complete(world, cycle):
    spring, summer = (cycling.unit_of(cycle, code) for code in (w.SPRING, w.SUMMER))
    rows = [cycling.points(spring, 50, 30), cycling.points(summer, 50, None)]
    saved = units.save_sheet(cycle=cycle, stage="self", rows=rows, submit=True, by=world.users.street)
    assert (saved.changed, saved.submitted, saved.open) == (2, 1, ("夏雨社区",))
    assert [cycling.unit_of(cycle, code).stage for code in (w.SPRING, w.SUMMER)] == ["street", "self"]


def test_unit_sent_back_keeps_its_points_and_frees_its_checkers(world, cycle):
    spring = cycling.handed_in(cycling.unit_of(cycle, w.SPRING), "self", world.users.community, 50, 30)
    cycling.handed_in(spring, "street", world.users.street, 49, 29)
    with pytest.raises(ValidationError, match="理由"):
        units.send_back(unit=spring, to="self", reason="", by=world.users.district)
    spring.refresh_from_db()
    units.send_back(unit=spring, to="self", reason="佐证不足", by=world.users.district)
    spring.refresh_from_db()
    assert (spring.stage, spring.street_by, spring.self_at) == ("self", None, None)
    assert spring.scores.filter(street_points__isnull=False).count() == 2
    event = AuditEvent.objects.get(act="rating_sent_back")
    assert (event.subject, event.division, event.reason) == (str(spring.pk), w.SPRING, "佐证不足")


def test_nothing_is_sent_back_into_a_stage_that_is_over(world, cycle):
    spring = cycling.handed_in(cycling.unit_of(cycle, w.SPRING), "self", world.users.community, 50, 30)
    with (
        time_machine.travel(f"{cycle.self_due + timedelta(days=1)} 09:00+08:00", tick=False),
        pytest.raises(ValidationError, match="自评已于"),
    ):
        units.send_back(unit=spring, to="self", reason="x", by=world.users.street)


def test_ways_back_are_those_of_the_table(world, cycle):
    spring = cycling.handed_in(cycling.unit_of(cycle, w.SPRING), "self", world.users.community, 50, 30)
    with pytest.raises(ValidationError, match="不能退回"):
        units.send_back(unit=spring, to="district", reason="x", by=world.users.street)


def test_unit_left_out_is_not_scored_and_may_come_back(world, cycle):
    spring = cycling.unit_of(cycle, w.SPRING)
    units.leave_out(unit=spring, reason="撤并", by=world.users.district)
    with pytest.raises(ValidationError, match="不参评"):
        cycling.handed_in(spring, "self", world.users.community, 50, 30)
    units.take_in(unit=spring, by=world.users.district)
    cycling.handed_in(spring, "self", world.users.community, 50, 30)
    assert spring.stage == "street"


def test_fifty_units_are_judged_with_one_save(world, cycle, django_assert_max_num_queries):
    spring = cycling.unit_of(cycle, w.SPRING)
    places = [
        factories.Division(
            code=f"{w.STREET}{number}", name=f"{number}社区", label=f"{number}社区", initials="x", level=5, kind="residents",
            urban=True, parent_id=w.STREET,
        )
        for number in range(100, 150)
    ]  # fmt: skip
    factories.Division.objects.bulk_create(places)
    made = UnitRating.objects.bulk_create(
        UnitRating(cycle=cycle, division=place, year=2026, unit_kind="community", scheme=spring.scheme, stage="street")
        for place in places
    )
    rows = [cycling.points(unit, 50, 30) for unit in made]
    with django_assert_max_num_queries(20):
        saved = units.save_sheet(cycle=cycle, stage="street", rows=rows, submit=True, by=world.users.street)
    assert (saved.changed, saved.submitted, saved.open) == (50, 50, ())
    assert cycle.units.filter(stage="district", street_by=world.users.street).count() == 50


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_leave_one_answer(world):
    cycle = cycling.opened(world)
    spring = cycling.handed_in(cycling.unit_of(cycle, w.SPRING), "self", world.users.community, 50, 30)
    other = cycling.second("street", w.STREET)

    def call(by, value):
        rows = [cycling.points(spring, value, 30)]
        return lambda: units.save_sheet(cycle=cycle, stage="street", rows=rows, by=by)

    answers = together(call(world.users.street, 41), call(other, 42))
    assert sorted(type(answer).__name__ for answer in answers) == ["Saved", "Stale"]
    stale = next(answer for answer in answers if isinstance(answer, Stale))
    assert "春风社区的评定刚被其他人改过" in stale.messages[0]
    spring.refresh_from_db()
    assert (spring.version, spring.scores.filter(street_points__in=[41, 42]).count()) == (4, 1)


def test_evidence_is_hashed_sealed_and_its_taking_out_on_record(world, cycle, files):
    spring = cycling.unit_of(cycle, w.SPRING)
    row = handed(spring, PDF, "台账.pdf", world.users.community)
    assert (row.sha256, row.size, row.content_type) == (hashlib.sha256(PDF).hexdigest(), len(PDF), "pdf")
    [sealed] = files.iterdir()
    assert PDF not in sealed.read_bytes()
    assert b"".join(evidence.taken_out(row, world.users.street)) == PDF
    event = AuditEvent.objects.get(act="evidence_taken")
    assert (event.actor, event.subject, event.division) == ("street", str(row.pk), w.SPRING)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html><script>", "a.pdf"),
        (PDF, "a.html"),
        (b"MZ\x90\x00", "a.png"),
        (b"PK\x03\x04 no archive", "a.docx"),
        (office("other.xml"), "a.docx"),
        (office("word/document.xml"), "a.xlsx"),
        (office("word/document.xml", "word/vbaProject.bin"), "a.docx"),
        (b"", "a.pdf"),
    ],
)
def test_other_files_are_refused(world, cycle, files, content, name):
    with pytest.raises(ValidationError):
        handed(cycling.unit_of(cycle, w.SPRING), content, name, world.users.community)
    assert (Evidence.objects.count(), list(files.iterdir())) == (0, [])


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", "照片.PNG", "png"),
        (b"\xff\xd8\xff\xe0", "a.jpeg", "jpeg"),
        (office("[Content_Types].xml", "word/document.xml"), "a.docx", "docx"),
        (office("xl/workbook.xml"), "a.xlsx", "xlsx"),
    ],
)
def test_usual_files_are_taken(world, cycle, files, content, name, kind):
    assert handed(cycling.unit_of(cycle, w.SPRING), content, name, world.users.community).content_type == kind


def test_file_too_large_is_refused(world, cycle, files):
    with pytest.raises(ValidationError, match="10 MB"):
        handed(cycling.unit_of(cycle, w.SPRING), PDF + b"x" * evidence.MOST_BYTES, "a.pdf", world.users.community)


def test_points_that_ask_for_files_are_not_handed_in_without(world, cycle, files):
    SchemeItem.objects.filter(label="组织建设").update(evidence=True)
    spring = cycling.unit_of(cycle, w.SPRING)
    with pytest.raises(ValidationError, match="须附佐证材料才能提交：组织建设"):
        cycling.handed_in(spring, "self", world.users.community, 50, 30)
    row = handed(spring, PDF, "a.pdf", world.users.community)
    evidence.take_back_evidence(evidence=row, by=world.users.community)
    with pytest.raises(ValidationError, match="佐证"):
        cycling.handed_in(spring, "self", world.users.community, 50, 30)
    handed(spring, PDF, "a.pdf", world.users.community)
    cycling.handed_in(spring, "self", world.users.community, 50, 30)
    assert spring.stage == "street"
    with pytest.raises(ValidationError, match="权限"):
        handed(spring, PDF, "b.pdf", world.users.community)


def test_visit_with_survey_belongs_to_the_check(world, cycle):
    spring = cycling.unit_of(cycle, w.SPRING)
    about = {"visited_on": world.today, "findings": "台账与实际一致", "asked": 30, "satisfied": 28}
    with pytest.raises(ValidationError, match="区级复核时"):
        calibration.add_visit(unit=spring, fields=about, by=world.users.district)
    spring.refresh_from_db()
    cycling.handed_in(spring, "self", world.users.community, 50, 30)
    cycling.handed_in(spring, "street", world.users.street, 50, 30)
    with pytest.raises(ValidationError, match="满意人数"):
        calibration.add_visit(unit=spring, fields=about | {"satisfied": 31}, by=world.users.district)
    spring.refresh_from_db()
    visit = calibration.add_visit(unit=spring, fields=about, by=world.users.district)
    assert (visit.unit, visit.satisfied, visit.entered_by) == (spring, 28, world.users.district)


def test_incident_outside_the_year_is_refused(world, cycle):
    spring = cycling.unit_of(cycle, w.SPRING)
    with pytest.raises(ValidationError, match="2026 年内"):
        incidents.add_incident(
            unit=spring,
            item=cycling.item(spring, "bonus"),
            happened_on=date(2025, 12, 31),
            text="x",
            by=world.users.street,
        )

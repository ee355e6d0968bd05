"""Training: classes in sight, enrolment, attendance, persons and person-times, rotation; by action and by page."""

import io
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.core.audit.models import AuditEvent
from tests import factories
from tests import world as w
from workforce.actions import training
from workforce.actions.training import Mark
from workforce.actions.versions import Stale
from workforce.coverage import Rotation
from workforce.models import Enrolment, TrainingClass
from workforce.queries import training as reads


@pytest.fixture
def held(world) -> TrainingClass:
    return factories.training_class(w.DISTRICT, world.today - timedelta(days=1))


def people_in(held) -> set[str]:
    return set(held.enrolments.values_list("person__name", flat=True))


def class_fields(world, **fields) -> dict:
    day = world.today
    given = {"level": "district", "kind": "rotation", "title": "轮训", "topic": "", "organiser": "东区民政局"}
    return {**given, "starts_on": day, "ends_on": day, "hours": Decimal(8), "cost": None, **fields}


def test_class_needs_days_in_order_and_hours(world):
    made = training.open_class(division=world.divisions[w.DISTRICT], by=world.users.district, **class_fields(world))
    assert made.version == 1
    for field, value in (("ends_on", date(2020, 1, 1)), ("hours", Decimal(0))):
        with pytest.raises(ValidationError) as caught:
            fields = class_fields(world, **{field: value})
            training.open_class(division=world.divisions[w.DISTRICT], by=world.users.district, **fields)
        assert list(caught.value.message_dict) == [field]
    training.change_class(training_class=made, version=1, title="新名", by=world.users.district)
    with pytest.raises(Stale):
        training.change_class(training_class=made, version=1, title="旧名", by=world.users.district)
    assert TrainingClass.objects.get().title == "新名"


def test_whole_street_is_enrolled_once_each_with_its_unit(world, held):
    assert training.enrol_place(training_class=held, code=w.STREET, by=world.users.street) == 7
    assert people_in(held) == {"赵春", "钱风", "孙夏", "李雨", "陈村", "郑专", "冯约"}
    assert training.enrol_place(training_class=held, code=w.STREET, by=world.users.street) == 0
    assert held.enrolments.get(person__name="孙夏").division_id == w.SUMMER


def test_people_of_others_are_not_enrolled(world, held):
    chosen = [world.people["孙夏"].pk, world.people["周秋"].pk]
    assert training.enrol(training_class=held, people=chosen, by=world.users.street) == 1
    assert people_in(held) == {"孙夏"}


def test_marks_are_written_together_or_not_at_all(world, held):
    rows = [factories.enrolment(held, world.people[name], w.SUMMER, None) for name in ("孙夏", "李雨")]
    wrong = [Mark(rows[0].pk, True, None, "passed"), Mark(rows[1].pk, False, None, "passed")]
    with pytest.raises(ValidationError, match="没有到课的人员不能有结业结果"):
        training.mark(training_class=held, marks=wrong, by=world.users.street)
    assert set(Enrolment.objects.values_list("attended", flat=True)) == {None}
    right = [Mark(rows[0].pk, True, Decimal("6.5"), "passed"), Mark(rows[1].pk, False, Decimal(3), "")]
    assert training.mark(training_class=held, marks=right, by=world.users.street) == 2
    assert training.mark(training_class=held, marks=right[:1], by=world.users.street) == 0
    assert set(Enrolment.objects.values_list("person__name", "attended", "hours", "result")) == {
        ("孙夏", True, Decimal("6.5"), "passed"), ("李雨", False, None, ""),
    }  # fmt: skip


def test_marks_of_the_neighbours_people_are_refused(world, held):
    row = factories.enrolment(held, world.people["周秋"], w.AUTUMN, None)
    with pytest.raises(ValidationError, match="您辖区以外的人员"):
        training.mark(training_class=held, marks=[Mark(row.pk, True, None, "")], by=world.users.street)


def test_classes_in_sight_are_ones_own_and_those_of_the_offices_above(world, held):
    own = factories.training_class(w.STREET, world.today, level="street")
    factories.training_class(w.NEIGHBOUR, world.today, level="street")
    city = factories.training_class(w.CITY, world.today, level="city")
    factories.training_class("97", world.today, level="city")
    assert set(reads.classes(world.users.street, on=world.today)) == {own, held, city}
    assert set(reads.classes(world.users.street, under=w.SUMMER, on=world.today)) == {held, city, own}
    assert reads.classes(world.users.nobody, on=world.today).count() == 0


def test_persons_and_person_times_are_told_apart(world, held):
    second = factories.training_class(w.DISTRICT, held.starts_on, kind="skills")
    for course, names in ((held, ("孙夏", "李雨")), (second, ("孙夏",))):
        for name in names:
            factories.enrolment(course, world.people[name], w.SUMMER)
    factories.enrolment(second, world.people["李雨"], w.SUMMER, attended=False)
    factories.enrolment(second, world.people["周秋"], w.AUTUMN)
    year = held.starts_on.year
    assert reads.sums(world.users.street, under="", year=year, on=world.today) == [
        ("district", "rotation", 1, (2, 2)), ("district", "skills", 1, (1, 1)),
    ]  # fmt: skip
    assert reads.total(world.users.street, under="", year=year, on=world.today) == (2, (2, 3))
    assert reads.total(world.users.district, under="", year=year, on=world.today) == (2, (3, 4))
    assert reads.total(world.users.district, under=w.AUTUMN, year=year, on=world.today) == (1, (1, 1))


def test_past_day_knows_only_what_had_begun(world, held):
    factories.enrolment(held, world.people["孙夏"], w.SUMMER)
    before = held.starts_on - timedelta(days=1)
    assert reads.total(world.users.street, under="", year=held.starts_on.year, on=before) == (0, (0, 0))
    assert reads.classes(world.users.street, on=before).count() == 0


def test_rotation_by_place_counts_people_of_the_day_once(world, held):
    for name, code in (("孙夏", w.SUMMER), ("赵春", w.SPRING)):
        factories.enrolment(held, world.people[name], code)
    year = held.starts_on.year
    found = reads.rotation_by_place([w.STREET, w.NEIGHBOUR], year=year, on=world.today)
    assert [(row.code, row.rotation) for row in found] == [
        (w.STREET, Rotation(in_post=6, reached=2)), (w.NEIGHBOUR, Rotation(in_post=1, reached=0)),
    ]  # fmt: skip
    before = reads.rotation_by_place([w.STREET], year=year, on=held.starts_on - timedelta(days=1))
    assert before[0].rotation == Rotation(in_post=6, reached=0)
    assert reads.rotation_by_place([w.STREET], year=year - 1, on=world.today)[0].rotation.reached == 0
    assert reads.rotation_by_place([], year=year, on=world.today) == []
    missing = reads.not_trained(w.SUMMER, year=year, on=world.today)
    assert missing == [(world.people["李雨"].pk, w.SUMMER)]


def test_rotation_counts_somebody_of_two_places_where_the_most_senior_post_is(world, held):
    factories.appointment(world.people["李雨"], w.AUTUMN, tier=1)
    year = held.starts_on.year
    found = reads.rotation_by_place([w.DISTRICT, w.STREET, w.NEIGHBOUR, w.AUTUMN], year=year, on=world.today)
    by_code = {row.code: row.rotation.in_post for row in found}
    assert by_code == {w.DISTRICT: 7, w.STREET: 5, w.NEIGHBOUR: 2, w.AUTUMN: 2}
    assert reads.rotation_by_place([w.STREET], year=year, on=world.today)[0].rotation.in_post == 5
    everywhere = reads.rotation_by_place([w.CITY, "97"], year=year, on=world.today)
    assert [row.rotation.in_post for row in everywhere] == [8, 1]
    assert reads.not_trained(w.STREET, year=year, on=world.today, limit=1) != []
    assert world.people["李雨"].pk not in dict(reads.not_trained(w.STREET, year=year, on=world.today))


# Pages ---------------------------------------------------------------------------------------------------------------


def test_class_from_entry_to_attendance_sheet(world, login):
    district, street = login(world.users.district), login(world.users.street)
    day = world.today.isoformat()
    fields = {"division": w.DISTRICT, "level": "district", "kind": "rotation", "title": "轮训一班"}
    fields |= {"organiser": "东区民政局", "starts_on": day, "ends_on": day, "hours": "8"}
    response = district.post(reverse("training_new"), fields)
    held = TrainingClass.objects.get()
    assert response["Location"] == reverse("training_class", args=[held.pk])
    enrol = reverse("training_enrol", args=[held.pk])
    assert street.post(enrol, {"place": w.SUMMER}).status_code == 302
    found = street.get(enrol, {"q": "孙"})
    assert [(line["person"].name, line["inside"], line["place"]) for line in found.context["lines"]] == [
        ("孙夏", True, "夏雨社区")
    ]
    assert street.post(enrol, {"person": [str(world.people["钱风"].pk), "x"]}).status_code == 302
    assert people_in(held) == {"孙夏", "李雨", "钱风"}
    rows = {row.person.name: row.pk for row in held.enrolments.select_related("person")}
    marks = {f"e{rows['孙夏']}-attended": "yes", f"e{rows['孙夏']}-result": "passed"}
    marks |= {f"e{rows['李雨']}-attended": "no", f"e{rows['李雨']}-result": "passed"}
    page = reverse("training_marks", args=[held.pk])
    refused = street.post(page, marks)
    assert refused.status_code == 422
    assert "有几行需要改正，全部内容还没有保存。" in refused.content.decode()
    assert street.post(page, {**marks, f"e{rows['李雨']}-result": ""}).status_code == 302
    chips = district.get(reverse("training_class", args=[held.pk])).context["chips"]
    assert [(chip["label"], chip["count"]) for chip in chips] == [
        ("报名", 3), ("到课", 1), ("合格", 1), ("未登记到课", 1),
    ]  # fmt: skip
    assert [district.get(chip["url"]).context["page"].paginator.count for chip in chips] == [3, 1, 1, 1]


def test_class_form_names_its_faults_and_keeps_others_changes(world, login, held):
    client = login(world.users.district)
    page = reverse("training_edit", args=[held.pk])
    fields = {key: str(value) for key, value in client.get(page).context["form"].initial.items() if value is not None}
    assert client.post(page, {**fields, "hours": "0"}).context["form"].errors == {"hours": ["学时应大于 0。"]}
    assert client.post(page, {**fields, "title": "新名"}).status_code == 302
    stale = client.post(page, {**fields, "title": "旧名"})
    assert stale.status_code == 422
    assert "这条记录刚被其他人修改过" in stale.content.decode()
    assert login(world.users.street).get(page).status_code == 404


def test_list_is_of_the_year_and_counts_ones_own_people(world, login, held):
    factories.enrolment(held, world.people["孙夏"], w.SUMMER)
    factories.enrolment(held, world.people["周秋"], w.AUTUMN, None)
    for user, expected in ((world.users.street, (1, 1)), (world.users.district, (2, 1))):
        (row,) = login(user).get(reverse("training")).context["page"]
        assert (row.enrolled, row.came) == expected
    client = login(world.users.street)
    assert list(client.get(reverse("training"), {"year": str(held.starts_on.year - 1)}).context["page"]) == []
    assert list(client.get(reverse("training"), {"kind": "skills"}).context["page"]) == []
    assert list(client.get(reverse("training"), {"kind": "nonsense"}).context["page"]) == [held]


def test_rotation_page_leads_to_who_is_missing(world, login, held):
    factories.rule("training.rotation", {"percent": 100})
    factories.enrolment(held, world.people["孙夏"], w.SUMMER)
    client = login(world.users.street)
    response = client.get(reverse("training_rotation"), {"year": str(held.starts_on.year), "place": w.SUMMER})
    assert (response.context["whole"], response.context["needed"]) == (Rotation(2, 1), 1)
    assert [line["person"].name for line in response.context["missing"]] == ["李雨"]
    wide = login(world.users.district).get(reverse("training_rotation"), {"year": str(held.starts_on.year)})
    assert [row["met"] for row in wide.context["rows"]] == [False, False]
    assert wide.context["missing"] is None


def test_export_holds_ones_own_people_and_goes_on_record(world, login, held):
    factories.enrolment(held, world.people["孙夏"], w.SUMMER)
    factories.enrolment(held, world.people["周秋"], w.AUTUMN)
    answer = login(world.users.street).get(reverse("export", args=["enrolments", "xlsx"]), {"pk": held.pk})
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active.values)
    assert rows == [
        ("社区代码", "社区", "姓名", "到课", "学时", "结业结果"),
        (w.SUMMER, "夏雨社区", "孙夏", "是", None, None),
    ]
    assert AuditEvent.objects.get(act="list_exported").detail["rows"] == 1


def test_page_of_a_person_shows_training(world, login, held):
    factories.enrolment(held, world.people["孙夏"], w.SUMMER)
    text = login(world.users.street).get(reverse("worker", args=[world.people["孙夏"].pk])).content.decode()
    assert "参加 1 次，共 8.0 学时" in text
    assert "参加培训：示例轮训" in text

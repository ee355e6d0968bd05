"""A roster sheet applied: what stands in the tables afterwards, twice over, out and in again."""

import io
from datetime import date

import pytest

from portal.core.audit.models import AuditEvent
from portal.core.sheets.models import ImportBatch
from tests import factories, rosters
from tests import world as w
from tests.rosters import BORN, line, number
from workforce.actions.tallies import differences
from workforce.exports import roster as exports
from workforce.importers import ROSTER
from workforce.models import Appointment, Certificate, Contract, Person
from workforce.queries.roster_papers import contracts_held
from workforce.queries.staffing import StaffingQuery


@pytest.fixture
def apply(world):
    def applied(*lines, division=w.STREET, by=None):
        return rosters.applied(by or world.users.street, world.divisions[division], list(lines))

    return applied


FULL = {
    "sex": "男",
    "birth_date": "1991-05-20",
    "ethnicity": "汉族",
    "political_status": "中共党员",
    "education": "本科",
    "degree": "学士",
    "major": "社会工作",
    "phone": "+86 138-1234-5678",
    "grade": "7",
    "valid_to": "2027-12-31",
    "full_time": "是",
    "managed": "否",
    "hired_on": "2025-03-01",
    "contract_to": "2027-02-28",
    "level": "社会工作师",
    "number": "T1",
    "obtained_on": "2024-06",
    "registered_on": "2024-09-01",
    "grid_worker": "是",
}


def test_new_worker_stands_in_the_tables_in_full(apply, world):
    batch = apply(line(1, **FULL))
    assert (batch.state, batch.applied_by) == ("applied", "street")
    person = Person.objects.get(name="新二")
    assert {name: getattr(person, name) for name in ("sex", "birth_date", "ethnicity", "political_status")} == {
        "sex": "male",
        "birth_date": BORN,
        "ethnicity": "汉族",
        "political_status": "中共党员",
    }
    assert (person.education, person.degree, person.major) == ("本科", "学士", "社会工作")
    assert (person.id_number, person.phone, person.version) == (number(1), "13812345678", 1)
    assert (person.name_pinyin, person.name_initials, person.hired_on) == ("xin er", "xe", date(2025, 3, 1))
    assert list(
        person.appointments.values_list(
            "division", "body", "title", "tier", "grade", "entry", "full_time", "managed", "grid_worker"
        )
    ) == [(w.SPRING, "station", "工作人员", 3, 7, "hired", True, False, True)]
    assert list(person.appointments.values_list("valid_from", "valid_to")) == [(date(2025, 3, 1), date(2028, 1, 1))]
    assert list(person.contracts.values_list("kind", "party", "valid_from", "valid_to")) == [
        ("labour", "一号街道办事处", date(2025, 3, 1), date(2027, 3, 1))
    ]
    assert list(person.certificates.values_list("level", "number", "obtained_on")) == [
        ("social_worker", "T1", date(2024, 6, 1))
    ]
    assert list(person.registrations.values_list("certificate__level", "registered_on", "valid_to")) == [
        ("social_worker", date(2024, 9, 1), date(2027, 9, 2))
    ]


def test_figures_are_right_the_moment_it_ends(apply, world):
    apply(line(1), line(2, body="居民委员会", title="居委会主任", entry="选举", tier="正职"), line(2))
    figures = {row.code: row.workers for row in StaffingQuery(territories=("",), on=world.today).rows()}
    assert {code: figures[code] for code in (w.SPRING, w.STREET, w.DISTRICT, w.CITY)} == {
        w.SPRING: 4,
        w.STREET: 6,
        w.DISTRICT: 7,
        w.CITY: 8,
    }
    assert differences() == []


def test_same_sheet_again_changes_nothing(apply, world):
    lines = [line(1, **FULL), line(2), line(2, body="居民委员会", title="委员", entry="选举")]
    apply(*lines)
    before = list(Person.objects.order_by("pk").values_list("pk", "version"))
    again = rosters.judged(world.users.street, world.divisions[w.STREET], lines)
    assert rosters.counts(again) == {"rows": 3, "unchanged": 3, "leaving": 8, "warned": 1}
    assert list(Person.objects.order_by("pk").values_list("pk", "version")) == before


def exported(world, code, on=None) -> bytes:
    out = io.BytesIO()
    exports.roster_to_xlsx(out, division=world.divisions[code], on=on or world.today)
    return out.getvalue()


@pytest.mark.parametrize("code", [w.STREET, w.DISTRICT, w.CITY])
def test_export_comes_back_without_a_change(world, code):
    Person.objects.update(phone=None)
    person = world.people["赵春"]
    person.certificates.create(level="assistant", obtained_on=date(2020, 1, 1))
    Appointment.objects.filter(person=world.people["钱风"]).update(valid_to=date(2027, 1, 1))
    Contract.objects.filter(person=world.people["孙夏"]).update(valid_to=date(2025, 1, 1))
    Person.objects.filter(name="李雨").update(left_on=date(2026, 12, 31), leaving_reason="调动")
    for of_the_leaver in (Appointment, Contract):
        of_the_leaver.objects.filter(person__name="李雨").update(valid_to=date(2027, 1, 1))
    admin = factories.user("all", ("street", w.CITY))
    content = exported(world, code)
    batch = rosters.judged(admin, world.divisions[code], content, "名册.xlsx")
    assert rosters.errors(batch) == []
    counts = rosters.counts(batch)
    counts.pop("warned", None)
    assert counts == {"rows": counts["rows"], "unchanged": counts["rows"]}


def test_export_of_a_past_day_comes_back_without_a_change(world):
    Person.objects.update(phone=None)
    Appointment.objects.filter(person=world.people["钱风"]).update(valid_to=date(2025, 1, 1))
    content = exported(world, w.STREET, date(2024, 6, 30))
    batch = rosters.judged(world.users.street, world.divisions[w.STREET], content, "名册.xlsx")
    assert rosters.counts(batch) == {"rows": 8, "unchanged": 8}


def test_export_of_a_contract_taken_back_comes_back_without_a_change(world):
    Person.objects.update(phone=None)
    for name in ("钱风", "孙夏"):
        person = world.people[name]
        wrong = factories.contract(person, valid_from=date(2026, 3, 1), valid_to=date(2026, 3, 1), kind="service")
        if name == "孙夏":
            person.contracts.exclude(pk=wrong.pk).delete()
        else:
            person.contracts.exclude(pk=wrong.pk).update(valid_to=date(2026, 1, 1))
    assert (
        contracts_held([str(one.pk) for one in Person.objects.all()], world.today)
        .keys()
        .isdisjoint({str(world.people["孙夏"].pk)})
    )
    content = exported(world, w.STREET)
    batch = rosters.judged(world.users.street, world.divisions[w.STREET], content, "名册.xlsx")
    assert (rosters.errors(batch), batch.counts["unchanged"], batch.counts["rows"]) == ([], 8, 8)


def test_formula_in_a_name_comes_back_as_it_was(apply, world):
    Person.objects.update(phone=None)
    apply(line(1, name='=HYPERLINK("http://x")', title="+工作人员", major="@专业", leaving_reason=None))
    batch = rosters.judged(world.users.street, world.divisions[w.STREET], exported(world, w.STREET), "名册.xlsx")
    counts = rosters.counts(batch)
    assert (counts["rows"], counts["unchanged"]) == (9, 9)


def test_changes_count_the_version_up_and_keep_what_is_left_empty(apply, world):
    person = world.people["钱风"]
    cells = {"name": person.name, "id_number": str(person.id_number), "valid_from": "2024-01-01"}
    apply(line(1, **cells, contract_from="2024-01-01", education="本科", title="工作人员"))
    person.refresh_from_db()
    assert (person.education, person.phone, person.version) == ("本科", "10000000001", 2)
    assert person.appointments.get().grade == 5


def test_leaving_ends_posts_and_contract(apply, world):
    person = world.people["赵春"]
    cells = {"name": person.name, "id_number": str(person.id_number), "body": "社区党组织", "title": "社区党组织书记"}
    apply(
        line(
            1,
            **cells,
            tier="正职",
            entry="选举",
            valid_from="2024-01-01",
            contract_kind=None,
            contract_from=None,
            party=None,
            left_on="2026-06-30",
            leaving_reason="退休",
        )
    )
    person.refresh_from_db()
    assert (person.left_on, person.leaving_reason) == (date(2026, 6, 30), "退休")
    assert list(person.appointments.values_list("valid_to", flat=True)) == [date(2026, 7, 1)] * 2
    assert list(person.contracts.values_list("valid_to", flat=True)) == [date(2026, 7, 1)]
    assert differences() == []


def test_person_who_left_and_is_appointed_again_is_back(apply, world):
    person = world.people["钱风"]
    Appointment.objects.filter(person=person).update(valid_to=date(2025, 1, 1))
    Person.objects.filter(pk=person.pk).update(left_on=date(2024, 12, 31), leaving_reason="辞职")
    batch = apply(
        line(
            1,
            name=person.name,
            id_number=str(person.id_number),
            valid_from="2026-01-01",
            contract_from=None,
            contract_kind=None,
            party=None,
        )
    )
    assert rosters.warnings(batch) == [(2, "离职日期", "returns")]
    person.refresh_from_db()
    assert (person.left_on, person.leaving_reason) == (None, "")


def test_periods_that_move_past_each_other_are_written(apply, world):
    person = world.people["钱风"]
    Appointment.objects.filter(person=person).update(valid_to=date(2025, 1, 1))
    factories.appointment(person, w.SPRING, valid_from=date(2025, 1, 1))
    same = {
        "name": person.name,
        "id_number": str(person.id_number),
        "contract_from": None,
        "contract_kind": None,
        "party": None,
    }
    apply(
        line(1, **same, valid_from="2024-01-01", valid_to="2025-05-31"),
        line(1, **same, valid_from="2025-06-01"),
    )
    assert list(person.appointments.order_by("valid_from").values_list("valid_from", "valid_to")) == [
        (date(2024, 1, 1), date(2025, 6, 1)),
        (date(2025, 6, 1), None),
    ]


def test_history_names_the_user_and_the_batch_of_every_row(apply, world):
    batch = apply(line(1, **FULL))
    for model in (Person, Appointment, Contract, Certificate):
        event = model.pgh_event_model.objects.latest("pgh_id")
        context = event.pgh_context
        assert (context["user"], context["batch"]) == ("street", str(batch.pk))


def test_audit_tells_of_the_import_once(apply, world):
    batch = apply(line(1))
    events = AuditEvent.objects.filter(act="import_applied")
    assert [(e.actor, e.subject, e.division, e.detail["new"]) for e in events] == [
        ("street", str(batch.pk), w.STREET, 1)
    ]


def test_failure_while_writing_leaves_nothing(world, monkeypatch):
    people = Person.objects.count()

    def broken(codes):
        raise RuntimeError("power cut")

    monkeypatch.setattr("workforce.actions.roster.refresh_tallies", broken)
    with pytest.raises(RuntimeError):
        rosters.applied(world.users.street, world.divisions[w.STREET], [line(1)])
    batch = ImportBatch.objects.get()
    assert (batch.state, rosters.problems(batch)) == ("judged", ["unexpected"])
    assert Person.objects.count() == people


def test_plan_that_the_database_refuses_is_no_change_of_the_roster(world, monkeypatch, caplog):
    batch = rosters.judged(world.users.street, world.divisions[w.STREET], [line(1)])

    def broken(codes):
        Appointment.objects.update(grade=99)

    monkeypatch.setattr("workforce.actions.roster.refresh_tallies", broken)
    rosters.request_apply(batch=batch, importer=ROSTER, by=world.users.street)
    batch = rosters.apply_batch(batch.pk, world.users.street, ROSTER)
    assert (batch.state, rosters.problems(batch), batch.counts["new"]) == ("judged", ["unexpected"], 1)
    assert f"import {batch.pk} contradicts" in caplog.text.lower()
    assert "appointment_" in caplog.text and "新二" not in caplog.text


def test_id_number_that_appears_meanwhile_brings_the_preview_back(world, monkeypatch):
    batch = rosters.judged(world.users.street, world.divisions[w.STREET], [line(1)])
    factories.person("抢先", number=number(1), birth=BORN)
    rosters.request_apply(batch=batch, importer=ROSTER, by=world.users.street)
    assert rosters.apply_batch(batch.pk, world.users.street, ROSTER).state == "judged"

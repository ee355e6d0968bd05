"""What rows of a sheet say together, and what the roster says to them."""

from datetime import date

import pytest

from tests import factories, rosters
from tests import world as w
from tests.rosters import line, number
from workforce.models import Appointment, Person


@pytest.fixture
def judge(world):
    def judged(*lines, by=None, division=w.STREET):
        return rosters.judged(by or world.users.street, world.divisions[division], list(lines))

    return judged


def known(person, **cells):
    """A row that repeats what the world holds of a worker at 春风社区."""
    usual = {"name": person.name, "id_number": str(person.id_number), "valid_from": "2024-01-01"}
    return line(**{**usual, "contract_from": "2024-01-01", **cells})


def test_same_person_with_two_posts_is_one_new_person(judge):
    batch = judge(line(1), line(1, body="居民委员会", title="委员", entry="选举"))
    assert rosters.counts(batch) == {"rows": 2, "new": 2, "people": 1, "leaving": 8}


def test_same_row_twice_is_named_on_the_second(judge):
    batch = judge(line(1), line(2), line(1))
    assert rosters.errors(batch) == [(4, "身份证号", "duplicate_row")]
    assert batch.rows.get(number=4).errors[0]["params"]["other"] == 2


def test_overlapping_posts_are_named_on_the_later_row(judge):
    batch = judge(
        line(1, valid_to="2025-12-31"),
        line(1, valid_from="2025-12-31", contract_from=None, contract_kind=None, party=None),
    )
    assert rosters.errors(batch) == [(3, "任职起始", "overlap_rows")]


def test_adjacent_posts_are_no_overlap(judge):
    batch = judge(line(1, valid_to="2025-12-31"), line(1, valid_from="2026-01-01"))
    assert rosters.errors(batch) == []


def test_a_thousand_rows_of_one_person_name_each_clash_once(judge):
    batch = judge(*(line(1) for _ in range(1000)))
    assert [(row, code) for row, _column, code in rosters.errors(batch)] == [
        (row, "duplicate_row") for row in range(3, 1002)
    ]


def test_one_person_with_two_names_contradicts_itself(judge):
    batch = judge(line(1, name="甲"), line(1, name="乙", body="居民委员会", title="委员"))
    assert rosters.errors(batch) == [(3, "姓名", "person_contradicts")]


def test_different_contracts_of_one_person_on_the_same_days_contradict(judge):
    batch = judge(line(1), line(1, body="居民委员会", title="委员", contract_from="2025-06-01"))
    assert rosters.errors(batch) == [(3, "合同起始", "contract_contradicts")]


def test_one_certificate_with_two_dates_contradicts_itself(judge):
    cells = {"level": "社会工作师", "obtained_on": "2024-06-01"}
    batch = judge(line(1, **cells), line(1, body="居民委员会", title="委员", **cells | {"obtained_on": "2024-07-01"}))
    assert rosters.errors(batch) == [(3, "证书取得日期", "certificate_contradicts")]


def test_all_errors_of_all_rows_come_at_once(judge):
    batch = judge(line(1, name=None, grade=30), line(2, tier="x"), line(3))
    assert rosters.errors(batch) == [
        (2, "岗位等级", "grade_range"),
        (2, "姓名", "required"),
        (3, "岗位层级", "choice"),
    ]
    assert batch.counts["error"] == 2
    assert batch.counts["error_kinds"] == {"grade_range": 1, "required": 1, "choice": 1}


def test_name_that_two_streets_share_lists_the_codes(judge, world):
    admin = factories.user("both", ("street", w.CITY))
    batch = judge(line(1, code=None, community="同名社区"), by=admin, division=w.CITY)
    assert rosters.errors(batch) == [(2, "社区名称", "community_ambiguous")]
    assert batch.rows.get(number=2).errors[0]["params"]["codes"] == f"{w.UNKNOWN}、{w.SAME_NAME}"


def test_name_within_the_street_is_not_ambiguous(judge):
    batch = judge(line(1, code=None, community="春风社区居委会"))
    assert batch.rows.get(number=2).division == w.SPRING


@pytest.mark.parametrize("cells", [{"code": w.AUTUMN}, {"code": w.FAR}, {"code": None, "community": "秋叶社区"}])
def test_row_outside_the_division_is_skipped_without_a_word_on_the_person(judge, world, cells):
    stranger = world.people["周秋"]
    batch = judge(line(1), known(stranger, phone="12", **cells))
    row = batch.rows.get(number=3)
    assert (row.status, row.errors, row.changes, row.division) == ("outside", [], [], "")
    assert [(issue["code"], issue["params"]["division"]) for issue in row.warnings] == [("outside", "一号街道")]
    assert rosters.counts(batch) == {"rows": 2, "new": 1, "people": 1, "outside": 1, "warned": 1, "leaving": 8}


def test_person_of_another_street_is_left_to_a_transfer_and_nothing_is_told(judge, world):
    person = world.people["周秋"]
    batch = judge(known(person))
    row = batch.rows.get(number=2)
    assert (row.status, row.errors, row.warnings) == ("moved", [], [])
    assert row.changes[0] == {"key": "person", "old": None, "new": str(person.pk)}
    assert all(change["old"] is None for change in row.changes)
    assert batch.counts["moved"] == 1 and batch.counts["new"] == batch.counts["changed"] == 0


def test_unchanged_person_is_unchanged(judge, world):
    batch = judge(known(world.people["钱风"]))
    assert batch.rows.get(number=2).status == "unchanged"


def test_changes_are_told_field_by_field(judge, world):
    batch = judge(known(world.people["钱风"], education="本科", grade="6", valid_to="2026-12-31"))
    assert batch.rows.get(number=2).changes == [
        {"key": "education", "old": None, "new": "本科"},
        {"key": "grade", "old": 5, "new": 6},
        {"key": "valid_to", "old": None, "new": "2026-12-31"},
    ]


def test_numbers_of_persons_are_masked_wherever_they_are_kept(judge, world):
    person = world.people["钱风"]
    batch = judge(known(person, phone="13712345678"), line(5, id_number="11010519491231002", phone="1381234567"))
    kept = " ".join(str(v) for row in batch.rows.all() for v in (row.errors, row.warnings, row.changes, row.label))
    assert "137****5678" in kept
    for number_in_clear in (person.id_number, "13712345678", "11010519491231002", "1381234567"):
        assert number_in_clear not in kept


def test_other_name_under_a_known_number_warns(judge, world):
    batch = judge(known(world.people["钱风"], name="钱丰"))
    assert rosters.warnings(batch) == [(2, "姓名", "name_changes")]


def test_people_missing_from_the_sheet_are_reported_and_kept(judge, world):
    batch = judge(known(world.people["钱风"]))
    leaving = batch.rows.filter(status="leaving").values_list("label", "division")
    assert sorted(leaving) == sorted(
        [("赵春", w.SPRING)] * 2
        + [("郑专", w.SPRING), ("冯约", w.SPRING), ("孙夏", w.SUMMER), ("李雨", w.SUMMER), ("陈村", w.VILLAGE)]
    )


def test_village_post_on_record_may_stay(judge, world):
    batch = judge(known(world.people["陈村"], code=w.VILLAGE))
    assert batch.rows.get(number=2).status == "unchanged"


def test_second_period_of_a_post_is_a_new_appointment(judge, world):
    person = world.people["钱风"]
    Appointment.objects.filter(person=person).update(valid_to=date(2025, 1, 1))
    batch = judge(known(person, valid_from="2026-01-01"))
    assert batch.rows.get(number=2).status == "new"


def test_period_over_two_recorded_ones_clashes_with_the_other(judge, world):
    person = world.people["钱风"]
    Appointment.objects.filter(person=person).update(valid_to=date(2025, 1, 1))
    factories.appointment(person, w.SPRING, valid_from=date(2025, 6, 1))
    batch = judge(known(person, valid_from="2024-06-01"))
    assert rosters.errors(batch) == [(2, "任职起始", "overlap_recorded")]


def test_contract_over_two_recorded_ones_clashes_with_the_other(judge, world):
    person = world.people["钱风"]
    person.contracts.update(valid_to=date(2025, 1, 1))
    factories.contract(person, valid_from=date(2025, 6, 1))
    batch = judge(known(person, contract_from="2024-06-01"))
    assert rosters.errors(batch) == [(2, "合同起始", "contract_overlap")]


def test_leaving_in_one_street_does_not_end_posts_in_another(judge, world):
    person = world.people["钱风"]
    factories.appointment(person, w.AUTUMN)
    batch = judge(known(person, left_on="2026-06-30", leaving_reason="辞职"))
    assert rosters.errors(batch) == [(2, "离职日期", "leaving_elsewhere")]


def test_template_number_is_not_taken_for_a_person(judge):
    from workforce.importers.columns import EXAMPLE_ID  # noqa: PLC0415

    batch = judge(line(1, id_number=EXAMPLE_ID))
    assert rosters.errors(batch) == [(2, "身份证号", "example")]


def test_closed_community_takes_no_open_post(judge, world):
    division = world.divisions[w.SUMMER]
    division.valid_to = date(2026, 1, 1)
    division.save()
    batch = judge(line(1, code=w.SUMMER), line(2, code=w.SUMMER, valid_to="2025-12-31"))
    assert rosters.errors(batch) == [(2, "社区代码", "community_closed")]


@pytest.mark.parametrize("cell", ["2021年6月", "２０２１-０６", "2021.06"])
def test_month_only_end_means_its_last_day(judge, cell):
    batch = judge(line(1, valid_from="2020-01-01", valid_to=cell))
    assert batch.rows.get(number=2).warnings[0]["params"]["read"] == "2021-06-30"


def test_full_width_digits_are_read(judge):
    wide = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
    batch = judge(line(1, id_number=number(1).translate(wide), code=w.SPRING.translate(wide), grade="５"))
    assert rosters.errors(batch) == []


SECOND = {"level": "社会工作师", "number": "B1", "obtained_on": "2023-06-01"}


def test_second_certificate_stands_on_a_row_of_its_own(judge, world):
    """As the template asks: the post is told again, and it is one post."""
    held = {"level": "助理社会工作师", "number": "A1", "obtained_on": "2020-06-01"}
    lines = [line(1, **held), line(1, **SECOND), line(2, grade="5", **held), line(2, **SECOND)]
    batch = rosters.applied(world.users.street, world.divisions[w.STREET], lines)
    assert rosters.counts(batch) == {"rows": 4, "new": 2, "changed": 2, "people": 2, "leaving": 8}
    assert [change["key"] for change in batch.rows.get(number=3).changes] == ["level", "number", "obtained_on"]
    person = Person.objects.get(name="新二")
    assert person.appointments.count() == person.contracts.count() == 1
    assert sorted(person.certificates.values_list("number", flat=True)) == ["A1", "B1"]
    assert rosters.counts(judge(*lines)) == {"rows": 4, "unchanged": 4, "leaving": 8}


def test_second_certificate_of_somebody_on_record(judge, world):
    person = world.people["钱风"]
    batch = judge(known(person), known(person, **SECOND))
    assert (rosters.errors(batch), rosters.counts(batch)["changed"]) == ([], 1)


@pytest.mark.parametrize("cells", [{"tier": "副职"}, {"grade": "6"}, {"entry": "选举"}])
def test_row_of_a_further_certificate_that_tells_another_post_is_a_duplicate(judge, cells):
    batch = judge(line(1), line(1, **SECOND, **cells))
    assert rosters.errors(batch) == [(3, "身份证号", "duplicate_row")]


def test_earlier_contract_stands_on_a_row_of_its_own(judge):
    batch = judge(line(1), line(1, contract_from="2022-03-01", contract_to="2025-02-28"))
    assert (rosters.errors(batch), rosters.counts(batch)["new"]) == ([], 1)

"""Grades: what the rules propose to people on record, and the writes that keep roster and grade records equal."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from tests import factories
from tests import world as w
from tests.workforce.paying import BACHELOR, STEPS, record, rule, versioned
from workforce.actions.grades import (
    Accepted,
    accept_grades,
    add_professional,
    correct_grade,
    set_grade,
    take_back_grade,
)
from workforce.actions.payroll import add_approval
from workforce.actions.people import add_post, change_worker, end_post
from workforce.models import Appointment, Assessment, AssessmentScheme, Exit, GradeRecord, PayApproval
from workforce.queries.grades import grade_history, proposals

ON = date(2026, 11, 1)


@pytest.fixture
def worker(world):
    """Staff of 春风社区 since 2019-07-01, bachelor, at grade 5 since 2024-01-01."""
    found = factories.person("韩计", education="本科", hired_on=date(2019, 7, 1))
    factories.contract(found)
    factories.appointment(found, w.SPRING, valid_from=date(2019, 7, 1))
    record(found)
    return found


def proposed(world, person, on=ON, user="street"):
    found = proposals(getattr(world.users, user), under=w.STREET, on=on, people=[person.pk])
    return found[0] if found else None


def what(found):
    return [(line.what, line.amount) for line in found.derivation.lines]


def history(person):
    rows = person.grades.order_by("valid_from", "id")
    return [(row.tier, row.grade, row.valid_from, row.valid_to, row.reason) for row in rows]


def shown(person):
    return sorted(Appointment.objects.filter(person=person).values_list("grade", flat=True))


class TestProposals:
    def test_derivation_of_years_and_schooling(self, world, worker):
        rule("pay.education_credit", BACHELOR)
        found = proposed(world, worker)
        assert what(found) == [("lowest", 1), ("years", 2), ("schooling", 1)]
        assert (found.present, found.grade, found.difference, found.differs) == (5, 4, -1, True)
        assert (found.due_since, found.next_on) == (date(2025, 7, 1), date(2028, 7, 1))

    def test_failed_year_counts_from_the_january_after(self, world, worker):
        scheme = AssessmentScheme.objects.create(
            division_id=w.STREET, year=2021, name="年度考核", indicators=[], bands=[], state="closed"
        )
        Assessment.objects.create(scheme=scheme, person=worker, division_id=w.SPRING, grade="failed")
        assert proposed(world, worker, date(2021, 12, 31)).served.left_out == ()
        assert proposed(world, worker, date(2022, 7, 1)).served.years == 2
        found = proposed(world, worker, date(2025, 7, 1))
        assert (found.served.years, found.served.left_out) == (5, (2021,))
        scheme.state = "open"
        scheme.save()
        assert proposed(world, worker, date(2025, 7, 1)).served.years == 6

    def test_break_in_service_starts_anew_and_the_next_day_does_not(self, world, worker):
        Exit.objects.create(
            person=worker,
            division_id=w.SPRING,
            hired_on=date(2010, 1, 1),
            left_on=date(2019, 6, 30),
            reason="resignation",
        )
        assert proposed(world, worker).served.since == date(2010, 1, 1)
        Exit.objects.update(left_on=date(2019, 6, 29))
        assert proposed(world, worker).served.since == date(2019, 7, 1)
        Exit.objects.update(left_on=date(2019, 6, 30), taken_back=True)
        assert proposed(world, worker).served.since == date(2019, 7, 1)

    def test_day_of_entry_unknown_begins_with_the_first_post(self, world, worker):
        worker.hired_on = None
        worker.save()
        assert proposed(world, worker).served.since == date(2019, 7, 1)

    def test_certificate_counts_once_appointed_where_the_rule_says_so(self, world, worker):
        factories.certificate(worker, "assistant", date(2020, 1, 1))
        steps = rule("pay.certificate_steps", STEPS)
        assert proposed(world, worker).grade == 4
        steps.value = {**STEPS, "needs_appointment": True}
        steps.save()
        found = proposed(world, worker)
        assert found.grade == 3
        assert found.derivation.lines[-1].facts == {"level": "assistant", "appointment_missing": True}
        add_professional(
            **versioned(worker), by=world.users.street, level="assistant", valid_from=date(2025, 1, 1), valid_to=None,
            document="x",
        )  # fmt: skip
        assert proposed(world, worker).grade == 4
        assert proposed(world, worker, date(2024, 12, 31)).derivation.lines[-1].amount == 0

    def test_level_without_a_number_leaves_the_proposal_incomplete(self, world, worker):
        factories.certificate(worker, "senior", date(2020, 1, 1))
        rule("pay.certificate_steps", STEPS)
        assert not proposed(world, worker).derivation.complete

    def test_keep_goes_on_from_the_grade_of_the_tier_left(self, world, worker):
        rule("pay.ladder", {
            "rows": [{"tier": 1, "low": 7, "high": 18}, {"tier": 2, "low": 4, "high": 15}, {"tier": 3, "low": 1, "high": 12}],
            "years_per_step": 3, "on_tier_change": "keep",
        })  # fmt: skip
        Appointment.objects.filter(person=worker).update(valid_to=date(2022, 10, 1))
        factories.appointment(worker, w.SPRING, tier=2, grade=5, valid_from=date(2022, 10, 1))
        found = proposed(world, worker)
        assert what(found) == [("kept", 5), ("years", 1)]
        assert found.differs and found.reason == "tier"
        worker.grades.update(valid_to=date(2025, 1, 1))
        record(worker, 6, 2, date(2025, 1, 1), reason="tier")
        assert what(proposed(world, worker)) == [("kept", 5), ("years", 0)]

    def test_neighbour_and_part_time_are_not_there(self, world, worker):
        names = {one.worker.person.name for one in proposals(world.users.street, under="", on=ON)}
        assert names == {"韩计", "赵春", "钱风", "冯约", "孙夏", "李雨", "陈村"}
        assert proposals(world.users.neighbour, under=w.STREET, on=ON) == []
        assert proposals(world.users.community, under=w.STREET, on=ON) == []

    def test_person_belongs_where_the_most_senior_post_is(self, world, worker):
        factories.appointment(worker, w.AUTUMN, tier=1, title="书记")
        assert proposed(world, worker) is None
        assert {one.worker.person.name for one in proposals(world.users.neighbour, under="", on=ON)} == {"周秋", "韩计"}

    @pytest.mark.parametrize("people", [1, 3])
    def test_number_of_queries_does_not_grow(self, world, people, django_assert_num_queries):
        for number in range(people):
            factories.certificate(factories.worker(f"丁{number}", w.SUMMER))
        user = world.users.street
        user.territories("pay.view")
        with django_assert_num_queries(11):
            assert len(proposals(user, under=w.STREET, on=ON)) == 6 + people


class TestAccept:
    def accept(self, world, worker, grade, on=ON, **changes):
        worker.refresh_from_db()
        chosen = [Accepted(worker.pk, changes.get("version", worker.version), grade)]
        return accept_grades(chosen=chosen, under=w.STREET, on=on, evidence="和民〔2026〕3号", by=world.users.street)

    def test_grade_record_and_roster_stay_equal(self, world, worker):
        assert self.accept(world, worker, 3) == 1
        assert history(worker) == [
            (3, 5, date(2024, 1, 1), ON, "roster"),
            (3, 3, ON, None, "years"),
        ]
        assert shown(worker) == [3]
        last = worker.grades.get(valid_from=ON)
        assert (last.evidence, [line["what"] for line in last.derivation]) == ("和民〔2026〕3号", ["lowest", "years"])

    def test_nothing_to_change_writes_nothing(self, world, worker):
        worker.grades.update(grade=3)
        assert self.accept(world, worker, 3) == 0
        assert worker.grades.count() == 1

    @pytest.mark.parametrize(
        ("grade", "on", "version", "sentence"),
        [
            (4, ON, None, "韩计按 2026-11-01 的情况应为 3 级"),
            (3, ON, 99, "韩计的信息刚被其他人修改过"),
            (2, date(2024, 1, 1), None, "韩计在 2024-01-01 当天或之后已有定级记录"),
            (3, date(2019, 1, 1), None, "不在您的范围内在岗"),
            (3, date(2099, 1, 1), None, "执行日期不能晚于今天"),
        ],
    )
    def test_refusals(self, world, worker, grade, on, version, sentence):
        given = {"version": version} if version else {}
        with pytest.raises(ValidationError) as refused:
            self.accept(world, worker, grade, on, **given)
        assert sentence in "".join(refused.value.messages)
        assert worker.grades.count() == 1

    def test_person_outside_the_territory_is_not_there(self, world):
        far = world.people["周秋"]
        with pytest.raises(ValidationError, match="不在您的范围内"):
            self.accept(world, far, 1)


class TestSetAndCorrect:
    def set(self, world, worker, **fields):
        given = {"tier": 3, "grade": 6, "valid_from": ON, "reason": "education", "evidence": "学位证"}
        return set_grade(**versioned(worker), **(given | fields), by=world.users.street)

    def test_change_ends_the_record_before(self, world, worker):
        self.set(world, worker)
        assert history(worker)[-1] == (3, 6, ON, None, "education")
        assert shown(worker) == [6]

    @pytest.mark.parametrize("on", [date(2023, 1, 1), date(2024, 1, 1), date(2099, 1, 1)])
    def test_change_before_a_record_or_in_days_to_come_is_refused(self, world, worker, on):
        with pytest.raises(ValidationError):
            self.set(world, worker, valid_from=on)

    @pytest.mark.parametrize("since", [date(2026, 6, 1), date(2026, 11, 10)])
    def test_correction_moves_the_record_before_along(self, world, worker, since):
        found = self.set(world, worker)
        correct_grade(
            record=found, version=versioned(worker)["version"], tier=3, grade=7, valid_from=since, evidence="更正",
            by=world.users.street,
        )  # fmt: skip
        assert history(worker) == [(3, 5, date(2024, 1, 1), since, "roster"), (3, 7, since, None, "correction")]
        assert shown(worker) == [7]

    def test_correction_of_the_past_leaves_the_roster_alone(self, world, worker):
        self.set(world, worker)
        first = worker.grades.get(reason="roster")
        correct_grade(
            record=first, version=versioned(worker)["version"], tier=3, grade=4, valid_from=date(2023, 1, 1),
            evidence="", by=world.users.street,
        )  # fmt: skip
        assert [row[:2] for row in history(worker)] == [(3, 4), (3, 6)]
        assert shown(worker) == [6]

    def test_correction_past_the_next_record_or_into_the_one_before_is_refused(self, world, worker):
        found = self.set(world, worker)
        first = worker.grades.get(reason="roster")
        for one, since in ((first, ON), (found, date(2023, 12, 1))):
            with pytest.raises(ValidationError):
                correct_grade(
                    record=one, version=versioned(worker)["version"], tier=3, grade=4, valid_from=since, evidence="",
                    by=world.users.street,
                )  # fmt: skip

    def test_taking_back_the_latest_lets_the_one_before_hold_again(self, world, worker):
        found, first = self.set(world, worker), worker.grades.get(reason="roster")
        with pytest.raises(ValidationError, match="不能撤回这一条"):
            take_back_grade(record=first, version=versioned(worker)["version"], by=world.users.street)
        take_back_grade(record=found, version=versioned(worker)["version"], by=world.users.street)
        assert [row.grade for row in grade_history(world.users.street, worker)] == [5]
        assert history(worker)[0] == (3, 5, date(2024, 1, 1), None, "roster")
        assert shown(worker) == [5]

    def test_history_is_latest_first_without_what_was_taken_back(self, world, worker):
        self.set(world, worker)
        record(worker, 9, since=date(2020, 1, 1), valid_to=date(2020, 1, 1))
        assert [row.grade for row in grade_history(world.users.street, worker)] == [6, 5]
        assert grade_history(world.users.neighbour, worker) == []

    def test_professional_appointment_ends_the_one_before(self, world, worker):
        for level, since in (("assistant", date(2024, 1, 1)), ("social_worker", date(2025, 1, 1))):
            fields = {"level": level, "valid_from": since, "valid_to": None, "document": ""}
            add_professional(**versioned(worker), **fields, by=world.users.street)
        rows = worker.professional_appointments.order_by("valid_from").values_list("level", "valid_to")
        assert list(rows) == [("assistant", date(2025, 1, 1)), ("social_worker", None)]

    def test_pay_approvals_do_not_overlap(self, world, worker):
        fields = {
            "amount": 8000, "reason": "任职满二十年", "document": "组〔2026〕1号", "approved_by": "区委组织部",
            "valid_from": date(2026, 1, 1), "valid_to": date(2027, 1, 1),
        }  # fmt: skip
        add_approval(**versioned(worker), **fields, by=world.users.street)
        with pytest.raises(ValidationError, match="已有批准记录"):
            add_approval(**versioned(worker), **fields, by=world.users.street)
        assert PayApproval.objects.count() == 1


class TestRosterKeepsUp:
    def post(self, grade, **fields):
        return {
            "division_id": w.SPRING, "body": "station", "title": "工作人员", "tier": 3, "grade": grade, "entry": "hired",
            "full_time": True, "managed": True, "grid_worker": False, "valid_from": date(2019, 7, 1), "valid_to": None,
            **fields,
        }  # fmt: skip

    def fields(self, person):
        keys = ("name", "id_number", "sex", "birth_date", "hired_on", "education")
        return {key: getattr(person, key) for key in keys}

    def change(self, world, worker, grade, **fields):
        post = worker.appointments.get()
        post.person.refresh_from_db()
        change_worker(
            appointment=post, version=post.person.version, person=self.fields(worker), post=self.post(grade, **fields),
            by=world.users.street,
        )  # fmt: skip

    def test_changed_grade_leaves_a_record(self, world, worker):
        self.change(world, worker, 6)
        assert history(worker) == [
            (3, 5, date(2024, 1, 1), world.today, "roster"),
            (3, 6, world.today, None, "roster"),
        ]
        self.change(world, worker, 7)
        assert history(worker)[1:] == [(3, 7, world.today, None, "roster")]

    def test_grade_taken_out_of_the_roster_ends_the_record(self, world, worker):
        self.change(world, worker, None)
        assert history(worker) == [(3, 5, date(2024, 1, 1), world.today, "roster")]

    def test_same_grade_writes_nothing(self, world, worker):
        self.change(world, worker, 5, title="综合岗")
        assert history(worker) == [(3, 5, date(2024, 1, 1), None, "roster")]

    def test_first_grade_holds_from_the_start_of_the_post(self, world, worker):
        GradeRecord.objects.all().delete()
        self.change(world, worker, 5)
        assert history(worker) == [(3, 5, date(2019, 7, 1), None, "roster")]

    def test_most_senior_post_decides(self, world, worker):
        post = self.post(9, tier=1, body="party", title="书记", valid_from=world.today)
        add_post(**versioned(worker), post=post, by=world.users.street)
        assert history(worker)[-1] == (1, 9, world.today, None, "roster")

    def test_leaving_the_last_post_ends_the_record(self, world, worker):
        day = world.today - timedelta(days=3)
        found = worker.appointments.get()
        end_post(appointment=found, version=found.person.version, last_day=day, by=world.users.street)
        assert history(worker) == [(3, 5, date(2024, 1, 1), day + timedelta(days=1), "roster")]

"""Payroll sheets: what a month comes to by dated records, what is missing, and what changed since the month before."""

from datetime import date
from decimal import Decimal

import pytest

from tests import factories
from tests import world as w
from tests.workforce.paying import ALLOWANCE, AMOUNTS, BOUNDS, POSTS, record, rule
from workforce.models import Appointment, PayApproval, Registration, SpecialStatus
from workforce.queries.payroll import by_division, changes, month_before, month_of, sheet

OCTOBER, NOVEMBER = date(2026, 10, 31), date(2026, 11, 30)


def lines(world, on=NOVEMBER, under=w.STREET, user="street"):
    return {line.worker.person.name: line for line in sheet(getattr(world.users, user), under=under, on=on).lines}


def amounts(line):
    return {part.key: part.amount for part in line.pay.parts}


class TestSheet:
    def test_without_rules_nobody_has_an_amount(self, world):
        found = sheet(world.users.street, under=w.STREET, on=NOVEMBER)
        assert {line.pay.total for line in found.lines} == {None}
        assert found.sums == {"grade": None, "post": None, "certificate": None, "known": None}
        assert found.missing == {}

    def test_parts_of_everybody(self, world):
        rule("pay.grade_amounts", AMOUNTS)
        rule("pay.post_amounts", POSTS)
        rule("pay.certificate_allowance", ALLOWANCE)
        found = lines(world)
        assert amounts(found["赵春"]) == {"grade": 3200, "post": 4600, "certificate": 120}
        assert amounts(found["孙夏"]) == {"grade": 2500, "certificate": 60}
        assert amounts(found["钱风"]) == {"grade": 2500}
        assert "郑专" not in found
        whole = sheet(world.users.street, under=w.STREET, on=NOVEMBER)
        assert whole.sums == {"grade": 3200 + 5 * 2500, "post": 4600, "certificate": 180, "known": 20480}
        assert whole.averages == [(1, 1, Decimal("7920.00")), (3, 5, Decimal("2512.00"))]
        assert by_division(whole.lines, 12) == {
            w.SPRING: (3, 12920, 0), w.SUMMER: (2, 5060, 0), w.VILLAGE: (1, 2500, 0),
        }  # fmt: skip

    def test_amount_not_given_is_named_and_left_out_of_the_sum(self, world):
        rule("pay.grade_amounts", {"rows": [{"grade": 5, "amount": None}, {"grade": 12, "amount": 3000}]})
        found = sheet(world.users.street, under=w.STREET, on=NOVEMBER)
        assert found.missing == {"grade": 5}
        assert found.sums["known"] == 3000

    def test_grade_record_of_the_month_decides(self, world):
        rule("pay.grade_amounts", AMOUNTS)
        person = world.people["钱风"]
        record(person, 4, valid_to=date(2026, 11, 15))
        record(person, 6, since=date(2026, 11, 15))
        assert lines(world, OCTOBER)["钱风"].pay.total == 2400
        assert lines(world)["钱风"].pay.total == 2600

    def test_month_is_that_of_its_last_day(self, world):
        Appointment.objects.filter(person=world.people["钱风"]).update(valid_to=NOVEMBER)
        assert "钱风" in lines(world, OCTOBER)
        assert "钱风" not in lines(world)

    def test_institution_staff_gets_no_post_amount(self, world):
        rule("pay.post_amounts", POSTS)
        SpecialStatus.objects.create(
            person=world.people["赵春"], kind="institution", valid_from=date(2026, 11, 1), valid_to=None
        )
        assert amounts(lines(world, OCTOBER)["赵春"]) == {"post": 4600}
        assert amounts(lines(world)["赵春"]) == {}

    def test_registered_only(self, world):
        rule("pay.certificate_allowance", {**ALLOWANCE, "registered_only": True})
        person = world.people["孙夏"]
        assert amounts(lines(world)["孙夏"]) == {}
        Registration.objects.create(
            certificate=person.certificates.get(), person=person, registered_on=date(2026, 11, 1),
            valid_to=date(2029, 11, 2),
        )  # fmt: skip
        assert amounts(lines(world)["孙夏"]) == {"certificate": 60}
        assert amounts(lines(world, OCTOBER)["孙夏"]) == {}

    def test_composition_and_bounds(self, world):
        rule("pay.grade_amounts", AMOUNTS)
        rule("pay.post_amounts", POSTS)
        rule("pay.composition", {"basic_percent": None, "performance_percent": 30})
        rule("pay.bounds", BOUNDS)
        found = lines(world)
        head, staff = found["赵春"], found["钱风"]
        assert (head.pay.total, head.verdict) == (7800, "above_exceptional")
        assert (staff.basic, staff.performance, staff.verdict) == (Decimal("1750.00"), Decimal("750.00"), "within")
        assert [line.worker.person.name for line in sheet(world.users.street, under=w.STREET, on=NOVEMBER).outside] == [
            "赵春"
        ]

    def test_approval_lifts_the_cap_for_a_principal(self, world):
        rule("pay.grade_amounts", AMOUNTS)
        rule("pay.post_amounts", POSTS)
        rule("pay.bounds", {"start": 2300, "cap": 5000, "exceptional_cap": None})
        assert lines(world)["赵春"].verdict == "above_cap"
        PayApproval.objects.create(
            person=world.people["赵春"], amount=7800, reason="x", document="x", approved_by="x",
            valid_from=date(2026, 11, 1),
        )  # fmt: skip
        assert (lines(world)["赵春"].verdict, lines(world, OCTOBER)["赵春"].verdict) == ("within", "above_cap")

    @pytest.mark.parametrize(("user", "names"), [("neighbour", {"周秋"}), ("outsider", {"王邻"}), ("community", set())])
    def test_territory_is_the_wall(self, world, user, names):
        assert set(lines(world, under="", user=user)) == names

    @pytest.mark.parametrize("people", [1, 4])
    def test_number_of_queries_does_not_grow(self, world, people, django_assert_num_queries):
        rule("pay.grade_amounts", AMOUNTS)
        for number in range(people):
            record(factories.worker(f"丁{number}", w.SUMMER))
        user = world.users.street
        user.territories("pay.view")
        with django_assert_num_queries(11):
            sheet(user, under=w.STREET, on=NOVEMBER)


class TestChanges:
    def changed(self, world):
        user = world.users.street
        now, before = (sheet(user, under=w.STREET, on=on) for on in (NOVEMBER, OCTOBER))
        return {one.line.worker.person.name: (one.shift.kind, one.shift.difference) for one in changes(now, before)}

    def test_new_left_and_changed(self, world):
        rule("pay.grade_amounts", AMOUNTS)
        assert self.changed(world) == {}
        new = factories.worker("丁新", w.SUMMER)
        Appointment.objects.filter(person=new).update(valid_from=date(2026, 11, 10))
        Appointment.objects.filter(person=world.people["钱风"]).update(valid_to=date(2026, 11, 10))
        record(world.people["孙夏"], 5, valid_to=date(2026, 11, 1))
        record(world.people["孙夏"], 6, since=date(2026, 11, 1))
        assert self.changed(world) == {"丁新": ("new", 2500), "钱风": ("left", -2500), "孙夏": ("changed", 100)}

    def test_rule_that_changes_between_two_months(self, world):
        rule("pay.post_amounts", POSTS, since=date(2026, 11, 1))
        assert self.changed(world) == {"赵春": ("changed", 4600)}


def test_months():
    assert month_before(date(2026, 3, 31)) == date(2026, 2, 28)
    assert month_before(date(2026, 1, 5)) == date(2025, 12, 31)
    assert month_of(2024, 2) == date(2024, 2, 29)

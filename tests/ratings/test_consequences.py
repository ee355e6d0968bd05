"""What follows from decided stars: raised set by set, replaced by later decisions, carried out, listed."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from portal.core.lib.clock import today
from ratings.actions.consequences import raise_consequences, settle_consequence
from ratings.inspections.consequences import MEASURES_OVERDUE
from ratings.models import Consequence
from tests import factories
from tests import world as w
from tests.ratings.starred import DECIDED, YEAR, rules, star
from workforce.actions.versions import Stale
from workforce.models import Appointment, Person, StarBonus

HEAD = "赵春"


def raised(world, *results) -> None:
    with transaction.atomic():
        raise_consequences(results, by=world.users.city)


def bonuses() -> set[tuple]:
    rows = StarBonus.objects.values_list("person__name", "division_id", "grade", "months", "coefficient", "amount")
    return set(rows)


def followed(state: str = "open") -> set[tuple]:
    return set(Consequence.objects.filter(state=state).values_list("kind", "person__name", "result__number", "months"))


def head_of(code: str, name: str = "田头", since: date = date(2024, 1, 1)) -> Person:
    """Somebody who is both secretary and chair of a unit."""
    person = factories.person(name)
    for body in ("party", "committee"):
        factories.appointment(person, code, body=body, title=body, tier=1, valid_from=since)
    return person


class TestBonus:
    def test_every_full_time_managed_worker_has_months_and_coefficient(self, world):
        rules()
        raised(world, star(world, w.SPRING, 5), star(world, w.SUMMER, 4))
        assert bonuses() == {
            (HEAD, w.SPRING, 5, 12, 120, None),
            ("钱风", w.SPRING, 5, 12, 120, None),
            ("冯约", w.SPRING, 5, 12, 120, None),
            ("孙夏", w.SUMMER, 4, 12, 100, None),
            ("李雨", w.SUMMER, 4, 12, 100, None),
        }
        kept = Consequence.objects.filter(kind="bonus").values_list(
            "person__name", "division_id", "result__grade", "months", "coefficient", "amount"
        )
        assert set(kept) == bonuses()

    def test_coefficient_is_empty_where_no_rule_is_in_force(self, world):
        raised(world, star(world, w.AUTUMN, 3))
        assert bonuses() == {("周秋", w.AUTUMN, 3, 12, None, None)}

    def test_coefficient_is_empty_where_the_rule_gives_none(self, world):
        rules()
        raised(world, star(world, w.AUTUMN, 0))
        assert bonuses() == {("周秋", w.AUTUMN, 0, 12, None, None)}

    def test_transferred_person_shares_the_year_between_two_units(self, world):
        rules()
        moved = world.people["周秋"]
        Appointment.objects.filter(person=moved).update(valid_to=date(2025, 5, 20))
        factories.appointment(moved, w.SUMMER, valid_from=date(2025, 5, 20))
        raised(world, star(world, w.AUTUMN, 3), star(world, w.SUMMER, 4))
        mine = {row for row in bonuses() if row[0] == "周秋"}
        assert mine == {("周秋", w.AUTUMN, 3, 4, 80, None), ("周秋", w.SUMMER, 4, 8, 100, None)}

    def test_unit_decided_later_does_not_count_months_worked_elsewhere(self, world):
        moved = world.people["周秋"]
        factories.appointment(moved, w.SUMMER, tier=1, valid_from=date(2025, 7, 1))
        raised(world, star(world, w.AUTUMN, 3))
        assert bonuses() == {("周秋", w.AUTUMN, 3, 6, None, None)}

    def test_village_has_its_shares_too(self, world):
        raised(world, star(world, w.VILLAGE, 4))
        assert bonuses() == {("陈村", w.VILLAGE, 4, 12, None, None)}

    def test_raising_again_changes_nothing(self, world):
        rules()
        given = star(world, w.SPRING, 5)
        raised(world, given)
        before = list(Consequence.objects.order_by("id").values()), list(StarBonus.objects.order_by("id").values())
        raised(world, given.pk)
        assert before == (
            list(Consequence.objects.order_by("id").values()),
            list(StarBonus.objects.order_by("id").values()),
        )

    def test_amount_on_record_stays_when_raised_again(self, world):
        given = star(world, w.AUTUMN, 3)
        raised(world, given)
        StarBonus.objects.update(amount=6000)
        raised(world, given)
        assert bonuses() == {("周秋", w.AUTUMN, 3, 12, None, 6000)}
        assert Consequence.objects.get(kind="bonus").amount == 6000

    def test_statements_do_not_grow_with_the_people(self, world, django_assert_max_num_queries):
        for number in range(20):
            factories.worker(f"丁{number}", w.AUTUMN)
        given = [star(world, code, 4) for code in (w.AUTUMN, w.SUMMER, w.SPRING)]
        with django_assert_max_num_queries(26):
            raised(world, *given)
        assert StarBonus.objects.filter(division_id=w.AUTUMN).count() == 21


class TestLaterDecisions:
    def test_correction_drops_what_was_open_and_raises_anew(self, world):
        rules()
        first = star(world, w.SPRING, 5)
        raised(world, first)
        raised(world, star(world, w.SPRING, 0, cause="correction", event="评分有误"))
        assert followed() == {
            ("bonus", HEAD, 2, 12), ("bonus", "钱风", 2, 12), ("bonus", "冯约", 2, 12), ("talk", HEAD, 2, None),
        }  # fmt: skip
        assert followed("dropped") == {
            ("bonus", HEAD, 1, 12), ("bonus", "钱风", 1, 12), ("bonus", "冯约", 1, 12),
            ("recruitment", HEAD, 1, None), ("promotion", HEAD, 1, None),
        }  # fmt: skip
        notes = set(Consequence.objects.filter(state="dropped").values_list("note", flat=True))
        assert notes == {"已有新的星级决定，本条不再适用。"}
        assert {row[2:5] for row in bonuses()} == {(0, 12, None)}

    def test_removal_within_the_rated_year_splits_the_months(self, world):
        rules()
        raised(world, star(world, w.AUTUMN, 5, decided_on=date(2025, 1, 5), effective_from=date(2025, 1, 5)))
        removal = {"cause": "removal", "event": "示例事由", "decided_on": date(2025, 7, 9)}
        raised(world, star(world, w.AUTUMN, 3, effective_from=date(2025, 8, 1), **removal))
        assert bonuses() == {("周秋", w.AUTUMN, 5, 7, 120, None), ("周秋", w.AUTUMN, 3, 5, 80, None)}
        assert followed() == {("bonus", "周秋", 1, 7), ("bonus", "周秋", 2, 5)}

    def test_star_removed_while_the_year_ran_lowers_its_last_months(self, world):
        rules()
        star(world, w.AUTUMN, 5, year=2024, decided_on=date(2025, 2, 1), effective_from=date(2025, 2, 1))
        removal = {"cause": "removal", "event": "示例事由", "decided_on": date(2025, 7, 9), "year": 2024}
        removed = star(world, w.AUTUMN, 3, effective_from=date(2025, 8, 1), **removal)
        raised(world, removed)
        raised(world, star(world, w.AUTUMN, 5))
        mine = {row for row in StarBonus.objects.filter(year=YEAR).values_list("grade", "months", "coefficient")}
        assert mine == {(5, 7, 120), (3, 5, 80)}
        raised(world, removed)
        assert Consequence.objects.filter(kind="bonus", result=removed, state="open").count() == 1

    def test_what_is_done_stays_done_and_is_not_asked_for_again(self, world):
        rules()
        raised(world, star(world, w.SPRING, 0))
        talk = Consequence.objects.get(kind="talk")
        settle(world, talk)
        raised(world, star(world, w.SPRING, 0, cause="correction", event="分数有误"))
        assert Consequence.objects.get(kind="talk").pk == talk.pk
        assert followed("done") == {("talk", HEAD, 1, None)}


class TestHeads:
    def test_only_one_shoulder_heads_have_eligibility(self, world):
        rules()
        factories.appointment(world.people["周秋"], w.AUTUMN, body="party", title="书记", tier=1)
        raised(world, star(world, w.SPRING, 4), star(world, w.AUTUMN, 5))
        assert {row for row in followed() if row[0] != "bonus"} == {("recruitment", HEAD, 1, None)}

    def test_five_star_head_is_in_the_promotion_pool(self, world):
        rules()
        raised(world, star(world, w.SPRING, 5))
        kinds = {row[:2] for row in followed() if row[0] != "bonus"}
        assert kinds == {("recruitment", HEAD), ("promotion", HEAD)}

    @pytest.mark.parametrize("grade", [5, 0])
    def test_nothing_for_heads_where_no_rule_is_in_force(self, world, grade):
        raised(world, star(world, w.SPRING, grade))
        assert {row[0] for row in followed()} == {"bonus"}

    def test_village_head_of_a_no_star_village_is_talked_to(self, world):
        rules()
        head_of(w.VILLAGE)
        raised(world, star(world, w.VILLAGE, 0))
        talk = Consequence.objects.get(kind="talk")
        assert (talk.person.name, talk.due_on, talk.facts["years"]) == ("田头", date(2026, 3, 12), 1)

    @pytest.mark.parametrize(("none_since", "kind"), [(2025, "talk"), (2024, "admonition"), (2023, "removal")])
    def test_measure_is_graduated_by_years_without_a_star(self, world, none_since, kind):
        rules()
        head_of(w.SUMMER, since=date(2020, 1, 1))
        for year in range(none_since, YEAR):
            star(world, w.SUMMER, 0, year=year, decided_on=date(year + 1, 2, 1), effective_from=date(year + 1, 2, 1))
        raised(world, star(world, w.SUMMER, 0))
        found = Consequence.objects.exclude(kind="bonus").get()
        assert (found.kind, found.facts["years"]) == (kind, YEAR - none_since + 1)

    def test_new_head_does_not_answer_for_earlier_years(self, world):
        rules()
        head_of(w.SUMMER, since=date(2025, 6, 1))
        star(world, w.SUMMER, 0, year=2024, decided_on=date(2025, 2, 1), effective_from=date(2025, 2, 1))
        raised(world, star(world, w.SUMMER, 0))
        assert Consequence.objects.exclude(kind="bonus").get().kind == "talk"


def settle(world, row: Consequence, **fields) -> Consequence:
    given = {"version": row.version, "state": "done", "done_on": DECIDED + timedelta(days=3), "note": "区委组织部谈话"}
    return settle_consequence(consequence=row, by=world.users.district, **(given | fields))


class TestSettling:
    @pytest.fixture
    def talk(self, world) -> Consequence:
        rules()
        raised(world, star(world, w.SPRING, 0))
        return Consequence.objects.get(kind="talk")

    def test_done_with_day_and_note(self, world, talk):
        settle(world, talk)
        talk.refresh_from_db()
        assert (talk.state, talk.done_on, talk.note, talk.version) == ("done", date(2026, 2, 13), "区委组织部谈话", 2)

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"done_on": date(2026, 2, 9)}, "星级于 2026-02-10 决定，日期不能更早。"),
            ({"done_on": today() + timedelta(days=1)}, "日期不能晚于今天。"),
            ({"note": ""}, "请写明落实情况，如谈话人、文号；不再适用的写明原因。"),
            ({"state": "open"}, "请选择“已落实”或“不再适用”。"),
        ],
    )
    def test_refused_in_words(self, world, talk, fields, sentence):
        with pytest.raises(ValidationError) as error:
            settle(world, talk, **fields)
        assert error.value.messages == [sentence]

    def test_second_one_is_stale_or_settled(self, world, talk):
        settle(world, talk)
        with pytest.raises(Stale):
            settle(world, Consequence.objects.get(pk=talk.pk), version=1)
        with pytest.raises(ValidationError, match="处理过"):
            settle(world, Consequence.objects.get(pk=talk.pk))

    def test_overdue_measure_is_found_until_it_is_settled(self, world, talk):
        assert overdue(date(2026, 3, 12)) == []
        assert overdue(date(2026, 3, 13)) == [(str(talk.pk), w.SPRING)]
        settle(world, talk)
        assert overdue(date(2026, 3, 13)) == []


def overdue(on: date) -> list[tuple]:
    sql, params = MEASURES_OVERDUE.problems(on)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [row[:2] for row in cursor.fetchall()]

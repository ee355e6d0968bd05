import json

import pytest
from django.apps import apps
from django.db import connection

from portal.core.lib.clock import today
from portal.core.lib.fields import index_of
from portal.core.lib.identity import IdNumber, parse_id
from portal.core.lib.text import name_initials, pinyin_key
from portal.core.territory.models import Division, Population
from tests import world as w
from workforce.actions.tallies import differences
from workforce.counters import BOOK
from workforce.management.national_sql import TABLES
from workforce.models import Appointment, Certificate, Contract, Person, Tally
from workforce.queries.staffing import StaffingQuery

pytestmark = pytest.mark.django_db
POSTS = 8 * 8 - 1 + 7  # one community has no chair, one person has left each of the seven residents' communities


def schema() -> list[tuple]:
    """Every constraint, index and trigger of the roster's tables, as PostgreSQL writes them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE conrelid = ANY(%(t)s::regclass[])
            UNION ALL SELECT tablename::text, indexname::text, indexdef FROM pg_indexes WHERE tablename = ANY(%(t)s)
            UNION ALL SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger
            WHERE tgrelid = ANY(%(t)s::regclass[]) AND NOT tgisinternal ORDER BY 1, 2, 3""",
            {"t": list(TABLES)},
        )
        return cursor.fetchall()


@pytest.fixture
def tree():
    """The divisions of the world, without anybody in them."""
    return w.divisions()


def test_make_national_fills_every_community_and_leaves_the_tables_as_they_were(tree, run_command):
    before = schema()
    answer = json.loads(run_command("make_national", "--workers-per-community", "7", "--json").out)
    assert {**answer, "seconds": 0} == {"divisions": 19, "workers": 56, "appointments": POSTS, "seconds": 0}
    assert schema() == before
    assert not apps.get_model("workforce", "PersonEvent").objects.exists()
    assert Population.objects.count() == Division.objects.filter(level=5, urban=True).count()
    assert (Contract.objects.count(), Certificate.objects.count()) == (53, 56 - 8)


def test_people_of_make_national_are_whole_and_nobody_can_be_them(tree, run_command):
    run_command("make_national", "--workers-per-community", "3")
    people = list(Person.objects.all())
    for person in people:
        number = parse_id(person.id_number)
        assert isinstance(number, IdNumber)
        assert number.number.startswith("999999")
        assert (number.birth, number.sex) == (person.birth_date, {"male": "M", "female": "F"}[person.sex])
        assert bytes(person.id_number_index) == index_of(number.number)
        assert (person.name_pinyin, person.name_initials) == (pinyin_key(person.name), name_initials(person.name))
    assert len({person.id_number_index.tobytes() for person in people}) == len(people) == 24 + 7
    heads = Appointment.objects.filter(division=w.SPRING, tier=1)
    assert len(set(heads.values_list("person", flat=True))) == 1


def test_figures_of_make_national_are_exact_and_some_communities_short(tree, run_command):
    run_command("make_national", "--workers-per-community", "7")
    assert differences() == []
    states = StaffingQuery(territories=("",), on=today(), level=5).statuses()
    assert set(states) == {"met", "short", "not_applicable"}


def test_every_family_of_counters_has_something_to_count_but_rules_not_in_force(tree, run_command):
    run_command("make_national", "--workers-per-community", "7")
    together = [Tally.objects.get(pk=code) for code in ("96", "97")]
    empty = {f.name for f in BOOK.families if not any(getattr(one, c.name) for c in f.counters for one in together)}
    assert empty == {"clocks"}
    assert sum(one.paid for one in together) == sum(one.workers for one in together)


def test_make_national_under_a_division_fills_nothing_else(tree, run_command):
    answer = json.loads(run_command("make_national", "--workers-per-community", "2", "--under", w.STREET, "--json").out)
    assert answer["workers"] == 6
    assert not Appointment.objects.exclude(division__in=(w.SPRING, w.SUMMER, w.VILLAGE)).exists()


def test_make_national_again_is_refused(tree, run_command):
    run_command("make_national", "--workers-per-community", "1")
    result = run_command("make_national", "--workers-per-community", "1")
    assert (result.code, Person.objects.count()) == (1, 8 + 7)
    assert "holds people or populations already" in result.err


@pytest.mark.parametrize("number", ["0", "20", "-1", "seven", ""])
def test_number_of_workers_is_checked(run_command, number):
    assert run_command("make_national", "--workers-per-community", number).code == 2
    assert run_command("make_national").code == 2

"""Kept counts of findings: exact after every write, told only to those who may know, and nobody waits for them."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.accounts.roles import Perm
from portal.core.findings import counts
from portal.core.findings.actions import acknowledge_many, excuse_many, plan_many, reopen_many
from portal.core.findings.models import Finding, FindingCount, State
from portal.core.findings.queries import firsts, handed_up_from, held_by, in_reach_of
from portal.core.findings.reconcile import reconcile
from portal.core.findings.upkeep import keep_up
from portal.core.lib.codes import within
from tests import factories
from tests import world as w
from tests.core.findings.makers import finding, inspection
from tests.together import together

PLACES = [w.CITY, w.DISTRICT, "960102", w.STREET, w.SPRING, w.SUMMER, w.AUTUMN, w.SNOW, w.FAR]
GRANTS = {
    "country": [("city", "")],
    "city": [("city", w.CITY)],
    "district": [("district", w.DISTRICT)],
    "street": [("street", w.STREET)],
    "community": [("community", w.SPRING)],
    "two places": [("district", w.DISTRICT), ("street", "970101001")],
    "sees more than handles": [("community", ""), ("street", w.STREET)],
    "nothing": [],
}


@pytest.fixture
def scattered(world):
    """Findings of two kinds all over the world: late, soon due, without a day, gone, gone up."""
    for number, code in enumerate(PLACES * 3):
        fields = {"due_on": world.today + timedelta(days=number * 10 - 60)} if number % 4 else {}
        if number % 5 == 0:
            fields |= {"state": State.RESOLVED, "resolved_on": world.today}
        if number % 7 == 0:
            fields["held_level"] = 2
        finding(code, kind=("sample", "second")[number % 2], subject=str(number), **fields)
    return world


@pytest.fixture(params=GRANTS)
def reader(request, scattered):
    return factories.user("reader", *GRANTS[request.param])


def seen_by(user, under: str, condition: Q) -> list[Finding]:
    found = Finding.objects.for_user(user, Perm.VIEW_FINDINGS).filter(condition)
    return [one for one in found if within(one.division_id, under)]


@pytest.mark.parametrize("place", ["", "96", "9601", w.DISTRICT, w.STREET, w.SPRING, "97", "98"])
def test_tally_is_that_of_the_findings_one_may_see(reader, place):
    fields = ("kind", "state", "held_level", "due_on")
    conditions = [
        Q(),
        Q(kind="second"),
        held_by(reader),
        in_reach_of(reader) & ~held_by(reader),
        handed_up_from(reader),
    ]
    for condition in conditions:
        active = condition & ~Q(state=State.RESOLVED)
        expected = Counter(tuple(getattr(one, name) for name in fields) for one in seen_by(reader, place, active))
        assert counts.tally(reader, place, active, *fields) == expected
        levels = Counter((one.state, len(one.division_id)) for one in seen_by(reader, place, condition))
        assert counts.tally(reader, place, condition, "state", "digits") == levels


def test_each_place_has_as_many_as_lie_under_it(reader):
    codes = ["96", "9601", w.DISTRICT, w.STREET, w.SPRING, "97", "970101001"]
    expected = {code: len(seen_by(reader, code, Q(kind="second"))) for code in codes}
    assert counts.counts_of(reader, codes, Q(kind="second")) == expected
    communities = {code: sum(len(one.division_id) == 12 for one in seen_by(reader, code, Q())) for code in codes}
    assert counts.counts_of(reader, codes, Q(digits=12)) == communities


def stored() -> Counter:
    rows = Counter()
    for row in FindingCount.objects.all():
        rows[row.division_id, row.kind, row.state, row.digits, row.held_level, row.due_on] += row.n
    return +rows


def counted() -> Counter:
    """What should be stored, by a way of its own."""
    rows = Counter()
    for one in Finding.objects.all():
        for place in {one.division_id[:digits] for digits in (0, 2, 4, 6)}:
            due_on = None if one.state == State.RESOLVED or len(place) == 6 else one.due_on
            rows[place, one.kind, one.state, len(one.division_id), one.held_level, due_on] += 1
    return rows


ACTS = ["look", "acknowledge", "plan", "excuse", "reopen", "days", "delete", "fold"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(ACTS), st.sets(st.sampled_from(PLACES)), st.integers(0, 40)), max_size=8),
)
def test_counts_are_exact_after_whatever_was_done(world, steps):
    by = world.users.city
    with transaction.atomic():
        for act, places, days in steps:
            day = world.today + timedelta(days=days)
            pairs = [(pk, None) for pk in Finding.objects.filter(division__in=places).values_list("pk", flat=True)]
            match act:
                case "look":
                    seen = {code: code for code in places}
                    reconcile(inspection=inspection(seen, due=day.isoformat()), on=world.today, by=None)
                case "acknowledge":
                    acknowledge_many(pairs=pairs, by=by)
                case "plan":
                    plan_many(pairs=pairs, planned_for=day, by=by)
                case "excuse":
                    excuse_many(pairs=pairs, excused_until=day, reason="待新办法", by=by)
                case "reopen":
                    reopen_many(pairs=pairs, by=by)
                case "days":
                    keep_up(day)
                case "delete":
                    Finding.objects.filter(division__in=places).delete()
                case "fold":
                    counts.fold()
            assert stored() == counted()
            assert counts.differences() == []
        transaction.set_rollback(True)


def test_fold_leaves_one_row_for_each_count_and_none_for_nothing(world):
    one, other = finding(w.SPRING), finding(w.SPRING)
    acknowledge_many(pairs=[(one.pk, None), (other.pk, None)], by=world.users.street)
    before = stored()
    counts.fold()
    assert stored() == before
    rows = FindingCount.objects.order_by("division_id").values_list("division_id", "state", "n")
    assert list(rows) == [(place, "acknowledged", 2) for place in ("", "96", "9601", w.DISTRICT)]


def test_verify_names_a_count_that_is_wrong_and_recount_mends_it(world, run_command):
    finding(w.SPRING)
    FindingCount.objects.filter(division_id="96").update(n=5)
    result = run_command("recount", "--verify")
    assert (result.code, "96: stored sample open 12 4 5, counted sample open 12 4 1" in result.out) == (1, True)
    assert run_command("recount", "--verify", "--under", "97").code == 0
    assert run_command("recount").code == 0
    assert run_command("recount", "--verify").code == 0
    assert stored() == counted()


@pytest.mark.django_db(transaction=True)
def test_a_check_under_way_holds_nobody_up(world):
    """Two who change findings of one city at once: the second is through while the first is still at it."""
    one, other = finding(w.SPRING), finding(w.SNOW)
    with transaction.atomic():
        acknowledge_many(pairs=[(one.pk, None)], by=world.users.city)

        def sign() -> int:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            return acknowledge_many(pairs=[(other.pk, None)], by=world.users.district)

        assert together(sign) == [1]
    assert stored() == counted()


@pytest.mark.parametrize("order", [("due_on", "id"), ("-due_on", "id"), ("opened_on", "-id")])
@pytest.mark.parametrize(("after", "upto"), [(0, 2), (2, 5), (0, 50)])
def test_first_ones_are_the_same_off_an_index_as_sorted(scattered, order, after, upto):
    found = Finding.objects.exclude(state=State.RESOLVED)
    kinds = [Q(kind="sample"), Q(kind="second")]
    expected = [
        pk
        for kind in kinds
        for pk in list(found.filter(kind).order_by(*order).values_list("pk", flat=True))[after:upto]
    ]
    for few, many in ((kinds[0] | kinds[1], []), (Q(), kinds), (kinds[0], kinds[1:]), (kinds[1], kinds[:1])):
        rows = firsts(found, "kind", order, few, many, upto, after)
        assert sorted(one.pk for one in rows) == sorted(expected)
        for kind in ("sample", "second"):
            assert [one.pk for one in rows if one.kind == kind] == [
                pk for pk in expected if Finding.objects.get(pk=pk).kind == kind
            ]

"""Who counts, case by case of domain §1.A1, §1.A3, §1.D2 and §2.4: status, leave, institution staffing, registration."""

from datetime import date, timedelta

import pytest

from portal.core.lib.dated import add_years
from tests import factories
from tests import world as w
from tests.headcounts import not_counted
from workforce.actions.rules import enter_rule, seen_rules
from workforce.actions.tallies import differences, recount, refresh_tallies, roll_figures
from workforce.enums import SpecialStatusKind
from workforce.queries.staffing import staffing_of


def heads(world, on=None, code=w.SNOW) -> tuple[int, int]:
    figure = staffing_of(code, on or world.today)
    return figure.workers, figure.certified


@pytest.fixture
def worker(world):
    """The only worker of 冬雪社区, certified."""
    made = factories.worker("冬一", w.SNOW, certified=True)
    refresh_tallies([w.SNOW])
    return made


@pytest.mark.parametrize("kind", SpecialStatusKind.values)
def test_by_default_the_seconded_alone_do_not_count(world, worker, kind):
    factories.status(worker, kind)
    refresh_tallies([w.SNOW])
    counted = kind != "seconded"
    assert heads(world) == ((1, 1) if counted else (0, 0))
    assert not_counted(w.SNOW, world.today) == ({} if counted else {"status": 1})
    assert differences() == []


def excluded(world, statuses: list[str], place: str = w.CITY):
    division = world.divisions[place]
    return enter_rule(
        kind="staffing.excluded_statuses", division=division, valid_from=date(2026, 1, 1), last_day=None,
        value={"statuses": statuses}, document="示例", article="", seen=seen_rules("staffing.excluded_statuses", division),
        by=world.users.city,
    )  # fmt: skip


def test_rule_decides_which_statuses_leave_the_count_and_figures_follow_at_once(world, worker):
    factories.status(worker, "institution")
    refresh_tallies([w.SNOW])
    assert heads(world) == (1, 1)
    excluded(world, ["institution", "sick"])
    assert heads(world) == (0, 0)
    assert heads(world, on=date(2025, 12, 31)) == (1, 1)
    assert differences() == []


def test_rule_may_leave_nobody_out_and_the_nearest_one_wins(world, worker):
    factories.status(worker, "seconded")
    excluded(world, [])
    assert heads(world) == (1, 1)
    excluded(world, ["seconded"], "960102")
    assert heads(world) == (0, 0)


def test_status_holds_over_its_own_days(world, worker):
    start = world.today - timedelta(days=20)
    factories.status(worker, "seconded", valid_from=start, valid_to=start + timedelta(days=10))
    days = (start - timedelta(days=1), start, start + timedelta(days=9), start + timedelta(days=10))
    assert [heads(world, on=day)[0] for day in days] == [1, 0, 0, 1]
    refresh_tallies([w.SNOW])
    assert heads(world) == (1, 1)


def test_status_that_begins_tomorrow_is_counted_when_the_day_moves_on(world, worker):
    tomorrow = world.today + timedelta(days=1)
    factories.status(worker, "seconded", valid_from=tomorrow)
    refresh_tallies([w.SNOW])
    assert heads(world) == (1, 1)
    roll_figures(tomorrow)
    assert heads(world, on=tomorrow) == (0, 0)
    assert differences() == []


def test_two_statuses_at_once_need_only_one_that_is_left_out(world, worker):
    factories.status(worker, "maternity")
    factories.status(worker, "seconded")
    refresh_tallies([w.SNOW])
    assert heads(world) == (0, 0)


def test_other_reasons_are_told_before_the_status(world, worker):
    factories.status(worker, "seconded")
    worker.appointments.update(full_time=False)
    refresh_tallies([w.SNOW])
    assert not_counted(w.SNOW, world.today) == {"part_time": 1}


def test_part_time_second_post_elsewhere_moves_no_head(world, worker):
    factories.appointment(worker, w.SAME_NAME, body="committee", title="委员", tier=1, full_time=False)
    refresh_tallies([w.SNOW, w.SAME_NAME])
    assert (heads(world)[0], heads(world, code=w.SAME_NAME)[0]) == (1, 1)
    assert differences() == []


def lapsed_do_not_count(first_months: int = 12):
    value = {
        "first_months": first_months, "years": 3, "window_months": 3, "hours_assistant": 72, "hours_other": 90,
        "degree_hours": 90, "lapsed_counts": False,
    }  # fmt: skip
    factories.rule("certificate.registration", value, division=w.CITY)


def certified(world, on) -> int:
    return heads(world, on=on)[1]


def test_lapsed_registration_counts_by_default(world, worker):
    certificate = worker.certificates.get()
    factories.registration(certificate, date(2020, 1, 1))
    recount()
    assert heads(world) == (1, 1)


def test_where_the_rule_says_so_a_lapsed_registration_leaves_the_share_and_not_the_heads(world, worker):
    lapsed_do_not_count()
    certificate = worker.certificates.get()
    registered = certificate.obtained_on + timedelta(days=30)
    factories.registration(certificate, registered, valid_to=add_years(registered, 1))
    ends = add_years(registered, 1)
    assert [certified(world, day) for day in (registered, ends - timedelta(days=1), ends)] == [1, 1, 0]
    factories.registration(certificate, world.today - timedelta(days=1))
    recount()
    assert heads(world) == (1, 1)
    assert heads(world, on=world.today - timedelta(days=2)) == (1, 0)


def test_certificate_without_any_registration_counts_through_the_months_of_the_first(world, worker):
    lapsed_do_not_count()
    obtained = worker.certificates.get().obtained_on
    limit = add_years(obtained, 1)
    assert [certified(world, day) for day in (obtained, limit, limit + timedelta(days=1))] == [1, 1, 0]


def test_another_certificate_that_has_not_lapsed_is_enough(world, worker):
    lapsed_do_not_count()
    recount()
    assert heads(world) == (1, 0)
    factories.certificate(worker, "senior", obtained_on=world.today - timedelta(days=9))
    refresh_tallies([w.SNOW])
    assert heads(world) == (1, 1)
    assert differences() == []

"""The ages of a row, and the keys of new people: shortcuts of the check say what the plain rule says."""

import itertools
from datetime import date, timedelta
from uuid import UUID

import pytest

from portal.core.lib.dated import add_years, age_on
from portal.core.lib.identity import IdNumber
from workforce.actions.plan import new_keys
from workforce.enums import Sex
from workforce.importers.checking import Ages, check_row
from workforce.importers.rows import Row
from workforce.ladder import Ladder

TODAY = date(2026, 11, 22)
AGES = Ages(TODAY, 18, {Sex.MALE: 60, Sex.FEMALE: 55}, Ladder({}, 3))
AROUND = [timedelta(days) for days in (-366, -365, -1, 0, 1, 365, 366)]


def checked(birth: date, **values) -> Row:
    number = IdNumber("999999" + f"{birth:%Y%m%d}" + "0011", birth, "M", doubtful=False)
    row = Row(2, {"id_number": number, **values})
    check_row(row, None, AGES)
    return row


@pytest.mark.parametrize("years", [17, 18, 19, 59, 60, 61])
@pytest.mark.parametrize("off", AROUND)
def test_age_is_unusual_outside_the_limits_to_the_day(years, off):
    birth = add_years(TODAY, -years) + off
    codes = [warning["code"] for warning in checked(birth).warnings]
    assert codes == ([] if 18 <= age_on(birth, TODAY) < 60 else ["age_unusual"])


@pytest.mark.parametrize("off", AROUND)
@pytest.mark.parametrize("birth", [date(1990, 5, 20), date(1992, 2, 29)])
def test_under_age_is_told_to_the_day_of_the_earlier_start(birth, off):
    start = add_years(birth, 18) + off
    later = start + timedelta(days=1)
    expected = [("hired_on", "under_age")] if start < add_years(birth, 18) else []
    row = checked(birth, hired_on=start, valid_from=later)
    assert [(error["key"], error["code"]) for error in row.errors] == expected
    row = checked(birth, hired_on=start, valid_from=start)
    assert [(error["key"], error["code"]) for error in row.errors] == expected


def test_start_of_the_post_counts_where_it_is_the_earlier_or_the_only_one():
    birth = date(1990, 5, 20)
    for values in ({"valid_from": date(2008, 5, 19)}, {"valid_from": date(2008, 5, 19), "hired_on": date(2009, 1, 1)}):
        assert [(one["key"], one["code"]) for one in checked(birth, **values).errors] == [("valid_from", "under_age")]


def test_keys_of_new_people_are_random_uuids():
    keys = list(itertools.islice(new_keys(), 3000))
    assert len(set(keys)) == 3000
    found = [UUID(key) for key in keys]
    assert [str(one) for one in found] == keys
    assert {(one.version, one.variant) for one in found} == {(4, "specified in RFC 4122")}

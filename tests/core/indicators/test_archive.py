"""Rows kept with a published number: packed and back, and what differs from those of today."""

from hypothesis import given
from hypothesis import strategies as st

from portal.core.indicators.archive import packed, unpacked
from portal.core.indicators.revisions import Change, compared

ROWS = st.frozensets(st.tuples(st.sampled_from(["1", "2", "3"]), st.text("abc|1", min_size=1, max_size=3)), max_size=12)


@given(st.dictionaries(st.sampled_from(["numerator", "denominator"]), ROWS))
def test_rows_come_back_as_they_were_packed(parts):
    assert unpacked(packed(parts)) == parts
    assert packed({key: sorted(rows, reverse=True) for key, rows in parts.items()}) == packed(parts)


def test_nothing_was_kept():
    assert unpacked(None) == {}


def test_rows_came_in_went_out_and_moved():
    then = frozenset({("1", "a"), ("1", "b"), ("1", "c|40")})
    now = frozenset({("1", "a"), ("2", "b"), ("1", "c|41"), ("3", "d")})
    changes, moved = compared(then, now)
    assert changes == [Change("1", "c|40", False), Change("1", "c|41", True), Change("3", "d", True)]
    assert moved == [Change("2", "b", True)]
    assert (changes[0].record, changes[0].amount, changes[2].record, changes[2].amount) == ("c", "40", "d", "")


@given(ROWS, ROWS)
def test_changes_account_for_the_difference_of_the_numbers(then, now):
    changes, moved = compared(then, now)
    came = sum(change.came for change in changes)
    assert came - (len(changes) - came) == len(now) - len(then)
    assert {(c.code, c.id) for c in [*changes, *moved] if c.came} <= now - then

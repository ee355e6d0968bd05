"""Reads of contracts: which of them are renewals, which one is in force."""

from collections.abc import Iterable
from itertools import pairwise

from portal.core.lib.dated import add_months
from workforce.models import Contract


def renewals(contracts: Iterable[Contract]) -> dict[int, int]:
    """How many times in a row each contract had been renewed by then: 0 for a first one, counted while one follows the other.

    A contract renews the one before it when it is of the same kind and begins the day after that one ends.
    """
    held = sorted((one for one in contracts if one.valid_to != one.valid_from), key=lambda one: one.valid_from)
    found = {one.pk: 0 for one in held}
    for before, one in pairwise(held):
        if before.kind == one.kind and before.valid_to == one.valid_from:
            found[one.pk] = found[before.pk] + 1
    return found


def same_length_again(contract: Contract):
    """The exclusive end of a renewal as long as `contract`, in months where it lasted whole months, else in days."""
    start, end = contract.valid_from, contract.valid_to
    months = (end.year - start.year) * 12 + end.month - start.month
    if add_months(start, months) == end:
        return add_months(end, months)
    return end + (end - start)

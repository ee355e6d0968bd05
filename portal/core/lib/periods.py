"""Database guards of dated rows: [valid_from, valid_to), open where `valid_to` is null."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db.models import CheckConstraint, F, Func, Q, QuerySet, Value
from django.db.models.functions import Concat


def no_overlap(name: str, *same: str | Concat) -> ExclusionConstraint:
    """Refuses two rows that agree in all of `same`, fields or expressions, and share a day."""
    period = Func("valid_from", "valid_to", Value("[)"), function="daterange", output_field=DateRangeField())
    expressions = [*((field, RangeOperators.EQUAL) for field in same), (period, RangeOperators.OVERLAPS)]
    return ExclusionConstraint(name=name, expressions=expressions)


def only_equal(field: str) -> Concat:
    """A field of text for `no_overlap`, hidden from the planner when it looks for a range of codes.

    It would look for the range in the index of the constraint, which is in order of what comes first there: through all
    of it. For a street of the country that takes a second instead of a millisecond.
    """
    return Concat(F(field), Value(""))


def period(name: str) -> CheckConstraint:
    """Refuses a row that ends before it begins. An empty period [d, d) is a record taken back: in force on no day."""
    return CheckConstraint(condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name=name)


class DatedQuerySet(QuerySet):
    def in_force(self, on):
        """Rows that hold on the day `on`."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)

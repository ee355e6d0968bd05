"""Counters over the grades in force on the day: those of the last year decided, after removals and corrections (domain §1.J)."""

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.counting import Counter, Family, RowKind, Scope
from ratings.enums import Change, Star

# A year is decided in the one after it, so the last grade of a unit that is still rated is at most two years old.
YEARS = 2


def rows(scope: Scope) -> str:
    """code, id (of the grade), grade and change: one row per unit that has a grade in force."""
    return f"""
    SELECT DISTINCT ON (g.division_id) g.division_id AS code, g.id, g.grade, g.change
    FROM ratings_stargrade g JOIN units u ON u.code = g.division_id
    WHERE g.decided_on <= %(on)s AND g.effective_from <= %(on)s AND {scope.of("g.division_id")}
      AND g.year >= extract(year FROM %(on)s::date)::int - {YEARS}
    ORDER BY g.division_id, g.year DESC, g.number DESC"""


GRADES = (
    ("five", Star.FIVE, _("五星")),
    ("four", Star.FOUR, _("四星")),
    ("three", Star.THREE, _("三星")),
    ("none", Star.NONE, _("无星")),
)
CHANGES = (
    ("up", Change.UP, _("升星")),
    ("down", Change.DOWN, _("摘星")),
    ("same", Change.SAME, _("保持")),
    ("new", Change.NEW, _("首次评定")),
)

STARS = Family(
    name="stars",
    row=RowKind.STAR,
    rows=rows,
    counters=(
        Counter(name="stars", label=_("有星级评定结果的村（社区）")),
        *(Counter(name=f"star_{name}", label=label, when=f"r.grade = {grade.value}") for name, grade, label in GRADES),
        *(Counter(name=f"star_{name}", label=label, when=f"r.change = '{change}'") for name, change, label in CHANGES),
    ),
)

"""Counters over matters deliberated in the calendar year and whether they were carried out (domain §1.I)."""

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.counting import Counter, Family, RowKind, Scope
from workforce.counters.words import this_year


def rows(scope: Scope) -> str:
    """code, id (of the deliberation), level, whether carried out, whether by the day set, and whether that day is past."""
    return f"""
    SELECT d.division_id AS code, d.id, d.level, f.done,
        f.done AND (d.follow_up_due IS NULL OR d.followed_up_on <= d.follow_up_due) AS on_time,
        NOT f.done AND coalesce(d.follow_up_due < %(on)s, false) AS overdue
    FROM ratings_deliberation d JOIN units u ON u.code = d.division_id
    CROSS JOIN LATERAL (SELECT coalesce(d.state = 'done' AND d.followed_up_on <= %(on)s, false) AS done) f
    WHERE d.state IN ('held', 'done') AND {this_year("d.held_on")} AND {scope.of("d.division_id")}"""


DELIBERATIONS = Family(
    name="deliberations",
    row=RowKind.DELIBERATION,
    rows=rows,
    counters=(
        Counter(name="deliberations", label=_("本年议定的事项")),
        *(
            Counter(name=f"deliberations_{level}", label=label, when=f"r.level = '{level}'")
            for level, label in (
                ("big", _("本年议定的大事")),
                ("small", _("本年议定的小事")),
                ("micro", _("本年议定的微事")),
            )
        ),
        Counter(name="deliberations_done", label=_("已落实的"), when="r.done"),
        Counter(name="deliberations_judged", label=_("已落实或已到期的"), when="r.done OR r.overdue"),
        Counter(name="deliberations_on_time", label=_("按期落实的"), when="r.on_time"),
        Counter(name="deliberations_overdue", label=_("逾期未落实的"), when="r.overdue"),
    ),
)

"""Counters over households 住户 and shops 商户 and their visits in the current period (domain §1.H1)."""

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.counting import Counter, Family, RowKind, Scope
from workforce.counters.words import in_force


def rows(scope: Scope) -> str:
    """code, id (of the premises), kind, whether a visit is due in the period, and whether one has met somebody.

    Who moves in during a period is due in the next one. A visit by telephone, or one that met nobody, does not count.
    """
    return f"""
    SELECT p.division_id AS code, p.id, p.kind, p.valid_from < n.begins AS due,
        p.valid_from < n.begins AND EXISTS (
            SELECT 1 FROM ratings_visit v
            WHERE v.premises_id = p.id AND v.visited_on >= n.begins AND v.visited_on <= %(on)s
              AND v.outcome = 'met' AND NOT v.taken_back) AS visited
    FROM ratings_premises p JOIN units u ON u.code = p.division_id JOIN norms n USING (scope)
    WHERE {in_force("p")} AND {scope.of("p.division_id")}"""


VISITS = Family(
    name="visits",
    row=RowKind.PREMISES,
    rows=rows,
    counters=(
        Counter(name="premises", label=_("登记的住户和商户"), big=True),
        Counter(name="households", label=_("住户"), when="r.kind = 'household'"),
        Counter(name="shops", label=_("商户"), when="r.kind = 'shop'"),
        Counter(name="households_due", label=_("本期应走访住户"), when="r.due AND r.kind = 'household'"),
        Counter(name="shops_due", label=_("本期应走访商户"), when="r.due AND r.kind = 'shop'"),
        Counter(name="households_visited", label=_("本期已走访住户"), when="r.visited AND r.kind = 'household'"),
        Counter(name="shops_visited", label=_("本期已走访商户"), when="r.visited AND r.kind = 'shop'"),
    ),
)

"""Counters over communities and villages themselves: what each has, and which norms each meets as a whole (domain §1.H, §1.I)."""

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.counting import Counter, Family, RowKind, Scope
from ratings.counters.needs import needs
from ratings.counters.visits import rows as premises
from workforce.counters.words import in_force, this_year


def rows(scope: Scope) -> str:
    """code, id (the code again): every community and village of the day, with anything recorded there or not."""
    return f"""
    WITH held AS MATERIALIZED (
        SELECT f.division_id, array_agg(DISTINCT f.kind::text) AS kinds
        FROM ratings_feature f WHERE {in_force("f")} AND {scope.of("f.division_id")} GROUP BY 1
    ),
    found AS MATERIALIZED (
        SELECT code, count(*) AS needs, count(*) FILTER (WHERE converted) AS converted FROM ({needs(scope)}) e GROUP BY 1
    ),
    seen AS MATERIALIZED (
        SELECT code, bool_and(visited) AS visited FROM ({premises(scope)}) p WHERE due GROUP BY 1
    ),
    pointed AS MATERIALIZED (
        SELECT DISTINCT e.division_id FROM ratings_pointentry e
        WHERE e.state = 'confirmed' AND {this_year('e."on"')} AND {scope.of("e.division_id")}
    )
    SELECT u.code, u.code AS id, u.urban, coalesce(h.kinds, '{{}}') AS kinds,
        n.organisations <@ to_jsonb(coalesce(h.kinds, '{{}}')) AS complete,
        f.code IS NOT NULL AS found, n.needs IS NOT NULL AND (u.urban OR f.code IS NOT NULL) AS needs_ruled,
        coalesce(f.needs, 0) >= n.needs AND coalesce(f.converted, 0) >= n.projects AS needs_met,
        s.visited, p.division_id IS NOT NULL AS points
    FROM units u JOIN norms n USING (scope)
    LEFT JOIN held h ON h.division_id = u.code
    LEFT JOIN found f ON f.code = u.code
    LEFT JOIN seen s ON s.code = u.code
    LEFT JOIN pointed p ON p.division_id = u.code"""


def _has(kind: str) -> str:
    return f"'{kind}' = ANY(r.kinds)"


UNITS = Family(
    name="units",
    row=RowKind.COMMUNITY,
    rows=rows,
    counters=(
        Counter(name="units", label=_("村和社区")),
        Counter(name="communities", label=_("社区"), when="r.urban"),
        Counter(name="villages", label=_("村"), when="NOT r.urban"),
        Counter(name="organisations_complete", label=_("应有的组织和阵地齐全的村（社区）"), when="r.complete"),
        Counter(name="all_post", label=_("全岗通社区"), when=f"r.urban AND {_has('all_post')}"),
        Counter(
            name="two_halls",
            label=_("“两厅”齐全的社区"),
            when=f"r.urban AND {_has('online_hall')} AND {_has('parlour')}",
        ),
        Counter(name="pilots", label=_("试点社区"), when=_has("pilot")),
        Counter(name="demonstrations", label=_("示范村（社区）"), when=_has("demonstration")),
        Counter(name="beautiful", label=_("美丽社区"), when=_has("beautiful")),
        Counter(name="points_used", label=_("本年实行积分制的村（社区）"), when="r.points"),
        Counter(name="points_villages", label=_("本年实行积分制的村"), when="r.points AND NOT r.urban"),
        Counter(name="needs_units", label=_("社区，和登记了需求的村"), when="r.urban OR r.found"),
        Counter(name="needs_ruled", label=_("需求和项目有规定数量的村（社区）"), when="r.needs_ruled"),
        Counter(name="needs_met", label=_("需求和项目都达到数量的村（社区）"), when="r.needs_ruled AND r.needs_met"),
        Counter(name="visits_units", label=_("本期有应走访住户或商户的村（社区）"), when="r.visited IS NOT NULL"),
        Counter(name="visits_met", label=_("本期住户和商户全部走访的村（社区）"), when="r.visited"),
    ),
)

"""Counters over what the rules allot to communities: every engine, the combination, the cap, and heads in post against it.

A book of its own beside that of the roster (docs/adr/0025): its tallies take heads in post from the roster's, any other day
is counted from the rows. Populations and rules are read as of the day.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.core.indicators.counting import Book, Counter, Family, RowKind, Scope
from portal.core.lib.codes import Level
from portal.core.policy.kinds import POPULATION_BASIS, STAFFING
from portal.core.policy.queries import nearest_rule, ruled, scope_of
from workforce.counters.engines import allotted
from workforce.counters.headcount import heads_ctes

_SCOPE, _SCOPES = scope_of("d.code")
_ORDER = ", ".join(f"'{basis}'" for basis in POPULATION_BASIS.default["order"])
# Heads in post by community, from the rows and as the roster's tally has them for the figures' day.
_KEPT = (
    "staffed AS (SELECT division_id AS code, workers FROM workforce_tally WHERE {there} AND length(division_id) = 12)"
)


def _counted(scope: Scope) -> str:
    heads = heads_ctes(codes=scope is Scope.CODES, everywhere=scope is Scope.EVERYWHERE, villages=False)
    return f"""staffed AS MATERIALIZED (
    WITH {heads} SELECT division_id AS code, count(*)::int AS workers FROM heads WHERE reason IS NULL GROUP BY 1
)"""


def shared(scope: Scope) -> str:
    """CTEs ending in `allotted`: every urban community of the day with what each engine gives and the heads in post."""
    return _allotments(scope, _counted(scope))


def _beside(scope: Scope) -> str:
    return _allotments(scope, _KEPT.format(there=scope.of("division_id")))


def _allotments(scope: Scope, staffed: str) -> str:
    return f"""
{ruled(STAFFING, POPULATION_BASIS)},
communities AS MATERIALIZED (
    SELECT d.code, {_SCOPE} AS scope FROM core_division d {_SCOPES}
    WHERE d.level = {int(Level.COMMUNITY)} AND d.urban AND {scope.of("d.code")}
      AND (d.valid_from IS NULL OR d.valid_from <= %(on)s) AND (d.valid_to IS NULL OR d.valid_to > %(on)s)
),
standards AS MATERIALIZED (
    SELECT z.scope, (r.value->>'heads')::int AS heads, (r.value->>'per')::int AS per,
        CASE WHEN b.value IS NULL THEN ARRAY[{_ORDER}]
            ELSE ARRAY(SELECT jsonb_array_elements_text(b.value->'order')) END AS bases
    FROM (SELECT DISTINCT scope FROM communities) z
    {nearest_rule(STAFFING, "z.scope", "r")}
    {nearest_rule(POPULATION_BASIS, "z.scope", "b")}
),
residents AS MATERIALIZED (
    SELECT DISTINCT ON (p.division_id) p.division_id AS code, p.value AS population
    FROM core_population p JOIN communities c ON c.code = p.division_id JOIN standards s USING (scope)
    WHERE p."on" <= %(on)s AND p.basis = ANY(s.bases) AND {scope.of("p.division_id")}
    ORDER BY p.division_id, array_position(s.bases, p.basis::text), p."on" DESC
),
{staffed},
shown AS MATERIALIZED (
    SELECT c.code, {int(Level.COMMUNITY)} AS level, true AS urban, coalesce(w.workers, 0) AS workers, p.population,
        s.heads, s.per
    FROM communities c JOIN standards s USING (scope)
    LEFT JOIN residents p USING (code) LEFT JOIN staffed w USING (code)
),
{allotted(scope)}"""


# Proven either way: a least that is not reached is short, a most that is reached is met; the others wait for data.
_SHORT = "a.workers < a.allotted AND a.certainty IN ('exact', 'least')"
_MET = "a.workers >= a.allotted AND a.certainty IN ('exact', 'most')"


def rows(scope: Scope) -> str:
    """code, id (the code again), what each engine and all together give, and how the heads in post stand against it."""
    return f"""
    SELECT a.code, a.code AS id, a.workers, a.by_population, a.by_allotment, a.by_brackets, a.allotted, a.binding, a.cap,
        a.heads IS NOT NULL AS population_ruled, a.allotment IS NOT NULL AS fixed_ruled,
        a.brackets IS NOT NULL AS brackets_ruled,
        a.heads IS NOT NULL OR a.allotment IS NOT NULL OR a.brackets IS NOT NULL AS ruled, a.incomplete,
        {_SHORT} AS short, {_MET} AS met
    FROM allotted a"""


def _engine(key: str, gives: str, ruled_by: str, of: str | Promise, heads: str | Promise, known: str | Promise):
    """Of one engine: communities where it is in force, those that it gives a number for, and the sum of these."""
    return (
        Counter(name=f"{key}_ruled", label=of, when=f"r.{ruled_by}"),
        Counter(name=f"{key}_known", label=known, when=f"r.{gives} IS NOT NULL"),
        Counter(name=f"{key}_heads", label=heads, when=f"r.{gives} IS NOT NULL", add=f"r.{gives}"),
    )


def _binds(key: str, engine: str, label: str | Promise) -> Counter:
    return Counter(name=f"{key}_binds", label=label, when=f"'{engine}' = ANY(r.binding)")


ALLOTMENTS = Family(
    name="allotments",
    row=RowKind.ALLOTMENT,
    rows=rows,
    counters=(
        Counter(name="staffed", label=_("社区的在岗人数"), when="r.workers > 0", add="r.workers"),
        Counter(name="allotment_ruled", label=_("有职数办法生效的社区"), when="r.ruled"),
        Counter(name="allotment_known", label=_("算得出职数的社区"), when="r.allotted IS NOT NULL"),
        Counter(name="allotment_incomplete", label=_("缺人口或户数的社区"), when="r.ruled AND r.incomplete"),
        Counter(name="allotted", label=_("应配职数"), when="r.allotted IS NOT NULL", add="r.allotted"),
        Counter(name="allotment_judged", label=_("能判断是否配足职数的社区"), when="r.short OR r.met"),
        Counter(name="allotment_met", label=_("配足职数的社区"), when="r.met"),
        Counter(name="allotment_short", label=_("未配足职数的社区"), when="r.short"),
        Counter(name="allotment_missing", label=_("按职数缺员"), when="r.short", add="r.allotted - r.workers"),
        Counter(
            name="allotment_surplus",
            label=_("超出职数的人数"),
            when="r.met AND r.workers > r.allotted",
            add="r.workers - r.allotted",
        ),
        *_engine(
            "by_population",
            "by_population",
            "population_ruled",
            _("人口标准生效的社区"),
            _("按人口标准应配"),
            _("按人口标准算得出的社区"),
        ),
        *_engine(
            "by_households",
            "by_allotment",
            "fixed_ruled",
            _("4+N 生效的社区"),
            _("按 4+N 应配"),
            _("按 4+N 算得出的社区"),
        ),
        *_engine(
            "by_brackets",
            "by_brackets",
            "brackets_ruled",
            _("户数分档生效的社区"),
            _("按户数分档应配"),
            _("按户数分档算得出的社区"),
        ),
        _binds("by_population", "per_population", _("人口标准起作用的社区")),
        _binds("by_households", "allotment", _("4+N 起作用的社区")),
        _binds("by_brackets", "brackets", _("户数分档起作用的社区")),
        Counter(name="cap_ruled", label=_("人数上限生效的社区"), when="r.ruled AND r.cap IS NOT NULL"),
        _binds("cap", "cap", _("人数上限起作用的社区")),
    ),
)

BOOK = Book(
    "allotment",
    "workforce_allotmenttally",
    "workforce_allotmentsnapshot",
    (ALLOTMENTS,),
    shared,
    size="staffed",
    beside=_beside,
)

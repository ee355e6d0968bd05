"""What several families share: heads, seats in the two committees, and rules about where numbers are cut."""

from portal.core.indicators.counting import Scope
from portal.core.policy.kinds import YOUNG_AGE
from workforce.counters.headcount import heads_ctes, rule

_LIMITS = f"""
limits AS MATERIALIZED (
    SELECT z.scope, coalesce(({rule(YOUNG_AGE)}->>'age')::int, {YOUNG_AGE.default["age"]}) AS young FROM resolved z
)"""

_PERSON = "p.sex, p.birth_date, p.political_status, p.education, p.degree"

# Who sits in either committee of a community, with the posts held there and what is known of them; villages have none.
_SEATS = f"""
seats AS MATERIALIZED (
    SELECT p.division_id, p.person_id, l.scope, {_PERSON}, bool_or(p.body = 'party') AS party,
        bool_or(p.body = 'committee') AS committee, bool_or(p.body = 'party' AND p.tier = 1) AS secretary,
        bool_or(p.body = 'committee' AND p.tier = 1) AS chair, bool_or(p.full_time) AS full_time
    FROM known_posts p JOIN places l ON l.code = p.division_id
    WHERE p.body IN ('party', 'committee') GROUP BY 1, 2, 3, {_PERSON}
)"""


def shared(scope: Scope) -> str:
    """CTEs posts, places, heads, limits and seats for the people of the communities in scope."""
    heads = heads_ctes(codes=scope is Scope.CODES, everywhere=scope is Scope.EVERYWHERE)
    return f"{heads}, {_LIMITS}, {_SEATS}"

"""How many findings there are where: from kept counts for large places, from the findings themselves for small ones.

So a page costs the same for the country with its millions of findings as for a street. Only of today: what stood open
on another day is counted from the findings.
"""

from collections import Counter
from collections.abc import Collection, Iterable

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Length

from portal.core.accounts.roles import Perm
from portal.core.findings.models import Finding, FindingCount, State
from portal.core.findings.models.count import DATED_DIGITS, KEPT_DIGITS, KEY, counts_sql
from portal.core.findings.queries import counts_under
from portal.core.lib.codes import as_scope, code_range, within
from portal.core.lib.scope import union

_ALONE = "SELECT pg_advisory_xact_lock(hashtext('core.finding_counts'))"
_FOLD = f"""
WITH several AS (
    SELECT {KEY}, array_agg(id) AS ids, sum(n) AS n FROM core_findingcount GROUP BY {KEY} HAVING count(*) > 1
), gone AS (DELETE FROM core_findingcount USING several WHERE id = ANY(ids))
INSERT INTO core_findingcount ({KEY}, n) SELECT {KEY}, n FROM several WHERE n <> 0 ORDER BY division_id"""
_ANEW = f"""
LOCK TABLE core_finding IN SHARE ROW EXCLUSIVE MODE;
DELETE FROM core_findingcount;
INSERT INTO core_findingcount ({KEY}, n) {counts_sql({"core_finding": 1})} ORDER BY division_id"""
_THERE = "(SELECT * FROM core_finding WHERE division_id >= %(low)s AND division_id < %(high)s) there"
_DIFFERENCES = f"""
SELECT division_id, concat_ws(' ', kind, state, digits, held_level, due_on), sum(stored)::int, sum(counted)::int
FROM (SELECT {KEY}, n AS stored, 0 AS counted FROM core_findingcount
      UNION ALL SELECT {KEY}, 0, n FROM ({counts_sql({_THERE: 1})}) fresh) rows
WHERE division_id >= %(low)s AND division_id < %(high)s
GROUP BY {KEY} HAVING sum(stored) <> sum(counted) ORDER BY {KEY}"""


def tally(user, under: str, condition: Q, *fields: str) -> Counter[tuple]:
    """Findings the user may see at or under a place ('' is everything), under a condition, counted by some fields.

    Condition and fields may name kind, state, digits, held_level and due_on; that of a resolved one is not known.
    """
    kept, small = _parted(user, roots_of(user, under), {*fields, *condition.referenced_base_fields})
    found: Counter[tuple] = Counter()
    if kept:
        rows = FindingCount.objects.filter(condition, division_id__in=kept).values_list(*fields)
        for *key, count in rows.annotate(count=Sum("n")).filter(count__gt=0):
            found[tuple(key)] += count
    if small:
        found += counted(Finding.objects.filter(union("division_id", small)), condition, *fields)
    return found


def counted(findings: QuerySet, condition: Q, *fields: str) -> Counter[tuple]:
    """Some findings under a condition, counted from their rows by fields as `tally` knows them."""
    rows = findings.annotate(digits=Length("division_id")).filter(condition).order_by()
    return Counter({tuple(key): count for *key, count in rows.values_list(*fields).annotate(count=Count("*"))})


def counts_of(user, codes: Iterable[str], condition: Q) -> dict[str, int]:
    """How many findings under a condition lie at or under each of the divisions, as far as the user may see them."""
    kept, small = _parted(user, codes, condition.referenced_base_fields)
    counts = dict.fromkeys(kept, 0)
    if kept:
        rows = FindingCount.objects.filter(condition, division_id__in=kept).values_list("division_id")
        counts |= dict(rows.annotate(count=Sum("n")))
    findings = Finding.objects.for_user(user, Perm.VIEW_FINDINGS).annotate(digits=Length("division_id"))
    return counts | counts_under(findings.filter(condition), small)


def active_counts(user, codes: Iterable[str]) -> dict[str, int]:
    """Active findings at or under each of the divisions, as far as the user may see them."""
    return counts_of(user, codes, ~Q(state=State.RESOLVED))


def roots_of(user, under: str = "") -> list[str]:
    """Tops of the subtrees whose findings the user may see, at or under a place."""
    territories, under = user.territories(Perm.VIEW_FINDINGS), as_scope(under)
    if any(within(under, territory) for territory in territories):
        return [under]
    return [territory for territory in territories if within(territory, under)]


def _parted(user, codes: Iterable[str], names: Collection[str]) -> tuple[list[str], list[str]]:
    """The places whose kept counts are the user's and know what is asked by name, and the others.

    Of a place of which the user sees or handles a part only, the whole tells too much, or not whose they are.
    """
    seen, handled = user.territories(Perm.VIEW_FINDINGS), user.territories(Perm.HANDLE_FINDINGS)
    digits = DATED_DIGITS if "due_on" in names else KEPT_DIGITS
    kept, small = [], []
    for code in codes:
        whole = any(within(code, place) for place in seen)
        parted = any(within(place, code) and place != code for place in handled)
        (kept if whole and not parted and len(code) in digits else small).append(code)
    return kept, small


@transaction.atomic
def fold() -> None:
    """Adds up what the changes of the day left as rows of their own; the counts stay what they are."""
    with connection.cursor() as cursor:
        cursor.execute(_ALONE)
        cursor.execute(_FOLD)


@transaction.atomic
def recount() -> None:
    """Makes the counts anew from the findings; whoever changes findings meanwhile waits."""
    with connection.cursor() as cursor:
        cursor.execute(_ALONE)
        cursor.execute(_ANEW)


def differences(code: str = "") -> list[tuple[str, dict[str, int], dict[str, int]]]:
    """Counts at or under a place that differ from the findings: (code, stored, counted); empty when exact."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENCES, dict(zip(("low", "high"), code_range(code), strict=True)))
        return [(place, {key: stored}, {key: counted}) for place, key, stored, counted in cursor.fetchall()]

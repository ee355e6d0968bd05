import pgtrigger
from django.db import models

KEPT_DIGITS = (0, 2, 4, 6)
"""Digits of the codes that counts are kept for: the country, provinces, cities, districts. Below, findings are few."""
DATED_DIGITS = (0, 2, 4)
"""Of these, the ones that know the due days too: by day, a district has almost as many counts as findings."""

KEY = "division_id, kind, state, digits, held_level, due_on"
_OPERATIONS = {
    pgtrigger.Insert: {"new_values": 1},
    pgtrigger.Update: {"old_values": -1, "new_values": 1},
    pgtrigger.Delete: {"old_values": -1},
}


def counts_sql(tables: dict[str, int]) -> str:
    """SQL of the rows that findings which came (1) or went (-1), by table, add to the counts."""
    changed = " UNION ALL ".join(
        f"SELECT division_id AS code, kind, state, held_level, due_on, {sign} * count(*) AS n FROM {table} GROUP BY 1, 2, 3, 4, 5"
        for table, sign in tables.items()
    )
    return f"""SELECT left(code, kept) AS division_id, kind, state, length(code) AS digits, held_level,
        CASE WHEN state <> 'resolved' AND kept <= {max(DATED_DIGITS)} THEN due_on END AS due_on, sum(n) AS n
    FROM ({changed}) changed JOIN unnest(ARRAY{list(KEPT_DIGITS)}) kept ON kept <= length(code)
    GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0"""


def counted() -> list[pgtrigger.Trigger]:
    """Triggers for the table of findings: whatever writes them, the counts are exact in the same transaction."""
    return [
        pgtrigger.Trigger(
            name=f"count_{str(operation).lower()}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=pgtrigger.Referencing(**{table.removesuffix("_values"): table for table in tables}),
            func=f"INSERT INTO core_findingcount ({KEY}, n)\n{counts_sql(tables)};\nRETURN NULL;",
        )
        for operation, tables in _OPERATIONS.items()
    ]


class FindingCount(models.Model):
    """How many findings there are at or under a large division, as rows whose `n` add up.

    Every change adds rows and touches none, so nobody waits for anybody, not even for a check of the whole country;
    `fold` adds them up at night. Columns are called as those of a finding, so that a condition on findings by division,
    kind, state, holder and due day is one on counts. `digits` is the length of the finding's own code; `due_on` is kept
    for what is not resolved, of places of `DATED_DIGITS`.
    """

    division_id = models.CharField(max_length=12, db_collation="C")
    kind = models.CharField(max_length=60)
    state = models.CharField(max_length=12)
    digits = models.PositiveSmallIntegerField()
    held_level = models.PositiveSmallIntegerField()
    due_on = models.DateField(null=True)
    n = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["division_id"], name="finding_count_place")]

    def __str__(self) -> str:
        return f"{self.division_id} {self.kind} {self.state} {self.n:+}"

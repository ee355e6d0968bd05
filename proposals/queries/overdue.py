"""Which deadlines are overdue on a day, in SQL that the inspection and the nightly dating share."""

from proposals.enums import DueKind
from proposals.queries.deadlines import RIGHTS, STOPPABLE


def _listed(kinds: tuple[DueKind, ...]) -> str:
    return ", ".join(f"'{kind}'" for kind in kinds)


# Open duties whose last day has passed, of parts still under way. A clock that stood still before the last day was over
# goes on asking for nothing until it runs again.
OVERDUE = f"""
SELECT d.id FROM proposals_deadline d
WHERE d.met_on IS NULL AND NOT d.dropped AND d.due_on < %(on)s AND d.kind NOT IN ({_listed(RIGHTS)})
  AND NOT (d.kind IN ({_listed(STOPPABLE)}) AND EXISTS (
    SELECT 1 FROM proposals_suspension s
    WHERE s.handling_id = d.handling_id AND s.starts_on <= d.due_on AND s.ends_on IS NULL))"""

"""Notices are entered into the ledger by the statement that changes the finding: neither can be without the other.

Each piece of SQL continues a CTE `done` that returns id, division_id, held_level and kind of the changed findings.
"""

ROWS = """
INSERT INTO core_delivery (key, channel, event, webhook_id, finding_id, next_at, created_at)
SELECT 'webhook:' || w.id || ':{event}:' || done.id || {again}, 'webhook', '{event}', w.id, done.id, now(), now()
FROM done JOIN core_webhook w ON w.active AND starts_with(done.division_id, coalesce(w.territory_id, ''))
    AND (cardinality(w.kinds) = 0 OR done.kind = ANY (w.kinds))
WHERE {condition}
ON CONFLICT (key) DO NOTHING"""

OPENED = ROWS.format(event="finding.opened", again="''", condition="done.opened")
RESOLVED = ROWS.format(event="finding.resolved", again="''", condition="true")
ESCALATED = ROWS.format(event="finding.escalated", again="':' || done.held_level", condition="true")

SUPERVISION = "supervision.{state}"  # issued, replied, returned, closed
OVERDUE = "supervision.overdue"
TEST = "test"

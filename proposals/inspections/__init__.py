"""Periodic checks over replies to proposals. They only look: `reconcile` acts on what they saw."""

from proposals.inspections import commitments, deadlines, ledger

INSPECTIONS = (*deadlines.INSPECTIONS, *commitments.INSPECTIONS, *ledger.INSPECTIONS)

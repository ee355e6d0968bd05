"""Periodic checks over service records and star ratings. They only look: `reconcile` acts on what they saw."""

from ratings.inspections import consequences, facilities, features, needs, objections, presence, stages, visits, waiting

INSPECTIONS = (
    *visits.INSPECTIONS,
    *needs.INSPECTIONS,
    *facilities.INSPECTIONS,
    *presence.INSPECTIONS,
    *features.INSPECTIONS,
    *waiting.INSPECTIONS,
    *objections.INSPECTIONS,
    *consequences.INSPECTIONS,
    *stages.INSPECTIONS,
)

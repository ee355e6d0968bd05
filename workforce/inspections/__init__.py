"""Periodic checks over the roster. They only look: `reconcile` opens, refreshes and resolves the findings."""

from workforce.inspections import (
    allotment,
    careers,
    certificates,
    committee,
    contracts,
    data,
    deadline,
    pay,
    people,
    positions,
    staffing,
    terms,
    training,
)

INSPECTIONS = (
    *staffing.INSPECTIONS,
    *deadline.INSPECTIONS,
    *allotment.INSPECTIONS,
    *positions.INSPECTIONS,
    *committee.INSPECTIONS,
    *terms.INSPECTIONS,
    *certificates.INSPECTIONS,
    *pay.INSPECTIONS,
    *contracts.INSPECTIONS,
    *training.INSPECTIONS,
    *careers.INSPECTIONS,
    *people.INSPECTIONS,
    *data.INSPECTIONS,
)

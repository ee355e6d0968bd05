"""What the site is made of: plain lists, so that nothing registers itself behind anybody's back."""

from workforce.inspections import STAFFING

INSPECTIONS = {inspection.key: inspection for inspection in (STAFFING,)}

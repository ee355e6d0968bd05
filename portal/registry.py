"""What the site is made of: plain lists, so that nothing registers itself behind anybody's back."""

from workforce.importers import ROSTER
from workforce.inspections import STAFFING

INSPECTIONS = {inspection.key: inspection for inspection in (STAFFING,)}
IMPORTERS = {importer.kind: importer for importer in (ROSTER,)}

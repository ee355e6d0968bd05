"""`imports/{id}/rows/`: what the check found, row by row."""

from typing import Any

from django.http import Http404

from portal import registry
from portal.core.audit.actions import record
from portal.core.sheets.importer import Importer
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.queries import rows_where
from portal.core.territory.models import Division
from portal.core.web.renderers import SheetRenderer
from portal.core.web.viewsets import ListMixin, PortalViewSet
from portal.pages.import_views import issue_of
from portal.rest.import_operations import ID, ROWS
from portal.rest.import_rows import ImportRowSerializer
from workforce.importers import ROSTER


class ImportRowViewSet(ListMixin, PortalViewSet):
    """Rows hold what the user typed and what the roster has: personal data, though no number of a person in clear."""

    tag = "imports"
    serializer_class = ImportRowSerializer
    path_parameters = (ID,)
    operations = ROWS
    key = ("number", "id")
    personal = True

    def get_queryset(self):
        batch = self.rows_of(ImportBatch).filter(kind=ROSTER.kind, pk=self.kwargs["id"]).first()
        if batch is None:
            raise Http404
        self.batch = batch
        self.importer = registry.IMPORTERS[batch.kind]
        kind = self.values["kind"]
        return rows_where(batch, status=self.values["status"] or "", codes=(kind,) if kind else ())

    def represent(self, rows: list) -> list[dict]:
        codes = {row.division for row in rows if row.division}
        names = dict(Division.objects.filter(code__in=codes).values_list("code", "label"))
        return super().represent([_told(row, names, self.importer) for row in rows])

    def list(self, request, *args, **kwargs):
        """On record where the rows leave as a sheet."""
        response = super().list(request, *args, **kwargs)
        if isinstance(request.accepted_renderer, SheetRenderer):
            told = {"token": request.auth.prefix, "query": request.query_params.dict()}
            record(
                "export_import_rows", by=request.user, subject=self.batch.pk, division=self.batch.division_id, **told
            )
        return response


def _told(row, names: dict[str, str], importer: Importer) -> dict[str, Any]:
    """A row as its serializer takes it; what is no column of the sheet is left out."""
    headers = {column.key: column.header for column in importer.columns}
    return {
        "row": row.number or None,
        "status": row.status,
        "name": row.label,
        "division": {"code": row.division, "label": names.get(row.division, "")} if row.division else None,
        "errors": [issue_of(importer, issue) for issue in row.errors],
        "warnings": [issue_of(importer, issue) for issue in row.warnings],
        "changes": [
            {
                "field": change["key"],
                "column": headers[change["key"]],
                "of": change.get("of") or "",
                "old": importer.show(change["key"], change["old"]),
                "new": importer.show(change["key"], change["new"]),
            }
            for change in row.changes
            if change["key"] in headers
        ],
    }

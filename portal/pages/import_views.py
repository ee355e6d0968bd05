"""What the page of one import shows of its rows: problems by kind, the difference row by row, filters."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.sheets.importer import Importer
from portal.core.sheets.models import ImportBatch, RowStatus
from portal.core.sheets.queries import first_issues, rows_where
from portal.core.sheets.reports import told
from portal.core.territory.models import Division
from portal.core.web.paginator import Paginator

PAGE_ROWS = 50
SHOWN_PER_KIND = 50
ROW_BADGES = {RowStatus.ERROR: "error"}
KIND_COUNTS = {"errors": "error_kinds", "warnings": "warning_kinds"}


def kinds_of(batch: ImportBatch, importer: Importer, field: str) -> list[dict[str, Any]]:
    """Errors or warnings by kind, the commonest first, each with its rows as far as a screen can show them."""
    counts = batch.counts.get(KIND_COUNTS[field]) or {}
    groups: dict[str, dict[str, Any]] = {}
    for code, count in counts.items():
        heading = importer.heading(code)
        group = groups.setdefault(heading, {"heading": heading, "count": 0, "code": code, "rows": []})
        group["count"] += count
    for code, rows in (first_issues(batch, field, SHOWN_PER_KIND) if counts else {}).items():
        group = groups[importer.heading(code)]
        group["rows"] += [{**row, **issue_of(importer, row["issue"])} for row in rows]
    for group in groups.values():
        group["rows"] = sorted(group["rows"], key=lambda row: row["number"])[:SHOWN_PER_KIND]
        group["more"] = group["count"] - len(group["rows"])
    return sorted(groups.values(), key=lambda group: -group["count"])


def issue_of(importer: Importer, issue: dict[str, Any]) -> dict[str, str]:
    """An error or warning in words: where, what stands there, how to mend it; what was probably meant also by itself."""
    return {
        "column": issue["column"],
        "cell": issue["cell"],
        "code": issue["code"],
        "message": told(importer, issue),
        "suggestion": str((issue.get("params") or {}).get("suggestion") or ""),
    }


class RowFilter(forms.Form):
    """Kind of problem and name, beside the status that the chips choose."""

    status = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("问题"), required=False)
    q = forms.CharField(label=gettext_lazy("姓名"), required=False, max_length=60)

    def __init__(self, request: HttpRequest, batch: ImportBatch, importer: Importer) -> None:
        super().__init__(request.GET)
        self.codes: dict[str, tuple[str, ...]] = {}
        headings: dict[str, str] = {}
        for field in KIND_COUNTS.values():
            for code in batch.counts.get(field) or {}:
                first = headings.setdefault(importer.heading(code), code)
                self.codes[first] = (*self.codes.get(first, ()), code)
        self.fields["kind"].choices = [("", _("不限")), *((code, heading) for heading, code in headings.items())]
        if not headings:
            del self.fields["kind"]
        self.present = [status for status in RowStatus.values if batch.counts.get(status)]

    @property
    def given(self) -> dict[str, Any]:
        """What to look for; a status or kind that the file does not have is passed over."""
        kind = self.data.get("kind", "")
        text = self.data.get("q", "").strip()[:60].replace("\x00", "")
        codes, asked = self.codes.get(kind, ()), self.data.get("status", "")
        usual = "" if codes or text else next(iter(self.present), "")
        return {"status": asked if asked in self.present else usual, "codes": codes, "text": text}


def rows_context(request: HttpRequest, batch: ImportBatch, importer: Importer, url: str) -> dict[str, Any]:
    """A page of rows with changes and problems in words, the chips with counts, and the filter."""
    form = RowFilter(request, batch, importer)
    given = form.given
    page = Paginator(rows_where(batch, **given), PAGE_ROWS).get_page(request.GET.get("page"))
    page.object_list = shown_rows(list(page.object_list), importer)
    chips = [
        {
            "label": RowStatus(status).label,
            "url": f"{url}?status={status}",
            "current": status == given["status"],
            "count": batch.counts[status],
        }
        for status in form.present
    ]
    return {"page": page, "chips": chips, "filter": form, "rows_url": url}


def shown_rows(rows: list, importer: Importer) -> list:
    """Rows with changes, problems and communities in words; one query for the names."""
    names = dict(Division.objects.filter(code__in={row.division for row in rows}).values_list("code", "label"))
    headers = {column.key: column.header for column in importer.columns}
    for row in rows:
        row.place = names.get(row.division, "")
        row.badge = ROW_BADGES.get(row.status, row.status)
        # What is no column of the sheet is for programs: whom a row of another street means.
        row.shown_changes = [change_of(importer, headers, one) for one in row.changes if one["key"] in headers]
        row.notes = [issue_of(importer, issue) for issue in row.errors + row.warnings]
    return rows


def change_of(importer: Importer, headers: dict[str, str], change: dict[str, Any]) -> dict[str, Any]:
    """One field old and new in words; of a second post named by its title."""
    label = headers[change["key"]]
    if change.get("of"):
        label = f"{change['of']} · {label}"
    return {
        "label": label,
        "old": importer.show(change["key"], change["old"]),
        "new": importer.show(change["key"], change["new"]),
        "plain": change["old"] is None,
    }

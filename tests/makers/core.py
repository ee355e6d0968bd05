"""A thing of every kind of the core, in a place."""

from datetime import date, timedelta

from django.utils import timezone

from portal.core.findings.models import Finding, Supervision, Webhook
from portal.core.indicators.models import Publication
from portal.core.indicators.publishing import publish
from portal.core.policy.models import PolicyRule
from portal.core.reports.models import Report
from portal.core.sheets.models import ColumnMapping, ImportBatch
from portal.core.territory.models import Division
from portal.registry import INDICATORS
from tests import factories
from tests import world as w


def _finding(code):
    return [
        Finding.objects.create(
            kind="staffing",
            subject=f"matrix {code} {Finding.objects.count()}",
            division_id=code,
            facts={
                "level": 5, "workers": 0, "population": 1000, "basis": "ledger", "population_on": "2026-01-01",
                "heads": 18, "per": 10000, "required": 2, "gap": 2, "document": "x", "article": "", "on": "2026-01-01",
            },
            opened_on="2026-01-01",
            seen_on="2026-01-01",
        ).pk
    ]  # fmt: skip


def _batch(code):
    return [
        ImportBatch.objects.create(
            kind="needs" if code == w.SPRING else "roster", division_id=code, filename="名册.xlsx", sha256="0" * 64, size=1, state="cancelled",
            uploaded_by=factories.user(f"importer{ImportBatch.objects.count()}"),
        ).pk
    ]  # fmt: skip


def _mapping(code):
    header = f"表头{ColumnMapping.objects.count()}"
    return [ColumnMapping.objects.create(kind="roster", division_id=code, header=header, key="name").pk]


def _rule(code):
    return [
        PolicyRule.objects.create(
            kind="population.max_age",
            division_id=code,
            valid_from=date(2020, 1, 1) + timedelta(days=PolicyRule.objects.count()),
            valid_to=date(2020, 1, 2) + timedelta(days=PolicyRule.objects.count()),
            value={"months": 6},
            document="x",
        ).pk
    ]


def _report(code):
    """A draft about a place; its content is as small as one can be."""
    content = {
        "format": 1, "kind": "monthly_report", "label": "月上报", "title": "矩阵", "period": "2026年10月",
        "on": "2026-10-31", "place": {"code": code, "name": "矩阵", "level": "社区"},
        "days": {"previous": "2026-09-30", "year": "2025-10-31"}, "indicators": {}, "sections": [],
    }  # fmt: skip
    period = f"{1990 + Report.objects.count() % 100}-10"
    day = date(int(period[:4]), 10, 31)
    return [
        Report.objects.create(
            kind="monthly_report", division_id=code, cadence="month", period=period, starts_on=day.replace(day=1),
            ends_on=day, due_on=day, content=content, digest="0" * 64, figures_at=timezone.now(), made_by="test",
        ).pk
    ]  # fmt: skip


def _webhook(code):
    return [
        Webhook.objects.create(
            name="x", url="https://127.0.0.1/", secret=Webhook.new_secret(), territory_id=code, created_by="test"
        ).pk
    ]


def _supervision(code):
    return [
        Supervision.objects.create(
            issuer_id=code, year=2026, serial=Supervision.objects.count() + 1, division_id=code, text="x",
            issued_on="2026-11-23", working_days=5, due_on="2026-11-30", issued_by="test",
        ).pk
    ]  # fmt: skip


def _publication(code):
    """A published number of workers; `on` tells one from the next."""
    day = date(2026, 1, 1) - timedelta(days=Publication.objects.count())
    division = Division.objects.get(pk=code)
    return [publish(indicator=INDICATORS["in_post"], division=division, on=day, title="x", by=None).pk]


MAKERS = {
    "figure": lambda code: ["in_post"],
    "publication": _publication,
    "supervision": _supervision,
    "report": _report,
    "report_file": lambda code: [*_report(code), "docx"],
    "report_step": lambda code: [*_report(code), "refresh"],
    "webhook": _webhook,
    "division": lambda code: [code],
    "panel": lambda code: [code, "trend"],
    "finding": _finding,
    "batch": _batch,
    "mapping": _mapping,
    "rule": _rule,
    "kind": lambda code: ["population.max_age"],
}
# Without a place of their own.
PLACELESS = {"figure", "webhook", "kind"}

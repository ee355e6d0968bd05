"""Review cases as a sheet."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found, filter_words
from workforce.enums import CaseKind, CaseOutcome, CaseState
from workforce.exports.people import word
from workforce.forms.cases import CaseFilter
from workforce.queries.cases import cases_listed

_FIELDS = (
    "pk", "division_id", "division__label", "person__name", "kind", "due_on", "stage", "since", "outcome",
    "extended_to", "opened_on",
)  # fmt: skip


def find(asked: Asked) -> Found:
    """The cases that the list shows, as they stood on the day."""
    form = CaseFilter(asked.params)
    found = cases_listed(asked.user, under=asked.under, on=asked.on, **form.asked())
    return Found(found.count(), _rows(asked, found), filters=filter_words(form))


def _rows(asked: Asked, found) -> Iterator[list[Any]]:
    cases = found.select_related(None).values_list(*_FIELDS).iterator(chunk_size=2000)
    for key, code, label, name, kind, due_on, stage, since, outcome, extended_to, opened_on in cases:
        closed = stage == CaseState.CLOSED
        yield [
            key,
            code,
            label,
            name,
            word(CaseKind.choices, kind),
            due_on,
            word(CaseState.choices, stage),
            None if closed else (asked.on - since).days,
            word(CaseOutcome.choices, outcome) if closed else "",
            extended_to if closed else None,
            opened_on,
        ]


CASES = Export(
    key="cases",
    label=_("个案清单"),
    perm=Perm.HANDLE_CASES,
    page="cases",
    columns=(
        Column("id", _("编号"), kind=Kind.NUMBER, width=8),
        Column("code", _("社区代码"), width=14),
        Column("community", _("社区"), width=18),
        Column("name", _("姓名")),
        Column("kind", _("事由"), width=20),
        Column("due_on", _("应满足日期"), kind=Kind.DATE),
        Column("stage", _("阶段"), width=14),
        Column("days", _("在本阶段（天）"), kind=Kind.NUMBER),
        Column("outcome", _("结果"), width=14),
        Column("extended_to", _("取证期限延长至"), kind=Kind.DATE),
        Column("opened_on", _("立案日期"), kind=Kind.DATE),
    ),
    find=find,
    personal=True,
)

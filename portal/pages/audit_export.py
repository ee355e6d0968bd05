"""The audit trail as sheets: acts, and row changes with a row per field."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.audit.acts import label_of, particulars
from portal.core.audit.changes import FieldChange, describe
from portal.core.audit.forms import ChangeFilter, EventFilter
from portal.core.audit.models import AuditEvent
from portal.core.audit.queries import Asked as Search
from portal.core.audit.queries import Territory, change_keys, events
from portal.core.sheets.columns import Column
from portal.core.sheets.exporting import Asked, Export, Found, NotExportable, filter_words
from portal.core.territory.models import Division
from portal.core.web.formats import moment

FILE_ROWS = 10_000
BATCH_ROWS = 500
_AT = Column("at", gettext_lazy("时间"), width=18)
_ACTOR = Column("actor", gettext_lazy("操作人"))
_ACT = Column("act", gettext_lazy("操作"), width=18)
_SUBJECT = Column("subject", gettext_lazy("对象"), width=24)
_ORIGIN = (
    Column("ip", gettext_lazy("来源地址"), width=16),
    Column("request_id", gettext_lazy("请求编号"), width=20),
)


def _search(form: EventFilter, asked: Asked) -> Search:
    found = form.asked(asked.under)
    if found is None:
        raise NotExportable(" ".join(text for texts in form.errors.values() for text in texts))
    return found


def find_events(asked: Asked) -> Found:
    """The latest acts that the filters leave."""
    form = EventFilter(asked.params)
    search = _search(form, asked)
    found = events(Territory.of(asked.user, Perm.VIEW_AUDIT, search.place), search)[:FILE_ROWS]
    return Found(found.count(), _events(found), filters=filter_words(form))


def with_places(rows: list[AuditEvent]) -> list[dict]:
    """Events with their act and division in words."""
    places = Division.objects.in_bulk({row.division for row in rows if row.division})
    return [
        {
            "event": row,
            "act": label_of(row.act),
            "place": places.get(row.division, row.division),
            "detail": particulars(row.detail),
        }
        for row in rows
    ]


def _events(found) -> Iterator[list[Any]]:
    for row in with_places(list(found)):
        event = row["event"]
        who = [moment(event.at), event.actor, row["act"], event.get_outcome_display()]
        what = [event.subject, str(row["place"]), event.reason, row["detail"]]
        yield [*who, *what, event.ip, event.request_id]


def find_changes(asked: Asked) -> Found:
    """The latest row changes that the filters leave."""
    form = ChangeFilter(asked.params)
    search = _search(form, asked)
    rows = list(_changes(Territory.of(asked.user, Perm.VIEW_AUDIT, search.place), search))
    return Found(len(rows), rows, filters=filter_words(form))


def _changes(territory: Territory, search: Search) -> Iterator[list[Any]]:
    before: dict[str, int] | None = {}
    for _batch in range(FILE_ROWS // BATCH_ROWS):
        keys, before = change_keys(territory, search, before, BATCH_ROWS)
        for change in describe(keys):
            who = [moment(change.at), change.actor, change.act, change.table, change.subject, change.kind]
            for field in change.fields or [FieldChange("", None, None)]:
                yield [*who, field.label, field.old, field.new, change.ip, change.request_id]
        if before is None:
            return


AUDIT_EVENTS = Export(
    key="audit-events",
    label=gettext_lazy("审计记录"),
    perm=Perm.VIEW_AUDIT,
    page="audit",
    columns=(
        _AT,
        _ACTOR,
        _ACT,
        Column("outcome", gettext_lazy("结果"), width=8),
        _SUBJECT,
        Column("division", gettext_lazy("区划"), width=20),
        Column("reason", gettext_lazy("理由"), width=30),
        Column("detail", gettext_lazy("说明"), width=40),
        *_ORIGIN,
    ),
    find=find_events,
)
AUDIT_CHANGES = Export(
    key="audit-changes",
    label=gettext_lazy("变更记录"),
    perm=Perm.VIEW_AUDIT,
    page="audit_changes",
    columns=(
        _AT,
        _ACTOR,
        _ACT,
        Column("table", gettext_lazy("对象类别")),
        _SUBJECT,
        Column("kind", gettext_lazy("变更"), width=8),
        Column("field", gettext_lazy("字段"), width=16),
        Column("old", gettext_lazy("原值"), width=24),
        Column("new", gettext_lazy("新值"), width=24),
        *_ORIGIN,
    ),
    find=find_changes,
)

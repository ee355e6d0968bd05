"""The timeline of a person: what happened in the working life, and who changed which record; filtered by subject."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import SYSTEM
from portal.core.audit.changes import Change
from portal.core.sheets.models import ImportBatch
from portal.core.web import keep
from workforce.models import Person
from workforce.queries.people import history
from workforce.queries.timeline import Event, events_of

FILTERS: tuple[tuple[str, str | Promise], ...] = (
    ("", gettext_lazy("全部经历")),
    ("post", gettext_lazy("任职与网格")),
    ("contract", gettext_lazy("合同")),
    ("certificate", gettext_lazy("证书")),
    ("training", gettext_lazy("培训与荣誉")),
    ("status", gettext_lazy("状态与离职")),
    ("changes", gettext_lazy("变更记录")),
)


@dataclass(frozen=True)
class Shown:
    """What the timeline shows, and the other choices."""

    items: list[dict]
    chips: list[dict]
    changes: bool


def shown(request: HttpRequest, person: Person, on: date) -> Shown:
    asked = request.GET.get("show", "")
    known = {key for key, _label in FILTERS}
    asked = asked if asked in known else ""
    here = request.resolver_match.view_name
    chips = [
        {"label": label, "url": keep.page_url(request, here, person.pk, show=key), "current": key == asked}
        for key, label in FILTERS
    ]
    if asked == "changes":
        return Shown(change_items(request, history(request.user, person)), chips, True)
    found = [event for event in events_of(request.user, person, on) if asked in ("", event.subject)]
    return Shown([_item(event) for event in found], chips, False)


def timeline(request: HttpRequest, person: Person, on: date) -> dict:
    """The part of the page; its filter swaps the list alone."""
    template = "workforce/_worker_timeline.html"
    return {
        "key": "timeline",
        "title": _("时间线"),
        "template": template,
        "shown": shown(request, person, on),
        "side": True,
    }


def _item(event: Event) -> dict:
    return {"when": event.on, "title": event.title, "text": event.text, "strong": event.strong}


def change_items(request: HttpRequest, changes: list[Change]) -> list[dict]:
    """Changes as the timeline shows them: what one act wrote stands together, an import under the name of its file."""
    imports = _imports(request, {change.batch for change in changes} - {""})
    found = []
    for (at, who, act, batch), group in groupby(changes, key=lambda one: (one.at, one.actor, one.act, one.batch)):
        texts = [_in_words(change) for change in group]
        who = _("系统") if who == SYSTEM else who or _("未标明")
        item = {"when": at, "title": act, "text": _("；").join(t for t in texts if t), "who": who, "exact": True}
        if batch in imports:
            item["title"] = _("%(act)s《%(file)s》") % {"act": act, "file": imports[batch].filename}
            item["url"] = keep.page_url(request, "import", batch)
        found.append(item)
    return found


def _imports(request: HttpRequest, keys: set[str]) -> dict[str, ImportBatch]:
    """The imports that the reader may open, by key."""
    if not keys:
        return {}
    rows = ImportBatch.objects.for_user(request.user, Perm.IMPORT_ROSTER).filter(pk__in=keys)
    return {str(row.pk): row for row in rows.only("pk", "filename", "division_id")}


def _in_words(change: Change) -> str:
    empty = _("（空）")
    fields = [
        f"{field.label} {field.new or empty}"
        if field.old is None
        else f"{field.label} {field.old} → {field.new or empty}"
        for field in change.fields
        if not (field.new or "").startswith("{")  # structured values are for the audit trail
    ]
    told = {"what": f"{change.table}{change.kind}", "fields": _("，").join(fields)}
    return _("%(what)s：%(fields)s") % told if fields else ""

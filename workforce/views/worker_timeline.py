"""The timeline of a person: what happened in the working life, and who changed which record; filtered by subject."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.audit.actions import SYSTEM
from portal.core.audit.changes import Change
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
        return Shown(change_items(history(request.user, person)), chips, True)
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


def change_items(changes: list[Change]) -> list[dict]:
    """Changes as the timeline shows them: what one act wrote stands together."""
    found = []
    for (at, who, act), group in groupby(changes, key=lambda change: (change.at, change.actor, change.act)):
        texts = [_in_words(change) for change in group]
        who = _("系统") if who == SYSTEM else who or _("未标明")
        found.append({"when": at, "title": act, "text": _("；").join(t for t in texts if t), "who": who, "exact": True})
    return found


def _in_words(change: Change) -> str:
    empty = _("（空）")
    fields = [
        f"{field.label} {field.new or empty}"
        if field.old is None
        else f"{field.label} {field.old} → {field.new or empty}"
        for field in change.fields
    ]
    return f"{change.table}{change.kind}：{'，'.join(fields)}" if fields else ""

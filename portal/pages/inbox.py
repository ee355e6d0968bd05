"""The inbox of findings: what the address asks for, as a list with the counts of every filter."""

from functools import cached_property

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.findings.models import Finding, Holder, State, acting_level
from portal.core.findings.queries import handed_up_from, held_by, in_reach_of, may_act, standing_on, tally_of
from portal.core.findings.supervision import offices_of
from portal.core.lib.clock import today
from portal.core.lib.codes import LEVEL_KEYS
from portal.core.web import keep
from portal.pages.deadlines import BANDS, in_band
from portal.pages.finding_texts import holders_of, kind_label, with_texts, within_of
from portal.pages.places import chosen_place
from portal.registry import INSPECTIONS

PAGE_ROWS = 50
GROUP_ROWS = 5
GAP = F("facts__gap").desc(nulls_last=True)
DUE = F("due_on").asc(nulls_last=True)
SORTS = {
    "due": (gettext_lazy("先到期的在前"), [DUE, GAP, "opened_on"]),
    "gap": (gettext_lazy("缺口大的在前"), [GAP, DUE, "opened_on"]),
    "oldest": (gettext_lazy("发现早的在前"), ["opened_on", DUE]),
}
HOLDERS = {
    "mine": gettext_lazy("归我处理"),
    "below": gettext_lazy("下级处理中"),
    "above": gettext_lazy("已上报"),
}
ACTIVE = "active"


class InboxForm(forms.Form):
    """What the address asks of the inbox; anything odd in it is left out."""

    state = forms.ChoiceField(required=False, choices=[*State.choices, (ACTIVE, ACTIVE)])
    kind = forms.ChoiceField(required=False, choices=lambda: [(key, key) for key in INSPECTIONS])
    level = forms.ChoiceField(required=False, choices=[(key, key) for key in LEVEL_KEYS])
    holder = forms.ChoiceField(required=False, choices=[(key, key) for key in HOLDERS])
    due = forms.ChoiceField(required=False, choices=[(key, key) for key in BANDS])
    sort = forms.ChoiceField(required=False, choices=[(key, key) for key in SORTS])
    open = forms.IntegerField(required=False, min_value=1)

    def asked(self) -> dict:
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}


class Inbox:
    """Findings of the reader's territory, or of one place in it. On another day: those that stood open then.

    Without a kind chosen it shows the first few of every kind; with one, page by page.
    """

    def __init__(self, request: HttpRequest):
        self.request, self.user = request, request.user
        self.asked = InboxForm(request.GET).asked()
        self.on = keep.day_of(request)
        self.now = self.on == today()
        self.state = (self.asked["state"] or State.OPEN) if self.now else ""
        self.sort = self.asked["sort"] or "due"
        self.handles = self.now and self.user.can(Perm.HANDLE_FINDINGS)
        self.place = chosen_place(request, Perm.VIEW_FINDINGS)

    @cached_property
    def everything(self) -> QuerySet:
        found = Finding.objects.for_user(self.user, Perm.VIEW_FINDINGS).under(self.place.code if self.place else "")
        found = found if self.now else standing_on(found, self.on)
        if self.asked["due"] and self.now:
            found = found.filter(in_band(self.asked["due"], self.on))
        return found.filter(self._holder_condition()) if self.asked["holder"] and self.handles else found

    def _holder_condition(self):
        if self.asked["holder"] == "below":
            return in_reach_of(self.user) & ~held_by(self.user)
        return {"mine": held_by, "above": handed_up_from}[self.asked["holder"]](self.user)

    @cached_property
    def filtered(self) -> QuerySet:
        found = self.everything
        if self.state:
            found = found.active() if self.state == ACTIVE else found.filter(state=self.state)
        if self.asked["kind"]:
            found = found.filter(kind=self.asked["kind"])
        return found.filter(division__level=LEVEL_KEYS[self.asked["level"]]) if self.asked["level"] else found

    @cached_property
    def tally(self) -> dict[tuple[str, str, int, int], int]:
        return tally_of(self.everything)

    def count(self, **chosen) -> int:
        """Findings that match the present filters with some of them changed; all from one tally."""
        wanted = {
            "state": self.state,
            "kind": self.asked["kind"],
            "level": LEVEL_KEYS.get(self.asked["level"]),
        } | chosen
        states = {"": None, ACTIVE: {state for state in State if state != State.RESOLVED}}.get(
            wanted["state"], {wanted["state"]}
        )
        return sum(
            count
            for (kind, state, level, _held), count in self.tally.items()
            if (states is None or state in states) and wanted["kind"] in ("", kind) and wanted["level"] in (None, level)
        )

    @property
    def order(self) -> list:
        return [*SORTS[self.sort][1], "id"]

    @cached_property
    def page(self) -> Page:
        """The rows shown: a page of the chosen kind, or the first of every kind as one page."""
        rows = self.filtered.select_related("division")
        if self.asked["kind"]:
            paginator = Paginator(rows.order_by(*self.order), PAGE_ROWS)
            paginator.count = self.count()
        else:
            window = Window(RowNumber(), partition_by="kind", order_by=self.order)
            firsts = rows.annotate(place_in_kind=window).filter(place_in_kind__lte=GROUP_ROWS)
            found = list(firsts.order_by("place_in_kind")) if self.count() else []
            paginator = Paginator(found, max(len(found), 1))
        page = paginator.get_page(self.request.GET.get("page"))
        page.object_list = with_texts(page.object_list, self.user) if paginator.count else []
        return page

    @cached_property
    def groups(self) -> list[dict]:
        """The findings shown by kind in the order of the registry, each with what its line needs."""
        below = self.place.code if self.place else ""
        within, holders = within_of(self.page, self.user, below), holders_of(self.page)
        groups: dict[str, list[dict]] = {}
        for finding in self.page:
            line = {
                "finding": finding,
                "within": within[finding.pk],
                "holder": holders.get(finding.holder_code, ""),
                "may_act": self.handles and finding.state != State.RESOLVED and may_act(self.user, finding),
                "url": self.url_of(finding),
            }
            groups.setdefault(finding.kind, []).append(line)
        return [self._group(kind, groups[kind]) for kind in sorted(groups, key=place_in_registry)]

    def _group(self, kind: str, lines: list[dict]) -> dict:
        count = self.count(kind=kind)
        inspection = INSPECTIONS.get(kind)
        return {
            "label": kind_label(kind),
            "sentence": inspection.sentence if inspection else "",
            "count": count,
            "lines": lines,
            "all_url": self.url(kind=kind) if count > len(lines) and not self.asked["kind"] else "",
        }

    @property
    def may_act(self) -> bool:
        return any(line["may_act"] for group in self.groups for line in group["lines"])

    @property
    def may_supervise(self) -> bool:
        """Whether the reader has a level below to send a supervision notice to."""
        return self.handles and any(acting_level(code) < Holder.STREET for code in offices_of(self.user))

    def url(self, **changes: str | None) -> str:
        """The address of the inbox with some filters changed."""
        query = self.request.GET.copy()
        for name in ("page", "open", *changes):
            query.pop(name, None)
        query.update({name: value for name, value in changes.items() if value})
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    def url_of(self, finding: Finding) -> str:
        """The address of the inbox with the finding open beside the list."""
        query = self.request.GET.copy()
        query["open"] = finding.pk
        return f"{self.request.path}?{query.urlencode()}"


def place_in_registry(kind: str) -> tuple[int, str]:
    keys = list(INSPECTIONS)
    return (keys.index(kind) if kind in INSPECTIONS else len(keys), kind)

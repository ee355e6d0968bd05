"""The inbox of findings: what the address asks for, as a list with the counts of every filter."""

from functools import cached_property

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.findings.models import Finding, State
from portal.core.findings.queries import counts_under, standing_on, tally_of
from portal.core.lib.clock import today
from portal.core.lib.codes import KEY_OF_LEVEL, LEVEL_KEYS, ancestors
from portal.core.territory.models import LEVEL_LABELS, Division
from portal.core.territory.queries import shown_children
from portal.core.web import keep
from portal.pages.finding_texts import kind_label, with_texts
from portal.pages.places import chosen_place
from portal.registry import INSPECTIONS

PAGE_ROWS = 50
PLACES_SHOWN = 12
SORTS = {
    "gap": (gettext_lazy("缺口大的在前"), [F("facts__gap").desc(nulls_last=True), "opened_on"]),
    "oldest": (gettext_lazy("发现早的在前"), ["opened_on", F("facts__gap").desc(nulls_last=True)]),
}


class InboxForm(forms.Form):
    """What the address asks of the inbox; anything odd in it is left out."""

    state = forms.ChoiceField(required=False, choices=State.choices)
    kind = forms.ChoiceField(required=False, choices=[(key, key) for key in INSPECTIONS])
    level = forms.ChoiceField(required=False, choices=[(key, key) for key in LEVEL_KEYS])
    sort = forms.ChoiceField(required=False, choices=[(key, key) for key in SORTS])
    open = forms.IntegerField(required=False, min_value=1)

    def asked(self) -> dict:
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}


class Inbox:
    """Findings of the reader's territory, or of one place in it. On another day: those that stood open then."""

    def __init__(self, request: HttpRequest):
        self.request, self.user = request, request.user
        self.asked = InboxForm(request.GET).asked()
        self.on = keep.day_of(request)
        self.now = self.on == today()
        self.state = (self.asked["state"] or State.OPEN) if self.now else ""
        self.sort = self.asked["sort"] or "gap"
        self.place = chosen_place(request, Perm.VIEW_FINDINGS)

    @cached_property
    def everything(self) -> QuerySet:
        found = Finding.objects.for_user(self.user, Perm.VIEW_FINDINGS).under(self.place.code if self.place else "")
        return found if self.now else standing_on(found, self.on)

    @cached_property
    def filtered(self) -> QuerySet:
        chosen = {"state": self.state, "kind": self.asked["kind"]}
        if self.asked["level"]:
            chosen["division__level"] = LEVEL_KEYS[self.asked["level"]]
        return self.everything.filter(**{name: value for name, value in chosen.items() if value})

    @cached_property
    def tally(self) -> dict[tuple[str, str, int], int]:
        return tally_of(self.everything)

    def _count(self, **chosen) -> int:
        """Findings that match the present filters with some of them changed."""
        wanted = {
            "state": self.state,
            "kind": self.asked["kind"],
            "level": LEVEL_KEYS.get(self.asked["level"]),
        } | chosen
        return sum(
            count
            for (kind, state, level), count in self.tally.items()
            if wanted["state"] in ("", state) and wanted["kind"] in ("", kind) and wanted["level"] in (None, level)
        )

    @cached_property
    def page(self) -> Page:
        rows = self.filtered.select_related("division").order_by("kind", *SORTS[self.sort][1], "id")
        paginator = Paginator(rows, PAGE_ROWS)
        paginator.count = self._count()
        page = paginator.get_page(self.request.GET.get("page"))
        page.object_list = with_texts(page.object_list) if paginator.count else []
        return page

    @cached_property
    def groups(self) -> list[dict]:
        """The findings of the page by kind, each with where it lies and whether the reader may sign for it."""
        within = self._within
        groups: dict[str, list[dict]] = {}
        for finding in self.page:
            may = self.now and finding.state == State.OPEN and self.user.can(Perm.HANDLE_FINDINGS, finding.division_id)
            line = {"finding": finding, "within": within[finding.pk], "may_sign": may, "url": self.url_of(finding)}
            groups.setdefault(finding.kind, []).append(line)
        return [
            {"label": kind_label(kind), "count": self._count(kind=kind), "lines": lines}
            for kind, lines in groups.items()
        ]

    @cached_property
    def _within(self) -> dict[int, str]:
        """For every finding of the page the names above its division, as far as the reader's territory goes."""
        codes = {above for finding in self.page for above in ancestors(finding.division_id)}
        known = Division.objects.for_user(self.user, Perm.VIEW_FINDINGS).filter(formal=False).in_bulk(codes)
        if self.place:
            known = {code: division for code, division in known.items() if len(code) > len(self.place.code)}
        return {
            finding.pk: " › ".join(known[c].label for c in reversed(ancestors(finding.division_id)) if c in known)
            for finding in self.page
        }

    @property
    def may_sign(self) -> bool:
        return any(line["may_sign"] for group in self.groups for line in group["lines"])

    @property
    def may_inspect(self) -> bool:
        return self.now and self.user.can(Perm.HANDLE_FINDINGS)

    def url(self, **changes: str | None) -> str:
        """The address of the inbox with some filters changed."""
        query = self.request.GET.copy()
        for name in ("page", "open", *changes):
            query.pop(name, None)
        query.update({name: value for name, value in changes.items() if value})
        return f"{self.request.path}?{query.urlencode()}"

    def url_of(self, finding: Finding) -> str:
        """The address of the inbox with the finding open beside the list."""
        query = self.request.GET.copy()
        query["open"] = finding.pk
        return f"{self.request.path}?{query.urlencode()}"

    @property
    def state_chips(self) -> list[dict]:
        if not self.now:
            return []
        return [
            {
                "label": label,
                "count": self._count(state=key),
                "url": self.url(state=None if key == State.OPEN else key),
                "current": key == self.state,
            }
            for key, label in State.choices
        ]

    @property
    def level_chips(self) -> list[dict]:
        levels = sorted({level for _kind, _state, level in self.tally})
        chips = [
            {
                "label": LEVEL_LABELS[level],
                "count": self._count(level=level),
                "url": self.url(level=KEY_OF_LEVEL[level]),
                "current": KEY_OF_LEVEL[level] == self.asked["level"],
            }
            for level in levels
        ]
        every = {"label": _("各级"), "count": self._count(level=None), "url": self.url(level=None)}
        return [{**every, "current": not self.asked["level"]}, *chips] if len(chips) > 1 else []

    @property
    def sort_chips(self) -> list[dict]:
        return [
            {"label": label, "url": self.url(sort=None if key == "gap" else key), "current": key == self.sort}
            for key, (label, _order) in SORTS.items()
        ]

    @cached_property
    def place_chips(self) -> list[dict]:
        """The places one step down that have such findings, most first."""
        if self.place is None or self.place.level >= max(LEVEL_KEYS.values()):
            return []
        children = {child.code: child.label for child in shown_children(self.place, today())}
        counts = counts_under(self.filtered, children)
        most = sorted((code for code in counts if counts[code]), key=lambda code: (-counts[code], code))
        return [
            {"label": children[code], "count": counts[code], "url": self.url(place=code)}
            for code in most[:PLACES_SHOWN]
        ]

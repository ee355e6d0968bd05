"""The inbox of findings: what the address asks for, as a list with the counts of every filter."""

from collections.abc import Iterable
from functools import cached_property

from django import forms
from django.core.paginator import Page
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.findings.counts import counted, counts_of, tally
from portal.core.findings.models import ORDERS, Finding, Holder, State, acting_level
from portal.core.findings.queries import (
    MANY,
    counts_under,
    firsts,
    handed_up_from,
    held_by,
    in_reach_of,
    looked_by,
    may_act,
    standing_on,
)
from portal.core.findings.supervision import offices_of
from portal.core.lib.clock import today
from portal.core.lib.codes import LENGTHS, LEVEL_KEYS
from portal.core.web import keep
from portal.core.web.paginator import Paginator
from portal.pages.deadlines import BANDS, WORKING, in_band
from portal.pages.finding_texts import holders_of, kind_label, with_texts, within_of
from portal.pages.places import chosen_place
from portal.registry import INSPECTIONS

PAGE_ROWS = 50
GROUP_ROWS = 5
SORTS = {
    "due": gettext_lazy("先到期的在前"),
    "gap": gettext_lazy("缺口大的在前"),
    "oldest": gettext_lazy("发现早的在前"),
}
HOLDERS = {
    "mine": gettext_lazy("归我处理"),
    "below": gettext_lazy("下级处理中"),
    "above": gettext_lazy("已上报"),
}
HELD = {
    "mine": held_by,
    "below": lambda user: in_reach_of(user) & ~held_by(user),
    "above": handed_up_from,
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
        """What the reader may see here, on the day."""
        found = Finding.objects.for_user(self.user, Perm.VIEW_FINDINGS).under(self._under)
        return found if self.now else standing_on(found, self.on)

    @property
    def unknown(self) -> bool:
        """Whether nothing had been looked for by the day, so that an empty list tells nothing."""
        return self.on < today() and not looked_by(self.on)

    @property
    def _under(self) -> str:
        return self.place.code if self.place else ""

    @cached_property
    def narrowed(self) -> Q:
        """By when, and whose; what is resolved or excused has no deadline that runs. What state it had then nobody knows."""
        condition = in_band(self.asked["due"], self.on) if self.asked["due"] else Q()
        if self.asked["due"] and self.now:
            condition &= WORKING
        if self.asked["holder"] and self.handles:
            condition &= HELD[self.asked["holder"]](self.user)
        return condition

    @cached_property
    def condition(self) -> Q:
        """All filters as one condition, for findings with the length of their code as `digits` and for their counts."""
        condition = self.narrowed
        if self.state:
            condition &= ~Q(state=State.RESOLVED) if self.state == ACTIVE else Q(state=self.state)
        if self.asked["kind"]:
            condition &= Q(kind=self.asked["kind"])
        return condition & Q(digits=LENGTHS[LEVEL_KEYS[self.asked["level"]] - 1]) if self.asked["level"] else condition

    @cached_property
    def filtered(self) -> QuerySet:
        return self.everything.annotate(digits=Length("division_id")).filter(self.condition)

    @cached_property
    def tally(self) -> dict[tuple[str, str, int], int]:
        """Findings by kind, state and level of their division, state, kind and level as filters left out."""
        fields = ("kind", "state", "digits")
        rows = (
            tally(self.user, self._under, self.narrowed, *fields)
            if self.now
            else counted(self.everything, self.narrowed, *fields)
        )
        return {(kind, state, LENGTHS.index(digits) + 1): count for (kind, state, digits), count in rows.items()}

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
            for (kind, state, level), count in self.tally.items()
            if (states is None or state in states) and wanted["kind"] in ("", kind) and wanted["level"] in (None, level)
        )

    def counts_of(self, codes: Iterable[str]) -> dict[str, int]:
        """How many of the findings lie at or under each of the divisions."""
        if self.now:
            return counts_of(self.user, codes, self.condition)
        return counts_under(self.filtered, codes)

    @property
    def order(self) -> tuple:
        return ORDERS[self.sort]

    @cached_property
    def page(self) -> Page:
        """The rows shown: a page of the chosen kind, or the first of every kind as one page."""
        if self.asked["kind"]:
            page = Paginator(range(self.count()), PAGE_ROWS).get_page(self.request.GET.get("page"))
            found = self._rows(page.end_index(), page.start_index() - 1)
        else:
            found = self._rows(GROUP_ROWS)
            page = Paginator(found, max(len(found), 1)).get_page(1)
        page.object_list = with_texts(found, self.user)
        return page

    def _rows(self, upto: int, after: int = 0) -> list[Finding]:
        """The findings `after` to `upto` of every kind."""
        shown = {kind for kind, _state, _level in self.tally if self.asked["kind"] in ("", kind)}
        kinds = {kind: count for kind in shown if (count := self.count(kind=kind))}
        few = [kind for kind, count in kinds.items() if count <= MANY]
        many = {(kind, state) for kind, state, _level in self.tally if kinds.get(kind, 0) > MANY}
        return firsts(
            self.filtered.select_related("division"),
            "kind",
            self.order,
            Q(kind__in=few) if few else Q(),
            [Q(kind=kind, state=state) for kind, state in sorted(many) if self.count(kind=kind, state=state)],
            upto,
            after,
        )

    @cached_property
    def groups(self) -> list[dict]:
        """The findings shown by kind in the order of the registry, each with what its line needs."""
        within, holders = within_of(self.page, self.user, self._under), holders_of(self.page)
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

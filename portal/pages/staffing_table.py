"""The table of staffing figures under a division: filters, order, pages and sums; the downloads take the same list."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property

from django import forms
from django.core.paginator import Page
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.findings.counts import active_counts
from portal.core.indicators.parts import DENOMINATOR
from portal.core.lib.clock import today
from portal.core.lib.codes import KEY_OF_LEVEL, LEVEL_KEYS, Level, ancestors, as_scope
from portal.core.territory.models import LEVEL_LABELS, Division
from portal.core.territory.queries import shown_children
from portal.core.territory.totals import figures_day
from portal.core.web import keep
from portal.core.web.paginator import Paginator
from portal.pages.indicator_links import figure_url, staffing_urls, value_url
from workforce.enums import StaffingStatus
from workforce.queries.overview import Overview, overview_of
from workforce.queries.staffing import ORDERS, Counted, Staffing, StaffingQuery

PAGE_ROWS = 50
BADGES = {StaffingStatus.MET: "compliant"}
BLANKS = {
    StaffingStatus.NO_DATA: gettext_lazy("无数据"),
    StaffingStatus.NOT_IN_FORCE: gettext_lazy("未生效"),
    StaffingStatus.NOT_APPLICABLE: gettext_lazy("不适用"),
}
Column = dict[str, str | bool | Promise]
COLUMNS: tuple[Column, ...] = (
    {"key": "code", "label": gettext_lazy("区划"), "sort": True},
    {"key": "population", "label": gettext_lazy("人口"), "unit": gettext_lazy("人"), "num": True, "sort": True},
    {"key": "required", "label": gettext_lazy("应配"), "unit": gettext_lazy("人"), "num": True, "sort": True},
    {"key": "workers", "label": gettext_lazy("在岗"), "unit": gettext_lazy("人"), "num": True, "sort": True},
    {"key": "gap", "label": pgettext_lazy("staffing", "缺口"), "unit": gettext_lazy("人"), "num": True, "sort": True},
    {"key": "ratio", "label": gettext_lazy("每万人"), "unit": gettext_lazy("人"), "num": True, "sort": True},
    {"key": "certified_share", "label": gettext_lazy("持证率"), "num": True, "sort": True},
    {"key": "status", "label": gettext_lazy("状态"), "sort": True},
)
FINDINGS: Column = {"key": "findings", "label": gettext_lazy("预警"), "num": True}


def line_of(row: Staffing) -> dict:
    """One figure with the words of its status and of what it has no number for."""
    return {
        "row": row,
        "badge": BADGES.get(row.status, row.status),
        "word": StaffingStatus(row.status).label,
        "blank": BLANKS.get(row.status, ""),
        "certified": part_of(row.certified, row.workers),
        "surplus": -(row.gap or 0),
    }


def divisions_between(top: Division, rows: Iterable[Staffing]) -> dict[str, Division]:
    """The divisions under `top` that contain the rows, formal nodes left out; one query."""
    codes = {above for row in rows for above in ancestors(row.code) if len(above) > len(as_scope(top.code))}
    return Division.objects.under(top.code).filter(formal=False).in_bulk(codes)


def within_of(rows: Iterable[Staffing], between: dict[str, Division]) -> dict[str, str]:
    """For every row the names of what contains it, upper levels first."""
    return {
        row.code: " › ".join(between[code].label for code in reversed(ancestors(row.code)) if code in between)
        for row in rows
    }


def part_of(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / whole if whole else None


class TableForm(forms.Form):
    """What the address asks of the table; anything odd in it is left out and the rest still holds."""

    q = forms.CharField(required=False, max_length=60)
    level = forms.ChoiceField(required=False, choices=[(key, key) for key in LEVEL_KEYS])
    status = forms.ChoiceField(required=False, choices=StaffingStatus.choices)
    sort = forms.ChoiceField(required=False, choices=[(f"{sign}{key}", key) for key in ORDERS for sign in ("", "-")])

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class Rows:
    """The list as the paginator sees it: its length is known from the overview, a slice is one query."""

    def __init__(self, query: StaffingQuery, order: str, count: int):
        self.query, self.order, self.length = query, order, count

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, part: slice) -> list[Staffing]:
        if not self.length:
            return []
        return self.query.rows(self.order, limit=part.stop - part.start, offset=part.start)


class StaffingTable:
    """The divisions under one division on a day, as the address filters and orders them."""

    def __init__(self, request: HttpRequest, division: Division):
        self.request, self.division = request, division
        self.on, self.counted = keep.day_of(request), Counted()
        self.asked = TableForm(request.GET).asked()
        self.sort = self.asked["sort"] or "code"
        self.level = LEVEL_KEYS.get(self.asked["level"])

    @cached_property
    def figures_on(self):
        return figures_day()

    @cached_property
    def figure(self) -> Staffing | None:
        """The figure of the division itself; None where it does not exist on the day."""
        rows = self._query(codes=(self.division.code,)).rows()
        return rows[0] if rows else None

    def _query(self, **chosen) -> StaffingQuery:
        return StaffingQuery(
            territories=tuple(self.request.user.territories(Perm.VIEW_STAFFING)),
            on=self.on,
            under=self.division.code,
            figures_on=self.figures_on,
            counted=self.counted,
            **chosen,
        )

    def query(self, **chosen) -> StaffingQuery:
        """The list without its status filter: direct children, or everything of another level under the division."""
        narrowed = {"search": self.asked["q"], **chosen}
        if self.level is None:
            return self._query(parent=self.division.code, **narrowed)
        return self._query(level=self.level, **narrowed)

    @cached_property
    def overviews(self) -> dict[str, Overview]:
        return overview_of(self.query())

    @property
    def everything(self) -> Overview:
        return self.overviews[""]

    @cached_property
    def whole(self) -> Overview:
        """The list without any filter, for the sentence above it."""
        return overview_of(self.query(search=""))[""] if self.asked["q"] else self.everything

    @property
    def sums(self) -> Overview:
        """Sums of the list as filtered."""
        return self.overviews.get(self.asked["status"], Overview({}))

    @property
    def certified(self) -> Decimal | None:
        return part_of(self.sums.certified, self.sums.workers)

    @property
    def unsummed(self) -> str:
        """Why the populations of the list have no sum."""
        if not self.sums.urban:
            return _("不适用")
        return _("口径不一") if len(self.sums.bases) > 1 else _("数据不全")

    def all_rows(self) -> list[Staffing]:
        """The whole list as filtered and ordered, for downloads."""
        return self.query(status=self.asked["status"]).rows(self.sort)

    def rows(self) -> Rows:
        return Rows(self.query(status=self.asked["status"]), self.sort, self.sums.count)

    @cached_property
    def page(self) -> Page:
        return Paginator(self.rows(), PAGE_ROWS).get_page(self.request.GET.get("page"))

    @cached_property
    def lines(self) -> list[dict]:
        """The rows of the page with what the screen adds to the figures."""
        rows = list(self.page)
        counts = active_counts(self.request.user, [row.code for row in rows]) if self.shows_findings else {}
        within = within_of(rows, self.between)
        return [
            line_of(row) | {"findings": counts.get(row.code), "within": within[row.code]} | self._urls(row)
            for row in rows
        ]

    def _urls(self, row: Staffing) -> dict[str, str]:
        """What the numbers of a division that the rule is meant for lead to."""
        if row.status == StaffingStatus.NOT_APPLICABLE:
            return {}
        urls = self._number_urls(row.code)
        if not row.workers:
            urls["certified"] = ""
        return {f"{name}_url": url for name, url in urls.items()}

    def _number_urls(self, code: str) -> dict[str, str]:
        """What the numbers of a division lead to: rows, or the page that says how one is made."""
        return staffing_urls(self.request, code) | {
            "certified": value_url(self.request, "certified_share", code),
            "population": figure_url(self.request, "staffing_ratio", DENOMINATOR, code),
        }

    @property
    def sum_urls(self) -> dict[str, str]:
        """What the sums lead to where they are the numbers of the division itself; else they are those of the column above."""
        own, sums = self.figure, self.sums
        if own is None:
            return {}
        same = {
            "workers": sums.workers == own.workers,
            "population": sums.population == own.population,
            "certified": (sums.certified, sums.workers) == (own.certified, own.workers),
        }
        same["ratio"] = same["workers"] and same["population"]
        return {name: url for name, url in self._number_urls(self.division.code).items() if same.get(name)}

    @cached_property
    def between(self) -> dict[str, Division]:
        """What lies between the division and the rows of the page; direct children have nothing between."""
        return {} if self.level is None else divisions_between(self.division, self.page)

    @property
    def shows_findings(self) -> bool:
        """Findings are those of today, so a figure of another day stands without them."""
        return self.request.user.can(Perm.VIEW_FINDINGS) and self.on == today()

    @property
    def columns(self) -> list[Column]:
        return [*COLUMNS, FINDINGS] if self.shows_findings else list(COLUMNS)

    @property
    def filtered(self) -> bool:
        return bool(self.asked["q"] or self.asked["status"])

    def url(self, **changes: str | None) -> str:
        """The address of this table with some parameters changed; a changed list starts at its first page."""
        query = self.request.GET.copy()
        query.pop("page", None)
        for name, value in changes.items():
            query.pop(name, None)
            if value:
                query[name] = value
        return f"{self.request.path}?{query.urlencode()}"

    @property
    def status_chips(self) -> list[dict]:
        counts = self.everything.statuses
        chips = [{"label": _("全部"), "count": self.everything.count, "url": self.url(status=None), "key": ""}]
        chips += [
            {"label": label, "count": counts[key], "url": self.url(status=key), "key": key}
            for key, label in StaffingStatus.choices
            if counts.get(key)
        ]
        return [{**chip, "current": chip["key"] == self.asked["status"]} for chip in chips] if len(chips) > 2 else []

    @cached_property
    def first_level(self) -> int:
        """The level of the direct children: formal nodes such as 市辖区, which only upper levels have, are passed over."""
        if self.division.level >= Level.DISTRICT:
            return min(self.division.level + 1, Level.COMMUNITY)
        if rows := self.page.object_list:
            return min([row.level for row in rows] + [between.level for between in self.between.values()])
        below = shown_children(self.division, self.on).order_by("level").values_list("level", flat=True)
        return below.first() or self.division.level + 1

    @property
    def shown_level(self) -> int:
        return self.level or self.first_level

    @property
    def level_label(self) -> str:
        return str(LEVEL_LABELS[self.shown_level])

    @property
    def level_tabs(self) -> list[dict]:
        """Direct children and every level further down."""
        first = self.first_level
        tabs = [
            {
                "label": LEVEL_LABELS[level],
                "url": self.url(level=KEY_OF_LEVEL[level] if level != first else None, status=None),
                "current": level == self.shown_level,
            }
            for level in range(first, Level.COMMUNITY + 1)
        ]
        return tabs if len(tabs) > 1 else []

    @property
    def held(self) -> list[tuple[str, str]]:
        """What the search box repeats so that the rest of the table stays as it is."""
        kept = keep.kept(self.request, place=False)
        return [*kept.items(), *((name, value) for name, value in self.asked.items() if value and name != "q")]

    @property
    def clear_url(self) -> str:
        return self.url(q=None, status=None)

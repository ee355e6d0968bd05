"""今日数据对比: a published figure beside the same day counted again from today's records."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.audit.changes import Change as RuleChange
from portal.core.audit.changes import describe
from portal.core.audit.queries import history_models
from portal.core.indicators.figures import State
from portal.core.indicators.models import Publication
from portal.core.indicators.revisions import PartRevision, Revision
from portal.core.lib.codes import ancestors
from portal.core.lib.scope import subtree
from portal.core.policy.models import PolicyRule
from portal.core.sheets.columns import Column
from portal.core.sheets.exporting import Asked, Export, Found, NotExportable
from portal.core.web import formats, keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.later import counting
from portal.pages import indicator_words as words
from portal.pages.answers import page_or_part
from portal.pages.indicator_row_kinds import is_personal
from portal.pages.publication_changes import Changes
from portal.pages.publication_words import Told
from portal.pages.publications import publication_or_404
from portal.pages.sentences import filled, joined
from portal.registry import INDICATORS

RULES_SHOWN = 20
CHUNK = 1000


class Comparison:
    """What the page shows of one publication."""

    def __init__(self, request: HttpRequest, row: Publication) -> None:
        self.request, self.row, self.told = request, row, Told(row)
        self.revision = Revision(row, INDICATORS.get(row.indicator))
        self.part = self._part()
        self.changes = Changes(request, row, self.part) if self.part and self.part.changes is not None else None

    def _part(self) -> PartRevision | None:
        """The number asked for, else the first that differs."""
        parts = {one.part.key: one for one in self.revision.parts}
        differing = (one for one in parts.values() if one.differs)
        return parts.get(self.request.GET.get("part", "")) or next(differing, next(iter(parts.values()), None))

    @property
    def now_words(self) -> str:
        now = self.revision.now
        return now.text if now else _("算不出来")

    @property
    def sentence(self) -> SafeString:
        """发布时 3,310 人，现在 3,297 人（−13 人）。"""
        numbers = {"then": self.told.value, "now": self.now_words}
        now = self.revision.now
        if now is None or now.state != State.VALUE:
            return filled(_("发布时 %(then)s；用今天的记录重算同一天，%(now)s。"), numbers)
        moved = now.value - Decimal(self.row.value)
        if not moved:
            says = filled(_("发布时 %(then)s；用今天的记录重算同一天，仍是 %(now)s。"), numbers)
        else:
            change = f"{formats.signed(moved)} {words.points(self.told.unit)}"
            says = filled(
                _("发布时 %(then)s；用今天的记录重算同一天，现在 %(now)s（%(change)s）。"), numbers, {"change": change}
            )
        return joined([says, *self._moved()])

    def _moved(self) -> list[SafeString]:
        """How many rows came in and went out of each number."""
        found = []
        for one in self.revision.parts:
            if one.changes:
                counts = {"came": formats.number(len(one.came)), "went": formats.number(len(one.went))}
                says = _("%(label)s：新计入 %(came)s 项，不再计入 %(went)s 项。")
                found.append(filled(says, counts, {"label": one.part.label}))
        return found

    @property
    def tabs(self) -> list[dict]:
        """The numbers whose rows were kept, then and now."""
        url = keep.page_url
        return [
            {
                "label": one.part.label,
                "then": formats.number(one.then),
                "now": formats.number(one.now),
                "differs": one.differs,
                "url": url(self.request, "publication_compare", self.row.pk, part=one.part.key, on=None),
                "current": one is self.part,
            }
            for one in self.revision.parts
        ]

    @property
    def others(self) -> list[dict]:
        """What else differs from the day of publication, then and now."""
        rows, now, then = [], self.revision.now, self.row
        if self.revision.population_changed:
            rows.append({"label": _("人口"), "old": self._population_then(), "new": self._population_now()})
        if self.revision.rule_changed:
            new = words.target_words(now) if now else ""
            rows.append({"label": _("规则"), "old": self.told.target, "new": new or _("没有规则")})
        if self.revision.words_changed:
            one = self.revision.indicator
            same = then.words["label"] == str(one.label)
            rows.append({"label": _("名称"), "old": then.words["label"], "new": one.label} if not same else {})
            if then.words["formula"] != str(one.formula):
                rows.append({"label": _("算法"), "old": then.words["formula"], "new": one.formula})
        return [row for row in rows if row]

    def _population_then(self) -> str:
        day = formats.day(self.told.population_on)
        return f"{self.told.basis} {day}" if day else _("无数据")

    def _population_now(self) -> str:
        people = self.revision.now.population
        return f"{words.basis_words(self.revision.now)} {formats.day(people.on)}" if people else _("无数据")

    @property
    def rules(self) -> list[RuleChange]:
        """Changes of rules that apply to the place, entered since it was published."""
        if not self.request.user.can(Perm.VIEW_POLICY, self.row.division_id):
            return []
        events = next(model for model in history_models() if model.pgh_tracked_model is PolicyRule)
        code = self.row.division_id
        here = Q(division__isnull=True) | Q(division_id__in=ancestors(code)) | subtree("division_id", code)
        since = QuerySet(events).filter(here, pgh_created_at__gt=self.row.published_at).order_by("-pgh_id")
        return describe([(events, key) for key in since.values_list("pgh_id", flat=True)[:RULES_SHOWN]])

    @property
    def children(self) -> list[dict]:
        """Divisions below whose numbers differ, where the rows were too many to keep."""
        return [{"child": one, "then": _pair(one.then), "now": _pair(one.now)} for one in self.revision.children]


def _pair(numbers: tuple[int | None, int | None]) -> str:
    known = [formats.number(number) for number in numbers if number is not None]
    return " / ".join(known) if known else _("无数据")


@require_safe
@requires(Perm.VIEW_STAFFING)
def publication_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Reported then, counted again now, and what makes the difference."""
    row = publication_or_404(request, pk)
    one = INDICATORS.get(row.indicator)
    if one and (page := counting(request, one.book, row.division_id, row.on, afresh=True)) is not None:
        return page
    table = Comparison(request, row)
    context = {"row": row, "table": table, "changes": table.changes}
    if not request.htmx:
        context |= {"told": table.told, "actions": _acts(request, row), "exports": _exports(request, table)}
    return page_or_part(request, "indicators/compare_then.html", "indicators/_changes.html", context)


def _acts(request: HttpRequest, row: Publication) -> list[dict]:
    url = keep.page_url(request, "publication", row.pk, on=None)
    return [{"label": _("返回发布的数"), "icon": "arrow-left", "url": url}]


def _exports(request: HttpRequest, table: Comparison) -> list[dict]:
    changes = table.changes
    if changes is None or not changes.seen:
        return []
    export = PEOPLE_CHANGED if is_personal(table.part.part) else PLACES_CHANGED
    return export_menu(request, export, pk=table.row.pk, part=table.part.part.key)


# The changes as a file ------------------------------------------------------------------------------------------------

COLUMNS = (
    Column("change", gettext_lazy("变化"), width=12),
    Column("code", gettext_lazy("区划代码"), width=14),
    Column("who", gettext_lazy("名称或姓名"), width=20),
    Column("where", gettext_lazy("所在"), width=20),
    Column("act", gettext_lazy("原因"), width=20),
    Column("actor", gettext_lazy("经办人"), width=14),
    Column("at", gettext_lazy("时间"), width=18),
    Column("fields", gettext_lazy("变动内容"), width=60),
)


def find(asked: Asked, *, personal: bool) -> Found:
    """The changed rows of one number that the user may see."""
    row = publication_or_404(asked.request, asked.key)
    table = Comparison(asked.request, row)
    if table.changes is None or is_personal(table.part.part) != personal:
        raise NotExportable(_("这个数字没有您可以导出的名单。"))
    return Found(len(table.changes.filtered), _rows(table.changes), about=f"{row.place}{table.part.part.label}{row.on}")


def _rows(changes: Changes) -> Iterator[list[Any]]:
    rows = changes.filtered
    for start in range(0, len(rows), CHUNK):
        for line in changes.lines_of(rows[start : start + CHUNK]):
            cause, fields = line["cause"], line["fields"]
            told = "；".join(f"{one.label} {one.old or ''} → {one.new or ''}" for one in fields)
            about = [line["word"], line["change"].code, *(cell.text for cell in line["cells"]), line["act"]]
            yield [*about, cause.actor if cause else "", formats.moment(cause.at) if cause else "", told]


PEOPLE_CHANGED = Export(
    key="publication-people",
    label=gettext_lazy("发布后变动名单"),
    perm=Perm.VIEW_ROSTER,
    page="publication_compare",
    page_needs=("pk",),
    columns=COLUMNS,
    find=lambda asked: find(asked, personal=True),
    personal=True,
)
PLACES_CHANGED = Export(
    key="publication-places",
    label=gettext_lazy("发布后变动清单"),
    perm=Perm.VIEW_STAFFING,
    page="publication_compare",
    page_needs=("pk",),
    columns=COLUMNS,
    find=lambda asked: find(asked, personal=False),
)

routes = [path("publications/<int:pk>/compare/", publication_compare, name="publication_compare")]

"""The ledger of contracts of a place on a day: who has none, whose has ended or soon will."""

from datetime import date
from functools import cached_property, partial

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.dated import last_day
from portal.core.web import formats, keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.later import is_rest, rest_of
from portal.core.web.paginator import CountedPaginator
from workforce.counters import BOOK
from workforce.enums import ContractKind
from workforce.exports.contracts import CONTRACTS
from workforce.forms.listing import ContractFilter, ContractState
from workforce.queries.contract_ledger import ContractLedger, ContractLine
from workforce.views.answers import page_or_part
from workforce.views.places import chosen_place

PAGE_ROWS = 50
COLUMNS = (
    {"key": "name", "label": gettext_lazy("姓名")},
    {"key": "place", "label": gettext_lazy("社区与职务")},
    {"key": "kind", "label": gettext_lazy("合同类型与主体")},
    {"key": "start", "label": gettext_lazy("合同起始")},
    {"key": "end", "label": gettext_lazy("合同截止")},
    {"key": "state", "label": gettext_lazy("合同情况")},
)
BADGES = {"none": "short", "lapsed": "overdue", "soon": "due_soon", "running": "in_force", "open": "in_force"}


class ContractTable:
    """The list as the address asks for it."""

    columns = COLUMNS

    def __init__(self, request: HttpRequest, ledger: ContractLedger) -> None:
        self.request, self.ledger = request, ledger
        self.form = ContractFilter(request.GET)
        self.asked = self.form.asked()

    @cached_property
    def page(self) -> Page:
        read = partial(self.ledger.people, **self.asked)
        return CountedPaginator(read, PAGE_ROWS).get_page(self.request.GET.get("page"))

    @cached_property
    def lines(self) -> list[dict]:
        return [self._line(row) for row in self.page]

    def _line(self, row: ContractLine) -> dict:
        last = last_day(row.valid_to)
        near = row.state in (ContractState.LAPSED, ContractState.SOON)
        return {
            "row": row,
            "kind": ContractKind(row.kind).label if row.kind else "",
            "last": last,
            "badge": BADGES[row.state],
            "word": ContractState(row.state).label,
            "left": formats.days_left((last - self.ledger.on).days) if near else "",
        }


@require_safe
@requires(Perm.VIEW_ROSTER)
def contract_ledger(request: HttpRequest) -> HttpResponse:
    """Contracts by state, and the people behind the numbers."""
    place = chosen_place(request, Perm.VIEW_ROSTER)
    part = "workforce/_contract_rows.html"
    if place is None:
        return page_or_part(request, "workforce/contracts.html", part, {"place": None})
    table = ContractTable(request, ContractLedger(place, keep.day_of(request)))
    context = {"place": place, "table": table, "on": table.ledger.on, "later": rest_of(request, BOOK, place.code)}
    if not request.htmx:
        context["exports"] = export_menu(request, CONTRACTS)
    if is_rest(request):
        part = "workforce/_contract_ledger.html"
    if is_rest(request) or not (request.htmx or context["later"]):
        counts = table.ledger.counts()
        context |= {
            "sentence": _sentence(place.label, counts, table.ledger.on),
            "stats": [_stat(request, key, label, counts.get(key, 0)) for key, label in ContractState.choices],
        }
    return page_or_part(request, "workforce/contracts.html", part, context)


def _stat(request: HttpRequest, key: str, label: str, count: int) -> dict:
    tone = {"lapsed": "overdue", "none": "warn"}.get(key, "") if count else ""
    url = keep.page_url(request, "contracts", show=key)
    return {"label": label, "count": count, "tone": tone, "url": url}


def _sentence(name: str, counts: dict[str, int], on: date) -> str:
    everybody = sum(counts.values())
    words = {
        "name": name,
        "day": formats.day(on),
        "people": formats.number(everybody),
        "held": formats.number(everybody - counts.get("none", 0) - counts.get("lapsed", 0)),
        **{key: formats.number(counts.get(key, 0)) for key in ContractState.values},
    }
    if not everybody:
        return _("%(name)s %(day)s 没有在岗人员。") % words
    return (
        _(
            "%(name)s %(day)s 在岗 %(people)s 人，有在期合同 %(held)s 人；%(soon)s 人 90 天内到期，%(lapsed)s 人已到期，"
            "%(none)s 人没有合同。"
        )
        % words
    )

"""The ledger of certificates of a place on a day, leading to the people behind every number."""

from datetime import date
from functools import cached_property, partial

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.territory.models import Division
from portal.core.web import formats, keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.later import is_rest, rest_of
from portal.core.web.paginator import CountedPaginator
from workforce.counters import BOOK
from workforce.enums import CaseState, CertificateLevel
from workforce.exports.certificates import CERTIFICATES, STAGES
from workforce.forms.listing import LedgerFilter
from workforce.models import Person
from workforce.queries.cases import cases_on
from workforce.queries.certificate_ledger import SHOWS, Ledger, Line
from workforce.views.answers import page_or_part
from workforce.views.clock_bars import SOON_MONTHS
from workforce.views.roster import place_or_404

PAGE_ROWS = 50
SHARE_COLUMNS = (
    {"key": "name", "label": gettext_lazy("区划")},
    {"key": "heads", "label": gettext_lazy("在岗"), "unit": gettext_lazy("人"), "num": True},
    {"key": "certified", "label": gettext_lazy("持证"), "unit": gettext_lazy("人"), "num": True},
    {"key": "share", "label": gettext_lazy("持证率"), "num": True},
    {"key": "target", "label": gettext_lazy("目标"), "num": True},
    {"key": "needed", "label": gettext_lazy("还需取得"), "unit": gettext_lazy("人"), "num": True},
)
PEOPLE_COLUMNS = (
    {"key": "name", "label": gettext_lazy("姓名")},
    {"key": "place", "label": gettext_lazy("社区")},
    {"key": "level", "label": gettext_lazy("证书")},
    {"key": "due", "label": gettext_lazy("期限")},
    {"key": "left", "label": gettext_lazy("剩余")},
    {"key": "sittings", "label": gettext_lazy("还来得及的考试"), "unit": gettext_lazy("次"), "num": True},
    {"key": "case", "label": gettext_lazy("个案阶段")},
)


class People:
    """The list of people as the address asks for it."""

    columns = PEOPLE_COLUMNS

    def __init__(self, request: HttpRequest, ledger: Ledger) -> None:
        self.request, self.ledger = request, ledger
        asked = LedgerFilter(request.GET)
        self.show, self.month, self.title = asked.show, asked.month, asked.title

    @cached_property
    def page(self):
        read = partial(self.ledger.people, self.show, month=self.month)
        return CountedPaginator(read, PAGE_ROWS).get_page(self.request.GET.get("page"))

    @cached_property
    def lines(self) -> list[dict]:
        lines = list(self.page)
        people = Person.objects.in_bulk([line.person_id for line in lines])
        places = Division.objects.in_bulk({line.division_id for line in lines})
        cases = self._cases(people)
        return [self._line(line, people, places, cases) for line in lines]

    def _cases(self, people: dict) -> dict:
        """The case of each that was open on the day, as far as the reader handles cases."""
        known = cases_on(self.request.user, self.ledger.on).filter(person__in=people).exclude(stage=CaseState.CLOSED)
        return {case.person_id: {"pk": case.pk, "stage": CaseState(case.stage).label} for case in known}

    def _line(self, line: Line, people: dict, places: dict, cases: dict) -> dict:
        days = (line.due_on - self.ledger.on).days if line.due_on else None
        soon = line.stage in STAGES or (line.stage is not None and int(line.stage) <= SOON_MONTHS)
        tone = "overdue" if days is not None and days < 0 else "due_soon" if soon else ""
        return {
            "row": line,
            "person": people[line.person_id],
            "place": places[line.division_id],
            "level": CertificateLevel(line.level).label if line.level else "",
            "tone": tone,
            "left": formats.days_left(days) if days is not None else "",
            "word": STAGES.get(line.stage, ""),
            "case": cases.get(line.person_id),
        }


def _place(request: HttpRequest) -> Division | None:
    """The place chosen, else the reader's first territory; None for the whole country."""
    codes = request.user.territories(Perm.VIEW_ROSTER)
    return place_or_404(request) or Division.objects.filter(pk=next(iter(codes), "")).first()


@require_safe
@requires(Perm.VIEW_ROSTER)
def certificate_ledger(request: HttpRequest) -> HttpResponse:
    """Share by level and against the target, deadlines by month, and the people behind them."""
    place, page, part = _place(request), "workforce/certificates.html", "workforce/_certificate_people.html"
    if place is None:
        return page_or_part(request, page, part, {"place": None})
    ledger = Ledger(place, keep.day_of(request))
    people = People(request, ledger)
    context = {"place": place, "people": people, "on": ledger.on, "later": rest_of(request, BOOK, place.code)}
    if not request.htmx:
        context["exports"] = export_menu(request, CERTIFICATES)
    if is_rest(request):
        part = "workforce/_certificate_ledger.html"
    if is_rest(request) or not (request.htmx or context["later"]):
        context |= _figures(request, ledger, people)
    return page_or_part(request, page, part, context)


def _figures(request: HttpRequest, ledger: Ledger, people: People) -> dict:
    figures = ledger.figures()
    own = figures.own
    sitting, results = ledger.next_sitting()
    return {
        "own": own,
        "below": [{"row": one, "share": _share(one), "url": _url(request, place=one.code)} for one in figures.below],
        "share_columns": SHARE_COLUMNS,
        "sentence": _sentence(own, ledger.on),
        "source": ledger.target.source,
        "levels": [_level(request, key, figures.levels.get(key, 0)) for key in CertificateLevel.values],
        "lacking": {"count": own.heads - own.certified, "url": _url(request, show="lacking")},
        "months": [
            {"row": month, "url": _url(request, month=f"{month.first:%Y-%m}"), "current": month.first == people.month}
            for month in figures.months
            if month.people > month.overdue
        ],
        "overdue": {"count": sum(month.overdue for month in figures.months), "url": _url(request, show="overdue")},
        "sitting": sitting,
        "results": results,
        "chips": [
            {
                "label": LedgerFilter.LABELS[key],
                "url": _url(request, show=key),
                "current": people.show == key and not people.month,
            }
            for key in SHOWS
        ],
    }


def _url(request: HttpRequest, **params) -> str:
    return keep.page_url(request, "certificates", **params)


def _level(request: HttpRequest, key: str, count: int) -> dict:
    return {"label": CertificateLevel(key).label, "count": count, "url": _url(request, show=key)}


def _share(one) -> float | None:
    return one.certified / one.heads if one.heads else None


def _sentence(own, on: date) -> str:
    words = {
        "name": own.name,
        "heads": formats.number(own.heads),
        "certified": formats.number(own.certified),
        "share": formats.percent(_share(own)) or "",
    }
    if not own.heads:
        return _("%(name)s没有计入配备的社区工作者。") % words
    said = _("%(name)s在岗社区工作者 %(heads)s 人，持证 %(certified)s 人，持证率 %(share)s") % words
    if own.percent is None:
        return said + _("；当日没有生效的持证率目标。")
    target = {"percent": own.percent, "due": formats.day(own.due_on), "needed": formats.number(own.needed)}
    if own.met:
        return said + _("；已达到 %(due)s 应达 %(percent)s%% 的目标。") % target
    return said + _("；到 %(due)s 应达 %(percent)s%%，还需 %(needed)s 人取得证书。") % target

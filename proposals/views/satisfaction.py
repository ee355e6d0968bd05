"""How content proposers are: rates by unit and class, and under each number the forms that it counts."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.web import formats, keep
from portal.core.web.access import requires
from portal.core.web.paginator import BoundedPaginator
from proposals.forms.answered import SAID_LABELS, RatesFilter
from proposals.queries import cases as case_reads
from proposals.queries import feedback as reads
from proposals.satisfaction import Returns

PAGE_ROWS = 50
_YEARS = 6
COUNTS = (
    ("asked", _L("发出")),
    ("returned", _L("收回")),
    ("satisfied", _L("满意")),
    ("basic", _L("基本满意")),
    ("dissatisfied", _L("不满意")),
)
# A rate leads to the forms of its numerator.
RATES = (
    ("content", "content_rate", _L("满意和基本满意率（%）")),
    ("satisfied", "satisfied_rate", _L("满意率（%）")),
)
COLUMNS = [label for _name, label in COUNTS] + [label for _said, _name, label in RATES]


@require_safe
@requires(Perm.VIEW_PROPOSALS)
@never_cache
def satisfaction(request: HttpRequest) -> HttpResponse:
    """Both rates per unit and class, and of each by itself; on request the forms behind one of the numbers."""
    code = case_reads.place_of_cases(keep.place_of(request))
    years = range(today().year, today().year - _YEARS, -1)
    sessions = case_reads.sessions(request.user, code)[:100]
    form = RatesFilter(request.GET, years=years, sessions=sessions, units=reads.units_asked(request.user, code))
    asked = form.asked()
    found = reads.lines(request.user, code, **asked)
    total = sum((line.returns for line in found), Returns())
    write = _writer(request, asked)
    context = {
        "form": form,
        "narrowed": bool(asked),
        "columns": COLUMNS,
        "total": total,
        "sums": write([reads.Line(None, "", "", None, total)])[0],
        "lines": write(found),
        "units": write(reads.by_unit(found)),
        "classes": write(reads.by_class(found)),
    }
    if form.listed:
        context |= _listed(request, code, form.listed, asked, total)
    return render(request, "proposals/satisfaction.html", context)


def _writer(request: HttpRequest, asked: dict) -> Callable[[Iterable[reads.Line]], list[dict]]:
    """What writes lines of rates: each number leads to the forms that it counts, narrowed as the page is."""

    def url(line: reads.Line, said: str) -> str:
        narrowed = asked | ({"unit": line.unit} if line.unit else {})
        if line.result is not None:
            narrowed |= {"result": line.result or reads.NO_CLASS}
        return keep.page_url(request, "satisfaction", **narrowed, said=said) + "#forms"

    def cell(label, number: int, words: str, address: str) -> dict:
        return {"label": label, "words": words, "url": address if number else ""}

    def cells(line: reads.Line) -> Iterable[dict]:
        numbers = _numbers(line.returns)
        for name, label in COUNTS:
            yield cell(label, numbers[name], formats.number(numbers[name]), url(line, name))
        for said, rate, label in RATES:
            yield cell(label, numbers[said], _rate(getattr(line.returns, rate)), url(line, said))

    return lambda lines: [{"line": line, "cells": list(cells(line))} for line in lines]


def _rate(rate: Decimal | None) -> str:
    return _("无数据") if rate is None else formats.number(rate, 2)


def _numbers(found: Returns) -> dict[str, int]:
    """How many forms each list has, by its name in addresses."""
    return {name: getattr(found, name) for name, _label in COUNTS} | {"content": found.satisfied + found.basic}


def _listed(request: HttpRequest, code: str, said: str, asked: dict, total: Returns) -> dict:
    """The forms behind a number, and what share of those that came back they are."""
    page = BoundedPaginator(
        reads.listed(request.user, code, said=said, **asked), PAGE_ROWS, found=_numbers(total)[said]
    )
    rate = {"content": total.content_rate, "satisfied": total.satisfied_rate}.get(said)
    return {
        "page": page.get_page(request.GET.get("page")),
        "said_label": SAID_LABELS[said],
        "rate": rate,
        "share": _rate(rate),
    }

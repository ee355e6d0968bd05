"""Periodic reports: the list of those there are and those that are owed, making one by hand."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.accounts.roles import Perm
from portal.core.reports.actions import make_report
from portal.core.reports.changing import ReportExists
from portal.core.reports.queries import BELOW, in_group
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.paginator import Paginator
from portal.pages import report_settings, report_shown, report_steps
from portal.pages.answers import page_or_part
from portal.pages.report_export import REPORT_LIST, listing_of
from portal.pages.report_forms import NewForm
from portal.pages.report_words import row_of
from portal.registry import REPORTS

PAGE_ROWS = 50
COLUMNS = [
    {"key": "period", "label": gettext_lazy("期间")},
    {"key": "kind", "label": gettext_lazy("报告")},
    {"key": "place", "label": gettext_lazy("单位")},
    {"key": "due", "label": gettext_lazy("发布期限")},
    {"key": "state", "label": gettext_lazy("状态")},
    {"key": "next", "label": gettext_lazy("下一步"), "hidden": True},
]


@require_safe
@requires(Perm.VIEW_REPORTS)
def reports(request: HttpRequest) -> HttpResponse:
    """Reports made and owed, of the place or of those below it."""
    form, listing = listing_of(request.user, request.GET, keep.place_of(request))
    lines = in_group(listing.lines(), form.given("state") or "")
    page = Paginator(lines, PAGE_ROWS).get_page(request.GET.get("page"))
    page.object_list = [row_of(request, line) for line in page.object_list]
    context = {
        "page": page,
        "columns": COLUMNS,
        "form": form,
        "narrowed": any(form.given(name) for name in ("kind", "state", "year")),
        "below": listing.scope == BELOW,
        "may_make": request.user.can(Perm.MAKE_REPORTS),
        "may_choose": request.user.can(Perm.SIGN_REPORTS),
        "exports": export_menu(request, REPORT_LIST),
    }
    return page_or_part(request, "reports/report_list.html", "reports/_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Perm.MAKE_REPORTS)
def report_new(request: HttpRequest) -> HttpResponse:
    """Makes a report by hand; one that exists already is opened instead."""
    place = keep.place_of(request) or next(iter(request.user.territories(Perm.MAKE_REPORTS)), "")
    form = NewForm(request.POST or None, by=request.user, place=place, initial={"division": place})
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = make_report(
                kind=REPORTS[given["kind"]], division=given["division"], period=given["period"], by=request.user
            )
            messages.success(request, _("报告已编制。请核对数据，写明原因和措施，再送签发。"))
            return redirect(keep.page_url(request, "report", made.pk))
        except ReportExists as error:
            messages.info(request, " ".join(error.messages))
            return redirect(keep.page_url(request, "report", error.report.pk))
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
    return render(request, "reports/report_new.html", {"form": form}, status=422 if form.errors else 200)


routes = [
    path("reports/", reports, name="reports"),
    path("reports/new/", report_new, name="report_new"),
    *report_settings.routes,
    *report_shown.routes,
    *report_steps.routes,
]

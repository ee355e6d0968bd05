"""Acts on one report: each says first what it will change, then does it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.core.accounts.roles import Perm
from portal.core.reports import signing
from portal.core.reports.changing import FiguresOutdated, ReportChanged, ReportExists
from portal.core.reports.declare import kind_label
from portal.core.reports.models import Report
from portal.core.web.access import refuse, requires
from portal.core.web.keep import page_url
from portal.pages.report_acts import STEPS, Step
from portal.pages.report_forms import StepForm
from portal.pages.report_shown import report_of
from portal.registry import REPORTS

CHANGES_SHOWN = 20


@require_http_methods(["GET", "POST"])
@requires(Perm.MAKE_REPORTS, Perm.SIGN_REPORTS)
def report_step(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Says what the act will change, and does it once confirmed."""
    step, report = STEPS.get(key), report_of(request, pk)
    if step is None or report.kind not in REPORTS:
        raise Http404
    if not request.user.can(step.perm, report.division_id):
        refuse(request)
    if report.state not in step.states:
        messages.warning(request, _("这份报告现在不能这样处理。请看过最新情况再操作。"))
        return redirect(page_url(request, "report", report.pk))
    form = step.form(request.POST or None, initial={"version": report.version})
    if step.reason:
        form.fields["reason"].label = step.reason
    if form.is_valid() and (answer := _carried_out(request, step, report, form)):
        return answer
    return _asked(request, key, step, report, form)


def _carried_out(request: HttpRequest, step: Step, report: Report, form: StepForm) -> HttpResponse | None:
    """The answer to an act that was done, or that somebody else's made impossible; None with the form's errors."""
    try:
        after = step.run(report, REPORTS[report.kind], form.cleaned_data, request.user)
    except ReportExists as error:
        messages.info(request, " ".join(error.messages))
        return redirect(page_url(request, "report", error.report.pk))
    except ReportChanged as error:
        messages.warning(request, " ".join(error.messages))
        return redirect(page_url(request, "report", report.pk))
    except FiguresOutdated as error:
        form.add_error("keep_reason", error)
        return None
    except ValidationError as error:
        form.add_error(None, " ".join(error.messages))
        return None
    messages.success(request, str(step.done))
    return redirect(page_url(request, "reports") if after is None else page_url(request, "report", after.pk))


def _asked(request: HttpRequest, key: str, step: Step, report: Report, form: StepForm) -> HttpResponse:
    found = signing.outdated(report, REPORTS[report.kind]) if step.fresh else []
    if key == "sign" and not found:
        form.fields.pop("keep_reason")
    context = {
        "report": report,
        "label": kind_label(report.kind, REPORTS),
        "step": step,
        "form": form,
        "changes": found[:CHANGES_SHOWN],
        "changed": len(found),
        "more": max(0, len(found) - CHANGES_SHOWN),
        "cancel": page_url(request, "report", report.pk),
    }
    return render(request, "reports/report_step.html", context, status=422 if form.errors else 200)


routes = [path("reports/<int:pk>/<slug:key>/", report_step, name="report_step")]

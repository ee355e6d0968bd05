"""Which reports a division makes by itself, and by when each is to be out."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.policy.kinds import REPORT_DUE
from portal.core.policy.queries import rule_for
from portal.core.reports.actions import switch_reports
from portal.core.reports.cadence import just_ended
from portal.core.reports.declare import Series
from portal.core.reports.expected import subscriptions
from portal.core.reports.words import CadenceWord, period_name
from portal.core.territory.models import Division
from portal.core.territory.queries import find_division
from portal.core.web import keep
from portal.core.web.access import requires
from portal.pages.report_forms import SettingsForm
from portal.registry import REPORTS


@require_http_methods(["GET", "POST"])
@requires(Perm.SIGN_REPORTS)
def report_settings(request: HttpRequest) -> HttpResponse:
    """Shows and changes what the place makes; the country as such makes none."""
    place = _place(request)
    if place is None:
        return render(request, "reports/report_settings.html", {"place": None})
    form = SettingsForm(request.POST or None)
    if form.is_valid():
        try:
            changed = switch_reports(division=place, kinds=REPORTS, wanted=form.cleaned_data["kinds"], by=request.user)
            messages.success(request, _("已保存。") if changed else _("没有变化。"))
            return redirect(keep.page_url(request, "report_settings", place=place.code))
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
    context = {
        "place": place,
        "form": form,
        "groups": _groups(place),
        "rule": rule_for(REPORT_DUE, place.code, today()),
    }
    return render(request, "reports/report_settings.html", context, status=422 if form.errors else 200)


def _place(request: HttpRequest) -> Division | None:
    """The place chosen, else the reader's first territory; Http404 for one outside."""
    held = request.user.territories(Perm.SIGN_REPORTS)
    code = keep.place_of(request) or next((code for code in held if code), "")
    place = find_division(code, Division.objects.for_user(request.user, Perm.SIGN_REPORTS)) if code else None
    if code and place is None:
        raise Http404
    return place


def _groups(place: Division) -> list[dict]:
    """The kinds by round, each with what it is and whether it is on."""
    lines, rule = subscriptions([place.code]), rule_for(REPORT_DUE, place.code, today())
    groups = {series: [] for series in Series}
    for kind in REPORTS.values():
        line = lines.get((place.code, kind.key))
        groups[kind.series].append(
            {
                "kind": kind,
                "on": line.on if line else place.level in kind.levels,
                "chosen": line,
                "cadence": CadenceWord(kind.cadence.value).label,
                "days": rule.value[kind.cadence],
                "sections": [section.title for section in kind.sections],
                "latest": period_name(just_ended(kind.cadence, today())),
            }
        )
    return [{"label": series.label, "kinds": kinds} for series, kinds in groups.items()]


routes = [path("reports/settings/", report_settings, name="report_settings")]

"""Freezing the figures of a cycle: the site knows every indicator, the ratings alone do not."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.web import keep
from portal.core.web.access import requires
from portal.registry import INDICATORS
from ratings.actions.scoring import score_automatically
from ratings.forms.cycles import VersionForm
from ratings.models import RatingCycle
from ratings.queries.cycles import cycles
from workforce.views.answers import attempt, form_page, may_change_now


@requires(Perm.MANAGE_RATINGS)
@never_cache
def rating_figures(request: HttpRequest, pk: int) -> HttpResponse:
    """Scores all automatic items of all units from the figures of the reference day."""
    cycle = get_object_or_404(cycles(request.user, Perm.MANAGE_RATINGS), pk=pk)
    back = keep.page_url(request, "rating_cycle", pk)
    form = VersionForm(request.POST or None, initial={"version": cycle.version})
    if form.is_valid() and may_change_now(request):
        done = attempt(form, _score, cycle=cycle, by=request.user)
        if done is not None:
            words = {"units": done.units, "scores": done.scores, "without": done.without}
            said = _("已为 %(units)s 个单位取数 %(scores)s 项，其中 %(without)s 项没有可计分的数据。")
            messages.success(request, said % words)
            return redirect(back)
    words = {"day": cycle.reference_on.isoformat()}
    sentence = _("按 %(day)s 的数据为所有自动取数的指标计分，并保留当时的数值和算法。公示前可以重新取数。") % words
    context = {"title": _("自动取数"), "kind": str(cycle), "sentence": sentence, "button": _("取数")}
    return form_page(request, "workforce/plain_form.html", form, back=back, draft=request.path, **context)


def _score(*, cycle: RatingCycle, by):
    if cycle.reference_on > today():
        words = {"day": cycle.reference_on.isoformat()}
        raise ValidationError(_("取数时点 %(day)s 还没有到，到期后才能取数。") % words)
    return score_automatically(cycle=cycle, indicators=INDICATORS, by=by)


routes = [path("ratings/<int:pk>/figures/", rating_figures, name="rating_figures")]

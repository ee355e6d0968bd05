"""What if a rule were another: figures as they are and as they would be, side by side. Nothing is written."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.policy.history import effective, rules_over_time
from portal.core.web import keep
from portal.core.web.access import requires
from portal.pages.policies import kind_or_404, policy_place
from portal.pages.rule_effect import effect_of
from portal.pages.rule_values import ValueForm


@require_safe
@requires(Perm.VIEW_POLICY)
def policy_what_if(request: HttpRequest, key: str) -> HttpResponse:
    """The effect of a value of one kind at a place on a day; the address holds the question and can be sent on."""
    kind, on = kind_or_404(key), keep.day_of(request)
    place = policy_place(request, Perm.VIEW_POLICY)
    code = place.code if place else ""
    current = effective(kind, rules_over_time(code), on)
    asked = any(name.startswith("value_") for name in request.GET)
    form = ValueForm(kind, current.value, request.GET if asked else None)
    context = {"kind": kind, "place": place, "on": on, "current": current, "form": form}
    if form.is_valid():
        context["effect"] = effect_of(kind, form.value(), place, on, request)
        context["words"] = kind.in_words(form.value())
        if request.user.can(Perm.CHANGE_POLICY, code):
            values = {name: request.GET.getlist(name) for name in form.value_names if name in request.GET}
            context["enter_url"] = keep.page_url(request, "policy_new", kind.key, place=code or None, on=None, **values)
    context["today"] = today()
    return render(request, "portal/policy_what_if.html", context, status=422 if form.errors else 200)


routes = [path("policies/<str:key>/what-if/", policy_what_if, name="policy_what_if")]

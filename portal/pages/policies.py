"""Rules: what is in force at a place on a day with its source, what if one were another, entering one, ending one."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.lib.dated import ONE_DAY
from portal.core.lib.scope import union
from portal.core.policy.history import effective, outlooks, rules_over_time
from portal.core.policy.kinds import KINDS, Kind
from portal.core.policy.models import PolicyRule
from portal.core.territory.models import Division
from portal.core.web import formats, keep
from portal.core.web.access import requires
from portal.pages.places import chosen_place, place_or_404
from portal.pages.policy_list import PolicyList
from portal.pages.rule_effect import effect_of
from portal.pages.rule_form import EndForm, RuleForm, SeenForm, blame
from portal.pages.rule_values import ValueForm
from workforce.actions.rules import close_rule, enter_rule, seen_rules, withdraw_rule


@require_safe
@requires(Perm.VIEW_POLICY)
def policies(request: HttpRequest) -> HttpResponse:
    """Every kind of rule as it applies at a place on a day, by topic."""
    place, on = policy_place(request, Perm.VIEW_POLICY), keep.day_of(request)
    code = place.code if place else ""
    may = request.user.can(Perm.CHANGE_POLICY, code) and on == today()
    shown = PolicyList(request, code, outlooks(code, on), may)
    context = {"place": place, "on": on, "list": shown, "topics": shown.topics(), "may": may}
    return render(request, "portal/policies.html", context)


def policy_place(request: HttpRequest, perm: Perm) -> Division | None:
    """The place asked for, else the reader's first territory; None only for one who holds the whole country."""
    place = chosen_place(request, perm)
    if place is None and "" not in (held := request.user.territories(perm)):
        return place_or_404(request, held[0], perm)
    return place


@requires(Perm.CHANGE_POLICY)
def policy_new(request: HttpRequest, key: str) -> HttpResponse:
    """Enters a rule: fill in, look at the effect, save. A what-if brings its value along in the address."""
    kind = kind_or_404(key)
    place = policy_place(request, Perm.CHANGE_POLICY)
    rules = rules_over_time(place.code if place else "")
    form = RuleForm(kind, place, rules, request.POST or None, supposed_value(kind, request.GET))
    context = {"kind": kind, "place": place, "current": effective(kind, rules, today()), "form": form}
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["shown"] == form.mark() and _enter(request, form):
            return redirect(keep.page_url(request, "policies"))
        context |= _preview(request, form)
    return render(request, "portal/policy_new.html", context, status=422 if form.errors else 200)


def kind_or_404(key: str) -> Kind:
    if key not in KINDS:
        raise Http404
    return KINDS[key]


def supposed_value(kind: Kind, query: QueryDict) -> dict | None:
    """The value that a what-if was asked for, if the address holds a whole one."""
    form = ValueForm(kind, None, query or None)
    return form.value() if form.is_valid() else None


def _enter(request: HttpRequest, form: RuleForm) -> bool:
    try:
        rule = enter_rule(**form.entries(), by=request.user)
    except ValidationError as error:
        blame(form, error)
        return False
    words = {"label": form.kind.label, "day": formats.day(rule.valid_from)}
    messages.success(request, _("已录入“%(label)s”，自 %(day)s 起的数字按它计算，以前的不变。") % words)
    return True


def _preview(request: HttpRequest, form: RuleForm) -> dict:
    """The effect of what is entered; the form then remembers what was shown."""
    if form.errors:
        return {}
    effect = effect_of(form.kind, form.value(), form.place, form.effect_day(), request)
    form.data = form.data.copy()
    form.data["shown"] = form.mark()
    past = form.cleaned_data["valid_from"] < today()
    return {"previewed": True, "effect": effect, "words": form.kind.in_words(form.value()), "past": past}


def _rule_or_404(request: HttpRequest, pk: int) -> PolicyRule:
    """A rule that the reader may change: one set in the reader's own territory."""
    mine = union("division_id", request.user.territories(Perm.CHANGE_POLICY))
    return get_object_or_404(PolicyRule.objects.filter(mine).select_related("division"), pk=pk)


@requires(Perm.CHANGE_POLICY)
def policy_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Lets a rule end; says first what would apply afterwards."""
    rule = _rule_or_404(request, pk)
    seen = seen_rules(rule.kind, rule.division)
    form = EndForm(request.POST or None, initial={"last_day": today(), "seen": seen})
    if request.method == "POST" and form.is_valid() and _done(form, close_rule, rule, request.user):
        messages.success(
            request, _("已终止，最后一天是 %(day)s。") % {"day": formats.day(form.cleaned_data["last_day"])}
        )
        return redirect(keep.page_url(request, "policies", place=rule.division_id))
    says = _("“%(rule)s”（%(place)s）终止以后，将适用：%(next)s。") % _instead(rule, today() + ONE_DAY)
    return _confirm(request, rule, form, {"title": _("终止规则"), "button": _("终止"), "sentence": says})


@requires(Perm.CHANGE_POLICY)
def policy_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back a rule that has not begun."""
    rule = _rule_or_404(request, pk)
    form = SeenForm(request.POST or None, initial={"seen": seen_rules(rule.kind, rule.division)})
    instead = _instead(rule, rule.valid_from)
    if request.method == "POST" and form.is_valid() and _done(form, withdraw_rule, rule, request.user):
        messages.success(request, _("已撤回。"))
        return redirect(keep.page_url(request, "policies", place=rule.division_id))
    says = _("“%(rule)s”（%(place)s）还没有开始执行。撤回以后，那一天起将适用：%(next)s。") % instead
    return _confirm(request, rule, form, {"title": _("撤回规则"), "button": _("撤回"), "sentence": says})


def _done(form: SeenForm, act: Callable, rule: PolicyRule, by) -> bool:
    """Runs the act; a refusal is shown in the form."""
    try:
        act(rule=rule, by=by, **form.cleaned_data)
    except ValidationError as error:
        blame(form, error)
    return not form.errors


def _instead(rule: PolicyRule, day: date) -> dict[str, str]:
    """The rule in words, and what applies in its place on a day when it is gone."""
    others = [one for one in rules_over_time(rule.division_id or "") if one.pk != rule.pk]
    for one in others:
        if one.division_id == rule.division_id and one.valid_to == rule.valid_from and day == rule.valid_from:
            one.valid_to = rule.valid_to  # the rule before goes on
    kind = KINDS[rule.kind]
    following = effective(kind, others, day)
    return {
        "rule": f"{kind.label}：{kind.in_words(rule.value)}",
        "place": str(rule.division or _("全国")),
        "next": f"{following.words}（{following.source}）" if following.source else following.words,
    }


def _confirm(request: HttpRequest, rule: PolicyRule, form: SeenForm, words: dict) -> HttpResponse:
    back = keep.page_url(request, "policies", place=rule.division_id)
    names = {"kind_label": KINDS[rule.kind].label, "place_label": rule.division or _("全国")}
    context = {**words, **names, "form": form, "back": back}
    return render(request, "portal/policy_confirm.html", context, status=422 if form.errors else 200)


routes = [
    path("policies/", policies, name="policies"),
    path("policies/<str:key>/new/", policy_new, name="policy_new"),
    path("policies/rules/<int:pk>/end/", policy_end, name="policy_end"),
    path("policies/rules/<int:pk>/withdraw/", policy_withdraw, name="policy_withdraw"),
]

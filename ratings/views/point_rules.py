"""What gains and costs points in a territory: the rules, and the forms by which an office keeps them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.dated import last_day
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.access import requires
from ratings.actions import points as writes
from ratings.forms.points import PointRuleForm
from ratings.forms.rows import EndForm, RowForm
from ratings.models import PointRule
from ratings.queries import points as reads
from ratings.views import ledger as page
from workforce.views.places import at_place


@require_safe
@at_place(Perm.VIEW_SERVICE)
@never_cache
def point_rules(request: HttpRequest, division: Division) -> HttpResponse:
    """The rules that hold in a place: its own, which an office may change, and those from above."""
    on = keep.day_of(request)
    found = reads.rules(division.code).select_related("division").order_by("redemption", "-points", "behaviour", "pk")
    may = page.changes(request, division, Perm.CONFIRM_SERVICE)
    lines = [
        {
            "rule": rule,
            "until": last_day(rule.valid_to),
            "status": _status(rule, on),
            "changes": may and request.user.can(Perm.CONFIRM_SERVICE, rule.division_id),
        }
        for rule in found
    ]
    url = keep.page_url(request, "point_rule_new", division.code)
    actions = [{"label": _("新增积分事项"), "icon": "plus-lg", "url": url, "primary": True}] if may else []
    back = {"label": _("积分记录"), "icon": "chevron-left", "url": keep.page_url(request, "points", division.code)}
    context = {"division": division, "lines": lines, "may": may, "actions": [*actions, back], "new": url}
    return render(request, "ratings/point_rules.html", context)


def _status(rule: PointRule, on) -> str:
    if rule.valid_from > on:
        return "future"
    return "in_force" if rule.valid_to is None or rule.valid_to > on else "ended"


@at_place(Perm.CONFIRM_SERVICE)
@never_cache
def point_rule_new(request: HttpRequest, division: Division) -> HttpResponse:
    """Sets a rule for everything under a place."""
    form = PointRuleForm(request.POST or None)
    if form.is_valid() and page.tried(form, writes.add_point_rule, division=division, **form.asked(), by=request.user):
        return page.done(
            request, "point_rules", division.code, _("已新增积分事项“%(behaviour)s”。") % form.cleaned_data
        )
    return page.row_form(request, form, division, "point_rules", _("新增积分事项"))


@requires(Perm.CONFIRM_SERVICE)
@never_cache
def point_rule_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects a rule; entries made by it keep their points."""
    rule = page.fetched(request, PointRule.objects.all(), pk, Perm.CONFIRM_SERVICE)
    form = PointRuleForm(request.POST or None, row=rule)
    if form.is_valid() and page.tried(form, writes.change_point_rule, rule=rule, **form.asked(), by=request.user):
        words = form.cleaned_data
        return page.done(request, "point_rules", rule.division_id, _("已更正积分事项“%(behaviour)s”。") % words)
    lead = _("已登记的积分不随更正改变。")
    return page.row_form(request, form, rule.division, "point_rules", _("更正积分事项"), lead=lead)


@requires(Perm.CONFIRM_SERVICE)
@never_cache
def point_rule_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends a rule after its last day."""
    rule = page.fetched(request, PointRule.objects.all(), pk, Perm.CONFIRM_SERVICE)
    form, words = EndForm(request.POST or None, row=rule), {"name": rule.behaviour}
    if form.is_valid() and page.tried(form, writes.end_point_rule, rule=rule, **form.asked(), by=request.user):
        return page.done(request, "point_rules", rule.division_id, _("已登记积分事项“%(name)s”停用。") % words)
    sentence = _("“%(name)s”到所填日期停用，已登记的积分不变。") % words
    return page.row_form(
        request, form, rule.division, "point_rules", _("停用积分事项"), sentence=sentence, button=_("停用")
    )


@requires(Perm.CONFIRM_SERVICE)
@never_cache
def point_rule_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back a rule set by mistake that nobody has used."""
    rule = page.fetched(request, PointRule.objects.all(), pk, Perm.CONFIRM_SERVICE)
    form, words = RowForm(request.POST or None, row=rule), {"name": rule.behaviour}
    if form.is_valid() and page.tried(form, writes.take_back_point_rule, rule=rule, **form.asked(), by=request.user):
        return page.done(request, "point_rules", rule.division_id, _("已撤回积分事项“%(name)s”。") % words)
    sentence = _("撤回登记有误的积分事项“%(name)s”；已有积分按它登记的不能撤回。") % words
    return page.row_form(
        request, form, rule.division, "point_rules", _("撤回积分事项"), sentence=sentence, button=_("撤回")
    )

"""Households and shops: the list, one of them with its visits and requests, entering, correcting, moving out."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import Level
from portal.core.lib.dated import last_day
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.paginator import BoundedPaginator
from ratings.actions.premises import (
    add_many_premises,
    add_premises,
    change_premises,
    end_premises,
    take_back_premises,
)
from ratings.exports.daily import PREMISES
from ratings.forms.premises import PremisesEndForm, PremisesFilter, PremisesForm, PremisesManyForm
from ratings.models import Premises
from ratings.queries import premises as reads
from ratings.queries import visits as visit_reads
from ratings.queries.coverage import asked_period
from ratings.views.service_parts import at_community, changes, done, service_form
from workforce.views.answers import attempt, page_or_part

PAGE_ROWS = 50


@require_safe
@at_community(Perm.VIEW_SERVICE, least=Level.STREET)
@never_cache
def premises(request: HttpRequest, division: Division) -> HttpResponse:
    """Households and shops of a community or street, with the day somebody was last met."""
    on, form = keep.day_of(request), PremisesFilter(request.GET)
    _rule, period = asked_period(division.code, on)
    found = reads.listed(request.user, division.code, on, period, **form.asked())
    page = BoundedPaginator(reads.with_last_met(found), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"division": division, "form": form, "page": page, "period": period, "on": on}
    context |= {"changes": changes(request, division), "narrowed": any(form.asked().values())}
    if not request.htmx:
        context |= {
            "exports": export_menu(request, PREMISES, place=division.code),
            "actions": _actions(request, division),
        }
    return page_or_part(request, "ratings/premises.html", "ratings/_premises_rows.html", context)


def _actions(request: HttpRequest, division: Division) -> list[dict]:
    if not changes(request, division):
        return []
    return [
        {
            "label": _("逐户登记"),
            "icon": "plus-lg",
            "url": keep.page_url(request, "premises_new", division.code),
            "primary": True,
        },
        {"label": _("成批登记"), "icon": "list-ul", "url": keep.page_url(request, "premises_many", division.code)},
    ]


def _one(request: HttpRequest, pk: int, perm: Perm = Perm.CHANGE_SERVICE) -> Premises:
    rows = reads.standing(request.user, perm).select_related("division", "grid")
    return get_object_or_404(rows, pk=pk)


@at_community(Perm.CHANGE_SERVICE)
@never_cache
def premises_new(request: HttpRequest, division: Division) -> HttpResponse:
    """Enters one household or shop."""
    form, back = (
        PremisesForm(request.POST or None, division=division),
        keep.page_url(request, "premises", division.code),
    )
    if form.is_valid() and (made := attempt(form, add_premises, division=division, **form.asked(), by=request.user)):
        return done(request, back, _("已登记“%(label)s”。") % {"label": made.label})
    return service_form(request, form, division, _("登记住户或商户"), back)


@at_community(Perm.CHANGE_SERVICE)
@never_cache
def premises_many(request: HttpRequest, division: Division) -> HttpResponse:
    """Enters many, one to a line; those known already are passed over."""
    form = PremisesManyForm(request.POST or None, division=division)
    back = keep.page_url(request, "premises", division.code)
    if form.is_valid():
        count = attempt(form, add_many_premises, division=division, **form.cleaned_data, by=request.user)
        if count is not None:
            words = {"n": count, "known": len(form.cleaned_data["labels"]) - count}
            return done(request, back, _("新登记 %(n)s 户，跳过已登记或重复的 %(known)s 行。") % words)
    return service_form(request, form, division, _("成批登记住户或商户"), back)


@require_safe
@requires(Perm.VIEW_SERVICE)
@never_cache
def premises_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One household or shop: what is known of it, its visits, its requests."""
    held = _one(request, pk, Perm.VIEW_SERVICE)
    context = {
        "held": held,
        "division": held.division,
        "changes": changes(request, held.division),
        "visits": visit_reads.of_premises(request.user, held)[:PAGE_ROWS],
        "requests": held.requests.for_user(request.user, Perm.VIEW_SERVICE).order_by("-received_on", "-pk")[:PAGE_ROWS],
        "actions": _one_actions(request, held),
        "gone": held.valid_to is not None,
        "last_day": last_day(held.valid_to),
    }
    return render(request, "ratings/premises_one.html", context)


def _one_actions(request: HttpRequest, held: Premises) -> list[dict]:
    if not changes(request, held.division):
        return []
    words = (
        ("visit_new", _("记走访"), "house"),
        ("premises_edit", _("更正"), "pencil-square"),
        ("premises_end", _("登记迁出"), "box-arrow-right"),
    )
    found = [
        {"label": label, "icon": icon, "url": keep.page_url(request, name, held.pk)} for name, label, icon in words
    ]
    return [found[0] | {"primary": True}, *found[1:]] if held.valid_to is None else found[1:2]


@requires(Perm.CHANGE_SERVICE)
@never_cache
def premises_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects a household or shop."""
    held = _one(request, pk)
    form = PremisesForm(request.POST or None, division=held.division, held=held)
    back = keep.page_url(request, "premises_one", pk)
    if form.is_valid() and attempt(form, change_premises, premises=held, **form.asked(), by=request.user):
        return done(request, back, _("已保存“%(label)s”。") % {"label": held.label})
    return service_form(request, form, held.division, _("更正住户或商户"), back)


@requires(Perm.CHANGE_SERVICE)
@never_cache
def premises_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Registers that a household moved out or a shop closed."""
    held, form = _one(request, pk), PremisesEndForm(request.POST or None)
    back = keep.page_url(request, "premises", held.division_id)
    if form.is_valid() and attempt(form, end_premises, premises=held, **form.cleaned_data, by=request.user):
        return done(request, back, _("已登记“%(label)s”迁出或歇业。") % {"label": held.label})
    title = _("“%(label)s”迁出或歇业") % {"label": held.label}
    sentence = _("从次日起不再要求走访；已有的走访和诉求记录保留。")
    return service_form(request, form, held.division, title, back, sentence=sentence, button=_("登记迁出或歇业"))


@require_POST
@requires(Perm.CHANGE_SERVICE)
def premises_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back one entered by mistake."""
    held = _one(request, pk)
    try:
        take_back_premises(premises=held, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(keep.page_url(request, "premises_one", pk))
    return done(
        request, keep.page_url(request, "premises", held.division_id), _("已撤回“%(label)s”。") % {"label": held.label}
    )

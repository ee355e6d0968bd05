"""Schemes: the list, a new draft, its head, and a copy. Pages that read figures are the site's (`portal.pages`)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.lib.codes import LENGTHS, Level
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.paginator import Paginator
from ratings.actions import schemes as acts
from ratings.enums import RatingSchemeState
from ratings.exports.schemes import RATING_SCHEMES
from ratings.forms.schemes import CopyForm, SchemeFilter, SchemeHeadForm
from ratings.models import RatingScheme
from ratings.queries.schemes import rating_schemes as readable
from ratings.queries.schemes import schemes_listed
from workforce.views.answers import attempt, form_page, may_change_now
from workforce.views.places import chosen_place

ROWS = 50


@require_safe
@requires(Perm.VIEW_RATINGS)
@never_cache
def rating_schemes(request: HttpRequest) -> HttpResponse:
    """The schemes that concern the reader's territory, the latest year first."""
    form = SchemeFilter(request.GET)
    asked = form.asked()
    page = Paginator(schemes_listed(request.user, **asked), ROWS).get_page(request.GET.get("page"))
    actions = []
    if may_change_now(request) and place_of_new(request) is not None:
        url = keep.page_url(request, "rating_scheme_new")
        actions = [{"label": _("新建方案"), "icon": "plus-lg", "url": url, "primary": True}]
    context = {"page": page, "form": form, "actions": actions, "exports": export_menu(request, RATING_SCHEMES)}
    return render(request, "ratings/schemes.html", context | {"filtered": any(asked.values())})


def place_of_new(request: HttpRequest) -> Division | None:
    """The city or district that a new scheme is for: that of the place chosen; None where the reader sets up none."""
    if not request.user.can(Perm.MANAGE_RATINGS):
        return None
    place = chosen_place(request, Perm.MANAGE_RATINGS)
    if place is not None and place.level > Level.DISTRICT:
        code = place.code[: LENGTHS[Level.DISTRICT - 1]]
        place = Division.objects.for_user(request.user, Perm.MANAGE_RATINGS).filter(pk=code).first() or place
    return place


@requires(Perm.MANAGE_RATINGS)
@never_cache
def rating_scheme_new(request: HttpRequest) -> HttpResponse:
    """Begins a draft."""
    place = place_of_new(request)
    if place is None:
        raise Http404
    form = SchemeHeadForm(request.POST or None)
    if form.is_valid():
        made = attempt(form, acts.draft_rating_scheme, division=place, fields=form.asked(), by=request.user)
        if made is not None:
            return done(request, made.pk, _("已建立草稿。请逐项加入评分项，合计 100 分后交另一人批准。"))
    back = keep.page_url(request, "rating_schemes")
    return _plain(request, form, _("新建星级评定方案"), place.label, back)


@requires(Perm.MANAGE_RATINGS)
@never_cache
def rating_scheme_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes the name, the document and the bands of a draft."""
    found = draft_of(request, pk)
    if found.state != RatingSchemeState.DRAFT:
        return refused(request, pk)
    form = SchemeHeadForm(request.POST or None, scheme=found)
    if form.is_valid():
        version = form.cleaned_data["version"] or 0
        given = {"scheme": found, "version": version, "fields": form.asked()}
        if attempt(form, acts.change_rating_scheme, **given, by=request.user):
            return done(request, pk, _("已保存方案草稿。"))
    return _plain(request, form, _("更改方案"), str(found), keep.page_url(request, "rating_scheme", pk))


@requires(Perm.MANAGE_RATINGS)
@never_cache
def rating_scheme_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft with the items of this scheme, for the reader's city or district."""
    source = get_object_or_404(readable(request.user, Perm.MANAGE_RATINGS), pk=pk)
    place = source.division if request.user.can(Perm.MANAGE_RATINGS, source.division_id) else place_of_new(request)
    if place is None:
        raise Http404
    year = max(source.year, today().year)
    form = CopyForm(request.POST or None, initial={"year": year, "name": source.name})
    if form.is_valid():
        given = {"source": source, "division": place, "fields": form.asked()}
        if made := attempt(form, acts.copy_rating_scheme, **given, by=request.user):
            return done(request, made.pk, _("已复制为草稿，可以逐项修改。"))
    sentence = _("复制全部评分项和分数线，成为%(place)s的一个新草稿；原方案不变。") % {"place": place.label}
    back = keep.page_url(request, "rating_scheme", pk)
    return _plain(request, form, _("复制方案"), str(source), back, sentence=sentence, button=_("复制"))


def draft_of(request: HttpRequest, pk: int, perm: Perm = Perm.MANAGE_RATINGS) -> RatingScheme:
    """A scheme that was set up in the reader's territory; 404 elsewhere."""
    rows = RatingScheme.objects.for_user(request.user, perm).select_related("division", "entered_by", "approved_by")
    return get_object_or_404(rows, pk=pk)


def refused(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to a scheme that can no longer be changed."""
    messages.warning(request, _("方案已经启用过，不能再改。请复制为新版本，改好后批准启用。"))
    return redirect(keep.page_url(request, "rating_scheme", pk))


def done(request: HttpRequest, pk: int, sentence: str) -> HttpResponse:
    """Back to the scheme with what was done."""
    messages.success(request, sentence)
    return redirect(keep.page_url(request, "rating_scheme", pk))


def _plain(request: HttpRequest, form, title: str, kind: str, back: str, **more) -> HttpResponse:
    context = {"title": title, "kind": kind, "back": back, "draft": request.path, **more}
    return form_page(request, "workforce/plain_form.html", form, **context)

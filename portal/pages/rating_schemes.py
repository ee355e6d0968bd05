"""A scheme of star ratings: its items with the figures they are scored from, its approval, and what differs."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.web import keep
from portal.core.web.access import requires
from portal.registry import INDICATORS
from ratings.actions import schemes as acts
from ratings.enums import ItemKind, RatingSchemeState, Star
from ratings.forms.schemes import ActForm, SchemeItemForm
from ratings.models import RatingScheme, SchemeItem
from ratings.queries.schemes import (
    differences,
    earlier,
    faults_of,
    indicator_label,
    points_in_all,
    rating_schemes,
    steps_in_words,
)
from ratings.queries.scoring import bands_of
from ratings.views.schemes import done, draft_of, refused
from workforce.views.answers import attempt, form_page, may_change_now


def _scheme(request: HttpRequest, pk: int) -> RatingScheme:
    return get_object_or_404(rating_schemes(request.user), pk=pk)


def _may(request: HttpRequest, perm: Perm, found: RatingScheme) -> bool:
    return may_change_now(request) and request.user.can(perm, found.division_id)


@require_safe
@requires(Perm.VIEW_RATINGS)
@never_cache
def rating_scheme(request: HttpRequest, pk: int) -> HttpResponse:
    """A scheme with its items, what is still wrong with a draft, and its next step."""
    found = _scheme(request, pk)
    items = list(found.items.all())
    draft = found.state == RatingSchemeState.DRAFT
    context = {
        "scheme": found,
        "items": [_line(one) for one in items],
        "points": points_in_all(items),
        "automatic": sum(one.points for one in items if one.automatic),
        "bands": [{"label": Star(one.grade).label, "least": one.least} for one in bands_of(found)],
        "faults": faults_of(found, INDICATORS) if draft else [],
        "changes": draft and _may(request, Perm.MANAGE_RATINGS, found),
        "actions": _actions(request, found),
        "compared": earlier(found),
    }
    return render(request, "ratings/scheme.html", context)


def _line(item: SchemeItem) -> dict:
    figure = indicator_label(item.indicator, INDICATORS) if item.automatic else ""
    known = item.indicator if item.indicator in INDICATORS else ""
    return {"item": item, "figure": figure, "key": known, "steps": steps_in_words(item) if item.automatic else ""}


def _actions(request: HttpRequest, found: RatingScheme) -> list[dict]:
    """What can be done now, the next step as the main one."""
    links = []
    draft, manages = found.state == RatingSchemeState.DRAFT, _may(request, Perm.MANAGE_RATINGS, found)

    def link(label: str, name: str, *args, **more) -> None:
        links.append({"label": label, "url": keep.page_url(request, name, found.pk, *args), **more})

    if draft and manages:
        link(_("加入一项"), "rating_item_new", icon="plus-lg", primary=not found.items.exists())
        link(_("更改"), "rating_scheme_edit", icon="pencil-square")
    if draft and found.approved_by_id is None and _may(request, Perm.DECIDE_RATINGS, found):
        link(_("批准"), "rating_scheme_act", "approve", primary=found.entered_by_id != request.user.pk)
    if draft and found.approved_by_id and manages:
        link(_("启用"), "rating_scheme_act", "use", primary=True)
    if manages and found.state != RatingSchemeState.RETIRED:
        link(_("试算"), "rating_trial", icon="sliders")
    if may_change_now(request) and request.user.can(Perm.MANAGE_RATINGS):
        link(_("复制"), "rating_scheme_copy", icon="copy")
    if draft and manages:
        link(_("删除草稿"), "rating_scheme_act", "drop")
    return links


# Steps of a scheme: permission, label, what will happen, what is then said.
STEPS = {
    "approve": (Perm.DECIDE_RATINGS, _L("批准"), _L("批准后即可启用。之后再改动草稿，批准随即失效。"), _L("已批准，可以启用。")),
    "use": (
        Perm.MANAGE_RATINGS, _L("启用"),
        _L("启用后方案不能再改；同一年度、同一对象正在使用的版本随即停用，已按它评分的单位仍按它评分。"), _L("方案已启用。"),
    ),
    "drop": (Perm.MANAGE_RATINGS, _L("删除草稿"), _L("删除这个草稿和它的全部评分项。修改记录仍保留在审计记录中。"), _L("已删除草稿。")),
}  # fmt: skip


@requires(Perm.MANAGE_RATINGS, Perm.DECIDE_RATINGS)
@never_cache
def rating_scheme_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Approves a scheme, puts it in use or deletes a draft, after saying what will happen."""
    if act not in STEPS:
        raise Http404
    perm, label, sentence, said = STEPS[act]
    found = draft_of(request, pk, perm)
    if found.state != RatingSchemeState.DRAFT:
        return refused(request, pk)
    form = ActForm(request.POST or None, initial={"version": found.version})
    if form.is_valid() and _step(form, act, found, request.user):
        if act == "drop":
            messages.success(request, str(said))
            return redirect(keep.page_url(request, "rating_schemes"))
        return done(request, pk, str(said))
    context = {"title": str(label), "kind": str(found), "sentence": str(sentence), "button": str(label)}
    back = keep.page_url(request, "rating_scheme", pk)
    return form_page(request, "workforce/plain_form.html", form, back=back, draft=request.path, **context)


def _step(form: ActForm, act: str, found: RatingScheme, by) -> object:
    given = {"scheme": found, "version": form.cleaned_data["version"], "by": by}
    if act == "approve":
        return attempt(form, acts.approve_rating_scheme, indicators=INDICATORS, **given)
    return attempt(form, acts.use_rating_scheme if act == "use" else acts.drop_rating_draft, **given)


@requires(Perm.MANAGE_RATINGS)
@never_cache
def rating_item_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Adds an item to a draft."""
    return _item_page(request, draft_of(request, pk), None, _("加入一项"))


@requires(Perm.MANAGE_RATINGS)
@never_cache
def rating_item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes an item of a draft."""
    item = _item(request, pk)
    return _item_page(request, item.scheme, item, _("更改“%(label)s”") % {"label": item.label})


def _item(request: HttpRequest, pk: int) -> SchemeItem:
    mine = RatingScheme.objects.for_user(request.user, Perm.MANAGE_RATINGS)
    return get_object_or_404(SchemeItem.objects.filter(scheme__in=mine).select_related("scheme__division"), pk=pk)


def _item_page(request: HttpRequest, scheme: RatingScheme, item: SchemeItem | None, title: str) -> HttpResponse:
    if scheme.state != RatingSchemeState.DRAFT:
        return refused(request, scheme.pk)
    form = SchemeItemForm(request.POST or None, scheme=scheme, indicators=INDICATORS, item=item)
    if form.is_valid():
        given = {"version": form.cleaned_data["version"] or 0, "fields": form.asked(), "indicators": INDICATORS}
        if attempt(form, acts.put_scheme_item, scheme=scheme, item=item, **given, by=request.user):
            if "next" not in request.POST:
                return done(request, scheme.pk, _("已保存。"))
            messages.success(request, _("已保存，可以接着加入下一项。"))
            return redirect(keep.page_url(request, "rating_item_new", scheme.pk))
    back = keep.page_url(request, "rating_scheme", scheme.pk)
    items = list(scheme.items.all())
    context = {"title": title, "scheme": scheme, "item": item, "back": back, "points": points_in_all(items)}
    return form_page(request, "ratings/scheme_item.html", form, **context)


@requires(Perm.MANAGE_RATINGS)
@never_cache
def rating_item_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes an item out of a draft, after asking."""
    item = _item(request, pk)
    scheme = item.scheme
    if scheme.state != RatingSchemeState.DRAFT:
        return refused(request, scheme.pk)
    form = ActForm(request.POST or None, initial={"version": scheme.version})
    if form.is_valid():
        given = {"scheme": scheme, "version": form.cleaned_data["version"], "item": item}
        if attempt(form, acts.drop_scheme_item, **given, by=request.user):
            return done(request, scheme.pk, _("已删除“%(label)s”。") % {"label": item.label})
    kind = ItemKind(item.kind).label
    sentence = _("从草稿中删除%(kind)s“%(label)s”。") % {"kind": kind, "label": item.label}
    context = {"title": _("删除这一项"), "kind": str(scheme), "sentence": sentence, "button": _("删除这一项")}
    back = keep.page_url(request, "rating_scheme", scheme.pk)
    return form_page(request, "workforce/plain_form.html", form, back=back, draft=request.path, **context)


@require_safe
@requires(Perm.VIEW_RATINGS)
@never_cache
def rating_scheme_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """How a scheme differs from another version, or from that of the year before: `?with=`."""
    found = _scheme(request, pk)
    same = rating_schemes(request.user).filter(division_id=found.division_id, unit_kind=found.unit_kind)
    others = same.exclude(pk=pk).order_by("-year", "-version_number")
    chosen = request.GET.get("with", "")
    other = others.filter(pk=chosen).first() if chosen.isdecimal() and len(chosen) < 19 else None
    older = earlier(found)
    other = other or others.filter(pk=older.pk if older else 0).first() or others.first()
    context = {
        "scheme": found,
        "other": other,
        "others": others,
        "rows": differences(other, found, INDICATORS) if other else [],
    }
    return render(request, "ratings/scheme_compare.html", context)


routes = [
    path("ratings/schemes/<int:pk>/", rating_scheme, name="rating_scheme"),
    path("ratings/schemes/<int:pk>/compare/", rating_scheme_compare, name="rating_scheme_compare"),
    path("ratings/schemes/<int:pk>/items/new/", rating_item_new, name="rating_item_new"),
    path("ratings/schemes/items/<int:pk>/edit/", rating_item_edit, name="rating_item_edit"),
    path("ratings/schemes/items/<int:pk>/drop/", rating_item_drop, name="rating_item_drop"),
    path("ratings/schemes/<int:pk>/<slug:act>/", rating_scheme_act, name="rating_scheme_act"),
]

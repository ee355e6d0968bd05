"""Published figures: publishing one, the list of them, and what each froze."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.accounts.roles import Perm
from portal.core.indicators.figures import Figure, State
from portal.core.indicators.models import Publication
from portal.core.indicators.parts import parts_of
from portal.core.indicators.publishing import mark_of, publish, standing
from portal.core.indicators.values import figure_afresh
from portal.core.lib.clock import today
from portal.core.lib.codes import COUNTRY
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.later import counting
from portal.core.web.paginator import Paginator
from portal.pages import indicator_words as words
from portal.pages.answers import page_or_part
from portal.pages.indicator_figures import indicator_or_404, place_of_figures, published_for
from portal.pages.indicator_links import figure_page
from portal.pages.indicator_page import told
from portal.pages.places import chosen_place
from portal.pages.publication_exports import PUBLICATIONS, PublicationFilter, listed
from portal.pages.publication_words import Told
from portal.registry import INDICATORS

PAGE_ROWS = 50
COLUMNS = (
    {"key": "label", "label": gettext_lazy("指标")},
    {"key": "place", "label": gettext_lazy("区划")},
    {"key": "on", "label": gettext_lazy("统计日")},
    {"key": "value", "label": gettext_lazy("发布的数"), "num": True},
    {"key": "title", "label": gettext_lazy("用途或场合")},
    {"key": "by", "label": gettext_lazy("发布人和时间")},
    {"key": "state", "label": gettext_lazy("状态")},
)


class PublishForm(forms.Form):
    """For what the figure is published; a correction says why. `seen` is the mark of what the publisher was shown."""

    title = forms.CharField(
        label=gettext_lazy("用途或场合"),
        max_length=100,
        help_text=gettext_lazy("例如“2026 年第三季度通报”。会和数字一起留存。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    document = forms.CharField(
        label=gettext_lazy("文号"), max_length=60, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    reason = forms.CharField(
        label=gettext_lazy("更正理由"), max_length=200, help_text=gettext_lazy("原来的数保留，并注明由这次更正。")
    )
    corrects = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=16, widget=forms.HiddenInput)

    def __init__(self, data, figure: Figure, valid: Publication | None) -> None:
        initial = {"seen": mark_of(figure), "corrects": valid.pk if valid else None}
        super().__init__(data, initial=initial)
        if valid is None and not (data and data.get("corrects")):
            del self.fields["reason"]

    def shows_again(self, figure: Figure, valid: Publication | None) -> None:
        """After a refusal the page shows the figure as it is now, so that is what has been seen."""
        if self.is_bound:
            self.data = self.data.copy()
            self.data["seen"] = mark_of(figure)
            self.data["corrects"] = valid.pk if valid else ""


@require_http_methods(["GET", "POST"])
@requires(Perm.SIGN_REPORTS)
def indicator_publish(request: HttpRequest, key: str) -> HttpResponse:
    """Shows what would be frozen, then publishes it; where it was published before, as a correction."""
    place, on = place_of_figures(request), keep.day_of(request)
    if place.code == COUNTRY or not request.user.can(Perm.SIGN_REPORTS, place.code):
        raise Http404
    one = indicator_or_404(request, key, place)
    if request.method == "GET" and (page := counting(request, one.book, place.code, on, afresh=True)) is not None:
        return page
    figure = figure_afresh(one, place.code, on)
    context = {"indicator": one, "place": place, "on": on, "back": figure_page(request, key, place.code)}
    if figure is None or figure.state != State.VALUE or on > today():
        return render(request, "indicators/publish_refused.html", context)
    valid = standing(one.key, place.code, on)
    form = PublishForm(request.POST or None, figure, valid)
    if request.method == "POST" and form.is_valid() and (made := _published(request, form, figure, place)):
        messages.success(request, _("已发布。这个数和它的依据不再改变。"))
        return redirect(keep.page_url(request, "publication", made.pk, on=None))
    form.shows_again(figure, valid)
    context |= {"form": form, "valid": Told(valid) if valid else None, "numbers": _numbers(figure)}
    return render(
        request, "indicators/publish.html", context | told(request, figure, None), status=422 if form.errors else 200
    )


def _published(request: HttpRequest, form: PublishForm, figure: Figure, place: Division) -> Publication | None:
    """Publishes what was shown; a refusal is put into the form."""
    given = form.cleaned_data
    corrects = Publication.objects.for_user(request.user, Perm.SIGN_REPORTS).filter(pk=given["corrects"]).first()
    try:
        return publish(
            indicator=figure.indicator,
            division=place,
            on=figure.on,
            title=given["title"],
            document=given["document"],
            corrects=corrects,
            reason=given.get("reason", ""),
            seen=given["seen"],
            by=request.user,
        )
    except ValidationError as error:
        form.add_error(None, error)
        return None


def _numbers(figure: Figure) -> list[dict]:
    """What is frozen beside the value, as a definition list."""
    rows = [{"label": _("算法"), "value": figure.indicator.formula}]
    counted = [part for part in parts_of(figure.indicator).values() if part.counter]
    rows += [{"label": part.label, "value": _("连同当天名单的编号一起留存")} for part in counted]
    if figure.rule:
        rows.append({"label": _("规则"), "value": figure.rule.source})
    if figure.population:
        rows.append({"label": _("人口"), "value": words.basis_words(figure)})
    return rows


@require_safe
@requires(Perm.VIEW_STAFFING)
def publications(request: HttpRequest) -> HttpResponse:
    """What was published for places in the reader's territory, the latest first."""
    place = chosen_place(request, Perm.VIEW_STAFFING)
    form = PublicationFilter(request.GET)
    page = _page(request, listed(request.user, place.code if place else "", form))
    context = {
        "form": form,
        "place": place,
        "page": page,
        "lines": [{"row": row, "told": Told(row)} for row in page],
        "columns": COLUMNS,
        "narrowed": form.narrowed,
    }
    if not request.htmx:
        context["exports"] = export_menu(request, PUBLICATIONS)
    return page_or_part(request, "indicators/publications.html", "indicators/_publications.html", context)


def _page(request: HttpRequest, rows: QuerySet) -> Page:
    return Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))


@require_safe
@requires(Perm.VIEW_STAFFING)
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """One published figure as it was frozen."""
    row = publication_or_404(request, pk)
    correction = Publication.objects.brief().filter(corrects=row.pk).first()
    corrected = Publication.objects.brief().filter(pk=row.corrects_id).first() if row.corrects_id else None
    context = {
        "row": row,
        "told": Told(row),
        "correction": correction,
        "corrected": Told(corrected) if corrected else None,
        "intact": row.sealed() == row.digest,
        "known": row.indicator in INDICATORS,
        "definition": _definition(row),
        "actions": _acts(request, row, correction),
    }
    return render(request, "indicators/publication.html", context)


def publication_or_404(request: HttpRequest, pk: int) -> Publication:
    """A publication in the reader's territory; one of a figure that the reader may not see does not exist."""
    return get_object_or_404(published_for(request.user), pk=pk)


def _definition(row: Publication) -> list[dict]:
    told = Told(row)
    rows = [{"label": _("算法"), "value": row.words["formula"]}]
    rows += [{"label": one["label"], "value": one["text"]} for one in told.numbers]
    rows.append({"label": _("目标"), "value": told.target or _("没有目标")})
    rows.append({"label": _("规则"), "value": told.rule_source or _("没有规则")})
    if row.population:
        rows.append({"label": _("人口"), "value": told.basis, "hint": row.population["source"]})
    if row.method["citation"]:
        rows.append({"label": _("出处"), "value": row.method["citation"]})
    return rows


def _acts(request: HttpRequest, row: Publication, correction: Publication | None) -> list[dict]:
    url = keep.page_url(request, "publication_compare", row.pk, on=None)
    acts = [{"label": _("与今日数据对比"), "icon": "arrow-repeat", "url": url, "primary": True}]
    if row.indicator not in INDICATORS:
        return acts
    if correction is None and request.user.can(Perm.SIGN_REPORTS, row.division_id):
        url = keep.page_url(request, "indicator_publish", row.indicator, place=row.division_id, on=row.on.isoformat())
        acts.append({"label": _("更正"), "icon": "pencil-square", "url": url})
    url = figure_page(request, row.indicator, row.division_id, on=row.on)
    return [*acts, {"label": _("查看指标"), "icon": "activity", "url": url}]


routes = [
    path("indicators/<slug:key>/publish/", indicator_publish, name="indicator_publish"),
    path("publications/", publications, name="publications"),
    path("publications/<int:pk>/", publication, name="publication"),
]

"""Populations of a division: the records with their sources, and the form that enters or corrects one."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.territory.models import Basis, Division, Population
from portal.core.web import formats
from portal.core.web.export_menu import export_menu
from portal.core.web.keep import page_url
from portal.pages.office_exports import POPULATIONS
from portal.pages.places import at_division
from workforce.actions.populations import record_population
from workforce.queries.staffing import Staffing, staffing_of

FIRST_YEAR = 1949
MOST = 2_000_000_000


class WholeNumber(forms.IntegerField):
    """A number of people as people type it: 12,345 and full-width digits are fine."""

    def to_python(self, value):
        return super().to_python(str(value).replace(",", "").replace("，", "").strip() if value else value)


class PopulationForm(forms.Form):
    """One population. `replaces` is the number already on record that the writer has seen and means to correct."""

    basis = forms.ChoiceField(label=gettext_lazy("口径"), choices=Basis.choices)
    on = forms.DateField(
        label=gettext_lazy("时点"),
        help_text=gettext_lazy("数据所说的那一天，例如 2026-06-30。不能晚于今天。"),
        widget=forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d"),
    )
    value = WholeNumber(
        label=gettext_lazy("人口（人）"),
        min_value=1,
        max_value=MOST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off"}),
    )
    households = WholeNumber(
        label=gettext_lazy("户数（户）"),
        min_value=0,
        max_value=MOST,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off"}),
    )
    source = forms.CharField(
        label=gettext_lazy("来源"),
        max_length=200,
        help_text=gettext_lazy("文件、公报或台账的名称，例如“某某街道 2026 年上半年人口台账”。会显示在数字下面。"),
    )
    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > today():
            raise ValidationError(_("时点不能晚于今天。"))
        if on.year < FIRST_YEAR:
            raise ValidationError(_("请核对年份：早于 %(year)s 年。") % {"year": FIRST_YEAR})
        return on


@at_division(Perm.CHANGE_POPULATION)
def division_population(request: HttpRequest, division: Division) -> HttpResponse:
    """The records of a division, and the form."""
    form = PopulationForm(request.POST or None, initial={"basis": Basis.LEDGER})
    if request.method == "POST" and form.is_valid() and not _asks_first(form, division):
        return _saved(request, form, division)
    records = records_of(request.user, division, staffing_of(division.code, today()))
    context = {"division": division, "form": form, "records": records}
    context["exports"] = export_menu(request, POPULATIONS, place=division.code)
    return render(request, "portal/population.html", context, status=422 if form.is_bound else 200)


def _asks_first(form: PopulationForm, division: Division) -> bool:
    """Whether another number stands on record for this basis and day that the writer has not been shown yet."""
    data = form.cleaned_data
    known = division.populations.filter(basis=data["basis"], on=data["on"]).first()
    if known is None or known.value in (data["value"], data["replaces"]):
        return False
    numbers = {"known": formats.number(known.value), "new": formats.number(data["value"]), "source": known.source}
    form.data = form.data.copy()
    form.data["replaces"] = known.value
    sentence = _(
        "这个口径和时点已登记 %(known)s 人（%(source)s）。要更正为 %(new)s 人，请再次保存；不更正请修改时点或口径。"
    )
    form.add_error(None, sentence % numbers)
    return True


def _saved(request: HttpRequest, form: PopulationForm, division: Division) -> HttpResponse:
    data = {name: value for name, value in form.cleaned_data.items() if name != "replaces"}
    record = record_population(division=division, by=request.user, **data)
    messages.success(request, _outcome(record, staffing_of(division.code, today())))
    return redirect(page_url(request, "division", division.code))


def _outcome(record: Population, figure: Staffing | None) -> str:
    """What was saved, and whether today's figure stands on it."""
    words = {"basis": record.get_basis_display(), "day": formats.day(record.on), "value": formats.number(record.value)}
    if figure is None or figure.population is None or _stands_on(figure, record):
        return _("已登记 %(day)s 的%(basis)s %(value)s 人，应配人数已按它计算。") % words
    words |= {"used": figure.basis_label, "used_on": formats.day(figure.population_on)}
    return (
        _(
            "已登记 %(day)s 的%(basis)s %(value)s 人。今天的应配人数仍按 %(used_on)s 的%(used)s计算（口径优先顺序见“政策”）。"
        )
        % words
    )


def records_of(user, division: Division, figure: Staffing | None) -> list[dict]:
    """Populations on record, latest first; `used` marks the one that the figure stands on."""
    records = Population.objects.for_user(user, Perm.VIEW_STAFFING).filter(division=division)
    return [
        {"record": record, "used": figure is not None and _stands_on(figure, record)}
        for record in records.order_by("-on", "basis")
    ]


def _stands_on(figure: Staffing, record: Population) -> bool:
    return bool(figure.population_own) and (figure.basis, figure.population_on) == (record.basis, record.on)


routes = [path("divisions/<str:code>/population/", division_population, name="division_population")]

"""The register of issued letters: its filters, its rows, the same as a sheet."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.models import User
from portal.core.letters.batches import PERM, letters_of
from portal.core.letters.models import Letter
from portal.core.lib.clock import today
from portal.core.lib.text import clean
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found, filter_words
from portal.core.web import formats

YEARS_BACK = 6
COLUMNS = [
    {"key": "number", "label": gettext_lazy("发文字号")},
    {"key": "title", "label": gettext_lazy("标题")},
    {"key": "division", "label": gettext_lazy("地区")},
    {"key": "issued_on", "label": gettext_lazy("成文日期")},
    {"key": "issued_by", "label": gettext_lazy("签发人")},
    {"key": "state", "label": gettext_lazy("更正")},
]


class ListForm(forms.Form):
    """What the register is narrowed by. A value that is none of these counts as not given."""

    q = forms.CharField(
        label=gettext_lazy("发文字号或标题"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    year = forms.TypedChoiceField(label=gettext_lazy("年度"), coerce=int, empty_value=None, required=False)

    def __init__(self, given: Mapping[str, str]):
        super().__init__(given)
        years = range(today().year, today().year - YEARS_BACK, -1)
        self.fields["year"].choices = [("", _("全部")), *((year, str(year)) for year in years)]

    def given(self, name: str):
        """The value of a field, or nothing where it is none."""
        self.is_valid()
        return self.cleaned_data.get(name)


def listing_of(user: User, params: Mapping[str, str], place: str) -> tuple[ListForm, QuerySet[Letter]]:
    """The filters of the address and the letters under them, the latest first."""
    form = ListForm(params)
    found = letters_of(user).under(place) if place else letters_of(user)
    if words := clean(form.given("q") or ""):
        found = found.filter(Q(number__icontains=words) | Q(title__icontains=words))
    if year := form.given("year"):
        found = found.filter(year=year)
    return form, found.order_by("-issued_at", "-pk")


def shown(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    """With what a row says, and without the texts."""
    return letters.select_related("division", "issued_by", "corrects", "correction").defer(
        "paper", "figures", "corrects__paper", "corrects__figures", "correction__paper", "correction__figures"
    )


def corrected_by(letter: Letter) -> Letter | None:
    """The letter that corrects this one, if there is one."""
    return getattr(letter, "correction", None)


def find(asked: Asked) -> Found:
    """The letters that the list shows, all pages of it."""
    form, found = listing_of(asked.user, asked.params, asked.under)
    return Found(found.count(), _rows(shown(found)), filters=filter_words(form))


def _rows(letters: QuerySet[Letter]) -> Iterator[list[Any]]:
    for letter in letters.iterator(1000):
        correction = corrected_by(letter)
        yield [
            letter.number,
            letter.title,
            letter.division_id,
            letter.division.label,
            letter.issued_on,
            str(letter.issued_by),
            formats.moment(letter.issued_at),
            str(letter.corrects or ""),
            str(correction or ""),
            letter.sha256,
        ]


LETTERS = Export(
    key="letters",
    label=gettext_lazy("发文登记"),
    perm=PERM,
    page="letters",
    columns=(
        Column("number", gettext_lazy("发文字号"), width=22),
        Column("title", gettext_lazy("标题"), width=48),
        Column("code", gettext_lazy("区划代码"), width=14),
        Column("division", gettext_lazy("地区"), width=18),
        Column("issued_on", gettext_lazy("成文日期"), kind=Kind.DATE),
        Column("issued_by", gettext_lazy("签发人")),
        Column("issued_at", gettext_lazy("签发时间"), width=18),
        Column("corrects", gettext_lazy("更正的是"), width=22),
        Column("correction", gettext_lazy("更正件"), width=22),
        Column("sha256", gettext_lazy("校验值"), width=30),
    ),
    find=find,
)

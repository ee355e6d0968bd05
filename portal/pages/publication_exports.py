"""Published figures as a list: its filters, and the list as a file."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.indicators.models import Publication
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found, filter_words
from portal.core.web import formats
from portal.pages.indicator_figures import published_for
from portal.pages.publication_words import Told
from portal.registry import INDICATORS


class PublicationFilter(forms.Form):
    """What narrows the list; anything odd in it is left out and the rest still holds."""

    q = forms.CharField(label=gettext_lazy("用途、文号或区划"), required=False, max_length=60)
    indicator = forms.ChoiceField(label=gettext_lazy("指标"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("状态"),
        required=False,
        choices=[
            ("", gettext_lazy("全部")),
            ("valid", gettext_lazy("现行")),
            ("corrected", gettext_lazy("已更正")),
        ],
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        labels = [(key, one.label) for key, one in INDICATORS.items()]
        self.fields["indicator"].choices = [("", gettext_lazy("全部")), *labels]

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}

    @property
    def narrowed(self) -> bool:
        return any(self.asked().values())


def listed(user, under: str, form: PublicationFilter) -> QuerySet[Publication]:
    """Publications about places in the user's territory as the list shows them, the latest first."""
    asked = form.asked()
    later = Publication.objects.filter(corrects=OuterRef("pk"))
    found = published_for(user).under(under).brief()
    found = found.annotate(corrected=Exists(later)).order_by("-published_at", "-id")
    if text := asked["q"].strip().replace("\x00", ""):
        found = found.filter(Q(title__contains=text) | Q(document__contains=text) | Q(place__contains=text))
    if asked["indicator"]:
        found = found.filter(indicator=asked["indicator"])
    return found.filter(corrected=asked["state"] == "corrected") if asked["state"] else found


def find(asked: Asked) -> Found:
    form = PublicationFilter(asked.params)
    rows = listed(asked.user, asked.under, form)
    return Found(rows.count(), _rows(rows), filters=filter_words(form))


def _rows(rows: QuerySet[Publication]) -> Iterator[list[Any]]:
    for row in rows.iterator(chunk_size=500):
        told, people = Told(row), row.population or {}
        about = [row.pk, told.label, row.division_id, row.place, row.on, Decimal(row.value), str(told.unit.label)]
        judged = [row.numerator, row.denominator, told.target, str(told.met["word"]), told.rule_source]
        basis = [told.basis, told.population_on, people.get("source", "")]
        how = [row.title, row.document, row.published_by, formats.moment(row.published_at), row.corrects_id, row.reason]
        yield [*about, *judged, *basis, *how, _("已更正") if row.corrected else _("现行"), row.digest]


PUBLICATIONS = Export(
    key="publications",
    label=gettext_lazy("已发布的数"),
    perm=Perm.VIEW_STAFFING,
    page="publications",
    columns=(
        Column("id", gettext_lazy("编号"), kind=Kind.NUMBER, width=8),
        Column("label", gettext_lazy("指标"), width=24),
        Column("code", gettext_lazy("区划代码"), width=14),
        Column("place", gettext_lazy("区划"), width=20),
        Column("on", gettext_lazy("统计日"), kind=Kind.DATE),
        Column("value", gettext_lazy("发布的数"), kind=Kind.NUMBER),
        Column("unit", pgettext_lazy("unit", "单位"), width=10),
        Column("numerator", gettext_lazy("分子"), kind=Kind.NUMBER),
        Column("denominator", gettext_lazy("分母"), kind=Kind.NUMBER),
        Column("target", gettext_lazy("目标"), width=22),
        Column("met", gettext_lazy("是否达标")),
        Column("rule", gettext_lazy("依据"), width=30),
        Column("basis", gettext_lazy("人口口径"), width=24),
        Column("population_on", gettext_lazy("人口时点"), kind=Kind.DATE),
        Column("source", gettext_lazy("人口来源"), width=24),
        Column("title", gettext_lazy("用途或场合"), width=30),
        Column("document", gettext_lazy("文号"), width=20),
        Column("by", gettext_lazy("发布人")),
        Column("at", gettext_lazy("发布时间"), width=18),
        Column("corrects", gettext_lazy("更正的编号"), kind=Kind.NUMBER, width=10),
        Column("reason", gettext_lazy("更正理由"), width=30),
        Column("state", gettext_lazy("状态")),
        Column("digest", gettext_lazy("校验值"), width=66),
    ),
    find=find,
)

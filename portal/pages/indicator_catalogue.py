"""The catalogue of figures of a place on a day, by topic."""

from functools import cached_property

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.indicators.declare import Indicator, Topic
from portal.core.indicators.figures import Figure, Line, Met
from portal.core.indicators.parts import number_of, parts_of
from portal.core.territory.models import Division
from portal.core.web import formats, keep
from portal.pages import indicator_words as words
from portal.pages.indicator_figures import line_at, shown_to, year_before
from portal.pages.indicator_links import figure_page, figure_url, value_at

COLUMNS = (
    {"key": "label", "label": gettext_lazy("指标")},
    {"key": "value", "label": gettext_lazy("数值"), "num": True},
    {"key": "made", "label": gettext_lazy("由什么算出")},
    {"key": "target", "label": gettext_lazy("目标")},
    {"key": "met", "label": gettext_lazy("是否达标")},
    {"key": "before", "label": gettext_lazy("上年同期"), "num": True},
    {"key": "change", "label": gettext_lazy("同比"), "num": True},
    {"key": "basis", "label": gettext_lazy("口径、时点与来源")},
)


class CatalogueForm(forms.Form):
    """What the address asks of the catalogue; anything odd in it is left out and the rest still holds."""

    q = forms.CharField(required=False, max_length=60)
    topic = forms.ChoiceField(required=False, choices=Topic.choices)
    met = forms.ChoiceField(required=False, choices=Met.choices)

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class Catalogue:
    """The figures of one place and day under the filters of the address."""

    columns = COLUMNS

    def __init__(self, request: HttpRequest, place: Division) -> None:
        self.request, self.place, self.on = request, place, keep.day_of(request)
        self.asked = CatalogueForm(request.GET).asked()

    @cached_property
    def found(self) -> tuple[Indicator, ...]:
        """What the search finds, before the filters by topic and standing."""
        text = self.asked["q"].strip().lower()
        mine = shown_to(self.request.user, self.place.code)
        return tuple(one for one in mine if text in f"{one.key} {one.label} {one.formula}".lower())

    @cached_property
    def line(self) -> Line | None:
        return line_at(self.found, self.place, self.on) if self.found else None

    @cached_property
    def shown(self) -> list[Figure]:
        figures = self.line.figures.values() if self.line else ()
        return [figure for figure in figures if self._wanted(figure)]

    def _wanted(self, figure: Figure, *, without: str = "") -> bool:
        topic, met = ("" if name == without else self.asked[name] for name in ("topic", "met"))
        return topic in ("", figure.indicator.topic) and met in ("", figure.met)

    @cached_property
    def before(self) -> Line | None:
        return year_before([figure.indicator for figure in self.shown], self.place, self.on) if self.shown else None

    @cached_property
    def groups(self) -> list[dict]:
        """Topics with their rows, in the order of the catalogue."""
        rows: dict[str, list[dict]] = {}
        for figure in self.shown:
            rows.setdefault(figure.indicator.topic, []).append(row_of(self.request, figure, self.before))
        return [{"key": key, "label": label, "rows": rows[key]} for key, label in Topic.choices if key in rows]

    @property
    def topic_chips(self) -> list[dict]:
        return self._chips("topic", Topic.choices, lambda figure: figure.indicator.topic)

    @property
    def met_chips(self) -> list[dict]:
        return self._chips("met", Met.choices, lambda figure: figure.met)

    def _chips(self, name: str, choices, key_of) -> list[dict]:
        """Chips that count what each choice of one filter would show under the other."""
        figures = [f for f in (self.line.figures.values() if self.line else ()) if self._wanted(f, without=name)]
        counts: dict[str, int] = {}
        for figure in figures:
            counts[key_of(figure)] = counts.get(key_of(figure), 0) + 1
        chips = [{"label": _("全部"), "count": len(figures), "url": self.url(**{name: None}), "key": ""}]
        chips += [
            {"label": label, "count": counts.get(key, 0), "url": self.url(**{name: key}), "key": key}
            for key, label in choices
            if counts.get(key) or key == self.asked[name]
        ]
        return [{**chip, "current": chip["key"] == self.asked[name]} for chip in chips]

    def url(self, **changes: str | None) -> str:
        query = self.request.GET.copy()
        for name, value in changes.items():
            query.pop(name, None)
            if value:
                query[name] = value
        return f"{self.request.path}?{query.urlencode()}"

    @property
    def clear_url(self) -> str:
        return self.url(q=None, topic=None, met=None)

    @property
    def held(self) -> list[tuple[str, str]]:
        """What the search box repeats so that the rest stays as it is."""
        kept = keep.kept(self.request)
        return [*kept.items(), *((name, value) for name, value in self.asked.items() if value and name != "q")]


def row_of(request: HttpRequest, figure: Figure, before: Line | None) -> dict:
    """One line of the catalogue, everything in words and with its links."""
    key, code = figure.indicator.key, figure.code
    earlier = before.figures.get(key) if before else None
    return {
        "figure": figure,
        "url": figure_page(request, key, code),
        "value": figure.text,
        "value_url": value_at(request, figure),
        "made": made_of(request, figure),
        "target": words.target_words(figure),
        "target_blank": _("未生效") if figure.met == Met.NOT_IN_FORCE else _("没有目标"),
        "badge": words.BADGES.get(figure.met, ""),
        "met": figure.met.label,
        "before": earlier.text if earlier else _("没有留存"),
        "before_on": earlier.on if earlier else None,
        "before_url": value_at(request, earlier) if earlier else "",
        "change": words.change_words(figure, earlier),
        "basis": words.basis_words(figure),
        "origin": words.origin_words(figure),
    }


def made_of(request: HttpRequest, figure: Figure) -> list[dict]:
    """The numbers behind a figure with their rows; those that only a count of its own can tell go by their name."""
    key, code = figure.indicator.key, figure.code
    if not (figure.indicator.divided or figure.indicator.sql):
        return []
    found = []
    for part in parts_of(figure.indicator).values():
        count = number_of(figure, part)
        found.append(
            {
                "label": words.part_label(figure, part),
                "number": "" if count is None else formats.number(count),
                "url": figure_url(request, key, part.key, code),
            }
        )
    return found

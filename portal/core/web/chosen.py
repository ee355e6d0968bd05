"""What the reader chose in the filter of a list: each condition in words, with the address that drops it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from portal.core.web import keep


@dataclass(frozen=True)
class Chosen:
    name: str
    label: str
    remove_url: str


@dataclass(frozen=True)
class Parts:
    """A filter as it is laid out: the search always in sight, the other fields behind a button on a phone."""

    request: HttpRequest
    form: forms.Form
    path: str

    @cached_property
    def search(self) -> BoundField | None:
        return next((field for field in self.form.visible_fields() if field.widget_type == "text"), None)

    @cached_property
    def others(self) -> list[BoundField]:
        return [field for field in self.form.visible_fields() if field is not self.search]

    @property
    def folds(self) -> bool:
        """A single field takes no more room than the button would."""
        return bool(self.others) and len(self.form.visible_fields()) > 1

    @cached_property
    def chosen(self) -> list[Chosen]:
        return [Chosen(field.html_name, words, self._without(field.html_name)) for field, words in self._conditions()]

    @property
    def clear_url(self) -> str:
        query = QueryDict(mutable=True)
        query.update(keep.kept(self.request))
        return f"{self.path}?{query.urlencode()}" if query else self.path

    def _conditions(self) -> Iterator[tuple[BoundField, str]]:
        for field in self.others:
            values = [value for value in self.request.GET.getlist(field.html_name) if value]
            options = _options(field) if values else {}
            if values and values != [_neutral(options)]:
                yield field, _words(field, [options.get(value, value) for value in values])

    def _without(self, name: str) -> str:
        query = self.request.GET.copy()
        for dropped in (name, "page"):
            query.pop(dropped, None)
        return f"{self.path}?{query.urlencode()}" if query else self.path


def _options(field: BoundField) -> dict[str, Any]:
    """Value and label of every option of a field; empty where anything may be typed."""
    found = {}
    for value, label in getattr(field.field, "choices", ()):
        inner = label if isinstance(label, list | tuple) else [(value, label)]
        found.update({str(key): text for key, text in inner})
    return found


def _neutral(options: dict[str, Any]) -> str:
    """The option that narrows nothing: the empty one, else the first, which such a list begins with."""
    return "" if "" in options else next(iter(options), "")


def _words(field: BoundField, labels: list) -> str:
    if field.widget_type == "checkbox":
        return str(field.label)
    values = _("、").join(str(label) for label in labels)
    return _("%(name)s：%(value)s") % {"name": field.label, "value": values}

"""A published figure in words, from what was frozen with it and not from what the portal says today."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.core.indicators.counting import RowKind
from portal.core.indicators.declare import Unit
from portal.core.indicators.figures import Met, Origin
from portal.core.indicators.models import Publication
from portal.core.indicators.parts import DENOMINATOR, NUMERATOR, UNITS
from portal.core.territory.models import Basis
from portal.core.web import formats
from portal.pages import indicator_words as words
from portal.pages.sentences import filled, joined


class Told:
    """The words of one publication."""

    def __init__(self, publication: Publication) -> None:
        self.publication = publication

    @cached_property
    def unit(self) -> Unit:
        return Unit(self.publication.method["unit"])

    @property
    def label(self) -> str:
        return self.publication.words["label"]

    @property
    def value(self) -> str:
        return words.amount(Decimal(self.publication.value), self.unit)

    @property
    def numbers(self) -> list[dict]:
        """Numerator and denominator with their labels, as they were published."""
        found = []
        for key, count in ((NUMERATOR, self.publication.numerator), (DENOMINATOR, self.publication.denominator)):
            if count is not None and key in self.publication.words["parts"] and self.publication.method["divided"]:
                found.append({"key": key, "label": self._label(key), "text": words.amount(count, self._unit(key))})
        return found

    def _label(self, key: str) -> str | Promise:
        people = self.publication.population
        counted = self.publication.method["counters"].get(key)
        return self.publication.words["parts"][key] if counted or not people else Basis(people["basis"]).label

    def _unit(self, key: str) -> Unit | None:
        kind = self.publication.method["kinds"].get(key)
        return UNITS.get(RowKind(kind), Unit.PLACES) if kind else Unit.PERSONS

    @property
    def target(self) -> str:
        """What the rule of the day asked for; empty where none was in force."""
        rule = self.publication.rule
        if not rule or not rule["target"]:
            return ""
        asked = words.amount(words.plain(Fraction(rule["target"])), self.unit)
        told = _("不少于 %(target)s") if self.publication.method["at_least"] else _("不多于 %(target)s")
        if not rule["due"]:
            return told % {"target": asked}
        due = formats.day(date.fromisoformat(rule["due"]))
        return _("%(due)s前%(target)s") % {"due": due, "target": told % {"target": asked}}

    @property
    def sentence(self) -> SafeString:
        place = {"place": self.publication.place, "label": self.label}
        made = [f"{one['label']} {one['text']}" for one in self.numbers]
        if made:
            says = filled(
                _("%(place)s%(label)s %(value)s（%(made)s）。"),
                {"value": self.value},
                {**place, "made": _("，").join(made)},
            )
        else:
            says = filled(_("%(place)s%(label)s %(value)s。"), {"value": self.value}, place)
        return joined([says, *self._judged()])

    def _judged(self) -> list[SafeString]:
        if self.publication.met == Met.MET:
            return [filled(_("目标%(target)s，已达标。"), {}, {"target": self.target})]
        if self.publication.met == Met.MISSED:
            return [filled(_("目标%(target)s，未达标。"), {}, {"target": self.target})]
        return []

    @property
    def basis(self) -> str:
        people = self.publication.population
        if not people:
            return ""
        given = {"basis": Basis(people["basis"]).label, "population": formats.number(people["value"])}
        return _("%(basis)s %(population)s 人") % given

    @property
    def population_on(self) -> date | None:
        people = self.publication.population
        return date.fromisoformat(people["on"]) if people else None

    @property
    def rule_source(self) -> str:
        rule = self.publication.rule
        return f"{rule['document']} {rule['article']}".strip() if rule else ""

    @property
    def origin(self) -> str:
        return str(Origin(self.publication.origin).label)

    @property
    def met(self) -> dict:
        return {"badge": words.BADGES.get(self.publication.met, ""), "word": Met(self.publication.met).label}

"""What a rule would change at a place: figures as they are and as they would be, worked out without writing anything."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import Level
from portal.core.lib.scope import subtree
from portal.core.policy.kinds import (
    ALLOTMENT,
    BRACKETS,
    CERTIFICATES,
    COMBINATION,
    ELIGIBILITY,
    EXCLUDED_STATUSES,
    POPULATION_BASIS,
    SHARE_TARGET,
    STAFFING,
    STAFFING_CAP,
    Kind,
)
from portal.core.policy.models import PolicyRule
from portal.core.policy.supposing import Supposed
from portal.core.territory.models import Division
from portal.core.territory.queries import shown_children
from portal.core.web import formats
from portal.pages import effect_words as words
from portal.registry import INSPECTIONS
from workforce.queries import supposing
from workforce.queries.supposing import Question

# What these kinds change is told by the staffing figures themselves; the checks of those figures would only repeat it.
TOLD_BY_STAFFING = (STAFFING, POPULATION_BASIS, ELIGIBILITY, EXCLUDED_STATUSES, CERTIFICATES)
ALLOTTING = (ALLOTMENT, BRACKETS, STAFFING_CAP, COMBINATION)


@dataclass(frozen=True)
class Measure:
    """One figure of the divisions by code, before and after; one column where a rule does not touch it, else two."""

    label: str
    before: dict[str, int | None]
    after: dict[str, int | None]
    gap: bool = False

    @property
    def changes(self) -> bool:
        return self.before != self.after

    def cells(self, code: str) -> Iterator[dict]:
        before, after = self.before.get(code), self.after.get(code)
        show = words.gap if self.gap else formats.number
        yield {"label": words.now(self.label) if self.changes else self.label, "text": show(before)}
        if self.changes:
            yield {"label": words.then(self.label), "text": show(after), "changed": before != after}


@dataclass(frozen=True)
class EffectTable:
    """The divisions under the place, a line each, closed by the place itself."""

    caption: str
    measures: list[Measure]
    places: list[dict]
    own: dict
    posts: dict[str, int] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        labels = [cell["label"] for measure in self.measures for cell in measure.cells("")]
        return [*labels, _("岗位增减")] if self.posts else labels

    @property
    def rows(self) -> list[dict]:
        return [self._row(place) for place in self.places]

    @property
    def foot(self) -> dict:
        return self._row(self.own)

    def _row(self, place: dict) -> dict:
        cells = [cell for measure in self.measures for cell in measure.cells(place["code"])]
        if self.posts:
            change = self.posts.get(place["code"])
            cells.append({"label": _("岗位增减"), "text": formats.signed(change), "changed": bool(change)})
        return {**place, "cells": cells}


@dataclass
class Effect:
    """Lines (label, before, after) about the place, tables of what is under it, and the sentence that can be sent on."""

    day: date
    lines: list[dict] = field(default_factory=list)
    tables: list[EffectTable] = field(default_factory=list)
    clauses: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sentence: str = ""

    @property
    def told(self) -> bool:
        """Whether there is any figure that depends on the rule."""
        return bool(self.lines)

    @property
    def changes(self) -> bool:
        return any(line["before"] != line["after"] for line in self.lines)


def effect_of(kind: Kind, value: dict, place: Division | None, on: date, request: HttpRequest) -> Effect:
    """The effect of `value` as the rule of `place` (None = the country) on a day."""
    children = _children(place, on)
    own = {"code": place.code if place else "", "name": place.label if place else _("全国")}
    supposed = Supposed(kind, own["code"], value)
    question = Question(supposed, own["code"], tuple(child.code for child in children), on)
    shown = [{"code": child.code, "name": child.label, "link": True} for child in children]
    effect = Effect(on)
    if supposing.changes_staffing(kind):
        _add_staffing(effect, question, shown, own)
    if kind == SHARE_TARGET:
        _add_share(effect, question, shown, own)
    elif kind in ALLOTTING:
        _add_allotment(effect, question, shown, own)
    elif kind not in TOLD_BY_STAFFING and request.user.can(Perm.VIEW_FINDINGS, own["code"]):
        _add_problems(effect, question, shown, own)
    if effect.told:
        effect.notes += _notes(kind, question)
        effect.sentence = words.sentence(effect.clauses, kind.in_words(value), own["name"], on)
    return effect


def _children(place: Division | None, on: date) -> list[Division]:
    """The divisions a line each is shown for; villages have no community workers and are left out."""
    if place is None:
        return list(Division.objects.filter(level=Level.PROVINCE).in_force(on).order_by("code"))
    if place.level == Level.COMMUNITY:
        return []
    return list(shown_children(place, on).filter(urban=True).order_by("code"))


def _add_staffing(effect: Effect, question: Question, shown: list[dict], own: dict) -> None:
    change = supposing.staffing_change(question)
    names = (
        ("population", _("人口")),
        ("required", _("应配")),
        ("workers", _("在岗")),
        ("gap", _("缺口")),
        ("certified", _("持证")),
    )
    measures = [
        Measure(
            label,
            *({code: getattr(row, name) for code, row in rows.items()} for rows in (change.before, change.after)),
            gap=name == "gap",
        )
        for name, label in names
    ]
    kept = [measure for measure in measures if measure.changes or measure.label not in (_("人口"), _("持证"))]
    gaps = measures[3]
    posts = {
        code: gaps.after[code] - gap
        for code, gap in gaps.before.items()
        if gap is not None and gaps.after.get(code) is not None
    }
    if shown:
        effect.tables.append(
            EffectTable(words.caption(_("人员配备"), own["name"], effect.day), kept, shown, own, posts)
        )
    before, after = change.before.get(own["code"]), change.after.get(own["code"])
    if before and after:
        effect.lines += words.staffing_lines(before, after)
        effect.clauses += words.staffing_clauses(before, after)
    effect.lines += words.places_lines(change)
    effect.clauses += words.places_clauses(change)


def _add_share(effect: Effect, question: Question, shown: list[dict], own: dict) -> None:
    before, after = supposing.share_change(question)
    names = (("workers", _("在岗")), ("certified", _("持证")), ("target", _("应持证")), ("needed", _("还需")))
    measures = [
        Measure(label, *({code: getattr(row, name) for code, row in rows.items()} for rows in (before, after)))
        for name, label in names
    ]
    _add(effect, _("持证"), measures, shown, own)
    if own["code"] in after:
        effect.clauses.append(words.share_clause(before[own["code"]], after[own["code"]]))


def _add_allotment(effect: Effect, question: Question, shown: list[dict], own: dict) -> None:
    sums = supposing.allotment_change(question)
    names = (("allotted", _("核定人数")), ("workers", _("在岗")), ("lacking", _("不足人数")))
    measures = [
        Measure(
            label,
            {code: one.before.get(name) for code, one in sums.items()},
            {code: one.after.get(name) for code, one in sums.items()},
        )
        for name, label in names
    ]
    _add(effect, _("各社区核定人数合计"), measures, shown, own)
    effect.clauses.append(words.allotment_clause(sums[own["code"]]))


def _add_problems(effect: Effect, question: Question, shown: list[dict], own: dict) -> None:
    """Findings there would be; of several checks that read the rule, those that it changes."""
    found = {}
    for inspection in INSPECTIONS.values():
        sums = supposing.problem_change(question, inspection.problems(question.on))
        if sums is not None:
            found[str(inspection.label)] = sums
    changed = {label: sums for label, sums in found.items() if any(one.before != one.after for one in sums.values())}
    for label, sums in (changed or found).items():
        measures = [
            Measure(
                measure,
                {code: one.before[name] for code, one in sums.items()},
                {code: one.after[name] for code, one in sums.items()},
            )
            for name, measure in (("problems", _("预警")), ("overdue", _("其中已逾期")))
        ]
        kept = [measure for measure in measures if measure is measures[0] or measure.changes]
        _add(effect, label, kept, shown, own, of=label)
        effect.clauses.append(words.problems_clause(label, sums[own["code"]]))


def _add(effect: Effect, title: str, measures: list[Measure], shown: list[dict], own: dict, of: str = "") -> None:
    """A table where something changes in it, and the place's own figures as lines."""
    if shown and any(measure.changes for measure in measures):
        effect.tables.append(EffectTable(words.caption(title, own["name"], effect.day), measures, shown, own))
    for measure in measures:
        label = _("%(label)s：%(what)s") % {"label": measure.label, "what": of} if of else measure.label
        before, after = (
            formats.number(side.get(own["code"])) or _("无数据") for side in (measure.before, measure.after)
        )
        effect.lines.append({"label": label, "before": before, "after": after})


def _notes(kind: Kind, question: Question) -> list[str]:
    """Places below with a rule of their own: what is set above does not reach them."""
    nearer = PolicyRule.objects.in_force(question.on).filter(kind=kind.key, division__isnull=False)
    if question.under:
        nearer = nearer.filter(subtree("division_id", question.under)).exclude(division=question.under)
    count = nearer.count()
    if not count:
        return []
    sentence = ngettext("下级有 %(count)s 处另有规定，不受影响。", "下级有 %(count)s 处另有规定，不受影响。", count)
    return [sentence % {"count": formats.number(count)}]

"""Publishing figures: what is told to others is frozen with all that it rests on."""

import hashlib
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core.audit.actions import action, record, signature_of
from portal.core.indicators.archive import packed, rows_to_keep
from portal.core.indicators.declare import Indicator
from portal.core.indicators.figures import Figure, State
from portal.core.indicators.models import Publication
from portal.core.indicators.parts import NUMERATOR, number_of, parts_of
from portal.core.indicators.rows import RowsBehind
from portal.core.indicators.values import FigureQuery, figure_afresh
from portal.core.lib.clock import now, today
from portal.core.territory.chosen import Chosen
from portal.core.territory.models import Division

KEPT_ROWS = 200_000
_EVERYWHERE = ("",)


def definition_of(one: Indicator) -> dict[str, Any]:
    """The definition of a figure in words of every language, and what tells one way of counting from another."""
    told: dict[str, Any] = {"method": _method(one)}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            parts = {part.key: str(part.label) for part in parts_of(one).values()}
            words = {"label": one.label, "topic": one.topic.label, "unit": one.unit.label, "formula": one.formula}
            told[code] = {name: str(text) for name, text in words.items()} | {"parts": parts}
    return told


def _method(one: Indicator) -> dict[str, Any]:
    parts = parts_of(one).values()
    sql = "".join(part.book.rows_behind(part.counter) for part in parts if part.counter)
    return {
        "counters": {part.key: part.counter for part in parts},
        "kinds": {part.key: part.kind or "" for part in parts},
        "unit": one.unit.value,
        "divided": one.divided,
        "places": one.places,
        "floor": one.floor,
        "citation": one.citation,
        "basis": one.basis,
        "target": one.target.kind.key if one.target else "",
        "at_least": one.target.at_least if one.target else True,
        "counting": hashlib.sha256(f"{one.sql}{sql}{one.ruled}".encode()).hexdigest()[:16],
    }


def mark_of(figure: Figure) -> str:
    """A short mark of what a reader was shown, to be handed back when it is published."""
    told = [figure.numerator, figure.denominator, figure.rule, figure.population, figure.met]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def standing(indicator: str, code: str, on: date) -> Publication | None:
    """The publication of a figure that is valid now."""
    return Publication.objects.valid().brief().filter(indicator=indicator, division=code, on=on).first()


@action
def publish(
    *,
    indicator: Indicator,
    division: Division,
    on: date,
    title: str,
    document: str = "",
    corrects: Publication | None = None,
    reason: str = "",
    seen: str = "",
    by,
) -> Publication:
    """Freezes a figure of a place and day with its definition, rule, population and the rows behind it.

    `seen` is the mark of what the publisher was shown. ValidationError: no value, a day to come, changed since it was
    shown (code `stale`), published before without being named in `corrects`, or a correction without a reason.
    """
    figure = _publishable(indicator, division, on, seen)
    _refuse_second(figure, corrects, reason)
    rows, children = _behind(figure)
    made = Publication(
        indicator=indicator.key,
        division=division,
        place=division.label,
        on=on,
        value=str(figure.value),
        numerator=figure.numerator,
        denominator=figure.denominator if indicator.divided else None,
        met=figure.met,
        definition=definition_of(indicator),
        rule=_rule(figure),
        population=_population(figure),
        origin=figure.origin,
        title=title,
        document=document,
        corrects=corrects,
        reason=reason if corrects else "",
        published_by=signature_of(by),
        published_at=now(),
        rows=rows,
        children=children,
    )
    made.digest = made.sealed()
    _save(made)
    subject = f"{made.place} {made.definition['zh-hans']['label']} {on}"
    told = {"value": made.value, "digest": made.digest, "corrects": corrects.pk if corrects else None}
    record("figure_published", by=by, subject=subject, division=division.pk, reason=made.reason, **told)
    return made


def _publishable(indicator: Indicator, division: Division, on: date, seen: str) -> Figure:
    if on > today():
        raise ValidationError(_("这一天还没有到，不能发布。"))
    figure = figure_afresh(indicator, division.pk, on)
    if figure is None or figure.state != State.VALUE:
        raise ValidationError(_("这一天没有这个数，不能发布。"))
    if seen and seen != mark_of(figure):
        raise ValidationError(_("这个数刚刚变了。请看过新的数再发布。"), code="stale")
    return figure


def _refuse_second(figure: Figure, corrects: Publication | None, reason: str) -> None:
    valid = standing(figure.indicator.key, figure.code, figure.on)
    if valid is None and corrects is None:
        return
    if corrects is None:
        raise ValidationError(_("这个数已经发布过。要改，请作为更正发布，并写明理由。"), code="published")
    if valid is None or valid.pk != corrects.pk:
        raise ValidationError(_("要更正的数已经被别人更正过。请看过最新的数再更正。"), code="corrected")
    if not reason.strip():
        raise ValidationError({"reason": _("请写明更正的理由。")})


def _behind(figure: Figure) -> tuple[bytes | None, list[dict]]:
    """The rows behind the numbers, packed; where they are too many, the numbers of the divisions one step below."""
    one = figure.indicator
    if max(figure.numerator, (figure.denominator or 0) if one.part("denominator") else 0) > KEPT_ROWS:
        return None, _children(figure)
    rows: dict[str, list[tuple[str, str]]] = {}
    for part in parts_of(one).values():
        if part.counter:
            found = RowsBehind(part.book, part.counter, figure.code, figure.on, _EVERYWHERE).page(KEPT_ROWS + 1)
            if not part.summed and number_of(figure, part) not in (None, len(found)):
                raise ValidationError(_("名册正在变化，数字和名单暂时不一致。请稍后再发布。"), code="moving")
            rows[part.key] = list(rows_to_keep(part, found))
    return (packed(rows) if rows else None), []


def _children(figure: Figure) -> list[dict]:
    one = figure.indicator
    query = FigureQuery((one,), Chosen(_EVERYWHERE, figure.on, figure.code, parent=figure.code), afresh=True)
    lines = (line[one.key] for line in query.lines())
    return [{"code": f.code, "name": f.place.name, NUMERATOR: f.numerator, "denominator": f.denominator} for f in lines]


def _rule(figure: Figure) -> dict | None:
    rule = figure.rule
    if rule is None:
        return None
    due = figure.due.isoformat() if figure.due else ""
    target = str(figure.target) if figure.target is not None else ""
    return {"value": rule.value, "document": rule.document, "article": rule.article, "target": target, "due": due}


def _population(figure: Figure) -> dict | None:
    people = figure.population
    if people is None:
        return None
    told = {"value": people.value, "basis": people.basis, "on": people.on.isoformat()}
    return told | {"own": people.own, "source": people.source}


def _save(made: Publication) -> None:
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise ValidationError(
            _("这个数刚被别人发布。请看过已发布的数，需要时作为更正发布。"), code="published"
        ) from None

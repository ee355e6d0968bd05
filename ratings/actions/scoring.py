"""Scores that nobody types: automatic items from frozen figures, and totals with the grades they come to."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.indicators.declare import Indicator
from portal.core.lib.bulk import Stream, copy_text, count_for_planner, plan_anew
from ratings.enums import ItemKind, Stage
from ratings.models import RatingCycle, SchemeItem, UnitRating
from ratings.queries.scoring import Reading, Readings, automatic_points

# Once the grades are published nothing is read anew.
OPEN_STAGES = (Stage.SELF, Stage.JOINT, Stage.CALIBRATION)


@dataclass(frozen=True)
class Automatic:
    """What automatic scoring came to: units, scores written or confirmed, and those whose figure gave no points."""

    units: int
    scores: int
    without: int


@action
def score_automatically(*, cycle: RatingCycle, indicators: Mapping[str, Indicator], by) -> Automatic:
    """Freezes the figures of all automatic items of all units of a cycle, on its reference day, and scores from them.

    Run again it reads them anew, until the notice. Raises ValidationError after that, or where a scheme names an
    indicator that is not declared; TooManyRows where the figures of that day cannot be had.
    """
    cycle = RatingCycle.objects.select_for_update().get(pk=cycle.pk)
    if cycle.stage not in OPEN_STAGES:
        raise ValidationError(_("已进入公示，指标值不能再重新取数。"))
    units = list(UnitRating.objects.filter(cycle=cycle, left_out_because="").only("id", "division_id", "scheme_id"))
    items = _automatic_items(units, indicators)
    readings = Readings({indicators[one.indicator] for one in items}, cycle.division_id, cycle.reference_on)
    counted = _Lines(units, items, readings)
    _write(counted)
    cycle.scored_at = timezone.now()
    cycle.save(update_fields=["scored_at"])
    refresh_totals(cycle_id=cycle.pk)
    return Automatic(len(units), counted.scores, counted.without)


def _automatic_items(units: list[UnitRating], indicators: Mapping[str, Indicator]) -> list[SchemeItem]:
    schemes = {unit.scheme_id for unit in units}
    items = list(SchemeItem.objects.filter(scheme__in=schemes, kind=ItemKind.SCORE).exclude(indicator=""))
    if unknown := sorted({one.label for one in items if one.indicator not in indicators}):
        raise ValidationError(
            _("评分项 %(items)s 所取的指标已不存在，不能自动取数。请启用方案的新版本。")
            % {"items": _("、").join(unknown)}
        )
    return items


class _Lines:
    """The scores as lines of COPY, made while they are read: unit, item, number of the outcome.

    Equal figures of an item come to one outcome, scored and written once: few differ among thousands of units.
    """

    def __init__(self, units: list[UnitRating], items: list[SchemeItem], readings: Readings) -> None:
        self.units, self.readings = units, readings
        self.by_scheme: dict[int, list[SchemeItem]] = {}
        for item in items:
            self.by_scheme.setdefault(item.scheme_id, []).append(item)
        self.scores = self.without = 0
        self.outcomes: list[str] = []
        self._same: dict[tuple[int, int], tuple[int, bool]] = {}

    def __iter__(self) -> Iterator[str]:
        for unit in self.units:
            for item in self.by_scheme.get(unit.scheme_id, ()):
                number, without = self._scored(item, self.readings.of(unit.division_id, item.indicator))
                self.scores += 1
                self.without += without
                yield f"{unit.pk}\t{item.pk}\t{number}\n"

    def _scored(self, item: SchemeItem, reading: Reading) -> tuple[int, bool]:
        key = (item.pk, id(reading))
        if key not in self._same:
            points = automatic_points(item, reading)
            kept = json.dumps(reading.kept, ensure_ascii=False)
            self._same[key] = (len(self.outcomes), points is None)
            self.outcomes.append(f"{len(self.outcomes)}\t{copy_text(points)}\t{copy_text(kept)}\n")
        return self._same[key]


def _write(lines: _Lines) -> None:
    """Puts the scores into the table: those that changed are changed, those missing added."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        stream = Stream(lines)
        cursor.copy_expert("COPY automatic_scores FROM STDIN", stream, 1 << 16)
        cursor.copy_expert("COPY automatic_outcomes FROM STDIN", Stream(lines.outcomes), 1 << 16)
        cursor.execute("ANALYZE automatic_scores; ANALYZE automatic_outcomes (number)")
        count_for_planner(cursor, "ratings_itemscore", stream.count)
        plan_anew(cursor)
        cursor.execute(_CHANGED)
        cursor.execute(_ADDED)
        cursor.execute("DROP TABLE automatic_scores, automatic_outcomes")


_TABLES = """
CREATE TEMP TABLE automatic_scores (unit_id bigint, item_id bigint, number integer) ON COMMIT DROP;
CREATE TEMP TABLE automatic_outcomes (number integer, points numeric(5, 2), figure jsonb) ON COMMIT DROP"""

_CHANGED = """UPDATE ratings_itemscore s SET auto_points = o.points, figure = o.figure
FROM automatic_scores a JOIN automatic_outcomes o USING (number)
WHERE s.unit_id = a.unit_id AND s.item_id = a.item_id
  AND (s.auto_points IS DISTINCT FROM o.points OR s.figure IS DISTINCT FROM o.figure)"""

_ADDED = """INSERT INTO ratings_itemscore
    (unit_id, item_id, auto_points, figure, self_note, street_note, district_note)
SELECT a.unit_id, a.item_id, o.points, o.figure, '', '', '' FROM automatic_scores a JOIN automatic_outcomes o USING (number)
WHERE NOT EXISTS (SELECT 1 FROM ratings_itemscore s WHERE s.unit_id = a.unit_id AND s.item_id = a.item_id)"""


def refresh_totals(*, cycle_id: int, unit_ids: Iterable[int] | None = None) -> int:
    """Reckons total, veto and grades by score of the units of a cycle, or of some; returns how many changed.

    One statement by the rules of `ratings.scoring`, inside the caller's transaction. Units left out have no total.
    """
    chosen = None if unit_ids is None else list(unit_ids)
    parameters: dict[str, Any] = {"cycle": cycle_id, "units": chosen}
    with connection.cursor() as cursor:
        plan_anew(cursor)
        cursor.execute(_TOTALS, parameters)
        return cursor.rowcount


_TOTALS = """
WITH chosen AS MATERIALIZED (
    SELECT u.id, u.scheme_id, u.left_out_because = '' AS rated FROM ratings_unitrating u
    WHERE u.cycle_id = %(cycle)s AND (%(units)s::bigint[] IS NULL OR u.id = ANY(%(units)s::bigint[]))
), lines AS (
    SELECT u.id, i.indicator <> '' AS automatic, s.figure IS NOT NULL AS read,
        coalesce(s.auto_points, s.district_points, s.street_points, s.self_points) AS points
    FROM chosen u JOIN ratings_schemeitem i ON i.scheme_id = u.scheme_id AND i.kind = 'score'
    LEFT JOIN ratings_itemscore s ON s.unit_id = u.id AND s.item_id = i.id
), scored AS (
    SELECT id, coalesce(sum(points), 0) AS points,
        bool_or(CASE WHEN automatic THEN NOT read ELSE points IS NULL END) AS open
    FROM lines GROUP BY id
), events AS (
    SELECT e.unit_id, i.kind, least(count(*) * i.points, coalesce(i.cap, count(*) * i.points)) AS points
    FROM ratings_incident e JOIN chosen u ON u.id = e.unit_id JOIN ratings_schemeitem i ON i.id = e.item_id
    WHERE e.confirmed_by_id IS NOT NULL AND NOT e.taken_back
    GROUP BY e.unit_id, i.id
), incidents AS (
    SELECT unit_id, bool_or(kind = 'veto') AS veto,
        sum(CASE kind WHEN 'bonus' THEN points WHEN 'penalty' THEN -points ELSE 0 END) AS points
    FROM events GROUP BY unit_id
), totals AS (
    SELECT u.id, u.rated, coalesce(e.veto, false) AS vetoed,
        CASE WHEN u.rated AND NOT s.open THEN greatest(s.points + coalesce(e.points, 0), 0) END AS total, u.scheme_id
    FROM chosen u LEFT JOIN scored s ON s.id = u.id LEFT JOIN incidents e ON e.unit_id = u.id
), graded AS (
    SELECT t.id, t.vetoed, t.total, CASE WHEN t.total IS NOT NULL THEN coalesce((
        SELECT max((b->>'grade')::smallint) FROM ratings_ratingscheme r CROSS JOIN jsonb_array_elements(r.bands) b
        WHERE r.id = t.scheme_id AND t.total >= (b->>'least')::numeric), 0) END AS banded, t.rated
    FROM totals t
), outcome AS (
    SELECT id, total, vetoed, banded, CASE WHEN rated AND vetoed THEN 0 ELSE banded END AS provisional FROM graded
)
UPDATE ratings_unitrating u SET total = o.total, vetoed = o.vetoed, banded = o.banded, provisional = o.provisional
FROM outcome o WHERE u.id = o.id
  AND (u.total, u.vetoed, u.banded, u.provisional) IS DISTINCT FROM (o.total, o.vetoed, o.banded, o.provisional)"""

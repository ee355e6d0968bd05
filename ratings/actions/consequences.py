"""What follows from decided stars: raised when a cycle is decided and after a removal or correction, then carried out."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.lib.clock import today
from portal.core.policy.kinds import STAR_COEFFICIENTS, STAR_ELIGIBILITY, STAR_MEASURES
from portal.core.policy.queries import RuleInForce
from ratings import bonus
from ratings.enums import ConsequenceKind, ConsequenceState, ResultCause
from ratings.models import Consequence, StarGrade
from ratings.queries.consequences import grades_before, headed_years
from workforce.actions.star_bonuses import StarShare, write_star_bonuses
from workforce.actions.versions import claim_row
from workforce.queries.careers import rules_for
from workforce.queries.star_bonuses import one_shoulder_heads

Rules = dict[tuple[str, date], RuleInForce]


def raise_consequences(results: Iterable[StarGrade | int], *, by) -> None:
    """Raises what follows from stars just decided; for use inside the caller's transaction, and safe to repeat.

    `results` are decided grades or their ids; what counts is every decision on the same units and years. Bonus shares
    go to all full-time managed people of the units, eligibility and measures to their one-shoulder heads on the day of
    the decision. Where no rule is in force nothing is raised, except bonus shares, which then have no coefficient.
    Open consequences of a decision that a newer one takes the place of are dropped; what has been done stays done.
    """
    ids = [getattr(one, "pk", one) for one in results]
    units = set(StarGrade.objects.filter(pk__in=ids).values_list("year", "division_id"))
    years: dict[int, set[str]] = defaultdict(set)
    for year, code in units:
        years[year].add(code)
    for year, codes in sorted(years.items()):
        versions = _versions(year, codes)
        _drop_replaced(versions.values())
        _raise_bonuses(year, versions)
        _raise_for_heads(year, [found[-1] for found in versions.values()])


def _versions(year: int, codes: Iterable[str]) -> dict[str, list[StarGrade]]:
    """Every decision on the year by unit, the earliest first; locked, so that two decisions do not mix."""
    rows = StarGrade.objects.select_for_update().filter(year=year, division_id__in=codes)
    found: dict[str, list[StarGrade]] = defaultdict(list)
    for version in rows.order_by("division_id", "number"):
        found[version.division_id].append(version)
    return found


def _rules(kind, results: Iterable[StarGrade]) -> Rules:
    """The rule of a kind for every unit on the day its star was decided; one query a day."""
    days: dict[date, set[str]] = defaultdict(set)
    for result in results:
        days[result.decided_on].add(result.division_id)
    return {
        (code, day): rule for day, codes in days.items() for code, rule in rules_for(kind, sorted(codes), day).items()
    }


def _replaced_words() -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return _("已有新的星级决定，本条不再适用。")


def _drop_replaced(versions: Iterable[list[StarGrade]]) -> None:
    """Drops what is open of all but the latest decision; bonus shares follow the months instead."""
    replaced = [one.pk for found in versions for one in found[:-1]]
    rows = Consequence.objects.filter(result__in=replaced, state=ConsequenceState.OPEN)
    rows.exclude(kind=ConsequenceKind.BONUS).update(
        state=ConsequenceState.DROPPED, note=_replaced_words(), version=F("version") + 1
    )


def _raise_bonuses(year: int, versions: dict[str, list[StarGrade]]) -> None:
    """Bonus shares of the units: the star of each month, the months of each person, the coefficient of the star."""
    known = [one for found in versions.values() for one in found]
    removed = StarGrade.objects.filter(division_id__in=versions, year__lt=year, effective_from__year=year)
    known += removed.exclude(cause=ResultCause.CYCLE).order_by("division_id", "number")
    rules, shares, results = _rules(STAR_COEFFICIENTS, known), [], []
    for code, found in _by_unit(known).items():
        for result, months in _months_of_stars(found, year):
            coefficient = _coefficient(rules[code, result.decided_on].value, result.grade)
            shares.append(StarShare(code, result.grade, months, coefficient, result.decision_number))
            results.append(result)
    write_star_bonuses(year=year, shares=shares)
    # A removal that takes effect later is about months of a later year, and its shares are followed there.
    later = {one.pk for one in known if one.cause == ResultCause.REMOVAL and one.effective_from.year > year}
    _follow_bonuses(year, results, [one.pk for one in known if one.pk not in later])


def _by_unit(known: Iterable[StarGrade]) -> dict[str, list[StarGrade]]:
    found: dict[str, list[StarGrade]] = defaultdict(list)
    for one in known:
        found[one.division_id].append(one)
    return found


def _months_of_stars(found: list[StarGrade], year: int) -> list[tuple[StarGrade, frozenset[int]]]:
    """The months of each star of a unit, with the latest decision that gives them; two decisions may give one star."""
    if len(found) == 1:
        return [(found[0], frozenset(bonus.MONTHS))]
    by_key = {one.pk: one for one in found}
    versions = [bonus.Version(one.pk, one.year, one.number, one.grade, one.cause, one.effective_from) for one in found]
    stars: dict[int, tuple[StarGrade, frozenset[int]]] = {}
    for version, months in sorted(bonus.shares(versions, year).items(), key=lambda pair: min(pair[1])):
        before = stars[version.grade][1] if version.grade in stars else frozenset()
        stars[version.grade] = (by_key[version.key], before | months)
    return list(stars.values())


def _coefficient(value: dict | None, grade: int) -> int | None:
    """The coefficient in per cent that a rule gives for a star; None where it gives none or there is no rule."""
    rows = value["rows"] if value else []
    return next((row.get("coefficient") for row in rows if row["star"] == grade), None)


# By keys throughout, so that the plans hold for a city whose tables were empty a moment ago. `results` are the decisions
# that give a star to any month, `every` all that there are: shares of the others have no ground any more.
_SHARE = """b.year = %(year)s AND b.person_id = c.person_id AND b.division_id = c.division_id AND b.grade = (
        SELECT r.grade FROM ratings_stargrade r WHERE r.id = c.result_id)"""
_DROP = f"""
UPDATE ratings_consequence c SET state = 'dropped', note = %(note)s, version = c.version + 1
WHERE c.kind = 'bonus' AND c.state = 'open' AND c.result_id = ANY(%(every)s) AND (
    NOT c.result_id = ANY(%(results)s) OR NOT EXISTS (SELECT 1 FROM workforce_starbonus b WHERE {_SHARE}))"""
_CHANGE = f"""
UPDATE ratings_consequence c
SET months = b.months, coefficient = b.coefficient, amount = b.amount, state = 'open', note = '', version = c.version + 1
FROM workforce_starbonus b
WHERE c.kind = 'bonus' AND c.state <> 'done' AND c.result_id = ANY(%(results)s) AND {_SHARE}
  AND (c.months, c.coefficient, c.amount, c.state) IS DISTINCT FROM (b.months, b.coefficient, b.amount, 'open')"""
_INSERT = """
INSERT INTO ratings_consequence
    (result_id, division_id, kind, person_id, months, coefficient, amount, facts, state, note, version)
SELECT r.id, b.division_id, 'bonus', b.person_id, b.months, b.coefficient, b.amount, '{}', 'open', '', 1
FROM ratings_stargrade r
JOIN workforce_starbonus b ON b.division_id = r.division_id AND b.year = %(year)s AND b.grade = r.grade
WHERE r.id = ANY(%(results)s)
ON CONFLICT (result_id, kind, person_id) DO NOTHING"""


def _follow_bonuses(year: int, results: list[StarGrade], every: list[int]) -> None:
    """Makes the consequences of the kind BONUS those of the bonus shares on record."""
    given = {
        "year": year,
        "results": [one.pk for one in results],
        "every": every,
        "note": _replaced_words(),
    }
    with connection.cursor() as cursor:
        for statement in (_DROP, _CHANGE, _INSERT):
            cursor.execute(statement, given)


def _raise_for_heads(year: int, results: list[StarGrade]) -> None:
    """Eligibility of one-shoulder heads where the star allows it, and the measure where there is none."""
    by_unit = {one.division_id: one for one in results}
    eligibility, measures = _rules(STAR_ELIGIBILITY, results), _rules(STAR_MEASURES, results)
    heads = _heads(results)
    done = _done_before(year, list(by_unit))
    before = grades_before(year, [code for code, _person in heads if by_unit[code].grade == 0])
    headed = headed_years(year, [(code, person) for code, person in heads if by_unit[code].grade == 0])
    wanted = []
    for code, person in heads:
        result, day = by_unit[code], by_unit[code].decided_on
        for kind in (ConsequenceKind.RECRUITMENT, ConsequenceKind.PROMOTION):
            rule = eligibility[code, day]
            if rule.value and result.grade in rule.value[kind]:
                wanted.append(_consequence(result, kind, person, rule))
        rule = measures[code, day]
        if rule.value and result.grade == 0:
            grades = {**before.get(code, {}), year: result.grade}
            years = bonus.years_in_a_row(grades, year, headed.get((code, person), ()))
            wanted.append(_measure(result, person, rule, years))
    Consequence.objects.bulk_create(
        [one for one in wanted if (one.division_id, one.kind, one.person_id) not in done],
        ignore_conflicts=True,
        batch_size=2000,
    )


def _heads(results: list[StarGrade]) -> list[tuple[str, Any]]:
    """One-shoulder heads of the units, each on the day its star was decided."""
    days: dict[date, list[str]] = defaultdict(list)
    for result in results:
        days[result.decided_on].append(result.division_id)
    return [head for day, codes in sorted(days.items()) for head in one_shoulder_heads(codes, day)]


def _done_before(year: int, codes: list[str]) -> set[tuple]:
    """What has been carried out already for a star of the year: a new decision does not ask for it again."""
    rows = Consequence.objects.filter(result__year=year, division_id__in=codes, state=ConsequenceState.DONE)
    return set(rows.exclude(kind=ConsequenceKind.BONUS).values_list("division_id", "kind", "person_id"))


def _consequence(result: StarGrade, kind: str, person, rule: RuleInForce, **fields) -> Consequence:
    facts = {"rule": rule.value, "document": getattr(rule.rule, "document", ""), "grade": result.grade}
    facts |= {"article": getattr(rule.rule, "article", ""), **fields.pop("facts", {})}
    return Consequence(
        result=result, division_id=result.division_id, kind=kind, person_id=person, facts=facts, **fields
    )


def _measure(result: StarGrade, person, rule: RuleInForce, years: int) -> Consequence:
    """The step that the years have reached, due by the one deadline that the rule names."""
    value = rule.value
    step = bonus.step_after(years, admonition_years=value["admonition_years"], removal_years=value["removal_years"])
    due = bonus.due_on(result.decided_on, value["talk"])
    return _consequence(result, step, person, rule, due_on=due, facts={"years": years})


@action
def settle_consequence(
    *, consequence: Consequence, version: int, state: str, done_on: date, note: str, by
) -> Consequence:
    """Records that a consequence has been carried out, or why it no longer applies (with a reason, after another event).

    Raises `Stale`, or ValidationError: settled before, a day before the decision or still to come, no reason.
    """
    claim_row(consequence, version)
    if consequence.state != ConsequenceState.OPEN:
        raise ValidationError(_("这一条已经处理过，不能再次登记。"))
    if state not in (ConsequenceState.DONE, ConsequenceState.DROPPED):
        raise ValidationError({"state": _("请选择“已落实”或“不再适用”。")})
    if done_on > today():
        raise ValidationError({"done_on": _("日期不能晚于今天。")})
    if done_on < consequence.result.decided_on:
        words = {"day": consequence.result.decided_on}
        raise ValidationError({"done_on": _("星级于 %(day)s 决定，日期不能更早。") % words})
    if not note:
        raise ValidationError({"note": _("请写明落实情况，如谈话人、文号；不再适用的写明原因。")})
    consequence.state, consequence.done_on, consequence.note = state, done_on, note
    consequence.save(update_fields=["state", "done_on", "note"])
    return consequence

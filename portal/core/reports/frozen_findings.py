"""What a report says of findings: how many stood, came and went in its period, and what falls due in the next."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from portal.core.findings.models import Finding
from portal.core.findings.queries import counts_under, looked_by
from portal.core.indicators.counting import RowKind
from portal.core.indicators.figures import Figure
from portal.core.lib.dated import ONE_DAY
from portal.core.reports.cadence import Cadence, Period
from portal.core.reports.declare import DueSection, FindingSection
from portal.core.reports.words import Told, chinese_day, chinese_days, target_words
from portal.core.territory.models import Division

NOT_LOOKED = "本期末以前还没有进行过检查，没有预警数据。"
COUNTS = ("before", "opened", "resolved", "standing", "overdue")


def _standing(on: date) -> Q:
    """Findings that were there and not yet gone when the day `on` was over."""
    return Q(opened_on__lte=on) & (Q(resolved_on__isnull=True) | Q(resolved_on__gt=on))


def freeze_findings(
    section: FindingSection, place: Division, children: Iterable[str], period: Period
) -> dict[str, Any]:
    """Findings under the place by kind and by division below; `before` + `opened` - `resolved` = `standing`."""
    first, last = period.starts_on, period.ends_on
    found = Finding.objects.under(place.code).filter(kind__in=list(section.inspections)).order_by()
    conditions = {
        "before": _standing(first - ONE_DAY),
        "opened": Q(opened_on__gte=first, opened_on__lte=last),
        "resolved": Q(opened_on__lte=last, resolved_on__gte=first, resolved_on__lte=last),
        "standing": _standing(last),
        "overdue": _standing(last) & Q(due_on__lte=last),
    }
    counted = {name: Count("id", filter=condition) for name, condition in conditions.items()}
    by_kind = {row.pop("kind"): row for row in found.values("kind").annotate(**counted)}
    rows = [
        {"key": key, "name": str(inspection.label), **by_kind[key]}
        for key, inspection in section.inspections.items()
        if any(by_kind.get(key, {}).values())
    ]
    total = {name: sum(row[name] for row in rows) for name in COUNTS}
    return {
        "type": "findings",
        "key": section.key,
        "title": str(section.title),
        "says": [_sentence(total, last)],
        "kinds": rows,
        "total": total,
        "rows": _by_place(found, conditions, children),
    }


def _by_place(found: QuerySet, conditions: dict[str, Q], codes: Iterable[str]) -> list[dict[str, Any]]:
    names = dict(Division.objects.filter(code__in=list(codes)).order_by("code").values_list("code", "label"))
    counts = {name: counts_under(found.filter(condition), names) for name, condition in conditions.items()}
    rows = [
        {"code": code, "name": label} | {name: counts[name][code] for name in COUNTS} for code, label in names.items()
    ]
    return [row for row in rows if any(row[name] for name in COUNTS)]


def _sentence(total: dict[str, int], last: date) -> str:
    if not any(total.values()):
        return "本期没有预警。" if looked_by(last) else NOT_LOOKED
    return (
        f"期初有预警 {total['before']:,} 条，本期新增 {total['opened']:,} 条、消除 {total['resolved']:,} 条，"
        f"期末有 {total['standing']:,} 条，其中已过期限 {total['overdue']:,} 条。"
    )


def freeze_due(section: DueSection, place: Division, period: Period, unmet: list[Figure]) -> dict[str, Any]:
    """Findings standing at the end of the period that fall due in the next one, by kind, and targets not reached."""
    following = period.after
    last = period.ends_on
    found = Finding.objects.under(place.code).filter(_standing(last), kind__in=list(section.inspections)).order_by()
    due = found.filter(due_on__gt=last, due_on__lte=following.ends_on)
    counted = due.values("kind").annotate(count=Count("id"), first=Min("due_on"))
    by_kind = {row["kind"]: row for row in counted}
    rows = [
        {
            "key": key,
            "name": str(inspection.label),
            "count": by_kind[key]["count"],
            "first": by_kind[key]["first"].isoformat(),
        }
        for key, inspection in section.inspections.items()
        if key in by_kind
    ]
    total = sum(row["count"] for row in rows)
    told = chinese_days(following)
    days = told if following.cadence == Cadence.WEEK else f"{told}（至{chinese_day(following.ends_on)}）"
    none = f"{days}没有到期的预警。" if looked_by(last) else NOT_LOOKED
    says = f"{days}到期的预警有 {total:,} 条。" if total else none
    return {
        "type": "due",
        "key": section.key,
        "title": str(section.title),
        "says": [says, *(_target(figure) for figure in unmet)],
        "kinds": rows,
        "total": total,
        "until": following.ends_on.isoformat(),
    }


def _target(figure: Figure) -> str:
    lacking = figure.shortfall
    counter = figure.indicator.book.family_of.get(figure.indicator.numerator)
    people = counter is not None and counter.row == RowKind.PERSON
    gap = f"，还差 {lacking:,} 人" if people and lacking and lacking > 0 else ""
    days = (figure.due - figure.on) // timedelta(days=1)
    left = f"距期限还有 {days:,} 天" if days >= 0 else f"期限已过 {-days:,} 天"
    return f"{figure.indicator.label} {Told(figure, None, None)}，{target_words(figure)}{gap}；{left}。"

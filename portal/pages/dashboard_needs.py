"""What needs somebody in a division: overdue, and due within 7, 30 and 90 days; by kind, and the first of them by name."""

from collections import Counter
from datetime import date, timedelta

from django.db.models import Min, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.findings.counts import counted, tally
from portal.core.findings.models import Finding
from portal.core.findings.queries import looked_by, standing_on
from portal.core.lib.clock import today
from portal.core.lib.dated import last_day
from portal.core.sheets.columns import Column
from portal.core.sheets.columns import Kind as CellKind
from portal.core.sheets.writing import Sheet
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.pages.deadlines import BANDS, WORKING, band_of
from portal.pages.finding_texts import kind_label, with_texts
from workforce.queries.term_ends import terms_ending

FIRST = 2  # lines of each band
DAYS = 90
MOST_ROWS = 5000
NO_DAY = ""
HEADS = {
    "overdue": gettext_lazy("已逾期"),
    "7": gettext_lazy("7 天内"),
    "30": gettext_lazy("30 天内"),
    "90": gettext_lazy("90 天内"),
}


def context(request: HttpRequest, division: Division) -> dict:
    """Counts by kind and band with links to their lists, then the lines that are due first. Four queries."""
    on = keep.day_of(request)
    found = _findings(request, division, on)
    days = _days(request, division, found, on)
    table = _table(request, days, on)
    undated = sum(row["counts"][NO_DAY] for row in table)
    table = [row for row in table if any(row["counts"][key] for key in BANDS)]
    ending = terms_ending(request.user, division.code, on, DAYS)
    terms = [{"term": term, "due": last_day(term.valid_to)} for term in ending]
    terms_row = _terms_row(request, division, terms, on) if terms else None
    return {
        "total": _total(request, table, on),
        "table": table,
        "terms": terms_row,
        "lines": _lines(request, _firsts(found, days, on), terms, on),
        "undated": undated,
        "undated_url": _url(request, on),
        "due": bool(table or terms),
        "unknown": not (table or terms) and on < today() and not looked_by(on),
    }


def _findings(request: HttpRequest, division: Division, on: date) -> QuerySet:
    """Findings under the division that wait for somebody today; on another day those open then."""
    found = Finding.objects.for_user(request.user, Perm.VIEW_FINDINGS).under(division.code)
    return found.filter(WORKING) if on == today() else standing_on(found, on)


def _url(request: HttpRequest, on: date, **filters: str) -> str:
    """The inbox under filters; on a past day it knows no states."""
    states = {"state": "active"} if on == today() else {}
    return keep.page_url(request, "findings", **states, **filters)


def _days(request: HttpRequest, division: Division, found: QuerySet, on: date) -> Counter[tuple[str, date | None]]:
    """How many findings of every kind are due on every day; one query."""
    fields = ("kind", "due_on")
    if on != today():
        return counted(found, Q(), *fields)
    return tally(request.user, division.code, WORKING, *fields)


def _band(day: date | None, on: date) -> str:
    return band_of((day - on).days) if day else NO_DAY


def _table(request: HttpRequest, days: Counter, on: date) -> list[dict]:
    """One row per kind with its counts by band, the most urgent first."""
    counts: dict[str, dict[str, int]] = {}
    for (kind, day), count in days.items():
        counts.setdefault(kind, dict.fromkeys((*BANDS, NO_DAY), 0))[_band(day, on)] += count
    table = [
        {
            "label": kind_label(kind),
            "counts": numbers,
            "cells": _cells(numbers, {key: _url(request, on, kind=kind, due=key) for key in HEADS}),
        }
        for kind, numbers in counts.items()
    ]
    return sorted(table, key=lambda row: [-row["counts"][key] for key in BANDS])


def _total(request: HttpRequest, table: list[dict], on: date) -> dict:
    """The findings of every band whatever their kind."""
    counts = {key: sum(row["counts"][key] for row in table) for key in BANDS}
    return {"label": _("预警合计"), "cells": _cells(counts, {key: _url(request, on, due=key) for key in HEADS})}


def _cells(counts: dict[str, int], urls: dict[str, str]) -> list[dict]:
    return [{"band": label, "key": key, "count": counts[key], "url": urls[key]} for key, label in HEADS.items()]


def _terms_row(request: HttpRequest, division: Division, terms: list[dict], on: date) -> dict:
    """Terms that end within 90 days: no finding yet, but an election takes its time."""
    counts = dict.fromkeys((*BANDS, NO_DAY), 0)
    for item in terms:
        counts[band_of((item["due"] - on).days)] += 1
    url = keep.page_url(request, "terms", division.code)
    return {"label": _("“两委”任期将届满"), "counts": counts, "cells": _cells(counts, dict.fromkeys(HEADS, url))}


def _lines(request: HttpRequest, firsts: QuerySet, terms: list[dict], on: date) -> list[dict]:
    """Who, what, by when: the first of every band, of different kinds where there are any; findings and terms together."""
    lines = [
        {
            "band": _band(finding.due_on, on),
            "who": " · ".join(filter(None, [finding.person.name if finding.person else "", finding.division.label])),
            "what": _("%(label)s：%(headline)s") % {"label": finding.label, "headline": finding.headline},
            "due": finding.due_on,
            "left": (finding.due_on - on).days,
            "url": keep.page_url(request, "finding", finding.pk),
        }
        for finding in with_texts(firsts, request.user)
    ]
    for item in terms[:FIRST]:
        left = (item["due"] - on).days
        body = item["term"].get_body_display()
        place = item["term"].division
        words = {"who": place.label, "what": _("%(body)s任期届满，应当换届。") % {"body": body}}
        url = keep.page_url(request, "terms", place.pk)
        lines.append({"band": band_of(left), "due": item["due"], "left": left, "url": url, **words})
    chosen = [line for key in BANDS for line in [one for one in lines if one["band"] == key][:FIRST]]
    return sorted(chosen, key=lambda line: line["due"])


def _firsts(found: QuerySet, days: Counter, on: date) -> QuerySet:
    """The earliest finding of the kinds that come first in every band; one query."""
    earliest: dict[str, dict[str, date]] = {key: {} for key in BANDS}
    for kind, day in sorted(key for key in days if _band(key[1], on)):
        earliest[_band(day, on)].setdefault(kind, day)
    first = Q(pk__in=[])
    for by_kind in earliest.values():
        upto = sorted(by_kind.values())[:FIRST]
        for kind, day in by_kind.items():
            if day in upto:
                first |= Q(kind=kind, due_on=day)
    ids = found.filter(first).order_by().values("kind", "due_on").annotate(first=Min("id")).values("first")
    return found.filter(pk__in=ids).select_related("division").order_by("due_on", "id")


def sheets(request: HttpRequest, division: Division) -> list[Sheet]:
    """Everything with a day up to 90 days ahead, without names; the counts by kind as a sheet of their own."""
    on = keep.day_of(request)
    shown = context(request, division)
    bands = [Column(key, str(label), kind=CellKind.NUMBER) for key, label in HEADS.items()]
    columns = [Column("kind", _("类别"), width=24), *bands]
    lines = [*shown["table"], *([shown["terms"]] if shown["terms"] else [])]
    rows = [[line["label"], *(line["counts"][key] for key in BANDS)] for line in lines]
    return [Sheet(_("需要处理"), columns, rows), _due_sheet(_findings(request, division, on), on)]


def _due_sheet(found: QuerySet, on: date) -> Sheet:
    columns = [
        Column("due", _("期限"), kind=CellKind.DATE),
        Column("left", _("剩余（天，负数为逾期）"), kind=CellKind.NUMBER, width=16),
        Column("place", _("区划"), width=24),
        Column("code", _("区划代码"), width=14),
        Column("kind", _("类别"), width=20),
        Column("what", _("情况"), width=60),
    ]
    due = found.filter(due_on__lte=on + timedelta(days=DAYS)).select_related("division").order_by("due_on", "id")
    rows = [
        [one.due_on, (one.due_on - on).days, one.division.label, one.division_id, one.label, one.headline]
        for one in with_texts(due[:MOST_ROWS])
    ]
    return Sheet(_("期限清单"), columns, rows)

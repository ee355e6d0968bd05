"""The duty rota of a community: a week by choices, a day by hours, and what a month comes to."""

from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.policy.kinds import GRID_PRESENCE, TIME_SPLIT, TIME_TOLERANCE
from portal.core.policy.queries import rule_for
from portal.core.territory.models import Division
from portal.core.web import formats, keep
from portal.core.web.export_menu import export_menu
from ratings.actions.shifts import save_shifts
from ratings.exports.daily import SHIFTS
from ratings.forms.shifts import DayForm, MonthFilter, WeekForm, words
from ratings.queries import shifts as reads
from ratings.views.service_parts import at_community, changes, done
from workforce.views.answers import attempt

WEEK = timedelta(days=7)
WEEKDAYS = (_L("周一"), _L("周二"), _L("周三"), _L("周四"), _L("周五"), _L("周六"), _L("周日"))


def _days(request: HttpRequest) -> list[date]:
    return reads.week_of(reads.asked_day(request.GET.get("week", ""), keep.day_of(request)))


def _week_url(request: HttpRequest, division: Division, first: date) -> str:
    return keep.page_url(request, "shifts", division.code, week=first.isoformat())


@require_safe
@at_community(Perm.VIEW_SERVICE)
@never_cache
def shifts(request: HttpRequest, division: Division) -> HttpResponse:
    """The rota of a week: choices where the reader may change it, else what is on it."""
    days = _days(request)
    return _shown(request, division, days, reads.lines_of(request.user, division.code, days))


def _shown(
    request: HttpRequest, division: Division, days: list[date], lines: list, form: WeekForm | None = None
) -> HttpResponse:
    rule = rule_for(GRID_PRESENCE, division.code, days[0])
    percent = rule.value["staff_percent"] if rule.value else None
    may = changes(request, division)
    if may and form is None:
        form = WeekForm(lines=lines, days=days, initial={"seal": reads.rota_seal(division.code, days[0], days[-1])})
    heads = [{"on": day, "name": WEEKDAYS[day.weekday()], "today": day == today()} for day in days]
    rows = form.rows() if may else _read_only(lines, days)
    context = {
        "division": division,
        "days": heads,
        "week": days[0].isoformat(),
        "form": form if may else None,
        "rows": [{**row, "cells": list(zip(heads, row["cells"], strict=True))} for row in rows],
        "presence": list(zip(heads, reads.presence_of(lines, days, percent), strict=True)),
        "rule": rule,
        "before": _week_url(request, division, days[0] - WEEK),
        "after": _week_url(request, division, days[0] + WEEK),
        "actions": _actions(request, division, days),
        "exports": export_menu(request, SHIFTS, place=division.code, week=days[0].isoformat()),
    }
    return render(request, "ratings/shifts.html", context, status=422 if form is not None and form.errors else 200)


def _read_only(lines: list, days: list[date]) -> list[dict]:
    return [{"person": line.person, "cells": [words(line.days.get(day, {})) for day in days]} for line in lines]


def _actions(request: HttpRequest, division: Division, days: list[date]) -> list[dict]:
    url = keep.page_url(request, "shifts_month", division.code, month=f"{days[0]:%Y-%m}")
    found = [{"label": _("本月工作时间"), "icon": "bar-chart", "url": url}]
    if changes(request, division):
        day = today() if today() in days else days[0]
        url = keep.page_url(request, "shifts_day", division.code, day.isoformat())
        found.append({"label": _("按小时登记"), "icon": "clock", "url": url})
    return found


@require_POST
@at_community(Perm.CHANGE_SERVICE)
def shifts_save(request: HttpRequest, division: Division) -> HttpResponse:
    """Saves the week as one act: all of it, or nothing with the reason."""
    days = _days(request)
    lines = reads.lines_of(request.user, division.code, days)
    form = WeekForm(request.POST, lines=lines, days=days)
    if form.is_valid():
        seal = form.cleaned_data["seal"]
        count = attempt(
            form,
            save_shifts,
            division=division,
            cells=form.cells(),
            first=days[0],
            last=days[-1],
            seal=seal,
            by=request.user,
        )
        if count is not None:
            return done(
                request, _week_url(request, division, days[0]), _("已保存排班，%(n)s 格有变化。") % {"n": count}
            )
    return _shown(request, division, days, lines, form)


@require_POST
@at_community(Perm.CHANGE_SERVICE)
def shifts_copy(request: HttpRequest, division: Division) -> HttpResponse:
    """Fills the empty cells of a week from the week before it."""
    days = _days(request)
    before = {
        line.person.pk: line for line in reads.lines_of(request.user, division.code, [day - WEEK for day in days])
    }
    cells = {
        (line.person.pk, day): dict(before[line.person.pk].days[day - WEEK])
        for line in reads.lines_of(request.user, division.code, days)
        for day in days
        if not line.days.get(day) and line.person.pk in before and before[line.person.pk].days.get(day - WEEK)
    }
    seal = reads.rota_seal(division.code, days[0], days[-1])
    try:
        count = save_shifts(division=division, cells=cells, first=days[0], last=days[-1], seal=seal, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(_week_url(request, division, days[0]))
    return done(
        request, _week_url(request, division, days[0]), _("已从上周复制 %(n)s 格；原有内容没有改动。") % {"n": count}
    )


@at_community(Perm.CHANGE_SERVICE)
@never_cache
def shifts_day(request: HttpRequest, division: Division, day: str) -> HttpResponse:
    """One day by hours, for whoever does more than one or two things, or works longer."""
    on = reads.asked_day(day, today())
    lines = reads.lines_of(request.user, division.code, [on])
    forms = [DayForm(request.POST or None, line=line, on=on, number=number) for number, line in enumerate(lines)]
    seal = request.POST.get("seal") or reads.rota_seal(division.code, on, on)
    if forms and request.method == "POST" and all([form.is_valid() for form in forms]):
        cells = {(form.line.person.pk, on): form.parts() for form in forms}
        count = attempt(
            forms[0], save_shifts, division=division, cells=cells, first=on, last=on, seal=seal, by=request.user
        )
        if count is not None:
            return done(
                request,
                _week_url(request, division, on),
                _("已保存 %(day)s，%(n)s 人有变化。") % {"day": formats.day(on), "n": count},
            )
    failed = any(form.errors for form in forms)
    week = reads.week_of(on)[0].isoformat()
    reasons = [reason for form in forms for reason in form.non_field_errors()]
    context = {
        "division": division,
        "on": on,
        "forms": forms,
        "seal": seal,
        "week": week,
        "failed": failed,
        "reasons": reasons,
    }
    return render(request, "ratings/shifts_day.html", context, status=422 if failed else 200)


@require_safe
@at_community(Perm.CHANGE_SERVICE)
def shifts_go(request: HttpRequest, division: Division) -> HttpResponse:
    """Leads to the sheet of the day that was picked."""
    day = reads.asked_day(request.GET.get("day", ""), today())
    return redirect(keep.page_url(request, "shifts_day", division.code, day.isoformat()))


@require_safe
@at_community(Perm.VIEW_SERVICE)
@never_cache
def shifts_month(request: HttpRequest, division: Division) -> HttpResponse:
    """What everybody's hours of a month come to: the share of visits, and the split in parts."""
    form = MonthFilter(request.GET, on=keep.day_of(request))
    first, last = reads.month_of(reads.asked_month(form.data["month"], keep.day_of(request)))
    kinds = (GRID_PRESENCE, TIME_SPLIT, TIME_TOLERANCE)
    presence, split, tolerance = (rule_for(kind, division.code, first) for kind in kinds)
    percent = presence.value["time_percent"] if presence.value else None
    parts = split.value["parts"] if split.value else None
    points = tolerance.value["points"]
    rows = [_month(one, percent, parts, points) for one in reads.months_of(request.user, division.code, first, last)]
    context = {"division": division, "form": form, "first": first, "last": last, "rows": rows}
    context |= {"rule": presence, "split": split, "part": 100 / parts if parts else None}
    context["exports"] = export_menu(request, SHIFTS, place=division.code, month=f"{first:%Y-%m}")
    return render(request, "ratings/shifts_month.html", context)


def _month(one: reads.Month, percent: int | None, parts: int | None, points: int) -> dict:
    met = None if percent is None or one.visiting is None else one.visiting >= percent
    return {
        "month": one,
        "met": met,
        "split": one.split,
        "split_met": one.split_met(parts, points) if parts == len(reads.SPLIT) else None,
    }

"""The working calendar: holidays and make-up days by year, loading a new year, and counting a period day by day."""

from datetime import date

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.lib.workdays import add_workdays, explain, provisional
from portal.core.web import formats
from portal.core.web.access import requires
from portal.core.workdays.actions import changes_of, load_calendar
from portal.core.workdays.files import MAX_CHARACTERS, CalendarFileError, NamedDay, read_calendar
from portal.core.workdays.models import CalendarDay
from portal.core.workdays.queries import calendar_from, specials
from portal.pages.supervision import day_line
from portal.registry import CALENDAR_FOLLOWERS

LONGEST_COUNT = 400


class FileForm(forms.Form):
    """A calendar as a file, or as the text of one that was checked already."""

    file = forms.FileField(
        required=False,
        label=gettext_lazy("日历文件（csv）"),
        help_text=gettext_lazy("表头为 日期,是否上班,名称,来源；只列与平常周次不同的日子，一次一整年。"),
    )
    text = forms.CharField(required=False, max_length=MAX_CHARACTERS, widget=forms.HiddenInput, strip=False)

    def clean(self) -> dict:
        given = super().clean()
        upload, text = given.get("file"), given.get("text") or ""
        if upload is not None:
            if upload.size > MAX_CHARACTERS:
                raise ValidationError(_("文件太大：一年的日历不过几十行。"))
            try:
                text = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                raise ValidationError(_("文件不是 UTF-8 编码，请另存为 UTF-8 的 CSV。")) from None
        if not text:
            raise ValidationError(_("请选择文件。"))
        try:
            given["days"] = read_calendar(text)
        except CalendarFileError as error:
            raise ValidationError(str(error)) from error
        return given | {"text": text}


class CountForm(forms.Form):
    """A period to be counted."""

    start = forms.DateField(
        label=gettext_lazy("起算日"),
        widget=forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d"),
    )
    count = forms.IntegerField(
        label=gettext_lazy("工作日数"),
        min_value=0,
        max_value=LONGEST_COUNT,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )


@require_http_methods(["GET", "POST"])
@requires(Perm.MANAGE_NOTICES)
def calendar(request: HttpRequest) -> HttpResponse:
    """The calendar of a year; a file is checked first, says what would change, and is loaded on confirmation."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    changes = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("load"):
            return _load(request, form.cleaned_data["days"])
        changes = changes_of(form.cleaned_data["days"])
    context = _year(request) | _count(request) | {"form": form, "changes": changes}
    if changes is not None:
        context["text"] = form.cleaned_data["text"]
    return render(request, "portal/calendar.html", context, status=422 if form.errors else 200)


def _load(request: HttpRequest, days: list[NamedDay]) -> HttpResponse:
    """Loads the calendar and has everything counted again that hangs on it; what moved is shown next."""
    since = timezone.now()
    with transaction.atomic():
        done = load_calendar(days=days, by=request.user)
        moved = sum(follower.follow(changes=done, by=request.user) for follower in CALENDAR_FOLLOWERS)
    messages.success(request, done.sentence())
    if not moved:
        return redirect(f"{reverse('calendar')}?year={done.years[-1]}")
    messages.info(request, _("%(count)s 个期限随之变动。") % {"count": formats.number(moved)})
    return redirect(f"{reverse('calendar_moves')}?{urlencode({'since': since.isoformat()})}")


@require_safe
@requires(Perm.MANAGE_NOTICES)
def calendar_moves(request: HttpRequest) -> HttpResponse:
    """Which last days the reader moved by entering a notice: from when, to when, and why."""
    since = parse_datetime(request.GET.get("since", "").replace(" ", "+")) if request.GET.get("since") else None
    moved, count = [], 0
    if since is not None and timezone.is_aware(since):
        for follower in CALENDAR_FOLLOWERS:
            told, found = follower.moved(request.user, since)
            moved, count = moved + told, count + found
    return render(request, "portal/calendar_moves.html", {"moved": moved, "count": count})


def _year(request: HttpRequest) -> dict:
    years = sorted({day.year for day in specials()})
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 and int(asked) > 0 else today().year
    chips = [
        {"label": str(one), "url": f"{reverse('calendar')}?year={one}", "current": one == year}
        for one in sorted({*years, today().year, today().year + 1}, reverse=True)
    ]
    return {"year": year, "known": year in years, "days": CalendarDay.objects.filter(day__year=year), "chips": chips}


def _count(request: HttpRequest) -> dict:
    asked = "start" in request.GET
    form = CountForm(request.GET if asked else None, initial={"start": today(), "count": 20})
    if not asked or not form.is_valid():
        return {"count_form": form}
    start: date = form.cleaned_data["start"]
    days = calendar_from(start)
    end = add_workdays(start, form.cleaned_data["count"], days)
    lines = [day_line(line) for line in explain(start, end, days)]
    return {"count_form": form, "end": end, "lines": lines, "guessed": provisional(start, end, days)}


routes = [
    path("calendar/", calendar, name="calendar"),
    path("calendar/moves/", calendar_moves, name="calendar_moves"),
]

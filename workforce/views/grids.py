"""Grids: the teams of a community, the counts of every place above it, and what the street keeps of both."""

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.indicators.parts import NUMERATOR
from portal.core.lib.codes import Level
from portal.core.policy.kinds import GRID_TEAM
from portal.core.policy.queries import rule_for
from portal.core.territory.models import Division
from portal.core.web import formats, keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.later import counting
from workforce.actions.grids import add_grid, add_grid_post, change_grid, end_grid, enter_grid_worker
from workforce.counters import BOOK
from workforce.enums import GridRole
from workforce.exports.grids import GRIDS
from workforce.forms.grids import GridEndForm, GridForm, GridWorkerForm
from workforce.indicators.grids import GRIDS as FIGURES
from workforce.models import Grid
from workforce.queries.grids import teams
from workforce.queries.lines import Line, lines_under
from workforce.views.answers import attempt, form_page, may_change_now
from workforce.views.figure_cells import VALUE, Column, cells_of, leading, rows_of
from workforce.views.places import at_place

_COLUMNS = (
    Column("grids", gettext_lazy("网格")),
    Column("micro_grids", gettext_lazy("微网格")),
    Column("micro_grids_per_grid", gettext_lazy("每个网格的微网格"), parts=(VALUE,)),
    Column("grid_chiefs", gettext_lazy("网格长")),
    Column("grid_full_time", gettext_lazy("专职网格员")),
    Column("grid_part_time", gettext_lazy("兼职网格员")),
    Column("grid_instructors", gettext_lazy("网格指导员")),
    Column("grids_without_chief", gettext_lazy("缺网格长的网格")),
    Column("grids_without_full_time", gettext_lazy("缺专职网格员的网格")),
    Column("grids_without_instructor", gettext_lazy("缺指导员的网格")),
)


@require_safe
@at_place(Perm.VIEW_ROSTER)
@never_cache
def grids(request: HttpRequest, division: Division) -> HttpResponse:
    """The grids of a community with their teams, or the counts of the places under a division."""
    on = keep.day_of(request)
    if (page := counting(request, BOOK, division.code, on)) is not None:
        return page
    context = {"division": division, "on": on, "rule": rule_for(GRID_TEAM, division.code, on)}
    context["exports"] = export_menu(request, GRIDS, place=division.code)
    line, children = lines_under(division, on, FIGURES)
    context |= {"total": _told(request, line), "lacking": line.count("grids_without_instructor")}
    if division.level == Level.COMMUNITY:
        return render(request, "workforce/grids.html", {**context, **_teams(request, division, on)})
    context["lines"] = [{"division": one.division, "cells": cells_of(request, one, _COLUMNS)} for one in children]
    return render(request, "workforce/grid_counts.html", {**context, "columns": _COLUMNS})


def _told(request: HttpRequest, line: Line) -> dict[str, SafeString]:
    """The numbers of the sentence, each leading to its rows; without grids there is no mean."""
    rows = rows_of(request, line.division.code)
    told = {
        column.key: leading(formats.number(line.count(column.key)), rows(column.key, NUMERATOR)) for column in _COLUMNS
    }
    mean = line.figures["micro_grids_per_grid"].value if line.count("grids") else None
    return told | {
        "mean": "" if mean is None else leading(formats.number(mean), rows("micro_grids_per_grid", NUMERATOR))
    }


def _teams(request: HttpRequest, division: Division, on) -> dict:
    found = teams(request.user, division.code, on)
    for team in found:
        team.gaps = [
            _("缺%(role)s %(n)s 人") % {"role": GridRole(role).label, "n": gap} for role, gap in team.missing.items()
        ]
    changes = may_change_now(request) and request.user.can(Perm.CHANGE_ROSTER, division.code)
    actions = []
    if changes:
        url = keep.page_url(request, "grid_new", division.code)
        actions = [{"label": _("新增网格"), "icon": "plus-lg", "url": url, "primary": True}]
    return {"teams": found, "changes": changes, "actions": actions}


def _grid(request: HttpRequest, pk: int) -> Grid:
    rows = Grid.objects.for_user(request.user, Perm.CHANGE_ROSTER).select_related("division")
    return get_object_or_404(rows.exclude(valid_to=F("valid_from")), pk=pk)


def _done(request: HttpRequest, code: str, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(keep.page_url(request, "grids", code))


def _form(request: HttpRequest, form, division: Division, title: str, **context) -> HttpResponse:
    back = keep.page_url(request, "grids", division.code)
    context = {"title": title, "kind": division.label, "back": back, "draft": request.path, **context}
    return form_page(request, "workforce/plain_form.html", form, **context)


@at_place(Perm.CHANGE_ROSTER)
@never_cache
def grid_new(request: HttpRequest, division: Division) -> HttpResponse:
    """Sets up a grid in a community."""
    form = GridForm(request.POST or None)
    if form.is_valid() and attempt(form, add_grid, division=division, **form.asked(), by=request.user):
        return _done(request, division.code, _("已新增网格“%(name)s”。") % {"name": form.cleaned_data["name"]})
    return _form(request, form, division, _("新增网格"))


@requires(Perm.CHANGE_ROSTER)
@never_cache
def grid_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects a grid."""
    grid = _grid(request, pk)
    form = GridForm(request.POST or None, initial=GridForm.initial_of(grid))
    if form.is_valid() and attempt(form, change_grid, grid=grid, **form.asked(), by=request.user):
        return _done(request, grid.division_id, _("已保存网格“%(name)s”。") % {"name": grid.name})
    return _form(request, form, grid.division, _("更正网格"))


@requires(Perm.CHANGE_ROSTER)
@never_cache
def grid_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends a grid together with the posts of its team."""
    grid = _grid(request, pk)
    form = GridEndForm(request.POST or None)
    if form.is_valid() and attempt(form, end_grid, grid=grid, **form.cleaned_data, by=request.user):
        return _done(request, grid.division_id, _("已登记网格“%(name)s”的撤销日期。") % {"name": grid.name})
    posts = grid.posts.in_force(keep.day_of(request)).select_related("person")
    context = {
        "changes": [f"{post.get_role_display()} {post.person.name}" for post in posts],
        "sentence": _("网格到所填日期撤销，以下网格职务同一天结束；各人的其他任职和合同不变。"),
        "button": _("撤销网格"),
    }
    return _form(request, form, grid.division, _("撤销网格“%(name)s”") % {"name": grid.name}, **context)


@requires(Perm.CHANGE_ROSTER)
@never_cache
def gridpost_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Puts somebody into a grid's team: a person on record, or one who is only a grid worker."""
    grid = _grid(request, pk)
    form = GridWorkerForm(request.POST or None, grid=grid, by=request.user)
    if form.is_valid() and (post := _appoint(request, grid, form)):
        words = {"name": post.person.name, "role": post.get_role_display()}
        return _done(request, grid.division_id, _("已登记 %(name)s 任%(role)s。") % words)
    lead = _("社区工作者兼任网格职务的，从名单中选择同一人。只任网格职务的人不计入社区工作者配备。")
    return _form(request, form, grid.division, _("%(name)s：登记成员") % {"name": grid.name}, lead=lead)


def _appoint(request: HttpRequest, grid: Grid, form: GridWorkerForm):
    common = {"grid": grid, "by": request.user, **form.post()}
    if person := form.chosen:
        return attempt(form, add_grid_post, person=person, version=person.version, **common)
    return attempt(form, enter_grid_worker, person=form.entered(), **common)

"""Micro-projects: proposed by a community, approved by an office, finished or dropped."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.access import refuse, requires
from portal.core.web.export_menu import export_menu
from ratings.actions import needs as writes
from ratings.exports.needs import PROJECTS as EXPORT
from ratings.forms.needs import STEPS, ProjectFilter, ProjectForm
from ratings.models import Project
from ratings.queries import needs as reads
from ratings.views import ledger as page
from workforce.views.places import at_place

ACTIONS = {"approve": writes.approve_project, "finish": writes.finish_project, "drop": writes.drop_project}


@require_safe
@at_place(Perm.VIEW_SERVICE)
@never_cache
def projects(request: HttpRequest, division: Division) -> HttpResponse:
    """The projects of a year under a place."""
    form = ProjectFilter(request.GET, on=keep.day_of(request))
    found = reads.projects(request.user, under=division.code, **form.asked())

    def whole() -> dict:
        return {
            "lead": _("需求由社区申报为项目，街镇批准立项后，对应的需求才计为已转化。"),
            "actions": page.new_act(request, "project_new", division, _("申报项目")),
            "exports": export_menu(request, EXPORT, place=division.code),
        }

    return page.ledger(
        request,
        division,
        "projects",
        _("微治理项目"),
        "ratings/_project_rows.html",
        found,
        form,
        whole,
        changes=page.changes(request, division),
        confirms=page.changes(request, division, Perm.CONFIRM_SERVICE),
    )


@at_place(Perm.CHANGE_SERVICE)
@never_cache
def project_new(request: HttpRequest, division: Division) -> HttpResponse:
    """Proposes a project for needs of the community."""
    page.only_community(division)
    form = ProjectForm(request.POST or None, division=division, by=request.user)
    if form.is_valid() and page.tried(form, writes.propose_project, division=division, **form.asked(), by=request.user):
        return page.done(
            request, "projects", division.code, _("已申报项目“%(name)s”，等待街镇立项。") % form.cleaned_data
        )
    return page.row_form(request, form, division, "projects", _("申报微治理项目"), button=_("申报"))


@requires(Perm.CHANGE_SERVICE)
@never_cache
def project_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects a project and the needs it serves."""
    project = page.fetched(request, Project.objects.all(), pk)
    form = ProjectForm(request.POST or None, division=project.division, by=request.user, row=project)
    if form.is_valid() and page.tried(form, writes.change_project, project=project, **form.asked(), by=request.user):
        return page.done(request, "projects", project.division_id, _("已更正项目“%(name)s”。") % form.cleaned_data)
    return page.row_form(request, form, project.division, "projects", _("更正微治理项目"))


@requires(Perm.CONFIRM_SERVICE, Perm.CHANGE_SERVICE)
@never_cache
def project_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Approves or drops a project, for an office; finishes it, for who keeps the records."""
    if step not in STEPS:
        raise Http404
    perm = Perm.CHANGE_SERVICE if step == "finish" else Perm.CONFIRM_SERVICE
    if not request.user.can(perm):
        refuse(request)
    project = page.fetched(request, Project.objects.all(), pk, perm)
    form = STEPS[step](request.POST or None, row=project)
    if form.is_valid() and page.tried(form, ACTIONS[step], project=project, **form.asked(), by=request.user):
        return page.done(request, "projects", project.division_id, _("已办理项目“%(name)s”。") % {"name": project.name})
    titles = {"approve": _("批准立项"), "finish": _("项目完成"), "drop": _("不予立项或中止")}
    return page.row_form(
        request,
        form,
        project.division,
        "projects",
        f"{titles[step]}：{project.name}",
        changes=[need.title for need in project.needs.order_by("pk")],
        sentence=_("对应的居民需求："),
        button=titles[step],
    )

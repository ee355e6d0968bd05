"""Writes of residents' needs and of the micro-projects that answer them (domain §1.H5)."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.territory.models import Division
from ratings.actions.seen import claim_seen, in_order, put
from ratings.actions.tallies import refresh_tallies
from ratings.enums import ProjectState
from ratings.models import Need, Project, ProjectNeed
from ratings.queries.needs import CONVERTING

# From which states a project may be taken to a state.
FROM = {
    ProjectState.APPROVED: (ProjectState.PROPOSED,),
    ProjectState.FINISHED: (ProjectState.APPROVED,),
    ProjectState.DROPPED: (ProjectState.PROPOSED, ProjectState.APPROVED),
}


@action
def add_need(*, division: Division, by, **fields) -> Need:
    """Enters a need that a community found: title, text, channel, found_on."""
    need = Need.objects.create(division=division, **fields)
    refresh_tallies([division.pk])
    return need


@action
def change_need(*, need: Need, seen: str, by, **fields) -> Need:
    """Corrects a need. Raises `Stale` or ValidationError."""
    need = put(_held(need, seen), fields)
    refresh_tallies([need.division_id])
    return need


@action
def take_back_need(*, need: Need, seen: str, by) -> Need:
    """Takes back a need entered by mistake; it keeps its row and counts nowhere. Raises `Stale` or ValidationError."""
    need = _held(need, seen)
    project = Project.objects.filter(links__need=need, state__in=CONVERTING).first()
    if project is not None:
        raise ValidationError(
            _("这项需求已转化为项目“%(name)s”。请先在该项目中取消对应这项需求，再撤回。") % {"name": project.name}
        )
    need = put(need, {"taken_back": True})
    refresh_tallies([need.division_id])
    return need


def _held(need: Need, seen: str) -> Need:
    found = claim_seen(need, seen)
    if found.taken_back:
        raise ValidationError(_("这条记录已经撤回。"))
    return found


@action
def propose_project(*, division: Division, needs: Iterable[Need], by, **fields) -> Project:
    """Proposes a project for needs of the same community: name, lead, proposed_on, budget. Raises ValidationError."""
    project = Project.objects.create(division=division, **fields)
    _link(project, needs)
    refresh_tallies([division.pk])
    return project


@action
def change_project(*, project: Project, seen: str, needs: Iterable[Need], by, **fields) -> Project:
    """Corrects a project and the needs it serves; a dropped one stays as it is. Raises `Stale` or ValidationError."""
    project = claim_seen(project, seen)
    if project.state == ProjectState.DROPPED:
        raise ValidationError(_("这个项目没有立项或已中止，不能再更正。需要时请重新申报。"))
    if project.approved_on:
        in_order(fields["proposed_on"], project.approved_on, "proposed_on", _("申报日期不能晚于立项日期。"))
    _link(put(project, fields), needs)
    refresh_tallies([project.division_id])
    return project


def _link(project: Project, needs: Iterable[Need]) -> None:
    wanted = {need.pk: need for need in needs}
    if not wanted:
        raise ValidationError({"needs": _("请至少选择一项居民需求；没有登记需求的，先登记需求。")})
    if any(need.division_id != project.division_id or need.taken_back for need in wanted.values()):
        raise ValidationError({"needs": _("只能选择本社区尚未撤回的需求。")})
    project.links.exclude(need__in=wanted).delete()
    held = set(project.links.values_list("need_id", flat=True))
    for pk in wanted.keys() - held:
        ProjectNeed.objects.create(project=project, need_id=pk)


@action
def approve_project(*, project: Project, seen: str, approved_on: date, by) -> Project:
    """Approves a proposed project; from now on its needs count as converted. Raises `Stale` or ValidationError."""
    in_order(project.proposed_on, approved_on, "approved_on", _("立项日期不能早于申报日期。"))
    return _move(project, seen, ProjectState.APPROVED, {"approved_on": approved_on})


@action
def finish_project(*, project: Project, seen: str, finished_on: date, result: str, by) -> Project:
    """Ends an approved project with its result. Raises `Stale` or ValidationError."""
    if project.approved_on:
        in_order(project.approved_on, finished_on, "finished_on", _("完成日期不能早于立项日期。"))
    return _move(project, seen, ProjectState.FINISHED, {"finished_on": finished_on, "result": result})


@action
def drop_project(*, project: Project, seen: str, result: str, by) -> Project:
    """Turns a proposal down or stops a project; its needs no longer count as converted by it.

    Raises `Stale` or ValidationError.
    """
    return _move(project, seen, ProjectState.DROPPED, {"result": result})


def _move(project: Project, seen: str, state: ProjectState, fields: dict) -> Project:
    project = claim_seen(project, seen)
    if project.state not in FROM[state]:
        raise ValidationError(
            _("项目现在是“%(state)s”，不能这样办理。请刷新页面。") % {"state": project.get_state_display()}
        )
    put(project, {"state": state, **fields})
    refresh_tallies([project.division_id])
    return project

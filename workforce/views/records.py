"""Entering, correcting, ending and taking back the records of a person: contracts, statuses, grid posts, exits."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L
from django.views.decorators.cache import never_cache

from portal.core.accounts.roles import Perm
from portal.core.lib.dated import last_day
from portal.core.web.access import requires
from workforce.actions import contracts, exits, grades, grids, payroll, statuses
from workforce.forms.pay import ApprovalForm, GradeForm, ProfessionalForm
from workforce.forms.records import (
    ContractForm,
    ExitForm,
    GridPostForm,
    RecordEndForm,
    RecordForm,
    RenewalForm,
    StatusForm,
    TakeBackForm,
)
from workforce.models import (
    Contract,
    Exit,
    GradeRecord,
    GridPost,
    PayApproval,
    ProfessionalAppointment,
    SpecialStatus,
)
from workforce.queries.contracts import same_length_again
from workforce.views.answers import attempt, form_page
from workforce.views.posts import confirm, done, person_or_404


@dataclass(frozen=True)
class Kind:
    """A kind of record with its form and its acts; an act that makes no sense for it is None."""

    model: type
    form: type[RecordForm]
    label: str | Promise
    change: Callable
    take_back: Callable
    add: Callable | None = None
    end: Callable | None = None
    ends: str | Promise = ""


KINDS = {
    "contract": Kind(
        model=Contract,
        form=ContractForm,
        label=_L("合同"),
        add=contracts.add_contract,
        change=contracts.change_contract,
        end=contracts.end_contract,
        take_back=contracts.take_back_contract,
        ends=_L("这份合同到所填日期为止。任职不变；选举职务由选民终止，党内职务按党内程序终止，须分别登记。"),
    ),
    "status": Kind(
        model=SpecialStatus,
        form=StatusForm,
        label=_L("状态"),
        add=statuses.add_status,
        change=statuses.change_status,
        end=statuses.end_status,
        take_back=statuses.take_back_status,
        ends=_L("这一状态到所填日期为止，之后照常计算期限和人数。"),
    ),
    "gridpost": Kind(
        model=GridPost,
        form=GridPostForm,
        label=_L("网格职务"),
        change=grids.change_grid_post,
        end=grids.end_grid_post,
        take_back=grids.take_back_grid_post,
        ends=_L("这项网格职务到所填日期为止，其他任职和合同不变。"),
    ),
    "grade": Kind(
        model=GradeRecord,
        form=GradeForm,
        label=_L("岗位等级"),
        add=grades.set_grade,
        change=grades.correct_grade,
        take_back=grades.take_back_grade,
    ),
    "professional": Kind(
        model=ProfessionalAppointment,
        form=ProfessionalForm,
        label=_L("专业水平聘任"),
        add=grades.add_professional,
        change=grades.change_professional,
        end=grades.end_professional,
        take_back=grades.take_back_professional,
        ends=_L("这项聘任到所填日期为止，证书不变。"),
    ),
    "approval": Kind(
        model=PayApproval,
        form=ApprovalForm,
        label=_L("薪酬批准"),
        add=payroll.add_approval,
        change=payroll.change_approval,
        end=payroll.end_approval,
        take_back=payroll.take_back_approval,
        ends=_L("这项批准到所填日期为止，之后按一般上限检查。"),
    ),
    "exit": Kind(
        model=Exit, form=ExitForm, label=_L("离职登记"), change=exits.change_exit, take_back=exits.take_back_exit
    ),
}


def _kind(key: str, act: str = "change") -> Kind:
    kind = KINDS.get(key)
    if kind is None or getattr(kind, act) is None:
        raise Http404
    return kind


def _record(request: HttpRequest, kind: Kind, pk: int):
    """The record, where the reader keeps the roster; one that was taken back can no longer be changed."""
    rows = kind.model.objects.for_user(request.user, Perm.CHANGE_ROSTER).select_related("person")
    gone = {"taken_back": True} if kind.model is Exit else {"valid_to": F("valid_from")}
    return get_object_or_404(rows.exclude(**gone), pk=pk)


def _save(request: HttpRequest, form, title: str, action: Callable, lead="", **arguments) -> HttpResponse:
    """Runs the action of a valid form, else shows the form."""
    person = form.person
    if form.is_valid() and attempt(form, action, **arguments, **form.asked(), by=request.user):
        return done(request, person.pk, _("已保存：%(title)s。") % {"title": title})
    draft = f"{request.path}-{person.version}"
    context = {"title": title, "person": person, "lead": lead, "draft": draft}
    return form_page(request, "workforce/record_form.html", form, **context)


@requires(Perm.CHANGE_ROSTER)
@never_cache
def record_new(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """Enters a record of a person."""
    of, person = _kind(kind, "add"), person_or_404(request, pk)
    form = of.form(request.POST or None, person=person)
    return _save(request, form, _("登记%(what)s") % {"what": of.label}, of.add, person=person)


@requires(Perm.CHANGE_ROSTER)
@never_cache
def record_edit(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Corrects a record."""
    of = _kind(kind)
    record = _record(request, of, pk)
    form = of.form(request.POST or None, person=record.person, record=record)
    return _save(request, form, _("更正%(what)s") % {"what": of.label}, of.change, record=record)


@requires(Perm.CHANGE_ROSTER)
@never_cache
def contract_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Renews a contract for as long again unless told otherwise."""
    record = _record(request, KINDS["contract"], pk)
    if record.valid_to is None:
        raise Http404
    initial = {"kind": record.kind, "party": record.party, "party_kind": record.party_kind}
    initial["valid_to"] = last_day(same_length_again(record))
    form = RenewalForm(request.POST or None, person=record.person, initial=initial)
    lead = _("新合同自 %(day)s 起，接续上一份合同。") % {"day": record.valid_to.isoformat()}
    return _save(request, form, _("续签合同"), contracts.renew_contract, lead=lead, record=record)


@requires(Perm.CHANGE_ROSTER)
@never_cache
def record_end(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Ends a record, and nothing else with it."""
    of = _kind(kind, "end")
    record = _record(request, of, pk)
    form = RecordEndForm(request.POST or None, person=record.person)
    title = _("结束%(what)s") % {"what": of.label}
    if form.is_valid() and attempt(form, of.end, record=record, **form.cleaned_data, by=request.user):
        return done(request, record.person_id, _("已保存：%(title)s。") % {"title": title})
    return confirm(request, form, record.person, title, of.ends, [str(record)])


@requires(Perm.CHANGE_ROSTER)
@never_cache
def record_take_back(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Takes back a record that should never have been entered."""
    of = _kind(kind, "take_back")
    record = _record(request, of, pk)
    form = TakeBackForm(request.POST or None, person=record.person)
    title = _("撤回%(what)s") % {"what": of.label}
    if form.is_valid() and attempt(form, of.take_back, record=record, **form.cleaned_data, by=request.user):
        return done(request, record.person_id, _("已撤回。原登记保留在变更记录中。"))
    sentence = _("用于登记有误、事情并未发生的情形：撤回后不再起作用，页面上标明“已撤回”，原登记保留。")
    if of.model is Exit:
        sentence += _("随这次离职一并截止的任职和合同恢复为离职前的状态。")
    return confirm(request, form, record.person, title, sentence, [str(record)])

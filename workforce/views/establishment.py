"""Positions: established, taken, vacant and applied for; a street applies, the district decides."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.lib.codes import Level
from portal.core.territory.models import Division
from portal.core.web import formats, keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.later import counting
from workforce.actions.establishment import (
    apply_for_posts,
    approve_application,
    approve_exception,
    refuse_application,
    set_establishment,
    withdraw_application,
)
from workforce.counters import BOOK
from workforce.enums import ApplicationState
from workforce.exports.establishment import ESTABLISHMENT
from workforce.forms.establishment import ApplyForm, DecideForm, EstablishForm, ExceptionForm, WithdrawForm
from workforce.models import Appointment, PostApplication
from workforce.queries.establishment import positions_of
from workforce.views.answers import attempt, form_page
from workforce.views.places import at_place, chosen_place
from workforce.views.positions_table import actions_of, page_context, show_of


@require_safe
@requires(Perm.VIEW_STAFFING)
def establishments(request: HttpRequest) -> HttpResponse:
    """The page of the place chosen, else of the reader's first territory."""
    place = chosen_place(request, Perm.VIEW_STAFFING)
    if place is None:
        messages.info(request, _("请先在顶部选择一个地方，再查看员额。"))
        return redirect(keep.page_url(request, "today"))
    return redirect(keep.page_url(request, "establishment", place.code))


@require_safe
@at_place(Perm.VIEW_STAFFING)
@never_cache
def establishment(request: HttpRequest, division: Division) -> HttpResponse:
    """Positions of a community with their history, or of everything under a division as a table."""
    if show_of(request, division):
        waiting = counting(request, BOOK, division.code, keep.day_of(request), kept=False, afresh=True)
        if waiting is not None:
            return waiting
    context = page_context(request, division) | {"actions": actions_of(request, division)}
    context["exports"] = export_menu(request, ESTABLISHMENT, place=division.code)
    community = division.level == Level.COMMUNITY
    return render(request, f"workforce/establishment{'' if community else '_list'}.html", context)


def _done(request: HttpRequest, code: str, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(keep.page_url(request, "establishment", code))


def _form(request: HttpRequest, form, division: Division, title: str, **context) -> HttpResponse:
    back = keep.page_url(request, "establishment", division.code)
    context = {"title": title, "kind": division.label, "back": back, "draft": request.path, **context}
    return form_page(request, "workforce/plain_form.html", form, **context)


@at_place(Perm.CHANGE_ROSTER)
@never_cache
def establishment_apply(request: HttpRequest, division: Division) -> HttpResponse:
    """A street asks for posts."""
    form = ApplyForm(request.POST or None, division=division)
    if form.is_valid() and (found := attempt(form, apply_for_posts, **form.asked(), by=request.user)):
        words = {"place": found.division.label, "posts": found.posts, "kind": found.get_worker_class_display()}
        return _done(request, division.code, _("已为%(place)s申请%(kind)s员额 %(posts)s 人，等待区里审批。") % words)
    lead = _("提交后由区民政部门审批，可以全部批准、部分批准或不予批准；审批前可以撤回。")
    return _form(request, form, division, _("申请员额"), lead=lead, button=_("提交申请"))


@at_place(Perm.DECIDE_POSTS)
@never_cache
def establishment_set(request: HttpRequest, division: Division) -> HttpResponse:
    """Who decides about posts records what is established."""
    form = EstablishForm(request.POST or None, division=division)
    if form.is_valid() and (found := attempt(form, set_establishment, **form.asked(), by=request.user)):
        words = {"place": found.division.label, "posts": found.posts, "kind": found.get_worker_class_display()}
        return _done(request, division.code, _("已登记%(place)s%(kind)s核定员额 %(posts)s 人。") % words)
    lead = _("从启用日期起按新的员额控制，之前的核定保留为历史。没有核定员额的社区不作控制。")
    return _form(request, form, division, _("登记核定员额"), lead=lead)


def _application(request: HttpRequest, pk: int, perm: Perm) -> PostApplication:
    rows = PostApplication.objects.for_user(request.user, perm).select_related("division")
    return get_object_or_404(rows, pk=pk)


@require_safe
@requires(Perm.VIEW_STAFFING)
@never_cache
def establishment_application(request: HttpRequest, pk: int) -> HttpResponse:
    """One application with its decision, and the forms of whoever may decide or withdraw it."""
    return _shown(request, _application(request, pk, Perm.VIEW_STAFFING))


def _shown(request: HttpRequest, application: PostApplication, form: DecideForm | None = None) -> HttpResponse:
    division, waiting = application.division, application.state == ApplicationState.SUBMITTED
    decides = waiting and request.user.can(Perm.DECIDE_POSTS, division.code)
    on = keep.day_of(request)
    withdraws = waiting and request.user.can(Perm.CHANGE_ROSTER, division.code)
    context = {
        "application": application,
        "division": division,
        "positions": positions_of([division.code], on, division.code)[division.code][application.worker_class],
        "form": (form or DecideForm(application=application)) if decides else None,
        "withdraw": WithdrawForm(initial={"version": application.version}) if withdraws else None,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "workforce/establishment_application.html", context, status=status)


@require_POST
@requires(Perm.DECIDE_POSTS)
def establishment_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approves all or part of an application, or refuses it."""
    application = _application(request, pk, Perm.DECIDE_POSTS)
    form = DecideForm(request.POST, application=application)
    if form.is_valid():
        action = approve_application if form.approves else refuse_application
        if found := attempt(form, action, **form.asked(), by=request.user):
            return _done(request, application.division_id, _outcome(found))
        application.refresh_from_db()
    return _shown(request, application, form)


def _outcome(application: PostApplication) -> str:
    words = {"place": application.division.label, "posts": application.approved_posts, "asked": application.posts}
    if application.state == ApplicationState.REFUSED:
        return _("没有批准%(place)s的员额申请，理由已记录。") % words
    if application.starts_on > today():
        words["day"] = formats.day(application.starts_on)
        return _("已批准%(place)s员额 %(posts)s 人（申请 %(asked)s 人），自 %(day)s 起计入核定员额。") % words
    return _("已批准%(place)s员额 %(posts)s 人（申请 %(asked)s 人），核定员额已相应增加。") % words


@require_POST
@requires(Perm.CHANGE_ROSTER)
def establishment_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The street takes an application back."""
    application = _application(request, pk, Perm.CHANGE_ROSTER)
    form = WithdrawForm(request.POST)
    done = form.is_valid() and attempt(
        form, withdraw_application, application=application, **form.cleaned_data, by=request.user
    )
    if done:
        return _done(request, application.division_id, _("已撤回员额申请。"))
    messages.error(request, _("没有撤回：%(why)s") % {"why": " ".join(form.non_field_errors()) or _("请重试。")})
    return redirect(keep.page_url(request, "establishment_application", pk))


@requires(Perm.DECIDE_POSTS)
@never_cache
def establishment_exception(request: HttpRequest, pk: int) -> HttpResponse:
    """Lets the holder of a post take a position beyond the quota."""
    posts = Appointment.objects.for_user(request.user, Perm.DECIDE_POSTS).filter(quota_exception__isnull=True)
    post = get_object_or_404(posts.select_related("person", "division"), pk=pk)
    form = ExceptionForm(request.POST or None, person=post.person)
    if form.is_valid() and attempt(form, approve_exception, appointment=post, **form.cleaned_data, by=request.user):
        said = _("已批准 %(name)s 超员额纳入管理。") % {"name": post.person.name}
        return _done(request, post.division_id, said)
    words = {"name": post.person.name, "title": post.title, "day": formats.day(post.valid_from)}
    sentence = _("%(name)s，%(title)s，%(day)s 起任职。批准后占用员额，并在员额页列为例外。") % words
    return _form(request, form, post.division, _("按例外批准"), sentence=sentence, button=_("批准例外"))

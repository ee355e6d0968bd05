"""Entering, correcting and ending people and their posts by form."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.web import keep
from portal.core.web.access import requires
from workforce.actions.people import add_post, add_worker, change_worker, end_post, leave
from workforce.forms import ChangeForm, EndForm, LeaveForm, PostForm, WorkerForm
from workforce.models import Appointment, Person
from workforce.queries.people import best, contract_on, history
from workforce.views.answers import attempt, form_page
from workforce.views.worker import timeline


def _person_or_404(request: HttpRequest, pk: UUID) -> Person:
    return get_object_or_404(Person.objects.for_user(request.user, Perm.CHANGE_ROSTER), pk=pk)


def _posts(request: HttpRequest):
    return Appointment.objects.for_user(request.user, Perm.CHANGE_ROSTER).select_related("person", "division")


def _done(request: HttpRequest, person_id: UUID, sentence: str, notes: list[str] = ()) -> HttpResponse:
    """Says what was done and what to look at again, on the person's page."""
    messages.success(request, sentence)
    for note in notes:
        messages.warning(request, note)
    return redirect(keep.page_url(request, "worker", person_id))


@requires(Perm.CHANGE_ROSTER)
@never_cache
def worker_new(request: HttpRequest) -> HttpResponse:
    """Enters a person with a first post."""
    form = WorkerForm(request.POST or None, by=request.user, initial={"community": keep.place_of(request)})
    if form.is_valid() and (post := attempt(form, add_worker, **form.asked(), by=request.user)):
        return _done(request, post.person_id, _("已新增 %(name)s。") % {"name": post.person.name}, form.notes)
    title = _("新增人员")
    lead = _("已在名册中的人请在其页面上新增任职，不要重复新增。")
    return form_page(request, "workforce/worker_form.html", form, title=title, lead=lead, draft="worker-new")


@requires(Perm.CHANGE_ROSTER)
@never_cache
def worker_post_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Gives a person one more post."""
    person = _person_or_404(request, pk)
    initial = {"community": keep.place_of(request)}
    form = PostForm(request.POST or None, by=request.user, person=person, initial=initial)
    if form.is_valid() and attempt(form, add_post, person=person, **form.asked(), by=request.user):
        return _done(request, pk, _("已为 %(name)s 新增任职。") % {"name": person.name}, form.notes)
    context = {"title": _("新增任职"), "lead": _("一人任几职，只计一人。"), "person": person}
    draft = f"post-{person.pk}-{person.version}"
    return form_page(request, "workforce/worker_form.html", form, draft=draft, **context)


@requires(Perm.CHANGE_ROSTER)
@never_cache
def appointment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects a person's record and one post."""
    post = get_object_or_404(_posts(request), pk=pk)
    person, contract = post.person, contract_on(post.person, today())
    certificate = best(person.certificates.all())
    form = ChangeForm(request.POST or None, by=request.user, post=post, contract=contract, certificate=certificate)
    if form.is_valid() and attempt(form, change_worker, appointment=post, **form.asked(), by=request.user):
        return _done(request, person.pk, _("已保存 %(name)s 的更正。") % {"name": post.person.name}, form.notes)
    context = {"title": _("更正"), "person": person, "post": post, "conflict": _conflict(request, form)}
    draft = f"edit-{post.pk}-{person.version}"
    return form_page(request, "workforce/worker_form.html", form, draft=draft, **context)


def _conflict(request: HttpRequest, form: ChangeForm) -> dict | None:
    """After somebody else has saved in between: who, when, and where the two versions differ."""
    if not form.stale:
        return None
    last = next(iter(timeline(history(request.user, form.person, limit=1))), None)
    return {"last": last, "differences": form.differences()}


@requires(Perm.CHANGE_ROSTER)
@never_cache
def appointment_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends one post."""
    posts = _posts(request).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today()))
    post = get_object_or_404(posts, pk=pk)
    form = EndForm(request.POST or None, person=post.person)
    arguments = {"appointment": post, **form.cleaned_data, "by": request.user} if form.is_valid() else {}
    if arguments and attempt(form, end_post, **arguments):
        return _done(request, post.person_id, _("已登记 %(name)s 的任职截止日期。") % {"name": post.person.name})
    sentence = _("%(name)s在%(place)s的“%(title)s”到所填日期为止，其他任职和合同不变。之后不再计入。")
    said = sentence % {"name": post.person.name, "place": post.division.label, "title": post.title}
    return _confirm(request, form, post.person, _("结束任职"), said)


@requires(Perm.CHANGE_ROSTER)
@never_cache
def worker_leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ends all posts and contracts of a person who leaves."""
    person = _person_or_404(request, pk)
    form = LeaveForm(request.POST or None, person=person)
    arguments = {"person": person, **form.cleaned_data, "by": request.user} if form.is_valid() else {}
    if arguments and attempt(form, leave, **arguments):
        return _done(request, pk, _("已登记 %(name)s 离职。") % {"name": person.name})
    posts = _posts(request).filter(person=person).in_force(today())
    changes = [f"{post.division.label} {post.title}" for post in posts.order_by("tier", "id")]
    said = _("%(name)s离职：以下任职和现有合同都到所填日期为止，档案保留。") % {"name": person.name}
    return _confirm(request, form, person, _("办理离职"), said, changes)


def _confirm(request: HttpRequest, form, person: Person, title: str, sentence: str, changes=()) -> HttpResponse:
    context = {"title": title, "sentence": sentence, "changes": changes, "person": person}
    return form_page(request, "workforce/confirm.html", form, **context)

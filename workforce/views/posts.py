"""Entering, correcting and ending people and their posts by form."""

from uuid import UUID

from django.contrib import messages
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.web import keep
from portal.core.web.access import requires
from workforce.actions.exits import end_relations, leave
from workforce.actions.people import ELSEWHERE, add_post, add_worker, change_worker, end_post, take_back_post
from workforce.forms import ChangeForm, EndForm, LeaveForm, PostForm, WorkerForm
from workforce.forms.records import TakeBackForm
from workforce.models import Appointment, Contract, GridPost, Person
from workforce.queries.people import best, contract_on, history
from workforce.queries.service import Relation, relations_of
from workforce.views.answers import attempt, form_page
from workforce.views.worker_timeline import change_items


def person_or_404(request: HttpRequest, pk: UUID) -> Person:
    """A person whose records the reader keeps."""
    return get_object_or_404(Person.objects.for_user(request.user, Perm.CHANGE_ROSTER), pk=pk)


def _posts(request: HttpRequest):
    return Appointment.objects.for_user(request.user, Perm.CHANGE_ROSTER).select_related("person", "division")


def done(request: HttpRequest, person_id: UUID, sentence: str, notes: list[str] = ()) -> HttpResponse:
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
        return done(
            request, post.person_id, _("已新增 %(name)s。") % {"name": post.person.name}, [*form.notes, *post.notes]
        )
    title = _("新增人员")
    lead = _("已在名册中的人请在其页面上新增任职，不要重复新增。")
    context = {"title": title, "lead": lead, "draft": "worker-new", "offer": _offer(request, form)}
    return form_page(request, "workforce/worker_form.html", form, **context)


def _offer(request: HttpRequest, form: WorkerForm) -> dict | None:
    """The way on where the person works in another street."""
    if not any(ELSEWHERE in errors for errors in form.errors.values()):
        return None
    url = keep.page_url(request, "transfer_new")
    return {"text": _("对方街道同意后，此人即可调入。"), "url": url, "label": _("提出调入申请")}


@requires(Perm.CHANGE_ROSTER)
@never_cache
def worker_post_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Gives a person one more post."""
    person = person_or_404(request, pk)
    initial = {"community": keep.place_of(request)}
    form = PostForm(request.POST or None, by=request.user, person=person, initial=initial)
    if form.is_valid() and (post := attempt(form, add_post, person=person, **form.asked(), by=request.user)):
        return done(request, pk, _("已为 %(name)s 新增任职。") % {"name": person.name}, [*form.notes, *post.notes])
    context = {"title": _("新增任职"), "lead": _("一人任几职，只计一人。"), "person": person}
    draft = f"post-{person.pk}-{person.version}"
    return form_page(request, "workforce/worker_form.html", form, draft=draft, offer=_offer(request, form), **context)


@requires(Perm.CHANGE_ROSTER)
@never_cache
def appointment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects a person's record and one post."""
    post = get_object_or_404(_posts(request).exclude(valid_to=F("valid_from")), pk=pk)
    person, contract = post.person, contract_on(post.person, today())
    certificate = best(person.certificates.all())
    form = ChangeForm(request.POST or None, by=request.user, post=post, contract=contract, certificate=certificate)
    if form.is_valid() and (kept := attempt(form, change_worker, appointment=post, **form.asked(), by=request.user)):
        return done(request, person.pk, _saved(kept, form), [*form.notes, *kept.notes])
    context = {"title": _("更正"), "person": person, "post": post, "conflict": _conflict(request, form)}
    context["offer"] = _offer(request, form)
    draft = f"edit-{post.pk}-{person.version}"
    return form_page(request, "workforce/worker_form.html", form, draft=draft, **context)


def _saved(post: Appointment, form: ChangeForm) -> str:
    if form.asked()["changed_on"] is None:
        return _("已保存 %(name)s 的更正。") % {"name": post.person.name}
    words = {"name": post.person.name, "day": post.valid_from.isoformat()}
    return _("已保存：%(name)s 的任职自 %(day)s 起变更，之前的记录保留。") % words


def _conflict(request: HttpRequest, form: ChangeForm) -> dict | None:
    """After somebody else has saved in between: who, when, and where the two versions differ."""
    if not form.stale:
        return None
    last = next(iter(change_items(request, history(request.user, form.person, limit=1))), None)
    return {"last": last, "differences": form.differences()}


@requires(Perm.CHANGE_ROSTER)
@never_cache
def appointment_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends one post."""
    posts = _posts(request).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today()) & Q(valid_to__gt=F("valid_from")))
    post = get_object_or_404(posts, pk=pk)
    form = EndForm(request.POST or None, person=post.person)
    arguments = {"appointment": post, **form.cleaned_data, "by": request.user} if form.is_valid() else {}
    if arguments and attempt(form, end_post, **arguments):
        said = _("已登记 %(name)s 的任职截止日期。") % {"name": post.person.name}
        return done(request, post.person_id, said, post.notes)
    sentence = _("%(name)s在%(place)s的“%(title)s”到所填日期为止，其他任职和合同不变。之后不再计入。")
    said = sentence % {"name": post.person.name, "place": post.division.label, "title": post.title}
    return confirm(request, form, post.person, _("结束任职"), said)


@requires(Perm.CHANGE_ROSTER)
@never_cache
def appointment_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back a post that should never have been entered."""
    post = get_object_or_404(_posts(request).exclude(valid_to=F("valid_from")), pk=pk)
    form = TakeBackForm(request.POST or None, person=post.person)
    arguments = {"appointment": post, **form.cleaned_data, "by": request.user} if form.is_valid() else {}
    if arguments and attempt(form, take_back_post, **arguments):
        return done(request, post.person_id, _("已撤回。原登记保留在变更记录中。"))
    sentence = _("用于登记有误、此人并未担任过的情形：撤回后任何一天都不再计入，页面上标明“已撤回”，原登记保留。")
    return confirm(request, form, post.person, _("撤回任职"), sentence, [f"{post.division.label} {post.title}"])


@requires(Perm.CHANGE_ROSTER)
@never_cache
def worker_leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ends contract, posts and grid posts of a person, all together or apart; all of them is leaving."""
    person = person_or_404(request, pk)
    relations = relations_of(person, today())
    labels = {one.key: relation_label(one) for one in relations}
    form = LeaveForm(request.POST or None, person=person, relations=relations, labels=labels)
    if form.is_valid() and (sentence := _leave(request, person, form)):
        return done(request, pk, sentence)
    lead = _("合同、选举职务和党内职务是三种关系，各有各的终止程序；这里只登记已经依法依规终止的。")
    context = {
        "title": _("办理离职或部分终止"),
        "lead": lead,
        "person": person,
        "draft": f"leave-{pk}-{person.version}",
    }
    return form_page(request, "workforce/record_form.html", form, **context)


def _leave(request: HttpRequest, person: Person, form: LeaveForm) -> str:
    """Runs what the form asks for; what was done, or nothing when it was refused."""
    given, common = form.cleaned_data, {"person": person, "by": request.user}
    dated = {"version": given["version"], "last_day": given["last_day"]}
    if form.whole:
        left = attempt(form, leave, reason=given["reason"], note=given["note"], **dated, **common)
        return _("已登记 %(name)s 离职。") % {"name": person.name} if left else ""
    ended = attempt(form, end_relations, relations=form.ended, **dated, **common)
    return _("已登记所选各项的截止日期；其余任职或合同继续，没有登记离职。") if ended else ""


def relation_label(one: Relation) -> str:
    """A relation in words, with who may end it."""
    row = one.row
    if isinstance(row, Contract):
        return _("%(kind)s：%(party)s，由用工单位和本人终止") % {
            "kind": row.get_kind_display(),
            "party": row.party or _("无数据"),
        }
    if isinstance(row, GridPost):
        return _("%(role)s：%(place)s %(grid)s") % {
            "role": row.get_role_display(),
            "place": row.division.label,
            "grid": row.grid.name,
        }
    words = {"place": row.division.label, "title": row.title}
    if one.elected and not one.party:
        return _("选举职务 %(title)s（%(place)s）：由居民会议终止，用工单位无权免去，程序办完后再勾选") % words
    if one.elected:
        return _("党内选举职务 %(title)s（%(place)s）：按党内程序终止，程序办完后再勾选") % words
    if one.party:
        return _("党内职务 %(title)s（%(place)s）：按党内程序免去") % words
    return _("任职 %(title)s（%(place)s）") % words


def confirm(request: HttpRequest, form, person: Person, title: str, sentence: str, changes=()) -> HttpResponse:
    """A page that says what will change before it does."""
    context = {"title": title, "sentence": sentence, "changes": changes, "person": person}
    return form_page(request, "workforce/confirm.html", form, **context)

"""The page of one person: posts today, what is on record, contracts, certificates, and everything that happened."""

from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import SYSTEM
from portal.core.audit.changes import Change
from portal.core.lib.dated import age_on, in_force
from portal.core.lib.dated import last_day as last_day_of
from portal.core.lib.identity import mask, mask_phone
from portal.core.web import keep
from portal.core.web.access import requires
from workforce.actions.people import reveal
from workforce.forms import RevealForm
from workforce.models import Appointment, Person
from workforce.queries.people import heads_among, history, posts_of
from workforce.views.answers import attempt, form_page, may_change_now
from workforce.views.roster import counting_note


@require_safe
@requires(Perm.VIEW_ROSTER)
@never_cache
def worker(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One person, as far as the reader's territory goes."""
    person = get_object_or_404(Person.objects.for_user(request.user, Perm.VIEW_ROSTER), pk=pk)
    return render(request, "workforce/worker.html", _page(request, person))


def _page(request: HttpRequest, person: Person) -> dict:
    on, posts = keep.day_of(request), posts_of(request.user, person)
    now = [post for post in posts if in_force(post.valid_from, post.valid_to, on)]
    changes = may_change_now(request) and any(request.user.can(Perm.CHANGE_ROSTER, p.division_id) for p in posts)
    return {
        "person": person,
        "lead": _("；").join(f"{post.division.label} {post.title}" for post in now),
        "status": "in_force" if now else "ended",
        "status_word": _("在岗") if now else _("不在岗"),
        "posts": _posts(request, posts, now),
        "facts": _facts(person, on),
        "contracts": [_dated(one, on) for one in person.contracts.order_by("-valid_from")],
        "certificates": list(person.certificates.order_by("-obtained_on")),
        "may_reveal": any(request.user.can(Perm.REVEAL_PERSONAL, post.division_id) for post in posts),
        "reveal_form": RevealForm(),
        "actions": _actions(request, person, bool(now)) if changes else [],
        "timeline": timeline(history(request.user, person)),
    }


def _posts(request: HttpRequest, posts: list[Appointment], now: list[Appointment]) -> list[dict]:
    on, today = keep.day_of(request), may_change_now(request)
    heads = heads_among({post.division_id for post in now}, on)
    found = []
    for post in posts:
        mine = today and request.user.can(Perm.CHANGE_ROSTER, post.division_id)
        running = post in now
        note = counting_note(post, heads) if running else ""
        ends = mine and (post.valid_to is None or post.valid_to > on)
        found.append({**_dated(post, on), "post": post, "note": note, "running": running, "edits": mine, "ends": ends})
    return found


def _dated(row, on) -> dict:
    """A contract or post with its last day and its state on the day."""
    running = in_force(row.valid_from, row.valid_to, on)
    state = "in_force" if running else "future" if row.valid_from > on else "ended"
    return {"row": row, "last_day": last_day_of(row.valid_to), "state": state}


def _facts(person: Person, on) -> list[dict]:
    """What is on record about the person; birth date and numbers are personal and stay masked."""
    age = age_on(person.birth_date, on) if on >= person.birth_date else None
    rows = [
        (_("身份证号"), mask(person.id_number)),
        (_("联系电话"), mask_phone(person.phone) if person.phone else None),
        (_("性别"), person.get_sex_display()),
        (_("年龄"), None if age is None else _("%(age)s 周岁") % {"age": age}),
        (_("民族"), person.ethnicity),
        (_("政治面貌"), person.political_status),
        (_("学历"), person.education),
        (_("学位"), person.degree),
        (_("专业"), person.major),
        (_("入职日期"), person.hired_on and person.hired_on.isoformat()),
    ]
    if person.left_on:
        rows += [(_("离职日期"), person.left_on.isoformat()), (_("离职原因"), person.leaving_reason)]
    return [{"label": label, "value": value} for label, value in rows]


def _actions(request: HttpRequest, person: Person, serving: bool) -> list[dict]:
    found = [{"label": _("新增任职"), "icon": "plus-lg", "url": keep.page_url(request, "worker_post_new", person.pk)}]
    if serving and person.left_on is None:
        found.append(
            {"label": _("办理离职"), "icon": "person-dash", "url": keep.page_url(request, "worker_leave", person.pk)}
        )
    return found


def timeline(changes: list[Change]) -> list[dict]:
    """Changes as the timeline shows them: what one act wrote stands together."""
    found = []
    for (at, who, act), group in groupby(changes, key=lambda change: (change.at, change.actor, change.act)):
        texts = [_in_words(change) for change in group]
        who = _("系统") if who == SYSTEM else who or _("未标明")
        found.append({"when": at, "title": act, "text": _("；").join(t for t in texts if t), "who": who, "exact": True})
    return found


def _in_words(change: Change) -> str:
    empty = _("（空）")
    fields = [
        f"{field.label} {field.new or empty}"
        if field.old is None
        else f"{field.label} {field.old} → {field.new or empty}"
        for field in change.fields
    ]
    return f"{change.table}{change.kind}：{'，'.join(fields)}" if fields else ""


@requires(Perm.REVEAL_PERSONAL)
@never_cache
def worker_reveal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """ID number and telephone in clear, once, for a reason that goes on record."""
    person = get_object_or_404(Person.objects.for_user(request.user, Perm.REVEAL_PERSONAL), pk=pk)
    form = RevealForm(request.POST or None)
    clear = None
    if request.method == "POST" and form.is_valid():
        division = _division_of(request, person)
        reason = form.cleaned_data["reason"]
        clear = attempt(form, reveal, person=person, division=division, reason=reason, by=request.user)
    part = "workforce/_personal.html" if request.htmx else "workforce/worker_reveal.html"
    return form_page(request, part, form, person=person, clear=clear)


def _division_of(request: HttpRequest, person: Person) -> str:
    """The community under which the look is filed: the latest post in the reader's territory."""
    posts = Appointment.objects.for_user(request.user, Perm.REVEAL_PERSONAL).filter(person=person)
    return posts.order_by("-valid_from").values_list("division_id", flat=True)[0]

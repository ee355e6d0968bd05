"""The page of one person: who it is, the posts of today, and the parts that `worker_sections` lists."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.web import keep
from portal.core.web.access import requires
from workforce.actions.people import reveal
from workforce.forms import RevealForm
from workforce.models import Appointment, GridPost, Person
from workforce.views.answers import attempt, form_page
from workforce.views.worker_rights import may_change
from workforce.views.worker_sections import sections_of
from workforce.views.worker_timeline import shown


@require_safe
@requires(Perm.VIEW_ROSTER)
@never_cache
def worker(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One person, as far as the reader's territory goes."""
    person = get_object_or_404(Person.objects.for_user(request.user, Perm.VIEW_ROSTER), pk=pk)
    on = keep.day_of(request)
    if request.htmx:
        return render(request, "workforce/_worker_events.html", {"shown": shown(request, person, on)})
    return render(request, "workforce/worker.html", _page(request, person, on))


def _page(request: HttpRequest, person: Person, on: date) -> dict:
    held = [
        (rows.filter(person=person).in_force(on).select_related("division"), order)
        for rows, order in (
            (Appointment.objects.for_user(request.user, Perm.VIEW_ROSTER), ("tier", "id")),
            (GridPost.objects.for_user(request.user, Perm.VIEW_ROSTER), ("id",)),
        )
    ]
    posts, grid_posts = (list(rows.order_by(*order)) for rows, order in held)
    now = _held([*((post, post.title) for post in posts), *((post, post.get_role_display()) for post in grid_posts)])
    return {
        "person": person,
        "lead": _("；").join(now),
        "status": "in_force" if now else "ended",
        "status_word": _status(posts, grid_posts),
        "sections": sections_of(request, person, on),
        "actions": _actions(request, person) if may_change(request, person) else [],
    }


def _held(posts: list[tuple]) -> list[str]:
    """What a person is in each community, every title once: three grids with one chief are one word."""
    titles: dict[str, list[str]] = {}
    for post, title in posts:
        known = titles.setdefault(post.division.label, [])
        if title not in known:
            known.append(title)
    return [f"{place} {_('、').join(held)}" for place, held in titles.items()]


def _status(posts: list, grid_posts: list) -> str:
    if posts:
        return _("在岗")
    return _("网格员，不计入社区工作者") if grid_posts else _("不在岗")


def _actions(request: HttpRequest, person: Person) -> list[dict]:
    found = [{"label": _("新增任职"), "icon": "plus-lg", "url": keep.page_url(request, "worker_post_new", person.pk)}]
    if person.left_on is None:
        found.append(
            {"label": _("调动"), "icon": "arrow-repeat", "url": keep.page_url(request, "worker_move", person.pk)}
        )
        url = keep.page_url(request, "worker_leave", person.pk)
        found.append({"label": _("办理离职"), "icon": "person-dash", "url": url})
    return found


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
    """The community under which the look is filed: that of the latest post or grid post in the reader's territory."""
    for model in (Appointment, GridPost):
        posts = model.objects.for_user(request.user, Perm.REVEAL_PERSONAL).filter(person=person)
        if code := posts.order_by("-valid_from").values_list("division_id", flat=True).first():
            return code
    return ""

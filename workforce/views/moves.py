"""Moving one of one's own people: within the own territory at once, beyond it by asking the other street."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.web import keep
from portal.core.web.access import requires
from workforce.actions.moves import move_worker
from workforce.actions.transfers import propose_transfer
from workforce.forms.transfers import MoveForm, keyed
from workforce.models import Person
from workforce.queries.service import lasting_after
from workforce.views.answers import attempt, form_page
from workforce.views.posts import done, person_or_404


@requires(Perm.CHANGE_ROSTER)
@never_cache
def worker_move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Moves a person to another community, or proposes it where that is another street's."""
    person = person_or_404(request, pk)
    held = _held(request, person)
    if not held:
        messages.info(request, _("%(name)s现在没有任职，请用“新增任职”。") % {"name": person.name})
        return redirect(keep.page_url(request, "worker", pk))
    form = MoveForm(request.POST or None, by=request.user, person=person, held=held, labels=keyed(held))
    if form.is_valid() and (answer := _move(request, person, form)):
        return answer
    lead = _("本街道内的调动保存后立即写入名册；调往其他街道的，保存后成为调动申请，对方同意后才写入。")
    context = {"title": _("调动"), "lead": lead, "person": person, "draft": f"move-{pk}-{person.version}"}
    return form_page(request, "workforce/worker_form.html", form, **context)


def _held(request: HttpRequest, person: Person) -> list:
    """Posts and grid posts that run on, in places whose roster the reader keeps."""
    posts, grid_posts, _contracts = lasting_after(person, today())
    rows = [
        *posts.select_related("division").order_by("tier", "id"),
        *grid_posts.select_related("division").order_by("id"),
    ]
    return [row for row in rows if request.user.can(Perm.CHANGE_ROSTER, row.division_id)]


def _move(request: HttpRequest, person: Person, form: MoveForm) -> HttpResponse | None:
    words = {"name": person.name, "place": form.cleaned_data["community"].label}
    if form.at_once:
        made = attempt(form, move_worker, **form.asked(), by=request.user)
        said = _("已把 %(name)s 调到%(place)s。") % words
        return done(request, person.pk, said, [*form.notes, *made.notes]) if made else None
    made = attempt(form, propose_transfer, **form.asked(), by=request.user)
    if made is None:
        return None
    messages.success(request, _("已向%(place)s所在街道提出 %(name)s 的调动申请，等待对方答复。") % words)
    return redirect(keep.page_url(request, "transfer", made.pk))

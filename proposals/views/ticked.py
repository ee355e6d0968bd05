"""Acts on many parts that were ticked in a list: reminders from the board, and cases closed without an opinion."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.paginator import BoundedPaginator
from proposals.actions.chosen import Done, close_unanswered_cases, remind_units
from proposals.queries.cases import place_of_cases
from proposals.queries.unanswered import unanswered
from workforce.views.answers import may_change_now

PAGE_ROWS = 50
_TOLD = 5


def ticked(request: HttpRequest) -> list[tuple[int, int]]:
    """Keys and versions of the ticked rows; what no page of ours can have sent is left out."""
    pairs = (one.split(".") for one in request.POST.getlist("ticked"))
    return [(int(pair[0]), int(pair[1])) for pair in pairs if len(pair) == 2 and all(map(_number, pair))]


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


@require_POST
@requires(Perm.MANAGE_PROPOSALS)
@never_cache
def proposal_remind_many(request: HttpRequest) -> HttpResponse:
    """Reminds the units of the ticked lines of the board; the board then shows as it was."""
    chosen, words = ticked(request), request.POST.get("words", "").strip()
    if not chosen:
        messages.warning(request, _("请先勾选要催办的事项。"))
    elif not words or len(words) > 300:
        messages.warning(request, _("请写明催办内容，不超过 300 个字。"))
    else:
        _tell(request, remind_units(chosen=chosen, words=words, by=request.user), _("已催办 %(n)s 件。"))
    return redirect(keep.page_url(request, "proposal_board"))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Perm.HANDLE_PROPOSALS)
@never_cache
def unanswered_cases(request: HttpRequest) -> HttpResponse:
    """Answers on which the proposers' time is over without an opinion; the ticked ones are closed as unanswered."""
    if request.method == "POST":
        chosen = ticked(request)
        if not chosen:
            messages.warning(request, _("请先勾选要办结的提案。"))
        else:
            done = close_unanswered_cases(chosen=chosen, by=request.user)
            _tell(request, done, _("已按未反馈办结 %(n)s 件，进入公开审查。"))
        return redirect(keep.page_url(request, "unanswered_cases"))
    rows = unanswered(request.user, place_of_cases(keep.place_of(request)), today())
    page = BoundedPaginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    return render(request, "proposals/unanswered.html", {"page": page, "changes": may_change_now(request)})


def _tell(request: HttpRequest, done: Done, said: str) -> None:
    """How many were done, and the first of those that were not, each with its reason."""
    if done.count:
        messages.success(request, said % {"n": done.count})
    for one in done.refused[:_TOLD]:
        messages.warning(request, one)
    if (more := len(done.refused) - _TOLD) > 0:
        messages.warning(request, _("另有 %(n)s 件未能办理。") % {"n": more})

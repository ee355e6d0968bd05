"""The list of proposals and suggestions."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.paginator import BoundedPaginator, found_by
from proposals.enums import ProposalState
from proposals.exports.cases import PROPOSALS
from proposals.forms.cases import CaseFilter
from proposals.queries import cases as reads
from workforce.views.answers import may_change_now, page_or_part

PAGE_ROWS = 50
COLUMNS = (
    {"key": "title", "label": _L("案由")},
    {"key": "proposers", "label": _L("提案者")},
    {"key": "units", "label": _L("承办单位")},
    {"key": "assigned", "label": _L("交办日期")},
    {"key": "state", "label": _L("状态")},
)


@require_safe
@requires(Perm.VIEW_PROPOSALS)
@never_cache
def proposals(request: HttpRequest) -> HttpResponse:
    """Proposals and suggestions that the reader may see, newest first."""
    code = reads.place_of_cases(keep.place_of(request))
    form = CaseFilter(request.GET, user=request.user, code=code)
    asked = form.asked()
    counts = {} if request.htmx else reads.counts(request.user, code)
    rows = reads.with_line(reads.listed(request.user, code, **asked))
    page = BoundedPaginator(rows, PAGE_ROWS, found=found_by(counts, asked, "state"))
    context = {"form": form, "page": page.get_page(request.GET.get("page")), "columns": COLUMNS, "narrowed": asked}
    if not request.htmx:
        context |= {"actions": _actions(request), "counts": _counts(request, counts)}
        context["exports"] = export_menu(request, PROPOSALS)
    return page_or_part(request, "proposals/proposals.html", "proposals/_proposal_rows.html", context)


def _counts(request: HttpRequest, found: dict[str, int]) -> list[dict]:
    """The states that occur, each with its number and the list narrowed to it."""
    asked = request.GET.get("state", "")
    return [
        {
            "label": state.label,
            "count": found[state],
            "current": state == asked,
            "url": keep.page_url(request, "proposals", state=None if state == asked else str(state)),
        }
        for state in ProposalState
        if state in found
    ]


def _actions(request: HttpRequest) -> list[dict]:
    """The way to what belongs to the list; entering for those who manage proposals."""
    choices = [
        {"label": _("会议"), "icon": "calendar-event", "url": keep.page_url(request, "proposal_sessions")},
        {"label": _("承办单位"), "icon": "diagram-3", "url": keep.page_url(request, "handling_units")},
        {"label": _("提案者满意情况"), "icon": "chat-square-text", "url": keep.page_url(request, "satisfaction")},
    ]
    board = {"label": _("办理进度"), "icon": "hourglass-split", "url": keep.page_url(request, "proposal_board")}
    actions = [board, {"label": _("相关页面"), "icon": "list-ul", "choices": choices}]
    if request.user.can(Perm.MANAGE_PROPOSALS):
        url = keep.page_url(request, "disclosure_reviews")
        choices.append({"label": _("答复公开审查"), "icon": "eye", "url": url})
    if request.user.can(Perm.MANAGE_PROPOSALS) and may_change_now(request):
        url = keep.page_url(request, "proposal_new")
        choices.append(
            {"label": _("从表格导入"), "icon": "upload", "url": keep.page_url(request, "import_new", kind="proposals")}
        )
        actions.append({"label": _("登记提案"), "icon": "plus-lg", "url": url, "primary": True})
    return actions

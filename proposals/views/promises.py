"""Promises of replies: the list of a year, one with its history through the years, a new one, and the acts about one."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.web import formats, keep
from portal.core.web.access import refuse, requires
from portal.core.web.downloads import hand_out
from portal.core.web.export_menu import export_menu
from portal.core.web.paginator import BoundedPaginator
from proposals import stages
from proposals.actions import commitments as acts
from proposals.actions import course
from proposals.actions.files import taken_out
from proposals.classes import PROMISING
from proposals.exports.promises import PROMISES
from proposals.forms import promises as forms
from proposals.models import Commitment, Handling
from proposals.queries import promises as reads
from proposals.queries.cases import place_of_cases
from proposals.views import ledger_parts as parts
from proposals.views import promise_page
from proposals.views.acts import Act, act_page
from ratings.views.ledger import gone, tried
from workforce.views.answers import form_page, may_change_now, page_or_part

PAGE_ROWS = 50
COLUMNS = (
    {"key": "text", "label": _L("承诺事项")},
    {"key": "case", "label": _L("提案")},
    {"key": "unit", "label": _L("责任单位和责任人")},
    {"key": "result", "label": _L("类别")},
    {"key": "due", "label": _L("完成期限")},
    {"key": "percent", "label": _L("进度"), "num": True},
    {"key": "state", "label": _L("状态")},
)


@require_safe
@requires(Perm.VIEW_PROPOSALS)
@never_cache
def promises(request: HttpRequest) -> HttpResponse:
    """Promises in the ledger of a year that the reader may see: open ones by their last day, then the others."""
    on, under = keep.day_of(request), place_of_cases(keep.place_of(request))
    form = forms.PromiseFilter(request.GET, on=on, user=request.user, under=under)
    asked = form.asked()
    page = BoundedPaginator(reads.listed(request.user, under=under, on=on, **asked), PAGE_ROWS)
    context = {"page": page.get_page(request.GET.get("page")), "columns": COLUMNS, "on": on, "year": asked["year"]}
    context |= {"narrowed": any(asked[key] for key in ("q", "show", "unit", "result")), "badges": parts.PROMISE_BADGES}
    if not request.htmx:
        counts = reads.counts(request.user, under=under, year=asked["year"], on=on)
        context |= {"form": form, "counts": _counts(request, counts, asked["year"])}
        context["exports"] = export_menu(request, PROMISES)
    return page_or_part(request, "proposals/promises.html", "proposals/_promise_rows.html", context)


def _counts(request: HttpRequest, found: reads.Counts, year: int) -> list[dict]:
    """How the promises of the year stand, in words that lead to those they count; nothing where there are none."""
    said = (
        ("standing", _("%(year)s 年度承诺事项 %(n)s 项"), found.all, True),
        ("kept", _("已落实 %(n)s 项"), found.kept, True),
        ("open", _("推进中 %(n)s 项"), found.open, True),
        ("late", _("其中逾期 %(n)s 项"), found.late, True),
        ("rolled", _("转入下年度 %(n)s 项"), found.rolled, found.rolled),
    )
    return [
        {
            "words": words % {"year": year, "n": formats.number(number)},
            "count": number,
            "url": keep.page_url(request, "promises", year=year, show=show) if number else "",
        }
        for show, words, number, told in said
        if found.all and told
    ]


def _promise(request: HttpRequest, pk: int, perm: Perm) -> Commitment:
    rows = Commitment.objects.for_user(request.user, perm)
    near = ("division", "unit", "reply", "handling__proposal__session", "handling__unit", "entered_by", "confirmed_by")
    return get_object_or_404(rows.select_related(*near), pk=pk)


@require_safe
@requires(Perm.VIEW_PROPOSALS)
@never_cache
def promise(request: HttpRequest, pk: int) -> HttpResponse:
    """One promise with everything noted about it in all its years."""
    held = _promise(request, pk, Perm.VIEW_PROPOSALS)
    return render(request, "proposals/promise.html", promise_page.context(request, held))


@requires(Perm.HANDLE_PROPOSALS)
@never_cache
def promise_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enters a promise of the replies of a handling."""
    rows = Handling.objects.for_user(request.user, Perm.HANDLE_PROPOSALS)
    handling = get_object_or_404(rows.select_related("proposal", "unit"), pk=pk)
    if not course.may_act(request.user, handling):
        refuse(request, _("只有承办单位的人员可以登记承诺事项。"))
    form = forms.PromiseForm(request.POST or None, handling=handling)
    if form.is_valid():
        made = tried(form, acts.promise, handling=handling, by=request.user, **form.asked())
        if made:
            words = {"day": made.due_on.isoformat()}
            return gone(
                request, keep.page_url(request, "promise", made.pk), _("已登记承诺事项，完成期限 %(day)s。") % words
            )
    context = {
        "title": _("登记承诺事项"),
        "kind": f"{handling.proposal} · {handling.unit.short}",
        "draft": request.path,
    }
    context |= {
        "back": keep.page_url(request, "proposal", handling.proposal_id),
        "lead": _("B 类、C 类答复中承诺要做的事，逐项登记，按年度跟踪落实。"),
    }
    return form_page(request, "proposals/act_form.html", form, **context)


ACTS = {
    "progress": Act(
        acts.report_progress, forms.ProgressForm, _L("登记进展"),
        _L("写明做了什么、到什么程度；全部完成的填 100，并上传佐证，由另一个人确认落实。"), _L("已登记进展。"), stages.UNIT,
    ),
    "kept": Act(
        acts.confirm_kept, forms.KeptForm, _L("确认落实"),
        _L("核对佐证后确认。类别随之变更的，提案的办理结果按其全部承诺事项中最后的类别确定。"), _L("已确认落实。"), stages.OFFICE,
    ),
    "class": Act(
        acts.reclass_promise, forms.ClassForm, _L("变更类别"), _L("原类别、变更日期和理由都留在历史里。"), _L("已变更类别。"),
        stages.OFFICE,
    ),
    "roll": Act(
        acts.roll_over, forms.RollForm, _L("转入下年度"),
        _L("本年度的这一条到此为止，下年度另立一条，全部历史随之可查。"), _L("已转入下年度。"), stages.OFFICE,
    ),
    "cancel": Act(
        acts.cancel_promise, forms.CancelForm, _L("取消承诺"), _L("不再推进，也不计入落实率；理由留在历史里。"), _L("已取消。"),
        stages.OFFICE,
    ),
}  # fmt: skip


@requires(Perm.HANDLE_PROPOSALS, Perm.MANAGE_PROPOSALS)
@never_cache
def promise_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Notes progress, confirms, reclasses, rolls over or cancels a promise."""
    one = ACTS.get(act)
    if one is None:
        raise Http404
    held = _promise(request, pk, Perm.HANDLE_PROPOSALS)
    if not course.may_act(request.user, held.handling, one.who):
        refuse(request, _("这一步由督查室或提案办的人员办理。") if one.who == stages.OFFICE else "")
    form = one.form(request.POST or None, request.FILES or None, row=held)
    if form.is_valid():
        done = tried(form, one.action, commitment=held, by=request.user, **form.asked())
        if done:
            to = done.pk if act == "roll" else pk
            return gone(request, keep.page_url(request, "promise", to), str(one.said))
    back = keep.page_url(request, "promise", pk)
    return act_page(request, one, form, kind=held.text, back=back, version=held.version)


@require_safe
@requires(Perm.VIEW_PROPOSALS)
@never_cache
def promise_file(request: HttpRequest, pk) -> HttpResponse:
    """The evidence of a promise, for those who may see the promise."""
    return hand_out(request, reads.evidence_for(request.user, pk), taken_out)


def panel(request: HttpRequest, handling: Handling) -> dict:
    """The promises of a handling for its case page (`proposals/_promises.html`)."""
    may = may_change_now(request) and course.may_act(request.user, handling)
    promising = handling.result in PROMISING
    return {
        "rows": reads.of_handling(handling),
        "badges": parts.PROMISE_BADGES,
        "new": keep.page_url(request, "promise_new", handling.pk) if may and promising else "",
    }

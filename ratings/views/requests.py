"""Requests of residents: the list by last day, receiving, and one of them with everything that may be done about it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.core.accounts.roles import Perm
from portal.core.audit.changes import describe
from portal.core.audit.queries import history_models
from portal.core.lib.codes import Level
from portal.core.policy.kinds import REQUESTS as REQUESTS_RULE
from portal.core.policy.queries import rule_for
from portal.core.territory.models import Division
from portal.core.web import formats, keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.paginator import BoundedPaginator
from ratings.actions import requests as acts
from ratings.exports.daily import REQUESTS
from ratings.forms.requests import ActForm, AnswerForm, PassForm, RequestFilter, RequestForm, VerdictForm
from ratings.models import Premises, ServiceRequest
from ratings.queries import requests as reads
from ratings.views.service_parts import changes, done, service_form
from workforce.views.answers import attempt, page_or_part
from workforce.views.places import at_place
from workforce.views.worker_timeline import change_items

PAGE_ROWS = 50
COLUMNS = (
    {"key": "title", "label": _L("事项")},
    {"key": "place", "label": _L("社区"), "sort": True},
    {"key": "received", "label": _L("受理日期"), "sort": True},
    {"key": "due", "label": _L("办理期限"), "sort": True},
    {"key": "state", "label": _L("状态")},
    {"key": "verdict", "label": _L("居民评价")},
)
# The form, the action and the words of each act that has a panel on the page; the order is that of the page.
STEPS = {
    "answer": (AnswerForm, acts.answer_request, _L("答复居民"), _L("登记答复"), _L("已登记答复。")),
    "pass": (PassForm, acts.pass_on, _L("上报转办"), _L("登记转办"), _L("已登记转办；期限不变。")),
    "verdict": (VerdictForm, acts.give_verdict, _L("居民评价"), _L("登记评价"), _L("已登记居民评价。")),
    "withdraw": (ActForm, acts.withdraw_request, _L("撤回"), _L("撤回这件事项"), _L("已撤回。")),
    "reopen": (ActForm, acts.reopen_request, _L("重新办理"), _L("重新办理"), _L("已退回重新办理，期限不变。")),
}
NOTES = {
    "withdraw": _L("居民不再要求办理，或登记有误时撤回。撤回的不计入办结率。"),
    "reopen": _L("答复有误或居民不满意时退回重办；原来的答复和评价留在变更记录里。"),
}


@require_safe
@at_place(Perm.VIEW_SERVICE)
@never_cache
def requests(request: HttpRequest, division: Division) -> HttpResponse:
    """Requests of a place, those that wait by their last day."""
    on, form = keep.day_of(request), RequestFilter(request.GET)
    asked = form.asked()
    found = reads.listed(request.user, division.code, on, **asked)
    page = BoundedPaginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    community = division.level == Level.COMMUNITY
    columns = [one for one in COLUMNS if not (community and one["key"] == "place")]
    context = {"division": division, "form": form, "page": page, "on": on, "columns": columns, "sort": asked["sort"]}
    context |= {"changes": changes(request, division), "community": community, "narrowed": _narrowed(asked)}
    if not request.htmx:
        context |= {
            "exports": export_menu(request, REQUESTS, place=division.code),
            "actions": _actions(request, division),
        }
        context["counts"] = reads.counts_of([division.code], on)[division.code]
    return page_or_part(request, "ratings/requests.html", "ratings/_request_rows.html", context)


def _narrowed(asked: dict) -> bool:
    return asked["show"] != "waiting" or any(asked[name] for name in ("q", "kind", "verdict", "year"))


def _actions(request: HttpRequest, division: Division) -> list[dict]:
    if not changes(request, division):
        return []
    url = keep.page_url(request, "request_new", division.code)
    return [{"label": _("记诉求"), "icon": "plus-lg", "url": url, "primary": True}]


@at_place(Perm.CHANGE_SERVICE)
@never_cache
def request_new(request: HttpRequest, division: Division) -> HttpResponse:
    """Receives a request; its last day is counted from the rule by kind."""
    if division.level != Level.COMMUNITY:
        return redirect(keep.page_url(request, "requests", division.code))
    form = RequestForm(request.POST or None, division=division, initial=_initial(request, division))
    if form.is_valid() and (
        made := attempt(form, acts.receive_request, division=division, **form.asked(), by=request.user)
    ):
        words = {"day": formats.day(made.due_on)}
        return done(request, keep.page_url(request, "request", made.pk), _("已受理，办理期限 %(day)s。") % words)
    lead = _("保存后按本地规定的工作日自动计算办理期限。")
    return service_form(
        request, form, division, _("记诉求"), keep.page_url(request, "requests", division.code), lead=lead
    )


def _initial(request: HttpRequest, division: Division) -> dict:
    """The door from which the reader comes."""
    key = request.GET.get("premises", "")
    if not (key.isascii() and key.isdigit() and len(key) <= 18):
        return {}
    held = Premises.objects.filter(division=division, pk=int(key)).first()
    return {"premises": held.label, "channel": "visit"} if held is not None else {}


def _one(request: HttpRequest, pk: int, perm: Perm) -> ServiceRequest:
    rows = ServiceRequest.objects.for_user(request.user, perm)
    return get_object_or_404(rows.select_related("division", "premises", "first_asked"), pk=pk)


@require_safe
@requires(Perm.VIEW_SERVICE)
@never_cache
def request_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One request with its days, what may be done now, and its history."""
    return _shown(request, _one(request, pk, Perm.VIEW_SERVICE))


def _shown(request: HttpRequest, held: ServiceRequest, act: str = "", form=None) -> HttpResponse:
    may = changes(request, held.division)
    allowed = acts.acts_of(held) if may else []
    steps = [_step(held, name, form if name == act else None) for name in STEPS if name in allowed]
    context = {
        "held": held,
        "division": held.division,
        "steps": steps,
        "waits": held.state in reads.WAITING,
        "rule": rule_for(REQUESTS_RULE, held.division_id, held.received_on).words,
        "history": change_items(request, _history(held)),
        "form": form,
        "actions": [_edit(request, held)] if "change" in allowed else [],
    }
    return render(request, "ratings/request.html", context, status=422 if form is not None and form.errors else 200)


def _step(held: ServiceRequest, name: str, form) -> dict:
    kind, _action, title, button, _said = STEPS[name]
    initial = {"version": held.version}
    if name == "verdict":
        initial["verdict"] = held.verdict
    shown = form if form is not None else kind(initial=initial, auto_id=f"id_{name}_%s")
    return {
        "name": name,
        "title": title,
        "button": button,
        "note": NOTES.get(name, ""),
        "form": shown,
        "open": form is not None,
    }


def _edit(request: HttpRequest, held: ServiceRequest) -> dict:
    return {"label": _("更正"), "icon": "pencil-square", "url": keep.page_url(request, "request_edit", held.pk)}


def _history(held: ServiceRequest) -> list:
    table = next(model for model in history_models() if model.pgh_tracked_model is ServiceRequest)
    keys = table.objects.filter(pgh_obj_id=held.pk).order_by("-pgh_id").values_list("pgh_id", flat=True)[:50]
    return describe([(table, key) for key in keys])


@requires(Perm.CHANGE_SERVICE)
@never_cache
def request_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects a request that waits."""
    held = _one(request, pk, Perm.CHANGE_SERVICE)
    form, back = (
        RequestForm(request.POST or None, division=held.division, held=held),
        keep.page_url(request, "request", pk),
    )
    if form.is_valid() and attempt(form, acts.change_request, request=held, **form.asked(), by=request.user):
        return done(request, back, _("已保存，办理期限 %(day)s。") % {"day": formats.day(held.due_on)})
    return service_form(request, form, held.division, _("更正诉求"), back)


@require_POST
@requires(Perm.CHANGE_SERVICE)
def request_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Answers, passes on, takes the verdict, withdraws or takes up again."""
    if act not in STEPS:
        raise Http404
    held = _one(request, pk, Perm.CHANGE_SERVICE)
    kind, action, _title, _button, said = STEPS[act]
    form = kind(request.POST, auto_id=f"id_{act}_%s")
    if form.is_valid() and attempt(form, action, request=held, **form.cleaned_data, by=request.user):
        return done(request, keep.page_url(request, "request", pk), str(said))
    if act not in acts.acts_of(held):
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect(keep.page_url(request, "request", pk))
    return _shown(request, held, act, form)

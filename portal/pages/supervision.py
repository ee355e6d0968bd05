"""Supervision notices 督办单: the list, issuing one on findings, one notice with its replies, on paper as well."""

from datetime import date

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.accounts.roles import Perm
from portal.core.findings import supervision as acts
from portal.core.findings.models import AWAITING_REPLY, Finding, State, Supervision, SupervisionState
from portal.core.lib.clock import today
from portal.core.lib.workdays import explain, provisional
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.workdays.queries import calendar_from
from portal.pages.finding_forms import LONGEST_KEY
from portal.pages.finding_texts import with_texts
from portal.pages.office_exports import SUPERVISIONS

LIST_ROWS = 200
COLUMNS = [
    {"key": "number", "label": gettext_lazy("编号")},
    {"key": "division", "label": gettext_lazy("受办单位")},
    {"key": "issuer", "label": gettext_lazy("发单单位")},
    {"key": "issued", "label": gettext_lazy("发出日期")},
    {"key": "due", "label": gettext_lazy("回复期限")},
    {"key": "state", "label": gettext_lazy("状态")},
]


class TextForm(forms.Form):
    """What an office writes: the demand, the reply, the reason for sending back."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("内容"), max_length=acts.TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 5}), strip=True
    )


class DemandForm(TextForm):
    """The demand, or the reason for sending back, with the days for the reply."""

    working_days = forms.IntegerField(
        label=gettext_lazy("回复期限（工作日）"),
        min_value=1,
        max_value=acts.MOST_WORKDAYS,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )


@require_safe
@requires(Perm.VIEW_FINDINGS)
def supervisions(request: HttpRequest) -> HttpResponse:
    """Notices to divisions of the reader's territory; those not closed first, by deadline."""
    found = acts.visible_to(request.user).select_related("division", "issuer").order_by("closed_on", "due_on", "-id")
    state = request.GET.get("state", "")
    if state in SupervisionState.values:
        found = found.filter(state=state)
    rows = sorted(found[:LIST_ROWS], key=lambda notice: (notice.state == SupervisionState.CLOSED, notice.due_on))
    chips = [
        {
            "label": _("全部"),
            "url": keep.page_url(request, "supervisions"),
            "current": state not in SupervisionState.values,
        }
    ]
    chips += [
        {"label": label, "url": keep.page_url(request, "supervisions", state=key), "current": key == state}
        for key, label in SupervisionState.choices
    ]
    context = {"notices": rows, "chips": chips, "columns": COLUMNS, "narrowed": state in SupervisionState.values}
    context["exports"] = export_menu(request, SUPERVISIONS)
    context["may_issue"] = acts.may_issue(request.user)
    return render(request, "portal/supervisions.html", context)


def _meant(request: HttpRequest) -> list[Finding]:
    """The findings that the address names, as far as the user may handle them."""
    keys = [
        key for key in request.GET.getlist("finding") if key.isascii() and key.isdigit() and len(key) <= LONGEST_KEY
    ]
    found = Finding.objects.for_user(request.user, Perm.HANDLE_FINDINGS).exclude(state=State.RESOLVED)
    return list(
        found.filter(pk__in=keys[: acts.MOST_FINDINGS]).select_related("division").order_by("division_id", "id")
    )


@require_http_methods(["GET", "POST"])
@requires(Perm.HANDLE_FINDINGS)
def supervision_new(request: HttpRequest) -> HttpResponse:
    """Issues a notice on the findings named in the address."""
    found, refusal, days = _meant(request), "", None
    try:
        if not found:
            raise ValidationError(_("请先在预警列表里勾选要督办的预警。"))
        _issuer, addressee = acts.issuing_office(request.user, (finding.division_id for finding in found))
        days = acts.usual_days(addressee, today())
    except ValidationError as error:
        refusal = " ".join(error.messages)
    form = DemandForm(request.POST or None, initial={"working_days": days})
    form.fields["text"].label = _("督办要求")
    if request.method == "POST" and not refusal and form.is_valid():
        given = form.cleaned_data
        try:
            notice = acts.issue_supervision(
                findings=found, text=given["text"], working_days=given["working_days"], by=request.user
            )
            messages.success(request, _("督办单 %(number)s 已发出。") % {"number": notice.number})
            return redirect("supervision", notice.pk)
        except ValidationError as error:
            form.add_error(None, error)
    context = {"findings": with_texts(found, request.user), "form": form, "refusal": refusal}
    return render(
        request, "portal/supervision_new.html", context, status=422 if form.errors or refusal and request.POST else 200
    )


@require_http_methods(["GET", "POST"])
@requires(Perm.VIEW_FINDINGS)
def supervision(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice: what is asked about which findings, what was replied; what the reader may do with it."""
    found = acts.visible_to(request.user).select_related("division", "issuer")
    notice = get_object_or_404(found, pk=pk)
    forms_by_act = _forms_of(request, notice)
    if request.method == "POST":
        done = _carry_out(request, notice, forms_by_act)
        if done:
            return redirect("supervision", notice.pk)
    context = _context(request, notice) | {"forms": forms_by_act}
    return render(request, "portal/supervision.html", context, status=422 if request.method == "POST" else 200)


def _forms_of(request: HttpRequest, notice: Supervision) -> dict[str, forms.Form]:
    """The acts open to the reader now, by name."""
    may: dict[str, type[forms.Form]] = {}
    if notice.state in AWAITING_REPLY and acts.replies_for(request.user, notice):
        may["reply"] = TextForm
    if acts.issues_for(request.user, notice) and notice.state != SupervisionState.CLOSED:
        if notice.state == SupervisionState.REPLIED:
            may["return"] = DemandForm
        may["close"] = TextForm
    asked = request.POST.get("act")
    initial = {"version": notice.version, "working_days": notice.working_days}
    made = {
        act: form(request.POST if act == asked else None, initial=initial, auto_id=f"{act}_%s")
        for act, form in may.items()
    }
    labels = {"reply": _("办理情况"), "return": _("退回理由"), "close": _("办结意见")}
    for act, form in made.items():
        form.fields["text"].label = labels[act]
        form.fields["text"].required = act != "close"
    return made


def _carry_out(request: HttpRequest, notice: Supervision, forms_by_act: dict[str, forms.Form]) -> bool:
    act = request.POST.get("act", "")
    form = forms_by_act.get(act)
    if form is None:
        messages.warning(request, _("这份督办单现在不能这样处理。请看过最新情况再操作。"))
        return True
    if not form.is_valid():
        return False
    given = form.cleaned_data
    common = {"notice": notice, "text": given["text"], "version": given["version"] or 0, "by": request.user}
    try:
        if act == "reply":
            acts.reply_supervision(**common)
        elif act == "return":
            acts.return_supervision(working_days=given["working_days"], **common)
        else:
            acts.close_supervision(**common)
    except acts.SupervisionChanged as error:
        messages.warning(request, " ".join(error.messages))
        return True
    except ValidationError as error:
        form.add_error(None, " ".join(error.messages))
        return False
    messages.success(request, {"reply": _("已回复。"), "return": _("已退回。"), "close": _("已办结。")}[act])
    return True


def _context(request: HttpRequest, notice: Supervision) -> dict:
    on = today()
    calendar = calendar_from(notice.issued_on)
    steps = list(notice.steps.order_by("id"))
    counted_from = next((step.at.date() for step in reversed(steps) if step.state == "returned"), notice.issued_on)
    return {
        "notice": notice,
        "findings": with_texts(notice.findings.select_related("division").order_by("division_id", "id"), request.user),
        "story": [_step_line(step) for step in reversed(steps)],
        "overdue": acts.is_overdue(notice, on),
        "awaiting": notice.state in AWAITING_REPLY,
        "days": [day_line(line) for line in explain(counted_from, notice.due_on, calendar)],
        "provisional": provisional(counted_from, notice.due_on, calendar),
    }


WHY = {
    "start": gettext_lazy("起算日，不计"),
    "workday": gettext_lazy("工作日"),
    "make_up": gettext_lazy("调休上班"),
    "holiday": gettext_lazy("放假"),
    "weekend": gettext_lazy("周末"),
}


def day_line(line) -> dict:
    return {
        "day": line.day,
        "why": WHY[line.why],
        "name": line.name,
        "number": line.number,
        "provisional": line.provisional,
    }


def _step_line(step) -> dict:
    titles = {
        "issued": _("督办单已发出"),
        "replied": _("回复"),
        "returned": _("退回"),
        "closed": _("办结"),
    }
    due: date | None = step.due_on
    title = titles[step.state] + (_("，回复期限 %(day)s") % {"day": due} if due and step.state != "replied" else "")
    return {"when": step.at, "exact": True, "title": title, "text": step.text, "who": step.by_name}


routes = [
    path("supervision/", supervisions, name="supervisions"),
    path("supervision/new/", supervision_new, name="supervision_new"),
    path("supervision/<int:pk>/", supervision, name="supervision"),
]

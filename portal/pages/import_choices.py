"""What the reader of a preview may choose beside the rows: the people whom the sheet leaves out, those of other streets."""

from datetime import date
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from portal import registry
from portal.core.lib.clock import today
from portal.core.sheets.models import BatchState, ImportBatch, RowStatus
from portal.core.web.access import requires
from portal.core.web.keep import page_url
from portal.pages import import_work
from portal.pages.import_views import shown_rows
from portal.pages.import_work import PERM, batch_of
from workforce.actions.transfers_import import Proposed, propose_from_import

_SHOWN = 20
KEEP, END = "keep", "end"


class LeavingForm(forms.Form):
    """Kept, which is usual, or ended on a last day for a reason."""

    choice = forms.ChoiceField(
        label=gettext_lazy("怎么处理"),
        widget=forms.RadioSelect,
        choices=[
            (KEEP, gettext_lazy("保留不动（默认）")),
            (END, gettext_lazy("他们已经离岗：任职截止到某日")),
        ],
    )
    leaving_on = forms.DateField(
        label=gettext_lazy("截止日期（最后在岗的一天）"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    leaving_reason = forms.CharField(
        label=gettext_lazy("原因"),
        required=False,
        max_length=import_work.REASON_LENGTH,
        help_text=gettext_lazy("如：换届、辞职、退休、合同期满。会记入每个人的离职记录。"),
    )

    def clean(self) -> dict:
        given = super().clean()
        if given.get("choice") == END and not self.errors:
            if given["leaving_on"] is None:
                raise ValidationError({"leaving_on": _("请填写截止日期。")})
            given["options"] = import_work.leaving_options(given["leaving_on"], given["leaving_reason"])
        else:
            given["options"] = import_work.leaving_options(None)
        return given


@requires(PERM)
def import_leaving(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Chooses what becomes of people whom the sheet does not name; the file is then checked anew."""
    batch = batch_of(request.user, pk)
    if batch.state != BatchState.JUDGED:
        return redirect(page_url(request, "import", batch.pk))
    form = LeavingForm(request.POST or None, initial=_chosen(batch))
    if request.method == "POST" and form.is_valid():
        try:
            import_work.judge_again(batch, form.cleaned_data["options"], request.user)
            return redirect(page_url(request, "import", batch.pk))
        except ValidationError as error:
            form.add_error(None, error)
    left = batch.rows.filter(status=RowStatus.LEAVING).order_by("division", "label", "id")
    rows = shown_rows(list(left[:_SHOWN]), registry.IMPORTERS[batch.kind])
    count = batch.counts.get("leaving", 0)
    context = {"batch": batch, "form": form, "rows": rows, "count": count, "more": max(0, count - _SHOWN)}
    return render(request, "imports/import_leaving.html", context, status=422 if form.errors else 200)


def _chosen(batch: ImportBatch) -> dict:
    day = batch.options.get("leaving_on")
    reason = batch.options.get("leaving_reason", "")
    return {"choice": END if day else KEEP, "leaving_on": day or today(), "leaving_reason": reason}


class ComingForm(forms.Form):
    """The day on which the people of other streets shall come, one for all: the sheet tells only since when they serve."""

    effective_on = forms.DateField(error_messages={"required": gettext_lazy("请填写生效日期。")})

    def clean_effective_on(self) -> date:
        day, (first, last) = self.cleaned_data["effective_on"], import_work.days()
        if not first <= day <= last:
            raise ValidationError(_("生效日期应在 %(first)s 至 %(last)s 之间。") % {"first": first, "last": last})
        return day


@require_POST
@requires(PERM)
def import_transfers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Proposes to the other streets that the people of theirs whom the sheet names come here on a day."""
    batch, form = batch_of(request.user, pk), ComingForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError(form.errors["effective_on"].data)
        rows = batch.rows.filter(status=RowStatus.MOVED).order_by("number", "id")
        _tell(request, propose_from_import(batch=batch, rows=rows, **form.cleaned_data, by=request.user))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(page_url(request, "import", batch.pk))


def _tell(request: HttpRequest, done: Proposed) -> None:
    """How many proposals went out, and why some rows made none."""
    count = len(done.made)
    sentence = ngettext(
        "已向其他街道提出 %(count)s 件调入，对方同意后按生效日期转过来。",
        "已向其他街道提出 %(count)s 件调入，对方同意后按生效日期转过来。",
        count,
    ) % {"count": count}
    if count:
        messages.success(request, sentence)
    for number, reason in sorted(done.skipped.items())[:_SHOWN]:
        messages.warning(request, _("第 %(row)s 行：%(message)s") % {"row": number, "message": reason})


routes = [
    path("imports/<uuid:pk>/leaving/", import_leaving, name="import_leaving"),
    path("imports/<uuid:pk>/transfers/", import_transfers, name="import_transfers"),
]

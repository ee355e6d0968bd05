"""Taking a list out: as xlsx or csv with the filters of its page, in clear only for a reason, not too often."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.sheets.exporting import FORMS, Asked, Export, NotExportable, TooMany, take_out
from portal.core.territory.models import Division
from portal.core.territory.queries import find_division, is_country
from portal.core.web import keep
from portal.core.web.access import refuse, requires
from portal.pages.limits import limited
from portal.pages.site_exports import SITE_EXPORTS
from portal.registry import EXPORTS as APP_EXPORTS

EXPORTS = APP_EXPORTS | SITE_EXPORTS
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


class ClearForm(forms.Form):
    """Why somebody needs ID numbers in full, and in which file."""

    reason = forms.CharField(
        label=gettext_lazy("用途"),
        min_length=2,
        max_length=200,
        help_text=gettext_lazy(
            "用途、时间和您的账号会记入审计记录，并写在 Excel 文件里；CSV 文件里只有数据，账号和时间在文件名里。"
        ),
        error_messages={
            "required": gettext_lazy("请写明用途。"),
            "min_length": gettext_lazy("请写明用途，至少两个字。"),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    form = forms.ChoiceField(
        label=gettext_lazy("文件格式"),
        choices=[("xlsx", gettext_lazy("Excel 表格（xlsx）")), ("csv", gettext_lazy("文本表格（csv）"))],
    )


@require_safe
@never_cache
def export(request: HttpRequest, key: str, form: str) -> HttpResponseBase:
    """The list as a file, under the filters, order and day in the address; personal data masked."""
    wanted = EXPORTS.get(key)
    if wanted is None or form not in FORMS:
        raise Http404
    if not request.user.can(wanted.perm):
        refuse(request)
    return _sent(request, wanted, _asked(request, wanted), form)


@requires(Perm.EXPORT_ROSTER)
@never_cache
def export_clear(request: HttpRequest, key: str) -> HttpResponseBase:
    """Asks for what, then sends the list with ID numbers and telephones in full."""
    wanted = EXPORTS.get(key)
    if wanted is None or not wanted.offers_clear:
        raise Http404
    asked = _asked(request, wanted, clear=True)
    form = ClearForm(request.POST or None)
    if form.is_valid():
        return _sent(request, wanted, asked, form.cleaned_data["form"], form.cleaned_data["reason"])
    context = {"form": form, "export": wanted, "place": asked.place, "on": asked.on, "back": _back(request, wanted)}
    return render(request, "exports/export_clear.html", context, status=422 if form.is_bound else 200)


def _asked(request: HttpRequest, wanted: Export, *, clear: bool = False) -> Asked:
    """What the address asks for; a place outside the reader's territory does not exist."""
    perm = Perm.EXPORT_ROSTER if clear else wanted.perm
    held = request.user.territories(perm)
    code = request.GET.get("place", "") or (held[0] if len(held) == 1 else "")
    code = "" if is_country(code) and "" in held else code
    place = find_division(code, Division.objects.for_user(request.user, perm)) if code else None
    if code and place is None:
        raise Http404
    return Asked(request.user, keep.day_of(request), request.GET, place, clear, request)


def _sent(request: HttpRequest, wanted: Export, asked: Asked, form: str, reason: str = "") -> HttpResponseBase:
    try:
        if wanted.personal and asked.place is None and "" in request.user.territories(wanted.perm):
            raise NotExportable(_("全国的名单不能一次导出。请先在顶部选择一个地方。"))
        name, pieces = take_out(wanted, asked, form, reason=reason)
    except NotExportable as error:
        messages.warning(request, str(error))
        return redirect(_back(request, wanted))
    except TooMany as error:
        return limited(request, _back(request, wanted), error.wait)
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
    return StreamingHttpResponse(pieces, content_type=TYPES[form], headers=headers)


def _back(request: HttpRequest, wanted: Export) -> str:
    """The page of the list, with its filters."""
    arguments = [request.GET[name] for name in wanted.page_needs if name in request.GET]
    if len(arguments) < len(wanted.page_needs):
        return keep.page_url(request, "today")
    url = keep.page_url(request, wanted.page, *arguments)
    own = {"on", "page", *wanted.page_needs} if arguments else {"on", "page", "place"}
    more = {name: value for name, value in request.GET.items() if name not in own}
    return keep.page_url(request, wanted.page, *arguments, **more) if more else url


routes = [
    path("exports/<slug:key>.<str:form>", export, name="export"),
    path("exports/<slug:key>/", export_clear, name="export_clear"),
]

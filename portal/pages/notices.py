"""My notices: where the morning e-mail goes, whether I want it, and what was sent to me."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from portal.core.findings.models import Delivery
from portal.core.findings.notices.actions import choose_notices
from portal.pages.webhook_events import told

LOG_ROWS = 30


class NoticeForm(forms.Form):
    """The reader's own choice."""

    email = forms.EmailField(label=gettext_lazy("电子邮箱"), required=False, help_text=gettext_lazy("请用工作邮箱。"))
    mail_digest = forms.BooleanField(label=gettext_lazy("每个工作日早上 7:30 发送待办提醒"), required=False)


@require_http_methods(["GET", "POST"])
def my_notices(request: HttpRequest) -> HttpResponse:
    """The reader's own choice and the log of the e-mails sent to the reader."""
    user = request.user
    form = NoticeForm(request.POST or None, initial={"email": user.email, "mail_digest": user.mail_digest})
    if request.method == "POST" and form.is_valid():
        choose_notices(user=user, by=user, **form.cleaned_data)
        messages.success(request, _("已保存。"))
        return redirect("my_notices")
    log = [told(one) for one in Delivery.objects.filter(user=user).order_by("-id")[:LOG_ROWS]]
    context = {"form": form, "log": log, "mail_on": settings.MAIL_ON}
    return render(request, "portal/my_notices.html", context, status=422 if form.errors else 200)


routes = [path("my/notices/", my_notices, name="my_notices")]

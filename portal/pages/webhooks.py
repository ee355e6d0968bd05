"""Webhooks: where other systems are told of findings, the log of what was sent, a test at the press of a button."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core.accounts.roles import Perm
from portal.core.findings.models import Delivery, DeliveryState, Webhook
from portal.core.findings.notices import actions
from portal.core.findings.notices.ledger import send_webhook
from portal.core.findings.notices.messages import webhook_body
from portal.core.territory.queries import find_division
from portal.core.web.access import requires
from portal.pages.webhook_events import EVENTS, told
from portal.registry import INSPECTIONS

LOG_ROWS = 50


class WebhookForm(forms.Form):
    """Where findings of which kinds and which territory are sent."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60, help_text=gettext_lazy("哪个系统，做什么用。"))
    url = forms.CharField(
        label=gettext_lazy("地址"), max_length=500, help_text=gettext_lazy("以 https:// 开头；内部网段须由运维放行。")
    )
    territory = forms.CharField(
        label=gettext_lazy("范围"),
        required=False,
        max_length=12,
        help_text=gettext_lazy("区划代码；不填为全部。"),
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric"}),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("预警类别"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("一类都不选，就是所有类别。"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = [(key, inspection.label) for key, inspection in INSPECTIONS.items()]

    def clean_territory(self):
        code = self.cleaned_data["territory"].strip()
        found = find_division(code) if code else None
        if code and found is None:
            raise ValidationError(_("没有这个区划代码。"))
        return found


def _hook(request: HttpRequest, pk: int) -> Webhook:
    return get_object_or_404(
        Webhook.objects.for_user(request.user, Perm.MANAGE_NOTICES).select_related("territory"), pk=pk
    )


@require_safe
@requires(Perm.MANAGE_NOTICES)
def webhooks(request: HttpRequest) -> HttpResponse:
    """The addresses of the administrator's territory with what was sent, and whether e-mail is on."""
    counts = {
        "sent": Count("deliveries", filter=Q(deliveries__state=DeliveryState.SENT)),
        "waiting": Count("deliveries", filter=Q(deliveries__state__in=[DeliveryState.WAITING, DeliveryState.SENDING])),
        "failed": Count("deliveries", filter=Q(deliveries__state=DeliveryState.FAILED)),
    }
    found = Webhook.objects.for_user(request.user, Perm.MANAGE_NOTICES).select_related("territory").annotate(**counts)
    return render(request, "portal/webhooks.html", {"hooks": found, "mail_on": settings.MAIL_ON, "events": EVENTS})


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Perm.MANAGE_NOTICES)
def webhook_new(request: HttpRequest) -> HttpResponse:
    """A new address; its secret is shown once."""
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            hook, secret = actions.add_webhook(by=request.user, **form.cleaned_data)
            return render(request, "portal/webhook_secret.html", {"hook": hook, "secret": secret})
        except ValidationError as error:
            form.add_error(None, error)
    return render(request, "portal/webhook_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Perm.MANAGE_NOTICES)
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """One address: its settings, and the log of what was sent."""
    hook = _hook(request, pk)
    initial = {"name": hook.name, "url": hook.url, "territory": hook.territory_id, "kinds": hook.kinds}
    form = WebhookForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_webhook(hook=hook, by=request.user, **form.cleaned_data)
            messages.success(request, _("已保存。"))
            return redirect("webhook", pk)
        except ValidationError as error:
            form.add_error(None, error)
    log = Delivery.objects.filter(webhook=hook).select_related("finding__division").order_by("-id")[:LOG_ROWS]
    context = {"hook": hook, "form": form, "log": [told(one) for one in log], "events": EVENTS}
    return render(request, "portal/webhook.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Perm.MANAGE_NOTICES)
def webhook_test(request: HttpRequest, pk: int) -> HttpResponse:
    """Sends a test message at once and says what came of it."""
    hook = _hook(request, pk)
    posted = send_webhook(
        actions.enter_test(hook=hook, by=request.user),
        lambda delivery: webhook_body(delivery, INSPECTIONS),
        again=False,
    )
    if posted.ok:
        messages.success(request, _("测试消息已送达，对方应答 %(status)s。") % {"status": posted.status})
    else:
        messages.error(request, _("测试消息没有送达。%(why)s") % {"why": posted.error})
    return redirect("webhook", pk)


@require_POST
@requires(Perm.MANAGE_NOTICES)
def webhook_switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Switches an address on or off."""
    hook = _hook(request, pk)
    actions.switch_webhook(hook=hook, active=not hook.active, by=request.user)
    messages.success(request, _("已启用。") if hook.active else _("已停用，等待中的消息不再发送。"))
    return redirect("webhook", pk)


@never_cache
@require_POST
@requires(Perm.MANAGE_NOTICES)
def webhook_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A new secret, shown once."""
    hook = _hook(request, pk)
    secret = actions.renew_webhook_secret(hook=hook, by=request.user)
    return render(request, "portal/webhook_secret.html", {"hook": hook, "secret": secret})


routes = [
    path("webhooks/", webhooks, name="webhooks"),
    path("webhooks/new/", webhook_new, name="webhook_new"),
    path("webhooks/<int:pk>/", webhook, name="webhook"),
    path("webhooks/<int:pk>/test/", webhook_test, name="webhook_test"),
    path("webhooks/<int:pk>/switch/", webhook_switch, name="webhook_switch"),
    path("webhooks/<int:pk>/secret/", webhook_renew, name="webhook_renew"),
]

"""REST tokens of one's own: made and replaced here, the secret shown once, revoked at once."""

import functools
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from portal.core.accounts.forms import RotateForm, TokenForm
from portal.core.accounts.models import ApiToken
from portal.core.accounts.sessions import factor_shown
from portal.core.accounts.tokens import create_token, revoke_token, rotate_token, scopes_of
from portal.core.web.keep import page_url
from portal.pages.account_acts import confirm

COLUMNS = [
    {"key": "name", "label": gettext_lazy("名称")},
    {"key": "scopes", "label": gettext_lazy("权限")},
    {"key": "created", "label": gettext_lazy("创建时间")},
    {"key": "expires", "label": gettext_lazy("到期时间")},
    {"key": "used", "label": gettext_lazy("最近使用")},
    {"key": "state", "label": gettext_lazy("状态")},
    {"key": "act", "label": gettext_lazy("操作"), "hidden": True},
]


def tokens(request: HttpRequest) -> HttpResponse:
    """The reader's tokens, newest first."""
    context = {"tokens": request.user.tokens.all(), "columns": COLUMNS, "now": timezone.now()}
    return render(request, "accounts/token_list.html", context | {"may_create": bool(scopes_of(request.user))})


def _after_second_factor(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A token outlives the session that makes it: where second factors are demanded of anybody, a password alone makes
    none, whoever it is."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if settings.SECOND_FACTOR == "optional" or factor_shown(request):
            return view(request, *args, **kwargs)
        messages.warning(request, _("新建和更换令牌前，请先设置两步验证。"))
        return redirect("second_factor")

    return guarded


@never_cache
@_after_second_factor
def token_new(request: HttpRequest) -> HttpResponse:
    """A new token; its secret is shown once."""
    form = TokenForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = create_token(user=request.user, by=request.user, **form.cleaned_data)
            return _show(request, token, secret)
        except ValidationError as error:
            form.add_error(None, error)
    return render(request, "accounts/token_new.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@_after_second_factor
def token_rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """Replaces a token by a new one; both work for the hours chosen."""
    token, form = get_object_or_404(request.user.tokens, pk=pk), RotateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            new, secret = rotate_token(token=token, by=request.user, **form.cleaned_data)
            return _show(request, new, secret)
        except ValidationError as error:
            form.add_error(None, error)
    sentence = _("为“%(name)s”生成一个新令牌，名称、权限和有效期长短不变。") % {"name": token.name}
    return confirm(request, _("更换令牌"), sentence, _("生成新令牌"), page_url(request, "tokens"), form)


def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks, then ends a token."""
    token, back = get_object_or_404(request.user.tokens, pk=pk), page_url(request, "tokens")
    if request.method == "POST":
        revoke_token(token=token, by=request.user)
        messages.success(request, _("令牌“%(name)s”已撤销。") % {"name": token.name})
        return redirect(back)
    sentence = _("撤销令牌“%(name)s”（%(prefix)s…）：使用它的系统立即不能再取数。撤销后不能恢复。")
    sentence %= {"name": token.name, "prefix": token.prefix}
    return confirm(request, _("撤销令牌"), sentence, _("撤销这个令牌"), back)


def _show(request: HttpRequest, token: ApiToken, secret: str) -> HttpResponse:
    return render(request, "accounts/token_shown.html", {"token": token, "secret": secret})


routes = [
    path("tokens/", tokens, name="tokens"),
    path("tokens/new/", token_new, name="token_new"),
    path("tokens/<int:pk>/rotate/", token_rotate, name="token_rotate"),
    path("tokens/<int:pk>/revoke/", token_revoke, name="token_revoke"),
]

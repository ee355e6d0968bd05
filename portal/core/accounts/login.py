"""Logging in and out and changing one's own password; every try is written to the audit trail.

Unknown names, wrong passwords and switched-off accounts get the same answer at the same cost. Five failures lock a name
for one address (django-axes, asked before any password is hashed), so nobody can lock others out; an address that fails
at many names waits a minute. Who has set up a second factor shows a code on a second page before there is a session.
"""

import ipaddress
from datetime import timedelta

from axes.helpers import get_cool_off
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash, views
from django.contrib.auth import logout as end_login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, UsernameField
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from portal.core.accounts import halfway, sessions
from portal.core.accounts.actions import change_own_password
from portal.core.accounts.attempts import ADDRESS_WINDOW, address_failed_often, record_failure, try_code
from portal.core.accounts.factor_forms import CodeForm, RecoveryForm
from portal.core.accounts.models import User
from portal.core.accounts.second_factor import Answer, factor_of, why_not
from portal.core.audit.actions import record
from portal.core.audit.models import Outcome
from portal.core.audit.origin import client_ip

_NAME_LENGTH = User._meta.get_field("username").max_length


def client_address(request: HttpRequest) -> str | None:
    """The caller's address for django-axes: what the request plumbing found, where it is an address at all."""
    try:
        return str(ipaddress.ip_address(client_ip.get()))
    except ValueError:
        return None


class LoginForm(AuthenticationForm):
    """Name and password, with one sentence for everything that is wrong with them."""

    username = UsernameField(
        label=gettext_lazy("用户名"), max_length=_NAME_LENGTH, widget=forms.TextInput(attrs={"autofocus": True})
    )
    error_messages = {
        "invalid_login": gettext_lazy("用户名或密码不正确。请检查大小写后再试。"),
        "inactive": gettext_lazy("用户名或密码不正确。请检查大小写后再试。"),
    }

    def confirm_login_allowed(self, user: User) -> None:
        super().confirm_login_allowed(user)
        expires = user.initial_password_expires_at
        if expires is not None and expires <= timezone.now():
            raise ValidationError(
                _("初始密码已过期（有效期 24 小时）。请联系本单位的系统管理员重新设置。"), code="initial_expired"
            )


class _LeadsOn:
    """Where a page of logging in leads: to the page asked for, if it is ours, and never to one of logging in."""

    redirect_authenticated_user = True

    def get_redirect_url(self) -> str:
        url = super().get_redirect_url()
        return "" if url.startswith(resolve_url(settings.LOGIN_URL)) else url

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if address_failed_often():
            return _refuse(request, ADDRESS_WINDOW)
        return super().post(request, *args, **kwargs)

    def enter(self, user: User, *, factor_shown: bool) -> HttpResponse:
        """Logs `user` in, who has shown all that is asked."""
        login(self.request, user)
        sessions.start(self.request, factor_shown=factor_shown)
        record("login", by=self.request.user, division=self.request.user.home)
        return redirect(self.get_success_url())


class LoginView(_LeadsOn, views.LoginView):
    """The log-in page. A GET leaves no session row behind. Who has a second factor is led on to the page that asks it."""

    form_class = LoginForm

    def get_context_data(self, **kwargs):
        reason = sessions.REASONS.get(self.request.GET.get("ended", ""))
        return super().get_context_data(reason=reason, **kwargs)

    def form_valid(self, form: LoginForm) -> HttpResponse:
        user = form.get_user()
        if factor_of(user) is None:
            return self.enter(user, factor_shown=False)
        halfway.begin(self.request, user)
        return redirect(_with_next(resolve_url("login_code"), self.get_redirect_url()))

    def form_invalid(self, form: LoginForm) -> HttpResponse:
        if form.non_field_errors():
            record_failure(self.request, form.cleaned_data["username"])
        return super().form_invalid(form)


@method_decorator(login_not_required, name="dispatch")
class CodeView(_LeadsOn, views.LoginView):
    """The second page of logging in: the code of the app or, with `?by=recovery`, a recovery code."""

    template_name = "registration/login_code.html"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.user = halfway.user_of(request)
        if self.user is None and not request.user.is_authenticated:
            return redirect(_with_next(f"{resolve_url(settings.LOGIN_URL)}?ended=halfway", self.get_redirect_url()))
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self) -> type[forms.Form]:
        return RecoveryForm if self.request.GET.get("by") == "recovery" else CodeForm

    def get_form_kwargs(self) -> dict:
        return super(views.LoginView, self).get_form_kwargs()

    def get_context_data(self, **kwargs):
        return super().get_context_data(by_recovery=self.get_form_class() is RecoveryForm, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        typed = form.cleaned_data["code"]
        answer = try_code(self.request, self.user, typed)
        if not answer.accepted:
            form.add_error("code", why_not(answer, typed))
            return self.form_invalid(form)
        halfway.end(self.request)
        if answer is Answer.RECOVERY:
            _say_how_many_are_left(self.request, self.user)
        return self.enter(self.user, factor_shown=True)


def _with_next(url: str, page: str) -> str:
    """The address with the page asked for, to which it leads in the end."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode({'next': page})}" if page else url


def _say_how_many_are_left(request: HttpRequest, user: User) -> None:
    left = len(factor_of(user).recovery)
    sentence = _("您用了一个恢复代码，还剩 %(left)s 个。手机丢失或已更换时，请在“两步验证”里停用后重新设置。")
    messages.warning(request, sentence % {"left": left})


def _refuse(request: HttpRequest, span: timedelta) -> HttpResponse:
    seconds = int(span.total_seconds())
    response = render(request, "locked_out.html", {"minutes": seconds // 60}, status=settings.AXES_HTTP_RESPONSE_CODE)
    response["Retry-After"] = str(seconds)
    return response


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict | None) -> HttpResponse:
    """The answer of django-axes to the failure that locks and to every try while the lock holds."""
    return _refuse(request, get_cool_off(request))


@login_not_required
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Ends the session; the browser drops its cache, and the page's own script the drafts of this user."""
    if request.user.is_authenticated:
        record("logout", by=request.user, division=request.user.home)
        end_login(request)
    response = redirect(f"{resolve_url(settings.LOGOUT_REDIRECT_URL)}?{urlencode({'ended': 'logout'})}")
    response["Clear-Site-Data"] = '"cache"'
    return response


class OwnPasswordForm(PasswordChangeForm):
    """Old password, new password twice; the new one must differ."""

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("old_password") and cleaned["old_password"] == cleaned.get("new_password1"):
            self.add_error("new_password1", _("新密码不能与原密码相同。"))
        return cleaned


class PasswordChangeView(views.PasswordChangeView):
    """The page on which users change their own password, by choice or because it is due."""

    form_class = OwnPasswordForm
    success_url = reverse_lazy("password_change_done")

    def get_context_data(self, **kwargs):
        user, reason = self.request.user, ""
        if user.must_change_password:
            reason = _("您正在使用初始密码，请先换成自己的密码。")
        elif sessions.password_is_due(user):
            reason = _("密码已使用 %(days)s 天，请先更换。") % {"days": settings.PASSWORD_MAX_AGE_DAYS}
        return super().get_context_data(reason=reason, **kwargs)

    def form_valid(self, form: OwnPasswordForm) -> HttpResponse:
        user = change_own_password(password=form.cleaned_data["new_password1"], by=self.request.user)
        update_session_auth_hash(self.request, user)
        return redirect(self.get_success_url())

    def form_invalid(self, form: OwnPasswordForm) -> HttpResponse:
        if "old_password" in form.errors:
            user = self.request.user
            record("change_password", by=user, subject=user.username, division=user.home, outcome=Outcome.REFUSED)
        return super().form_invalid(form)

"""The reader's own second factor: its state, setting it up, new recovery codes, switching it off."""

import base64
import binascii

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.core.accounts import second_factor, sessions, totp
from portal.core.accounts.attempts import password_is_right, try_code
from portal.core.accounts.factor_forms import ProofForm, SetUpForm
from portal.core.lib.crypto import DecryptionError
from portal.core.lib.fields import open_text, seal_text
from portal.core.web.keep import page_url
from portal.pages.account_acts import confirm

_OFFERED = "factor_offered"


def state(request: HttpRequest) -> HttpResponse:
    """Whether the reader has a second factor, and what to do about it."""
    context = {
        "factor": second_factor.factor_of(request.user),
        "demanded": second_factor.demanded_of(request.user),
        "offered": second_factor.RECOVERY_CODES,
    }
    return render(request, "accounts/factor.html", context)


@never_cache
def set_up(request: HttpRequest) -> HttpResponse:
    """The QR code and the first code of the app; where it is due, this page stands alone."""
    if second_factor.factor_of(request.user):
        return redirect("second_factor")
    form, secret, due = SetUpForm(request.POST or None), _offered(request), sessions.factor_is_due(request)
    if request.method == "POST" and form.is_valid() and _password_confirmed(request, form):
        try:
            codes = second_factor.set_up_factor(secret=secret, code=form.cleaned_data["code"], by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            del request.session[_OFFERED]
            sessions.go_on(request, factor_shown=True)
            return _show(request, codes, _("两步验证已设置"), "today" if due else "second_factor")
    issuer, name = _("社区工作者管理平台"), request.user.username
    context = {
        "form": form,
        "base": "base_public.html" if due else "base.html",
        "due": due,
        "picture": totp.picture(secret, name=name, issuer=issuer),
        "secret": totp.in_groups(secret),
    }
    return render(request, "accounts/factor_set_up.html", context, status=422 if form.errors else 200)


def _offered(request: HttpRequest) -> str:
    """The secret shown to the reader, the same until it is confirmed: a telephone may load the page again. Sealed, for
    sessions lie in the database."""
    bound = f"session.{_OFFERED}.{request.user.pk}"
    try:
        return open_text(bound, base64.b64decode(request.session.get(_OFFERED, "")))
    except (DecryptionError, binascii.Error):
        secret = totp.new_secret()
        request.session[_OFFERED] = base64.b64encode(seal_text(bound, secret)).decode()
        return secret


@never_cache
def renew_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes in place of the old ones."""
    form = _proof(request)
    if form is None:
        return redirect("second_factor")
    if _proven(request, form):
        codes = second_factor.renew_recovery_codes(by=request.user)
        return _show(request, codes, _("恢复代码已重新生成"), "second_factor")
    sentence = _("生成十个新的恢复代码，原来的全部作废。")
    back = page_url(request, "second_factor")
    return confirm(request, _("重新生成恢复代码"), sentence, _("生成新的恢复代码"), back, form)


@never_cache
def switch_off(request: HttpRequest) -> HttpResponse:
    """Gives the second factor up; who must have one sets up the next at once."""
    form = _proof(request)
    if form is None:
        return redirect("second_factor")
    if _proven(request, form):
        second_factor.switch_off_factor(by=request.user)
        sessions.go_on(request, factor_shown=False)
        messages.success(request, _("两步验证已停用。其他设备上的登录已经退出。"))
        return redirect("second_factor")
    sentence = _("停用后，手机里原来的条目和所有恢复代码作废，登录只用密码。")
    if second_factor.demanded_of(request.user):
        sentence = _("停用后，手机里原来的条目和所有恢复代码作废。您的账号必须使用两步验证，随后请立即在新手机上设置。")
    back = page_url(request, "second_factor")
    return confirm(request, _("停用两步验证"), sentence, _("停用"), back, form)


def _proof(request: HttpRequest) -> ProofForm | None:
    """The form that asks for password and code; None for a reader who has no second factor to prove."""
    return ProofForm(request.POST or None) if second_factor.factor_of(request.user) else None


def _proven(request: HttpRequest, form: ProofForm) -> bool:
    """Whether the form has come back with the right password and a good code; a code is used up only after that."""
    if request.method != "POST" or not form.is_valid() or not _password_confirmed(request, form):
        return False
    typed = form.cleaned_data["code"]
    answer = try_code(request, request.user, typed)
    if not answer.accepted:
        form.add_error("code", second_factor.why_not(answer, typed))
    return answer.accepted


def _password_confirmed(request: HttpRequest, form: forms.Form) -> bool:
    right = password_is_right(request, form.cleaned_data["password"])
    if not right:
        form.add_error("password", _("密码不正确。请检查大小写后再试。"))
    return right


def _show(request: HttpRequest, codes: list[str], title: str, onward: str) -> HttpResponse:
    """The only time recovery codes are seen; the page is kept by no browser and leads on to the page `onward`."""
    context = {"codes": codes, "title": title, "onward": reverse(onward)}
    return render(request, "accounts/factor_codes.html", context)


routes = [
    path("second-factor/", state, name="second_factor"),
    path("second-factor/set-up/", set_up, name="second_factor_set_up"),
    path("second-factor/recovery-codes/", renew_codes, name="second_factor_codes"),
    path("second-factor/off/", switch_off, name="second_factor_off"),
]

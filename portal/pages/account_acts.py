"""Acts on one account: each asks on a page of its own, says what will happen, then does it and records it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from portal.core.accounts import actions
from portal.core.accounts.forms import ReasonForm
from portal.core.accounts.models import User
from portal.core.accounts.roles import Perm
from portal.core.accounts.second_factor import reset_factor
from portal.core.web.access import requires
from portal.core.web.keep import page_url


@dataclass(frozen=True)
class Act:
    """Something done to an account. `secret` marks an act that returns an initial password, to be shown once."""

    name: str
    perm: Perm
    label: str | Promise
    sentence: str | Promise
    action: Callable
    when: Callable[[User], bool]
    secret: bool = False
    reason: bool = False


ACTS = (
    Act(
        "account_reset",
        Perm.MANAGE_ACCOUNTS,
        gettext_lazy("重置密码"),
        gettext_lazy("为 %(user)s 生成新的初始密码，原密码立即失效，已有的登录全部退出。请先核实对方身份。"),
        actions.reset_password,
        lambda user: user.is_active,
        secret=True,
    ),
    Act(
        "account_deactivate",
        Perm.MANAGE_ACCOUNTS,
        gettext_lazy("停用账号"),
        gettext_lazy("停用 %(user)s：不能再登录，已有的登录立即退出，访问令牌全部撤销。经办记录保留。"),
        actions.deactivate_user,
        lambda user: user.is_active,
        reason=True,
    ),
    Act(
        "account_activate",
        Perm.MANAGE_ACCOUNTS,
        gettext_lazy("启用账号"),
        gettext_lazy("重新启用 %(user)s，并生成新的初始密码。原有角色恢复，原有令牌不恢复。"),
        actions.activate_user,
        lambda user: not user.is_active,
        secret=True,
    ),
    Act(
        "account_unlock",
        Perm.MANAGE_GRANTS,
        gettext_lazy("解除锁定"),
        gettext_lazy("解除 %(user)s 因连续输错密码造成的锁定，对方可立即再次登录。请先确认是本人输错。"),
        actions.unlock,
        lambda user: user.locked,
    ),
    # Of the security administrator: whoever could replace password and second factor alone could enter as anybody.
    Act(
        "account_reset_factor",
        Perm.MANAGE_GRANTS,
        gettext_lazy("重置两步验证"),
        gettext_lazy("取消 %(user)s 的两步验证，已有的登录全部退出，下次登录只用密码。请先当面或打电话核实是本人。"),
        reset_factor,
        lambda user: user.has_factor,
        reason=True,
    ),
    Act(
        "account_end_sessions",
        Perm.MANAGE_GRANTS,
        gettext_lazy("结束登录"),
        gettext_lazy("让 %(user)s 在所有设备上退出登录。账号和令牌仍可使用。"),
        actions.end_sessions,
        lambda user: user.is_active,
    ),
)


def acts_for(by: User, user: User) -> list[dict]:
    """Buttons of the account page: what `by` may do to this account in its present state."""
    return [
        {"label": act.label, "url": reverse(act.name, args=[user.pk])}
        for act in ACTS
        if by.pk != user.pk and by.can(act.perm, user.division_id or "") and act.when(user)
    ]


def confirm(request: HttpRequest, title: str, sentence: str, button: str, back: str, form=None) -> HttpResponse:
    """Asks before an act: one sentence, one button, one way back."""
    context = {"title": title, "sentence": sentence, "button": button, "back": back, "form": form}
    return render(request, "accounts/confirm.html", context, status=422 if form is not None and form.errors else 200)


def show_password(request: HttpRequest, user: User, password: str, title: str) -> HttpResponse:
    """The only time an initial password is seen; the page is kept by no browser."""
    context = {"account": user, "password": password, "title": title, "hours": actions.INITIAL_PASSWORD_HOURS}
    return render(request, "accounts/password_shown.html", context)


def _view_of(act: Act):
    @requires(act.perm)
    @never_cache
    def account_act(request: HttpRequest, pk: int) -> HttpResponse:
        user = get_object_or_404(User.objects.for_user(request.user, act.perm), pk=pk)
        form = ReasonForm(request.POST or None) if act.reason else None
        if request.method == "POST" and (form is None or form.is_valid()):
            return _run(request, act, user, form.cleaned_data if form else {})
        sentence, back = act.sentence % {"user": user}, page_url(request, "account", user.pk)
        return confirm(request, act.label, sentence, act.label, back, form)

    return account_act


def _run(request: HttpRequest, act: Act, user: User, arguments: dict) -> HttpResponse:
    try:
        outcome = act.action(user=user, by=request.user, **arguments)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(page_url(request, "account", user.pk))
    if act.secret:
        return show_password(request, user, outcome, act.label)
    messages.success(request, _("已完成：%(act)s。") % {"act": act.label})
    return redirect(page_url(request, "account", user.pk))


def _address(act: Act) -> str:
    return f"accounts/<int:pk>/{act.name.removeprefix('account_').replace('_', '-')}/"


routes = [path(_address(act), _view_of(act), name=act.name) for act in ACTS]

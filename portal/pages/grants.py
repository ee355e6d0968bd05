"""Giving and withdrawing roles: the security administrator's part of the account page."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _

from portal.core.accounts import actions
from portal.core.accounts.forms import GrantForm
from portal.core.accounts.models import Grant, User
from portal.core.accounts.queries import manageable
from portal.core.accounts.roles import Perm, Role
from portal.core.web.access import requires
from portal.core.web.keep import page_url
from portal.pages.account_acts import confirm
from portal.pages.accounts import account_page


@requires(Perm.MANAGE_GRANTS)
def grant_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives the account a role in a territory."""
    user = get_object_or_404(User.objects.for_user(request.user, Perm.MANAGE_GRANTS), pk=pk)
    form = GrantForm(request.POST or None, by=request.user)
    if not form.is_valid():
        return account_page(request, user, grant_form=form)
    try:
        grant = actions.give_grant(user=user, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return account_page(request, user, grant_form=form)
    messages.success(request, _("已授予“%(role)s”，对方下一次打开页面即生效。") % {"role": Role(grant.role).label})
    return redirect(page_url(request, "account", user.pk))


@requires(Perm.MANAGE_GRANTS)
def grant_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks, then takes a role back."""
    grants = Grant.objects.for_user(request.user, Perm.MANAGE_GRANTS).select_related("user", "division")
    grant = get_object_or_404(grants.filter(user__in=manageable(request.user)), pk=pk)
    if request.method == "POST":
        return _withdraw(request, grant)
    names = {"user": grant.user, "role": Role(grant.role).label, "place": grant.division or _("全国")}
    sentence = _("撤销 %(user)s 在 %(place)s 的“%(role)s”角色，对方下一次打开页面或使用令牌即失去这些权限。") % names
    back = page_url(request, "account", grant.user_id)
    return confirm(request, _("撤销角色"), sentence, _("撤销这个角色"), back)


def _withdraw(request: HttpRequest, grant: Grant) -> HttpResponse:
    back = page_url(request, "account", grant.user_id)
    try:
        actions.withdraw_grant(grant=grant, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已撤销。"))
    return redirect(back)


routes = [
    path("accounts/<int:pk>/grants/", grant_new, name="grant_new"),
    path("grants/<int:pk>/withdraw/", grant_withdraw, name="grant_withdraw"),
]

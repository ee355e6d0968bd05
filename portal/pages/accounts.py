"""Accounts: made and switched by the system administrator; roles, locks and log-ins belong to the security one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from portal.core.accounts import actions
from portal.core.accounts.forms import AccountFilter, AccountForm, GrantForm, PersonForm
from portal.core.accounts.models import User
from portal.core.accounts.queries import manageable, search_accounts, with_state
from portal.core.accounts.roles import Perm
from portal.core.web.access import requires
from portal.core.web.keep import page_url
from portal.core.web.paginator import Paginator
from portal.pages.account_acts import acts_for, show_password

PAGE_ROWS = 50
COLUMNS = [
    {"key": "username", "label": gettext_lazy("用户名")},
    {"key": "name", "label": gettext_lazy("姓名")},
    {"key": "department", "label": gettext_lazy("单位")},
    {"key": "roles", "label": gettext_lazy("角色与范围")},
    {"key": "login", "label": gettext_lazy("最近登录")},
    {"key": "factor", "label": gettext_lazy("两步验证")},
    {"key": "state", "label": gettext_lazy("状态")},
]


@requires(Perm.MANAGE_ACCOUNTS, Perm.MANAGE_GRANTS)
def accounts(request: HttpRequest) -> HttpResponse:
    """The list of accounts, searched and filtered."""
    form = AccountFilter(request.GET)
    mine = manageable(request.user)
    found = search_accounts(mine, **form.cleaned_data) if form.is_valid() else mine.none()
    pages = Paginator(with_state(found, request.user), PAGE_ROWS)
    context = {"form": form, "page": pages.get_page(request.GET.get("page")), "columns": COLUMNS}
    context["may_create"] = request.user.can(Perm.MANAGE_ACCOUNTS)
    template = "accounts/_account_rows.html" if request.htmx else "accounts/account_list.html"
    return render(request, template, context, status=422 if form.errors else 200)


@requires(Perm.MANAGE_ACCOUNTS)
@never_cache
def account_new(request: HttpRequest) -> HttpResponse:
    """A new account; its initial password is shown once."""
    form = AccountForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            user, password = actions.create_user(by=request.user, **form.cleaned_data)
            return show_password(request, user, password, _("账号已建立"))
        except ValidationError as error:
            form.add_error(None, error)
    return render(request, "accounts/account_new.html", {"form": form}, status=422 if form.errors else 200)


@requires(Perm.MANAGE_ACCOUNTS, Perm.MANAGE_GRANTS)
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its state, its roles, and what the reader may do with it."""
    return account_page(request, get_object_or_404(manageable(request.user), pk=pk))


@requires(Perm.MANAGE_ACCOUNTS)
def account_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects name and department."""
    user = get_object_or_404(User.objects.for_user(request.user, Perm.MANAGE_ACCOUNTS), pk=pk)
    form = PersonForm(request.POST or None, instance=User(name=user.name, department=user.department))
    if not form.is_valid():
        return account_page(request, user, person_form=form)
    actions.change_user(user=user, by=request.user, **form.cleaned_data)
    messages.success(request, _("已保存。"))
    return redirect(page_url(request, "account", user.pk))


def account_page(
    request: HttpRequest, user: User, *, person_form: PersonForm | None = None, grant_form: GrantForm | None = None
) -> HttpResponse:
    """The page of one account, with a form sent back where it had errors."""
    by, home = request.user, user.division_id or ""
    failed = any(form is not None and form.errors for form in (person_form, grant_form))
    shown = with_state(User.objects.filter(pk=user.pk), by).get()
    context = {"account": shown, "acts": acts_for(by, shown), "grants_are_mine": by.can(Perm.MANAGE_GRANTS, home)}
    if by.can(Perm.MANAGE_ACCOUNTS, home):
        context["person_form"] = person_form or PersonForm(instance=user)
    if context["grants_are_mine"] and by.pk != user.pk:
        context["grant_form"] = grant_form or GrantForm(by=by)
    return render(request, "accounts/account_detail.html", context, status=422 if failed else 200)


routes = [
    path("accounts/", accounts, name="accounts"),
    path("accounts/new/", account_new, name="account_new"),
    path("accounts/<int:pk>/", account, name="account"),
    path("accounts/<int:pk>/change/", account_change, name="account_change"),
]

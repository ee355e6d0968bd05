"""Addresses of logging in and out and of one's own password; the views are in portal.core.accounts.login."""

from django.contrib.auth.views import PasswordChangeDoneView
from django.urls import path

from portal.core.accounts.login import CodeView, LoginView, PasswordChangeView, logout

routes = [
    path("login/", LoginView.as_view(), name="login"),
    path("login/code/", CodeView.as_view(), name="login_code"),
    path("logout/", logout, name="logout"),
    path("password/", PasswordChangeView.as_view(), name="password_change"),
    path("password/done/", PasswordChangeDoneView.as_view(), name="password_change_done"),
]

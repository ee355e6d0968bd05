"""Forms of the second factor. What is typed is taken as people type it: with spaces, hyphens, capitals, full-width digits."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

_CODE, _RECOVERY = r"[0-9]{6}", r"[a-z0-9]{12}"
_NUMERIC = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
_WRITTEN = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}


class CodeField(forms.CharField):
    """A code of the shape asked, brought into the form in which it is compared; another shape is no try."""

    def __init__(self, *, shape: str, refusal: str | Promise, **kwargs) -> None:
        self.shape, self.refusal = shape, refusal
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: str) -> str:
        typed = re.sub(r"[\s\-‐–—]", "", unicodedata.normalize("NFKC", super().clean(value))).lower()
        if not re.fullmatch(self.shape, typed):
            raise ValidationError(self.refusal)
        return typed


class CodeForm(forms.Form):
    """The code of the app, at sign-in."""

    code = CodeField(
        label=gettext_lazy("动态验证码"),
        shape=_CODE,
        refusal=gettext_lazy("动态验证码是 6 位数字，请照手机上显示的填写。"),
        help_text=gettext_lazy("打开手机上的身份验证器，填“社区工作者管理平台”当前的 6 位数字。"),
        widget=forms.TextInput(attrs=_NUMERIC),
    )


class RecoveryForm(forms.Form):
    """A recovery code, at sign-in, where the telephone is not at hand."""

    code = CodeField(
        label=gettext_lazy("恢复代码"),
        shape=_RECOVERY,
        refusal=gettext_lazy("恢复代码是 12 位字母和数字，分三组，请照保存的填写。"),
        help_text=gettext_lazy("设置时保存的十个代码中的任意一个。每个只能用一次。"),
        widget=forms.TextInput(attrs=_WRITTEN | {"autofocus": True}),
    )


class PasswordForm(forms.Form):
    """The password once more, before something about signing in is changed."""

    password = forms.CharField(
        label=gettext_lazy("当前密码"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class SetUpForm(PasswordForm):
    """Password and the app's first code."""

    code = CodeField(
        label=gettext_lazy("动态验证码"),
        shape=_CODE,
        refusal=gettext_lazy("动态验证码是 6 位数字，请照手机上显示的填写。"),
        help_text=gettext_lazy("手机上刚添加的“社区工作者管理平台”当前的 6 位数字。"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class ProofForm(PasswordForm):
    """Password and a code of either kind."""

    code = CodeField(
        label=gettext_lazy("动态验证码或恢复代码"),
        shape=f"{_CODE}|{_RECOVERY}",
        refusal=gettext_lazy("请填手机上显示的 6 位数字，或 12 位的恢复代码。"),
        help_text=gettext_lazy("手机上当前的 6 位数字；手机不在身边时，填一个没用过的恢复代码。"),
        widget=forms.TextInput(attrs=_WRITTEN),
    )

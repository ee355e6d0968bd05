"""Forms of accounts, grants and tokens."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.models import ApiToken, User
from portal.core.accounts.roles import Perm, Role, Scope
from portal.core.accounts.tokens import MAX_DAYS, MAX_OVERLAP_DAYS, OVERLAP_DAYS, scopes_of
from portal.core.territory.models import Division
from portal.core.territory.queries import find_division

STATES = [("", gettext_lazy("全部")), ("active", gettext_lazy("启用")), ("inactive", gettext_lazy("停用"))]


FACTORS = [("", gettext_lazy("全部")), ("yes", gettext_lazy("已设置")), ("no", gettext_lazy("未设置"))]


class DivisionField(forms.CharField):
    """A division by code or by its full name, within what `user` manages; empty stands for the whole country."""

    def __init__(self, *, user: User, perm: str, **kwargs) -> None:
        self.user, self.perm = user, perm
        national = "" in user.territories(perm)
        hint = _("填区划代码或名称，如 120101 或 和平区。")
        kwargs.setdefault("help_text", hint + _("不填表示全国。") if national else hint)
        super().__init__(required=not national, max_length=60, **kwargs)

    def clean(self, value: str) -> Division | None:
        text = super().clean(value)
        if not text:
            return None
        within = Division.objects.for_user(self.user, self.perm)
        found = [find_division(text, within)] if text.isdigit() else list(within.filter(label=text)[:2])
        if not found or found[0] is None:
            raise ValidationError(_("您的管理范围内没有“%(text)s”。请核对代码或名称。") % {"text": text})
        if len(found) > 1:
            raise ValidationError(_("名为“%(text)s”的区划不止一个，请改填区划代码。") % {"text": text})
        return found[0]


class AccountFilter(forms.Form):
    """Search of the accounts list."""

    q = forms.CharField(label=gettext_lazy("用户名、姓名或单位"), required=False, max_length=60)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False, choices=STATES)
    role = forms.ChoiceField(
        label=gettext_lazy("角色"), required=False, choices=[("", gettext_lazy("全部")), *Role.choices]
    )
    factor = forms.ChoiceField(label=gettext_lazy("两步验证"), required=False, choices=FACTORS)


class AccountForm(forms.ModelForm):
    """A new account: user name, person, department and whose account it is."""

    class Meta:
        model = User
        fields = ("username", "name", "department")
        help_texts = {"username": gettext_lazy("登录时使用，一人一个，不可共用；字母、数字和 @ . + - _。")}

    def __init__(self, *args, by: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"] = DivisionField(user=by, perm=Perm.MANAGE_ACCOUNTS, label=_("所属区划"))

    def _post_clean(self) -> None:
        """Uniqueness is judged by the action, which knows no difference between upper and lower case."""


class PersonForm(forms.ModelForm):
    """Name and department of an account that is there."""

    class Meta:
        model = User
        fields = ("name", "department")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=200, required=False)


class GrantForm(forms.Form):
    """A role in a territory."""

    role = forms.ChoiceField(label=gettext_lazy("角色"), choices=Role.choices)

    def __init__(self, *args, by: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"] = DivisionField(user=by, perm=Perm.MANAGE_GRANTS, label=_("范围"))


class TokenForm(forms.ModelForm):
    """A new REST token of one's own."""

    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("权限"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("只勾选用得到的。令牌的权限不会超过您账号的权限和辖区。"),
    )
    days = forms.IntegerField(
        label=gettext_lazy("有效期（天）"),
        min_value=1,
        max_value=MAX_DAYS,
        initial=90,
        help_text=gettext_lazy("1 到 365 天。"),
    )

    class Meta:
        model = ApiToken
        fields = ("name",)
        help_texts = {"name": gettext_lazy("写明用在哪个系统，便于日后辨认。")}

    def __init__(self, *args, by: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(scope.value, Scope(scope).label) for scope in scopes_of(by)]

    def _post_clean(self) -> None:
        """The action makes the row; nothing is judged on the unfinished one."""


class RotateForm(forms.Form):
    overlap_days = forms.IntegerField(
        label=gettext_lazy("新旧令牌并用（天）"),
        min_value=0,
        max_value=MAX_OVERLAP_DAYS,
        initial=OVERLAP_DAYS,
        help_text=gettext_lazy("这段时间内旧令牌继续有效，便于换用；填 0 表示旧令牌立即失效。最长 30 天。"),
    )

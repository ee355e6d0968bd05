"""What the acts of the audit trail are called on screen. An act without a line here shows by its own name."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVENTS: dict[str, Promise] = {
    "login": _("登录"),
    "login_failed": _("登录失败"),
    "locked": _("账号锁定"),
    "logout": _("退出登录"),
    "session_ended": _("登录被结束"),
    "access_refused": _("越权访问被拒"),
    "change_password": _("修改密码"),
    "create_user": _("建立账号"),
    "deactivate_user": _("停用账号"),
    "activate_user": _("启用账号"),
    "reset_password": _("重置密码"),
    "end_sessions": _("结束登录"),
    "unlock": _("解除锁定"),
    "give_grant": _("授予角色"),
    "withdraw_grant": _("撤销角色"),
    "create_token": _("建立令牌"),
    "rotate_token": _("更换令牌"),
    "revoke_token": _("撤销令牌"),
    "reveal_personal": _("查看个人信息"),
    "export_roster": _("导出名册"),
    "export_audit": _("导出审计记录"),
}
CHANGES: dict[str, Promise] = {
    "create_user": _("建立账号"),
    "change_user": _("修改账号资料"),
    "deactivate_user": _("停用账号"),
    "activate_user": _("启用账号"),
    "reset_password": _("重置密码"),
    "end_sessions": _("结束登录"),
    "change_own_password": _("修改密码"),
    "give_grant": _("授予角色"),
    "withdraw_grant": _("撤销角色"),
    "create_token": _("建立令牌"),
    "rotate_token": _("更换令牌"),
    "revoke_token": _("撤销令牌"),
    "add_worker": _("新增人员"),
    "add_post": _("新增任职"),
    "change_worker": _("修改人员"),
    "end_post": _("结束任职"),
    "leave": _("办理离职"),
    "apply_import": _("应用导入"),
    "set_rule": _("录入政策规则"),
    "end_rule": _("终止政策规则"),
    "record_population": _("录入人口"),
    "load_populations": _("批量录入人口"),
    "acknowledge": _("签收预警"),
    "reconcile": _("例行检查"),
}


def label_of(act: str) -> str:
    """The act in words."""
    return str(EVENTS.get(act) or CHANGES.get(act) or act)


# History tables by the name of the model they follow.
OBJECTS: dict[str, Promise] = {
    "core.user": _("账号"),
    "core.grant": _("授权"),
    "core.apitoken": _("令牌"),
    "core.division": _("区划"),
    "core.population": _("人口"),
    "core.policyrule": _("政策规则"),
    "core.finding": _("预警"),
    "core.importbatch": _("导入"),
    "workforce.person": _("人员"),
    "workforce.appointment": _("任职"),
    "workforce.contract": _("合同"),
    "workforce.certificate": _("证书"),
}

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
    "roster_exported": _("导出名册"),
    "import_uploaded": _("上传名册"),
    "import_applied": _("应用导入"),
    "import_cancelled": _("放弃导入"),
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
    "create_batch": _("上传名册"),
    "request_apply": _("确认应用导入"),
    "apply_roster": _("应用导入"),
    "cancel": _("放弃导入"),
    "set_rule": _("录入政策规则"),
    "enter_rule": _("录入政策规则"),
    "end_rule": _("终止政策规则"),
    "close_rule": _("终止政策规则"),
    "withdraw_rule": _("撤回政策规则"),
    "record_population": _("录入人口"),
    "load_populations": _("批量录入人口"),
    "acknowledge": _("签收预警"),
    "reconcile": _("例行检查"),
}

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

# Particulars of an act, by the names under which `record` keeps them.
DETAILS: dict[str, Promise] = {
    "days": _("有效期（天）"),
    "known": _("账号存在"),
    "locked": _("已锁定"),
    "method": _("请求方式"),
    "owner": _("令牌所属账号"),
    "query": _("查询条件"),
    "replaces": _("接替令牌"),
    "role": _("角色"),
    "rows": _("行数"),
    "scopes": _("权限"),
    "territory": _("范围"),
    "why": _("原因"),
}
WORDS: dict[object, Promise] = {
    True: _("是"),
    False: _("否"),
    "idle": _("超时未操作"),
    "absolute": _("登录已满最长时限"),
    "ended": _("被管理员结束"),
}


def label_of(act: str) -> str:
    """The act in words."""
    return str(EVENTS.get(act) or CHANGES.get(act) or act)


def particulars(detail: dict) -> str:
    """The particulars of an act as one line; what has no name here shows under its own."""
    parts = []
    for name, value in sorted(detail.items()):
        if value in ("", None, []):
            continue
        words = "、".join(map(str, value)) if isinstance(value, list) else value
        known = isinstance(words, bool | str)
        parts.append(f"{DETAILS.get(name, name)} {WORDS.get(words, words) if known else words}")
    return "；".join(parts)

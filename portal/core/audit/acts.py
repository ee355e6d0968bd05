"""What the acts of the audit trail are called on screen. An act without a line here shows by its own name."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.core.audit.change_labels import CHANGES

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
    "second_factor_set_up": _("设置两步验证"),
    "second_factor_off": _("停用两步验证"),
    "second_factor_reset": _("重置两步验证"),
    "recovery_codes_made": _("重新生成恢复代码"),
    "recovery_code_used": _("使用恢复代码"),
    "create_token": _("建立令牌"),
    "rotate_token": _("更换令牌"),
    "revoke_token": _("撤销令牌"),
    "reveal_personal": _("查看个人信息"),
    "export_roster": _("导出名册"),
    "roster_exported": _("导出名册"),
    "list_exported": _("导出清单"),
    "import_uploaded": _("上传名册"),
    "training_exported": _("导出培训名单"),
    "import_applied": _("应用导入"),
    "import_cancelled": _("放弃导入"),
    "import_annotated": _("下载标注错误的原表"),
    "export_import_rows": _("导出导入的逐行结果"),
    "import_undone": _("撤销导入"),
    "import_rejudged": _("重新检查导入的文件"),
    "columns_explained": _("说明表头的含义"),
    "column_forgotten": _("忘记表头的含义"),
    "backup_taken": _("备份"),
    "backup_restored": _("恢复备份"),
    "keys_rotated": _("更换加密密钥"),
    "export_audit": _("导出审计记录"),
    "figure_published": _("发布统计数"),
    "payroll_exported": _("导出薪酬表"),
    "assessment_closed": _("考核归档"),
    "findings_exported": _("导出预警"),
    "report_taken": _("下载定期报告"),
    "letter_issued": _("签发公文"),
    "letter_taken": _("下载公文"),
    "letters_taken": _("打包下载公文"),
    "letters_asked": _("批量生成公文"),
    "letters_cancelled": _("取消批量生成公文"),
    "objection_raised": _("公众提出异议"),
    "withdraw_report": _("定期报告被更正"),
    "case_file_added": _("上传附件"),
    "case_file_taken": _("下载附件"),
    "evidence_added": _("上传佐证"),
    "evidence_taken": _("下载佐证"),
    "reply_corrected": _("起草答复的更正"),
    "feedback_returned": _("提案者提交意见"),
    "feedback_unknown_link": _("打开不存在的意见征询链接"),
    "feedback_link_renewed": _("更换意见征询链接"),
    "implementation_sent": _("寄发落实答复"),
    "publication_checked": _("审查公开文本"),
    "publication_hidden": _("在已公开的答复里隐去文字"),
    "reply_published": _("公开答复"),
    "reply_withheld": _("确认不主动公开答复"),
    "reply_taken_back": _("撤下公开的答复"),
    "rating_sent_back": _("退回星级评定单位"),
    "bonus_amount": _("登记绩效金额"),
    "rating_extended": _("延长星级评定期限"),
    "rating_returned": _("星级评定退回综合评定"),
    "strike_refused": _("不予销号"),
    "task_cancelled": _("取消任务"),
    "task_rolled": _("任务转入下年度"),
}

# Particulars of an act, by the names under which `record` keeps them.
DETAILS: dict[str, Promise] = {
    "clear": _("含完整证件号码"),
    "corrects": _("更正的发布"),
    "days": _("有效期（天）"),
    "docx": _("Word 文件的校验值"),
    "edition": _("版次"),
    "digest": _("校验值"),
    "form": _("文件格式"),
    "kept": _("未撤销人数"),
    "known": _("账号存在"),
    "locked": _("已锁定"),
    "list": _("清单"),
    "method": _("请求方式"),
    "on": _("数据日期"),
    "owner": _("令牌所属账号"),
    "personal": _("含个人信息"),
    "people": _("人数"),
    "query": _("查询条件"),
    "replaces": _("接替令牌"),
    "role": _("角色"),
    "rows": _("行数"),
    "scopes": _("权限"),
    "factor": _("核验方式"),
    "codes_left": _("剩余恢复代码"),
    "territory": _("范围"),
    "value": _("数值"),
    "why": _("原因"),
    "xlsx": _("Excel 文件的校验值"),
    "before": _("原期限"),
    "left": _("退回前阶段"),
    "stage": _("阶段"),
    "to": _("退回到"),
    "unit": _("参评单位编号"),
    "until": _("新期限"),
    "year": _("年度"),
}
WORDS: dict[object, Promise] = {
    True: _("是"),
    False: _("否"),
    "idle": _("超时未操作"),
    "absolute": _("登录已满最长时限"),
    "ended": _("被管理员结束"),
    "code": _("动态验证码"),
    "confirming": _("重新输入密码"),
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

"""Sentences for what keeps an import from going on, beside the errors of its rows."""

from django.utils.translation import gettext_lazy as _

from portal.core.sheets.errors import MESSAGES, message_of

BATCH = {
    "changed": _("您确认之后名册有了变动，还没有写入任何内容。预览已按最新的名册更新，请核对后再应用。"),
    "interrupted": _("处理三次都被中断，没有写入任何内容。请重新上传；仍不行请联系系统管理员。"),
    "unexpected": _("系统出了问题，没有写入任何内容。请再试一次；仍不行请把本页的地址告诉系统管理员。"),
    "not_allowed": _("您在这个范围的导入权限已经取消，没有写入任何内容。"),
    "storage": _("服务器暂时存不下检查的结果，没有写入任何内容。请稍后再试；仍不行请告诉系统管理员。"),
    "file_gone": _("上传的文件已不在服务器上，没有写入任何内容。请重新上传。"),
    "undo_edited": _(
        "您确认之后又有人改动了这批人员，没有撤销任何内容。请核对哪些人员已被改动，再决定是否只撤销其余的。"
    ),
    "undo_interrupted": _("撤销三次都被中断，没有撤销任何内容。请再试一次；仍不行请联系系统管理员。"),
    "undo_unexpected": _("系统出了问题，没有撤销任何内容。请再试一次；仍不行请把本页的地址告诉系统管理员。"),
    "undo_not_allowed": _("您在这个范围的导入权限已经取消，没有撤销任何内容。"),
}


def problem(code: str) -> dict:
    """A reason as stored; its sentence is made when a reader looks."""
    return {"errors": [{"code": code, "params": {}, "row": None, "column": None}]}


def sentences(stored: dict) -> list[dict]:
    """The stored reasons with their sentences in the language of the moment: row, column, code, message."""
    return [
        {
            "row": error.get("row"),
            "column": error.get("column") or "",
            "code": error["code"],
            "message": _sentence(error["code"], error.get("params") or {}),
        }
        for error in stored.get("errors", [])
    ]


def _sentence(code: str, params: dict) -> str:
    if code in BATCH:
        return str(BATCH[code])
    return message_of(code, params) if code in MESSAGES else code

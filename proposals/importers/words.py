"""What the import of proposals says: a heading per kind of problem, and the sentence that tells how to mend it."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from proposals.actions import faults
from workforce.importers import sentences as roster

_HEADINGS: dict[str, Promise] = {
    "wrong_word": _L("文件的叫法不对"),
    "wrong_type": _L("提案者类别与会议不符"),
    "wrong_person": _L("提案者的称谓不对"),
    "names_none": _L("没有写提案者"),
    "names_twice": _L("提案者重复"),
    "names_differs": _L("提案者与人数不一致"),
    "names_one": _L("个人提出而不止一位"),
    "names_several": _L("联名而只有一位"),
    "number_missing": _L("没有编号"),
    "number_settled": _L("编号不能再改"),
    "received_future": _L("收到日期晚于今天"),
    "filed_outside": _L("立案日期不对"),
    "filed_already": _L("已经立案"),
    "forwards_alone": _L("不是联名而约定转告"),
    "not_open": _L("已办结，内容不同"),
}
_PROBLEMS: dict[str, tuple[Promise, Promise]] = {
    "not_numeral": (_L("不是届次"), _L("“%(column)s”应为 1 到 99 的数，如 14 或十四。")),
    "not_count": (_L("不是人数"), _L("“%(column)s”应为不小于 1 的整数。")),
    "told_differs": (
        _L("提案者与人数不一致"),
        _L("提案者一栏说是 %(told)s 位，写出了 %(names)s 位。请写全姓名，或改正数字。"),
    ),
    "session_unknown": (
        _L("没有登记这次会议"),
        _L("%(division)s没有登记 %(term)s 届 %(meeting)s 次的%(body)s会议。请先在“会议”中登记，再导入。"),
    ),
    "same_twice": (_L("表中重复"), _L("与第 %(other)s 行是同一次会议的同一编号。请只保留一行。")),
}


def heading(code: str) -> str:
    """The kind of a problem in a few words."""
    if code in _PROBLEMS:
        return str(_PROBLEMS[code][0])
    return str(_HEADINGS[code]) if code in _HEADINGS else roster.heading(code)


def sentence(code: str, params: dict[str, Any] | None = None) -> str:
    """What is wrong and how to mend it, in the language of the moment."""
    if code in _PROBLEMS:
        return str(_PROBLEMS[code][1]) % (params or {})
    return faults.sentence((code, params or {})) if code in faults.SENTENCES else roster.sentence(code, params)


def summary(counts: dict) -> str:
    """One sentence that says exactly what applying will do."""
    parts = [
        _("新增 %(new)s 件") % counts if counts["new"] else "",
        _("更改 %(changed)s 件") % counts if counts["changed"] else "",
        _("%(unchanged)s 件与已登记的一致，不动") % counts if counts["unchanged"] else "",
    ]
    return _("应用后：%(parts)s。") % {"parts": _("；").join(filter(None, parts)) or _("没有变化")}

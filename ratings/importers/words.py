"""What the imports of service records say: a heading per kind of problem, and the sentence that tells how to mend it."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workforce.importers import sentences as roster

_PROBLEMS: dict[str, tuple[Promise, Promise]] = {
    "not_area": (gettext_lazy("不是面积"), gettext_lazy("“%(column)s”应为不小于 0 的数字，单位平方米，不要带文字。")),
    "same_twice": (
        gettext_lazy("表中重复"),
        gettext_lazy("与第 %(other)s 行说的是同一条记录。请只保留一行。"),
    ),
    "grid_unknown": (gettext_lazy("没有这个网格"), gettext_lazy("社区里没有名为“%(name)s”的网格。请核对，或留空。")),
    "premises_unknown": (
        gettext_lazy("没有这个住户或商户"),
        gettext_lazy("社区里没有登记“%(name)s”。请先导入住户和商户，或核对门牌、店名。"),
    ),
    "worker_unknown": (
        gettext_lazy("没有这个工作人员"),
        gettext_lazy("当天在这个社区任职的人中没有“%(name)s”。请核对姓名和日期，或留空。"),
    ),
    "worker_several": (
        gettext_lazy("有几个同名的工作人员"),
        gettext_lazy("当天在这个社区有几个“%(name)s”。请留空，导入后在页面上指定。"),
    ),
    "not_there_yet": (
        gettext_lazy("早于迁入或开业"),
        gettext_lazy("“%(name)s”自 %(since)s 起登记，不能有更早的走访。请核对日期。"),
    ),
    "area_exceeded": (
        gettext_lazy("居民活动面积大于建筑面积"),
        gettext_lazy("居民活动面积不能大于建筑面积 %(area)s 平方米。"),
    ),
    "area_zero": (gettext_lazy("建筑面积为 0"), gettext_lazy("“%(column)s”应大于 0。")),
    "due_before_received": (
        gettext_lazy("期限早于受理"),
        gettext_lazy("“%(column)s”不能早于受理日期 %(received)s。"),
    ),
    "answer_missing": (
        gettext_lazy("没有答复日期"),
        gettext_lazy("填写了“%(column)s”，请同时填写答复日期；没有答复的请清空。"),
    ),
    "period_reversed": (
        gettext_lazy("截止早于起始"),
        gettext_lazy("“%(column)s”早于“%(start_column)s”（%(start)s）。请核对两个日期。"),
    ),
}


def heading(code: str) -> str:
    """The kind of a problem in a few words."""
    return str(_PROBLEMS[code][0]) if code in _PROBLEMS else roster.heading(code)


def sentence(code: str, params: dict[str, Any] | None = None) -> str:
    """What is wrong and how to mend it, in the language of the moment."""
    return str(_PROBLEMS[code][1]) % (params or {}) if code in _PROBLEMS else roster.sentence(code, params)


def summary(counts: dict) -> str:
    """One sentence that says exactly what applying will do."""
    parts = [
        _("新增 %(new)s 条记录") % counts if counts["new"] else "",
        _("更改 %(changed)s 条") % counts if counts["changed"] else "",
        _("%(unchanged)s 条与已登记的一致，不动") % counts if counts["unchanged"] else "",
        _("不在导入范围的 %(outside)s 行跳过") % counts if counts["outside"] else "",
    ]
    return _("应用后：%(parts)s。") % {"parts": _("；").join(filter(None, parts)) or _("没有变化")}

"""What the classes A, B, C and D of a reply mean, by the scheme of the place (domain §2.2).

The mark on a letter is the letter alone; the words stand in forms, lists and reports. A scheme has no class that it does
not define: Tianjin's statistics know three.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SCHEMES: dict[str, dict[str, Promise]] = {
    "npc": {
        "A": _("所提问题已经解决或基本解决"),
        "B": _("所提问题正在解决或已列入计划"),
        "C": _("所提问题目前难以解决，以后解决"),
        "D": _("所提问题留作参考"),
    },
    "three": {
        "A": _("所提问题已经解决或基本解决"),
        "B": _("所提问题部分解决或已列入计划"),
        "C": _("受条件限制，留作参考或难以解决"),
    },
    "started": {
        "A": _("所提问题已经解决，或已用其他办法解决"),
        "B": _("所提问题正在解决，已开始办理"),
        "C": _("所提问题已列入计划"),
    },
    "adopted": {
        "A": _("意见建议已采纳或解决"),
        "B": _("意见建议用作工作参考"),
        "C": _("意见建议暂时难以采纳"),
    },
}
# Classes that leave something promised to be done.
PROMISING = frozenset({"B", "C"})


def meanings(scheme: str) -> dict[str, Promise]:
    """The classes of a scheme with their meaning, in their order. KeyError for a scheme that does not exist."""
    return SCHEMES[scheme]


def allowed(scheme: str, result: str) -> bool:
    """Whether a scheme has the class."""
    return result in SCHEMES[scheme]

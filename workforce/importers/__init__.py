"""The roster import: a sheet of contract.md's columns, judged whole, shown as a difference, applied in one transaction."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.sheets.importer import Importer
from portal.core.web.formats import number
from workforce.actions.plan_text import SECTIONS
from workforce.actions.roster import apply_roster
from workforce.actions.roster_undo import ROSTER_UNDO
from workforce.enums import Body, CertificateLevel, ContractKind, Entry, Sex, Tier
from workforce.importers.basis import renewed_basis
from workforce.importers.columns import BY_KEY, COLUMNS
from workforce.importers.judging import judge
from workforce.importers.sentences import heading, sentence

_LABELS = {
    "性别": Sex,
    "岗位层级": Tier,
    "任职机构": Body,
    "任职方式": Entry,
    "合同类型": ContractKind,
    "证书等级": CertificateLevel,
}


def show(key: str, value: Any) -> str:
    """A stored value of a column as the reader reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    choices = _LABELS.get(BY_KEY[key].choices)
    return str(choices(value).label) if choices else str(value)


def summary(counts: dict) -> str:
    """One sentence that says exactly what applying will do."""
    told = {key: number(count) for key, count in counts.items() if isinstance(count, int)}
    parts = [
        _("新增 %(new)s 个任职（其中新录入 %(people)s 人）") % told if counts["new"] else "",
        _("更改 %(changed)s 行已有内容") % told if counts["changed"] else "",
        _("%(unchanged)s 行与名册一致，不动") % told if counts["unchanged"] else "",
        _left(counts, told),
        _("在其他街道任职的 %(moved)s 行不动，可提出调入") % told if counts.get("moved") else "",
        _("不在导入范围的 %(outside)s 行跳过") % told if counts["outside"] else "",
    ]
    return _("应用后：%(parts)s。") % {"parts": _("；").join(filter(None, parts))}


def _left(counts: dict, told: dict) -> str:
    """What becomes of the posts that the sheet does not name."""
    if counts.get("ending"):
        return _("名册上有而表中没有的 %(ending)s 个任职截止") % told
    return _("名册上有而表中没有的 %(leaving)s 个任职保留不动") % told if counts["leaving"] else ""


ROSTER = Importer(
    kind="roster",
    label=gettext_lazy("社区工作者名册"),
    perm=Perm.IMPORT_ROSTER,
    columns=COLUMNS,
    parts=(*SECTIONS, "sheet"),
    judge=judge,
    basis=renewed_basis,
    apply=apply_roster,
    sentence=sentence,
    heading=heading,
    show=show,
    summary=summary,
    undo=ROSTER_UNDO,
)

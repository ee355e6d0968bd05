"""Sentences about an import as a whole: what it did, what was taken back, whom it leaves alone."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core.sheets.models import ImportBatch
from portal.core.sheets.queries import mending_of
from portal.core.web.formats import moment, number

ROSTER = "roster"


def _counted(batch: ImportBatch) -> dict[str, str | None]:
    keys = ("new", "people", "changed", "unchanged", "leaving", "ending")
    return {key: number(batch.counts.get(key, 0)) for key in keys}


def applied(batch: ImportBatch) -> str:
    """Who applied it when, and what that wrote."""
    shown = {**_counted(batch), "who": batch.applied_by, "when": moment(batch.applied_at)}
    if batch.kind != ROSTER:
        return _("%(who)s 于 %(when)s 应用：新增 %(new)s 条，更改 %(changed)s 条，%(unchanged)s 条无变化。") % shown
    if batch.counts.get("ending"):
        return (
            _(
                "%(who)s 于 %(when)s 应用：新增 %(new)s 个任职（新录入 %(people)s 人），更改 %(changed)s 行，"
                "截止 %(ending)s 个表中没有的任职，%(unchanged)s 行无变化。各级人数已更新。"
            )
            % shown
        )
    return (
        _(
            "%(who)s 于 %(when)s 应用：新增 %(new)s 个任职（新录入 %(people)s 人），更改 %(changed)s 行，"
            "%(unchanged)s 行无变化。各级人数已更新。"
        )
        % shown
    )


def undone(batch: ImportBatch) -> str:
    """Who took it back when, and who was kept as edited since."""
    done = batch.counts.get("undone") or {}
    shown = {
        "who": batch.undone_by,
        "when": moment(batch.undone_at),
        "people": number(done.get("people", 0)),
        "kept": number(done.get("kept", 0)),
    }
    if batch.kind != ROSTER:
        return (
            _("%(who)s 于 %(when)s 撤销：%(people)s 条记录恢复到导入之前的样子，%(kept)s 条后来有改动，保持现状。")
            % shown
        )
    if done.get("kept"):
        return (
            _(
                "%(who)s 于 %(when)s 撤销：%(people)s 人恢复到导入之前的样子，"
                "%(kept)s 人因导入之后又有改动而保持现状。各级人数已更新。"
            )
            % shown
        )
    return _("%(who)s 于 %(when)s 撤销：%(people)s 人恢复到导入之前的样子。各级人数已更新。") % shown


def leaving(batch: ImportBatch) -> str:
    """What becomes of the posts that the sheet does not name, as chosen; empty where it names all."""
    if not batch.counts.get("leaving"):
        return ""
    shown = {**_counted(batch), "day": batch.options.get("leaving_on")}
    if not shown["day"]:
        return _("名册上有、表中没有的 %(leaving)s 个任职保留不动。") % shown
    shown["reason"] = batch.options.get("leaving_reason", "")
    return _("名册上有、表中没有的 %(leaving)s 个任职将截止到 %(day)s（含当日），原因：%(reason)s。") % shown


def unread(sheets: dict) -> str:
    """Which worksheets of the file were not read, and what to do where they look like the one that was."""
    if not sheets.get("others"):
        return ""
    shown = {name: _("、").join(sheets[name]) for name in ("others", "alike")} | {"read": sheets["read"]}
    if not sheets["alike"]:
        return _("读取的是工作表“%(read)s”；没有读取：%(others)s。") % shown
    return (
        _(
            "只读取了工作表“%(read)s”。“%(alike)s”看上去也是名册，没有读取，其中的人会列为“名册有而表中无”。"
            "请把几张表合并成一张再上传；不相干的表可以删去或隐藏。"
        )
        % shown
    )


def moved(batch: ImportBatch) -> str:
    """People of other streets: said plainly, for an import never takes them away from there."""
    count = batch.counts.get("moved", 0)
    if not count:
        return ""
    return ngettext(
        "%(count)s 行的人在其他街道任职，不会由导入改动。", "%(count)s 行的人在其他街道任职，不会由导入改动。", count
    ) % {"count": number(count)}


def mended(batch: ImportBatch) -> str:
    """What became of the errors of the sheet checked just before this one; empty where there was none."""
    mending = mending_of(batch)
    if mending is None:
        return ""
    numbers = {"gone": number(mending.gone), "left": number(mending.left), "new": number(mending.new)}
    shown = {**numbers, "file": mending.before.filename}
    if not mending.left + mending.new:
        return _("上一份《%(file)s》的 %(gone)s 处错误都改好了。") % shown
    if not mending.new:
        return _("与上一份《%(file)s》相比：改好 %(gone)s 处，还有 %(left)s 处没有改好。") % shown
    return _("与上一份《%(file)s》相比：改好 %(gone)s 处，还有 %(left)s 处没有改好，新出现 %(new)s 处。") % shown

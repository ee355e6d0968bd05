"""What the script of the grid needs to know: columns, lists, addresses, and every sentence in the reader's language.

The instant checks of the page say the sentences of the server's check; `%(name)s` is filled in by the script.
"""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core.lib.clock import today
from portal.core.sheets.errors import message_of
from portal.core.sheets.mapping import mapping_of
from portal.core.territory.models import Division
from portal.pages import grid_rows
from portal.pages.grid_places import communities
from workforce.importers import ROSTER
from workforce.importers.columns import COLUMNS, LAST_DAYS, MEANING
from workforce.importers.columns import LISTS as PRINTED
from workforce.importers.sentences import sentence

_NOBODY = "00000000-0000-0000-0000-000000000000"
_SENTENCES = (
    "required", "choice", "grade_number", "grade_range", "birth_contradicts", "sex_contradicts", "period_reversed",
    "community_missing", "community_code", "reason_without_leaving", "contract_incomplete", "contract_kind_missing",
    "contract_dates_unused", "certificate_level_missing", "date_future", "month_only", "day_count", "id_destroyed",
    "id_characters", "id_fifteen_digits", "id_length", "id_birth_date", "id_check_digit", "id_doubtful",
    "phone_characters", "phone_length", "date_unreadable", "date_no_such_day", "date_swapped", "date_year_last",
    "date_two_digit_year", "date_year_only", "date_ambiguous_month", "date_out_of_range",
)  # fmt: skip


_MASKED = ("id_masked", "phone_masked")  # said shorter than of a file


class _Names(dict):
    """Stands for the parameters of a sentence and leaves each in its place."""

    def __missing__(self, name: str) -> str:
        return f"%({name})s"


def settings_of(division: Division, request: HttpRequest) -> dict[str, Any]:
    """Everything beside the rows."""
    names = _Names(column="%(column)s")
    return {
        "columns": [_column(column) for column in COLUMNS],
        "mapping": mapping_of(ROSTER.kind, division.code),
        "communities": communities(request.user, division),
        "fixed": grid_rows.FIXED,
        "kept": grid_rows.KEPT,
        "most": grid_rows.MOST_POSTS,
        "today": today().isoformat(),
        "urls": {
            **{name: reverse(f"roster_grid_{name}", args=[division.code]) for name in _ADDRESSES},
            "worker": reverse("worker", args=[_NOBODY]),
            "login": reverse("login"),
        },
        "sentences": {
            **{code: sentence(code, names) for code in _SENTENCES},
            **{code: message_of(code) for code in _MASKED},
        },
        "texts": texts(),
    }


_ADDRESSES = ("data", "check", "apply", "draft")


def _column(column) -> dict[str, Any]:
    words = MEANING.get(column.choices, {})
    return {
        "key": column.key,
        "header": column.header,
        "aliases": column.aliases,
        "kind": column.kind.value,
        "required": column.required,
        "lastDay": column.key in LAST_DAYS,
        "choices": PRINTED.get(column.choices, ()),
        "words": list(words),
        "width": column.width,
        "explanation": str(column.explanation),
    }


def texts() -> dict[str, str]:
    """The script's own words."""
    return {
        "new": _("新"),
        "changed": _("改"),
        "wrong": _("错"),
        "look": _("核对"),
        "needed": _("必填"),
        "clash": _("冲突"),
        "gone": _("已不在"),
        "fine": _("可应用"),
        "same": _("无变化"),
        "rowHead": _("行号与姓名"),
        "cell": _("第 %(row)s 行 %(column)s"),
        "faults": _("%(count)s 处要改"),
        "fillIn": _("改成“%(text)s”"),
        "toMend": _("要改的"),
        "toLook": _("请核对"),
        "warnings": _("%(count)s 处请核对"),
        "typed": _("已录入 %(count)s 行"),
        "nothingTyped": _("还没有改动"),
        "fixed": _(
            "已登记的社区、机构、职务和证件信息不在这里改：换岗请填任职截止，再另起一行；登记有误请到人员页更正。"
        ),
        "kept": _("清空不会删去已登记的内容；要删去请到人员页更正。"),
        "skippedFixed": _("%(count)s 个单元格是已登记的内容，没有改动。"),
        "skippedColumns": _("没有对应的列，未粘贴：%(names)s。"),
        "skippedWide": _("右边多出的 %(count)s 列没有粘贴。"),
        "skippedRows": _("一次最多录入 %(most)s 行，多出的 %(count)s 行没有粘贴。"),
        "pasted": _("已粘贴 %(rows)s 行 %(columns)s 列。"),
        "pastedByHeader": _("认出表头，已按列名粘贴 %(rows)s 行，从第 %(first)s 行起。"),
        "saving": _("正在存草稿…"),
        "saved": _("草稿已存 %(at)s"),
        "unsaved": _("有内容还没有存入草稿"),
        "draftText": _("%(at)s 存的草稿，%(rows)s 行。"),
        "draftGo": _("接着 %(at)s 的草稿（%(rows)s 行）"),
        "draftDrop": _("放弃"),
        "draftDropSure": _("放弃后这 %(rows)s 行不能恢复。再按一次放弃。"),
        "draftLost": _("草稿中有 %(count)s 行的任职已被结束或调走，没有恢复。"),
        "draftMine": _("用这个窗口的"),
        "draftTheirs": _("用那份草稿"),
        "other": _(
            "%(who)s也在录入%(place)s（%(at)s 存过 %(rows)s 行）。同一人以先应用的为准，后应用的会先看到双方的改动。"
        ),
        "waiting": _("您有一份表格录入已检查、还没有应用。"),
        "waitingGo": _("去预览"),
        "checking": _("正在检查 %(count)s 行…"),
        "checkedFine": _("检查完毕，没有错误。"),
        "checkedWrong": _("检查完毕，有 %(count)s 处要改。"),
        "apply": _("应用 %(count)s 行"),
        "applyNone": _("应用"),
        "applying": _("正在提交 %(count)s 行…"),
        "applyFirst": _("还有 %(count)s 处要改，改好后再应用。"),
        "nothing": _("没有改动可以应用。"),
        "conflictText": _("%(who)s 于 %(at)s 改过%(name)s（第 %(row)s 行）。请选择用哪一份。"),
        "conflictUnknown": _("%(name)s（第 %(row)s 行）刚被别人改过。请选择用哪一份。"),
        "conflictGone": _("%(name)s（第 %(row)s 行）的这个任职已被结束、撤回或调走，这里的改动不能应用。"),
        "mine": _("用我的"),
        "theirs": _("用现在的"),
        "drop": _("去掉我的改动"),
        "column": _("列"),
        "myValue": _("我的"),
        "nowValue": _("现在的"),
        "empty": _("（空）"),
        "between": _("；"),
        "added": _("新增任职：%(place)s %(body)s %(title)s，%(from)s 起"),
        "row": _("第 %(row)s 行"),
        "noMore": _("没有更多的错误了。"),
        "failed": _("没有取到名册。请检查网络后重试。"),
        "expired": _("登录已到期。请在新窗口登录后回到这里再试，已录入的内容还在。"),
        "relogin": _("去登录"),
        "offline": _("没有连上服务器。已录入的内容还在，请检查网络后再试。"),
        "refused": _("您在这个地方的录入权限已经取消。请联系本单位管理员。"),
        "broken": _("系统出了问题，这一步没有完成。请再试一次；仍不行请联系系统管理员。"),
        "placeholder": _("这里还没有人在岗。可以直接录入，或者从 Excel 粘贴。"),
        "leaving": _("再按 Tab 离开表格。"),
        "personPage": _("打开人员页"),
        "secondPost": _("请先选中一位已登记的人。"),
        "restored": _("所选的行已还原。"),
    }

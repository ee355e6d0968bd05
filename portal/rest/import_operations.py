"""What can be asked of `imports/`: the declarations that permissions, the OpenAPI document and the tests read."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm, Scope
from portal.core.sheets.models import BatchState, RowStatus
from portal.core.web.filters import ChoiceParameter, CodeParameter, IdParameter, Parameter
from portal.core.web.operations import Operation
from portal.rest.import_bodies import ApplySerializer, OptionsSerializer, UndoSerializer, UploadSerializer
from portal.rest.import_examples import IMPORT, ROW

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RIGHTS: dict[str, Any] = {"scope": Scope.ROSTER_WRITE, "perm": Perm.IMPORT_ROSTER}
ID = IdParameter(description=_("导入的编号。"), example=IMPORT["id"], uuid=True)
UUID_PATH = "[0-9a-f-]{36}"
_WAITING = {**IMPORT, "state": "uploaded", "judged_at": None, "counts": None, "sheets": None, "kinds": [], "digest": ""}
_WAITING["progress"] = {"phase": "waiting", "done": 0, "total": 0, "seconds_left": None}
_WRITING = {**IMPORT, "state": "applying", "kinds": []}
_WRITING["progress"] = {"phase": "writing", "done": 120, "total": 320, "seconds_left": 0.6}


class CodeNameParameter(Parameter):
    """The code of a kind of problem, as `kinds` of an import gives it."""

    def parse(self, text: str) -> str:
        if not (text.isascii() and text.replace("_", "").isalnum()):
            raise ValueError(_("应为 kinds 中的 kind，如 id_check_digit。"))
        return super().parse(text)

    def schema(self) -> dict:
        return {"type": "string", "pattern": "^[A-Za-z0-9_]*[A-Za-z0-9][A-Za-z0-9_]*$", "maxLength": self.max_length}


IMPORTS = {
    "list": Operation(
        summary=_("导入列表"),
        description=_("管理范围内的导入，不限状态，先上传的在前。"),
        **RIGHTS,
        parameters=(
            ChoiceParameter(
                name="state",
                description=_("状态。"),
                example="judged",
                choices={state: state for state in BatchState.values},
            ),
            CodeParameter(description=_("只要导入范围在该区划及其下级的。")),
        ),
        example=IMPORT,
    ),
    "create": Operation(
        summary=_("上传名册"),
        description=_(
            "收下文件，检查随后在后台进行；Location 是这次导入的地址，检查完成后 state 为 judged（有无错误见 counts）"
            "或 failed（整份文件不能读取，原因见 problems）。同一范围同时只能有一次没有结束的导入，否则答 409；"
            "本人上传而有错误的会被新文件取代。"
        ),
        **RIGHTS,
        body=UploadSerializer,
        body_example={
            "file": "（文件内容）",
            "division": "120101001",
            "options": {"leaving_on": "2026-11-30", "leaving_reason": "换届"},
        },
        example=_WAITING,
        status=202,
        multipart=True,
        refusals=(404,),
    ),
    "retrieve": Operation(
        summary=_("一次导入"),
        description=_("状态、各种结果的行数、进度和原因。轮询时带上 If-None-Match，没有变化时答 304。"),
        **RIGHTS,
        example=IMPORT,
    ),
    "apply": Operation(
        summary=_("应用到名册"),
        description=_(
            "确认预览，写入随后在后台进行：全部写入或者什么也不写。请求头 If-Match 和内容中的 digest 至少带一个，"
            "用来说明核对的是哪一份预览。有错误、预览已更新时答 409；写入前名册有了变动的，回到 judged 并说明。"
        ),
        **RIGHTS,
        body=ApplySerializer,
        body_example={"digest": IMPORT["digest"]},
        example=_WRITING,
        guarded=True,
        refusals=(428,),
        status=202,
    ),
    "cancel": Operation(
        summary=_("放弃导入"),
        description=_("检查中或等待确认的导入可以放弃，名册没有变化。已在应用或已经结束的答 409。"),
        **RIGHTS,
        example={**IMPORT, "state": "cancelled"},
        guarded=True,
    ),
    "options": Operation(
        summary=_("表中没有的人"),
        description=_(
            "名册上有、表中没有的人：保留不动（缺省），或者截止到某日。改变之后重新检查，digest 随之改变。"
            "文件里还有别的工作表看上去也是名册（sheets.alike）时不能截止，答 409。"
        ),
        **RIGHTS,
        body=OptionsSerializer,
        body_example={"leaving_on": "2026-11-30", "leaving_reason": "换届"},
        example=_WAITING,
        guarded=True,
        status=202,
    ),
    "undo": Operation(
        summary=_("撤销导入"),
        description=_(
            "把已应用的导入整批撤回，在后台进行。导入之后有人又被改动过的答 409 并点名，errors 里最多 200 人；"
            "这时可带 rest=true，只撤销其余的人。"
        ),
        **RIGHTS,
        body=UndoSerializer,
        body_example={"rest": True},
        example={**_WRITING, "state": "undoing"},
        guarded=True,
        status=202,
    ),
    "report": Operation(
        summary=_("问题清单"),
        description=_("全部错误和提示，每处一行。"),
        **RIGHTS,
        produces=XLSX,
    ),
    "annotated": Operation(
        summary=_("标注错误的原表"),
        description=_("所上传的表，问题写成单元格批注，另附汇总表。应用或放弃之后原表已删除，答 404。"),
        **RIGHTS,
        produces=XLSX,
    ),
}
ROWS = {
    "list": Operation(
        summary=_("导入的行"),
        description=_("检查的逐行结果：错误和提示，或者逐项的原值和新值。检查完成前为空。"),
        **RIGHTS,
        parameters=(
            ChoiceParameter(
                name="status",
                description=_("结果。"),
                example="changed",
                choices={status: status for status in RowStatus.values},
            ),
            CodeNameParameter(
                name="kind", description=_("只要有这种错误或提示的行。"), example="id_check_digit", max_length=40
            ),
        ),
        example=ROW,
    )
}

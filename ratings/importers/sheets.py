"""The sheets of service records: one declaration for each kind."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core.lib.workdays import add_workdays
from portal.core.sheets.columns import Kind
from ratings.enums import (
    FacilityFunction,
    FacilityKind,
    FeatureKind,
    NeedChannel,
    PremisesKind,
    RequestChannel,
    RequestKind,
    RequestState,
    Verdict,
    VisitOutcome,
)
from ratings.importers.flat import Field, Flat, FlatRow, chosen, column
from ratings.models import Facility, Feature, Need, Premises, ServiceRequest, Visit

_KEEP = _("留空表示不改动已登记的内容。")
_LAST = _("最后一天；仍在用时留空。")


def _since(header: str, explanation: Any) -> Field:
    return Field(
        column("valid_from", header, explanation, "2024-01-01", Kind.DATE, required=True), "valid_from", "date"
    )


def _until(header: str) -> Field:
    return Field(column("valid_to", header, _LAST, "", Kind.DATE), "valid_to", "last_day")


def _text(key: str, header: str, explanation: Any, example: str, limit: int, **more: Any) -> Field:
    return Field(column(key, header, explanation, example, **more), key, limit=limit, default="")


PREMISES = Flat(
    kind="premises",
    label=_("住户和商户"),
    model=Premises,
    fields=(
        chosen("kind", "类别", PremisesKind, _("住户或商户。"), "住户", required=True),
        _text("label", "门牌或店名", _("门牌或店名，不要填姓名。"), "1号楼2门301", 80, required=True, width=22),
        Field(column("grid", "网格", _KEEP, "第一网格"), "grid_id", "grid"),
        _since("迁入或开业日期", _("不知道时可填登记的那一天。")),
        _until("迁出或歇业日期"),
    ),
    key=("kind", "label"),
    title="label",
    dated=True,
)


def _visit(row: FlatRow, record: dict[str, Any], context: Any) -> None:
    """Finds the household or shop and the worker; of a name that both kinds bear the household is meant unless told."""
    values = row.values
    if "label" in values:
        kind = values.get("kind", PremisesKind.HOUSEHOLD)
        record["premises_id"] = context.premises(row, kind, values["label"], "label", values.get("visited_on"))
    if "worker" in values:
        record["worker_id"] = context.worker(row, values["worker"], values.get("visited_on"))


VISITS = Flat(
    kind="visits",
    label=_("走访记录"),
    model=Visit,
    fields=(
        chosen("kind", "类别", PremisesKind, _("住户或商户；留空按住户。"), "住户", attribute=""),
        Field(column("label", "门牌或店名", _("与登记的一致。"), "1号楼2门301", required=True, width=22), "", limit=80),
        Field(column("visited_on", "走访日期", _("走访的那一天。"), "2026-03-01", Kind.DATE, required=True),
              "visited_on", "date", past=True),
        chosen("outcome", "结果", VisitOutcome, _("留空按“见到本人”；只有见到本人的算走访。"), "见到本人",
               default=VisitOutcome.MET),
        Field(column("worker", "走访人", _("当天在本社区任职的人的姓名，可留空。"), "张示例"), "worker_id", "worker", limit=60),
        _text("note", "记录", _KEEP, "", 300, width=30),
    ),
    key=("premises_id", "visited_on"),
    title="label",
    constants={"taken_back": False},
    counted={"taken_back": False},
    complete=_visit,
    more=("premises_id",),
)  # fmt: skip


def _request(row: FlatRow, record: dict[str, Any], context: Any) -> None:
    """Works the deadline of a new request out by the rule, and the state from the days."""
    received, kind = row.values.get("received_on"), row.values.get("kind")
    if received is not None and kind is not None:
        row.fresh["due_on"] = add_workdays(received, context.request_days[kind], context.calendar)
    if "answered_on" in row.values:
        record["state"] = RequestState.ANSWERED


def _request_fits(row: FlatRow, record: dict[str, Any]) -> None:
    for key in ("due_on", "answered_on"):
        if record[key] is not None and record[key] < record["received_on"]:
            row.error("due_before_received", key, received=record["received_on"])
    for key in ("answer", "verdict"):
        if record[key] and record["answered_on"] is None:
            row.error("answer_missing", key)


REQUESTS = Flat(
    kind="requests",
    label=_("居民诉求和办事"),
    model=ServiceRequest,
    fields=(
        chosen("kind", "类别", RequestKind, _("诉求、窗口办事或代办。"), "诉求", required=True),
        chosen("channel", "来源", RequestChannel, _("留空按“窗口”。"), "电话", default=RequestChannel.WINDOW),
        _text("title", "事项", _("一句话，不要填姓名和电话。"), "楼道灯不亮", 100, required=True, width=24),
        _text("text", "内容", _KEEP, "", 1000, width=30),
        Field(column("received_on", "受理日期", _("受理的那一天。"), "2026-03-01", Kind.DATE, required=True),
              "received_on", "date", past=True),
        Field(column("due_on", "办理期限", _("最后一天；留空按规则的工作日计算。"), "", Kind.DATE), "due_on", "date"),
        Field(column("answered_on", "答复日期", _("没有答复时留空。"), "2026-03-04", Kind.DATE), "answered_on", "date",
              past=True),
        _text("answer", "办理结果", _KEEP, "已更换", 1000, width=30),
        chosen("verdict", "居民评价", Verdict, _("没有评价时留空。"), "满意", default=""),
    ),
    key=("kind", "title", "received_on"),
    title="title",
    versioned=True,
    constants={"told_once": False, "joint": "", "state": RequestState.OPEN, "passed_to": ""},
    complete=_request,
    check=_request_fits,
    more=("state",),
)  # fmt: skip
NEEDS = Flat(
    kind="needs",
    label=_("居民需求"),
    model=Need,
    fields=(
        _text("title", "需求", _("一句话，不要填姓名和电话。"), "增设休息座椅", 100, required=True, width=24),
        _text("text", "说明", _KEEP, "", 1000, width=30),
        chosen("channel", "来源", NeedChannel, _("留空按“居民反映”。"), "居民反映", default=NeedChannel.RESIDENT, width=16),
        Field(column("found_on", "发现日期", _("发现的那一天。"), "2026-03-01", Kind.DATE, required=True),
              "found_on", "date", past=True),
    ),
    key=("title", "found_on"),
    title="title",
    versioned=True,
    constants={"taken_back": False},
    counted={"taken_back": False},
)  # fmt: skip


def _facility_fits(row: FlatRow, record: dict[str, Any]) -> None:
    area, public = record["area"], record["public_area"]
    if area <= 0:
        row.error("area_zero", "area")
    elif public is not None and public > area:
        row.error("area_exceeded", "public_area", area=str(area))


FACILITIES = Flat(
    kind="facilities",
    label=_("服务设施"),
    model=Facility,
    fields=(
        _text("name", "设施名称", _("同一社区内不重名。"), "社区党群服务中心", 60, required=True, width=22),
        chosen("kind", "类别", FacilityKind, _("从下拉列表中选择。"), "党群服务中心", required=True, width=20),
        Field(column("area", "建筑面积", _("平方米。"), "400", Kind.NUMBER, required=True), "area", "number"),
        Field(column("public_area", "居民活动面积", _("平方米；没有测量的留空。"), "300", Kind.NUMBER, width=14),
              "public_area", "number"),
        Field(column("functions", "功能", _("几项之间用顿号隔开：托育、养老、社会组织孵化、卫生服务、共享空间。"), "养老、共享空间",
                     width=24), "functions", "choices", FacilityFunction, default=[]),
        _text("rated", "评定等级", _KEEP, "", 40),
        _since("启用日期", _("启用的第一天。")),
        _until("停用日期"),
    ),
    key=("name",),
    title="name",
    dated=True,
    check=_facility_fits,
)  # fmt: skip
FEATURES = Flat(
    kind="features",
    label=_("组织、阵地和试点"),
    model=Feature,
    fields=(
        chosen("kind", "事项", FeatureKind, _("从下拉列表中选择。"), "人民调解委员会", required=True, width=22),
        _text("note", "说明", _KEEP, "", 200, width=30),
        _since("自", _("设立、启用或列入的第一天。")),
        _until("至"),
    ),
    key=("kind",),
    title="kind",
    dated=True,
)
SHEETS = (PREMISES, VISITS, REQUESTS, NEEDS, FACILITIES, FEATURES)

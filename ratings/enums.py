"""Choices of service records and star ratings, with their labels (domain §1.H, §1.I, §1.J)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PremisesKind(models.TextChoices):
    HOUSEHOLD = "household", _("住户")
    SHOP = "shop", _("商户")


class VisitOutcome(models.TextChoices):
    """Only a visit that met somebody counts for coverage."""

    MET = "met", _("见到本人")
    PHONE = "phone", _("电话联系")
    ABSENT = "absent", _("无人在家")


class RequestKind(models.TextChoices):
    """How something a resident brings forward is handled: an appeal, a matter at the single window, an errand run."""

    APPEAL = "appeal", _("诉求")
    WINDOW = "window", _("窗口办事")
    ERRAND = "errand", _("代办")


class RequestChannel(models.TextChoices):
    VISIT = "visit", _("入户走访")
    WINDOW = "window", _("窗口")
    PHONE = "phone", _("电话")
    ONLINE = "online", _("网上")
    GRID = "grid", _("网格巡查")
    HOTLINE = "hotline", _("热线转来")


class RequestState(models.TextChoices):
    OPEN = "open", _("办理中")
    PASSED = "passed", _("已上报转办")
    ANSWERED = "answered", _("已答复")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "已撤回")


class Verdict(models.TextChoices):
    """What the resident says of the handling; unanswered is not satisfied."""

    SATISFIED = "satisfied", _("满意")
    BASIC = "basic", _("基本满意")
    DISSATISFIED = "dissatisfied", _("不满意")


class NeedChannel(models.TextChoices):
    """Where a need comes from 五社联动 (domain §1.H)."""

    VISIT = "visit", _("专职工作者走访")
    ORGANISATION = "organisation", _("社会组织活动")
    RESIDENT = "resident", _("居民反映")


class ProjectState(models.TextChoices):
    """An approved project, under way or finished, makes its needs count as converted."""

    PROPOSED = "proposed", _("申报")
    APPROVED = "approved", _("已立项")
    FINISHED = "finished", _("已完成")
    DROPPED = "dropped", _("未立项")


class FacilityKind(models.TextChoices):
    CENTRE = "centre", _("党群服务中心")
    COMPLEX = "complex", _("综合体（邻距里）")
    STATION = "station", _("服务站点")
    OTHER = "other", pgettext_lazy("facility", "其他设施")


class FacilityFunction(models.TextChoices):
    CHILD_CARE = "child_care", _("托育")
    ELDERLY_CARE = "elderly_care", _("养老")
    INCUBATION = "incubation", _("社会组织孵化")
    HEALTH = "health", _("卫生服务")
    SHARED = "shared", _("共享空间")


class FeatureKind(models.TextChoices):
    """What a community or village has or is, since a day; the first six are the organisations of S3 L54."""

    HEALTH_COMMITTEE = "health_committee", _("卫生健康委员会")
    WOMEN_CHILDREN = "women_children", _("妇女儿童之家")
    PARTY_CENTRE = "party_centre", _("党群服务中心")
    CIVILISATION_STATION = "civilisation", _("新时代文明实践站")
    MEDIATION = "mediation", _("人民调解委员会")
    VETERANS = "veterans", _("退役军人服务站")
    ALL_POST = "all_post", _("全岗通服务")
    ONLINE_HALL = "online_hall", _("网上议事厅")
    PARLOUR = "parlour", _("社区会客厅")
    PILOT = "pilot", _("试点社区")
    DEMONSTRATION = "demonstration", _("示范村（社区）")
    BEAUTIFUL = "beautiful", _("美丽社区")


ORGANISATIONS = (
    FeatureKind.HEALTH_COMMITTEE,
    FeatureKind.WOMEN_CHILDREN,
    FeatureKind.PARTY_CENTRE,
    FeatureKind.CIVILISATION_STATION,
    FeatureKind.MEDIATION,
    FeatureKind.VETERANS,
)


class ShiftWork(models.TextChoices):
    """What a worker does in a part of a day. Visits and grid rounds are work in the grids (domain §1.H2 to H4)."""

    DUTY = "duty", _("窗口值守")
    GRID = "grid", _("网格巡查")
    VISIT = "visit", _("入户走访")
    PROJECT = "project", _("领办项目")
    OTHER = "other", pgettext_lazy("shift", "其他工作")
    REST = "rest", _("轮休")


class ItemList(models.TextChoices):
    """Lists of items that may, or may not, be asked of a community (domain §1.I)."""

    STATUTORY = "statutory", _("依法履职事项")
    ASSIST = "assist", _("依法协助政府事项")
    PLATE = "plate", _("机制牌子")
    BARRED = "barred", _("取消和禁入事项")
    SEAL = "seal", _("保留盖章、出具意见事项")
    NO_PROOF = "no_proof", _("取消证明事项")
    ORGANISATION = "organisation", _("村级组织事务")
    SMALL_POWER = "small_power", _("小微权力")


class AccessState(models.TextChoices):
    APPLIED = "applied", _("待审核")
    REVIEWED = "reviewed", _("待审批")
    APPROVED = "approved", _("准予进入")
    REFUSED = "refused", _("不予进入")
    WITHDRAWN = "withdrawn", pgettext_lazy("access", "已撤回")


class PointState(models.TextChoices):
    ENTERED = "entered", _("待审核")
    CONFIRMED = "confirmed", _("已确认")
    REJECTED = "rejected", pgettext_lazy("points", "未通过")


class MatterLevel(models.TextChoices):
    """三事分流: who deliberates a matter (domain §1.I, S4 L67)."""

    BIG = "big", _("大事：街镇联席会议")
    SMALL = "small", _("小事：村（居）理事会")
    MICRO = "micro", _("微事：网格议事会")


class DeliberationState(models.TextChoices):
    PLANNED = "planned", _("待议事")
    HELD = "held", _("已议定，待落实")
    DONE = "done", _("已落实")
    DROPPED = "dropped", _("未议成")


class UnitKind(models.TextChoices):
    COMMUNITY = "community", _("社区")
    VILLAGE = "village", _("村")


class Star(models.IntegerChoices):
    """The four grades; there is no one and no two (domain §1.J)."""

    FIVE = 5, _("五星")
    FOUR = 4, _("四星")
    THREE = 3, _("三星")
    NONE = 0, _("无星")


class RatingSchemeState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("rating scheme", "草稿")
    IN_USE = "in_use", _("启用")
    RETIRED = "retired", _("停用")


class ItemKind(models.TextChoices):
    SCORE = "score", _("评分项")
    BONUS = "bonus", _("加分项")
    PENALTY = "penalty", _("扣分项")
    VETO = "veto", _("一票否决")


class Stage(models.TextChoices):
    """Where a cycle, or one unit in it, stands. A unit moves by itself as far as `JOINT`, then the whole cycle moves."""

    SELF = "self", _("自评")
    STREET = "street", _("街镇初评")
    DISTRICT = "district", _("区级复核")
    JOINT = "joint", _("部门联审")
    CALIBRATION = "calibration", _("综合评定")
    NOTICE = "notice", _("公示")
    DECISION = "decision", _("认定")
    DECIDED = "decided", _("已认定，待备案")
    FILED = "filed", _("已备案")


class Change(models.TextChoices):
    """How a grade compares with that of the year before."""

    UP = "up", _("升星")
    DOWN = "down", _("摘星")
    SAME = "same", _("保持")
    NEW = "new", _("首次评定")


class ResultCause(models.TextChoices):
    CYCLE = "cycle", _("年度评定")
    REMOVAL = "removal", _("年度内摘星")
    CORRECTION = "correction", _("更正")


class DraftState(models.TextChoices):
    """Where the removal or correction of a result stands."""

    PREPARED = "prepared", _("待决定")
    DECIDED = "decided", pgettext_lazy("star draft", "已决定")
    REFUSED = "refused", pgettext_lazy("star draft", "未通过")
    WITHDRAWN = "withdrawn", pgettext_lazy("star draft", "已撤回")


class OpinionStand(models.TextChoices):
    AGREES = "agrees", _("同意")
    OBJECTS = "objects", _("有异议")


class ObjectionState(models.TextChoices):
    RECEIVED = "received", _("待答复")
    UPHELD = "upheld", _("成立")
    DISMISSED = "dismissed", _("不成立")


class ConsequenceKind(models.TextChoices):
    BONUS = "bonus", _("绩效系数")
    RECRUITMENT = "recruitment", _("定向招录资格")
    PROMOTION = "promotion", _("提拔使用人选库")
    TALK = "talk", _("谈话提醒")
    ADMONITION = "admonition", _("诫勉")
    REMOVAL = "removal", _("免去党内职务")


class ConsequenceState(models.TextChoices):
    OPEN = "open", _("待办")
    DONE = "done", _("已落实")
    DROPPED = "dropped", _("不再适用")


class Purpose(models.TextChoices):
    """What a unit's star makes eligible for."""

    NOMINATION = "nomination", _("评优评先、两代表一委员推荐")
    RECRUITMENT = "recruitment", _("定向招录")
    PROMOTION = "promotion", _("提拔使用")


class OverrideState(models.TextChoices):
    ASKED = "asked", _("待批准")
    APPROVED = "approved", _("已批准")
    REFUSED = "refused", _("不批准")

"""Choices of the roster, spelled as the roster sheet prints them (contract: columns of the roster sheet)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sex(models.TextChoices):
    MALE = "male", _("男")
    FEMALE = "female", _("女")


class Tier(models.IntegerChoices):
    """Post tiers 三岗, most senior first: the order decides which of several posts a person is counted in."""

    PRINCIPAL = 1, _("正职")
    DEPUTY = 2, _("副职")
    STAFF = 3, _("工作人员")


class Body(models.TextChoices):
    PARTY = "party", _("社区党组织")
    COMMITTEE = "committee", _("居民委员会")
    STATION = "station", _("社区工作站")
    CENTRE = "centre", _("党群服务中心")


class Entry(models.TextChoices):
    ELECTED = "elected", _("选举")
    APPOINTED = "appointed", _("任命")
    HIRED = "hired", _("聘用")


class ContractKind(models.TextChoices):
    LABOUR = "labour", _("劳动合同")
    SERVICE = "service", _("服务协议")


class CertificateLevel(models.TextChoices):
    ASSISTANT = "assistant", _("助理社会工作师")
    SOCIAL_WORKER = "social_worker", _("社会工作师")
    SENIOR = "senior", _("高级社会工作师")
    LOCAL = "local", _("地方社区社会工作员")


class NotCounted(models.TextChoices):
    """Why a person in post is not a head of the staffing ratio (domain §1.A1)."""

    PART_TIME = "part_time", _("非专职")
    NOT_MANAGED = "not_managed", _("未纳入管理")
    NO_CONTRACT = "no_contract", _("无有效劳动合同")
    AGE = "age", _("不在就业年龄段")
    VILLAGE = "village", _("在村任职")
    STATUS = "status", _("处于不计入的状态")


class StaffingStatus(models.TextChoices):
    MET = "met", _("达标")
    SHORT = "short", _("缺员")
    NO_DATA = "no_data", _("无人口数据")
    NOT_IN_FORCE = "not_in_force", _("未生效")
    NOT_APPLICABLE = "not_applicable", _("不适用")


class SpecialStatusKind(models.TextChoices):
    """What a person in post may be in for a time; rules say whether it stops clocks or the head count (domain §1.A1)."""

    MATERNITY = "maternity", _("产假")
    SICK = "sick", _("长期病假")
    MILITARY = "military", _("服兵役")
    STUDY = "study", _("脱产学习")
    OTHER_LEAVE = "other_leave", _("其他长假")
    SECONDED = "seconded", _("借调、挂职")
    INSTITUTION = "institution", _("事业编制")


class ExitReason(models.TextChoices):
    """Why somebody left (domain §1.E3)."""

    NO_CERTIFICATE = "no_certificate", _("两年内未取得证书")
    FAILED_ASSESSMENT = "failed_assessment", _("考核不合格")
    RESIGNATION = "resignation", _("辞职")
    RETIREMENT = "retirement", _("退休")
    TRANSFER_UP = "transfer_up", _("考录、选聘到机关事业单位或国有企业")
    NOT_REELECTED = "not_reelected", _("换届未连任")
    DISCIPLINE = "discipline", _("违纪")
    DEATH = "death", _("去世")
    CONTRACT_ENDED = "contract_ended", _("合同期满")
    OTHER = "other", _("其他")


class PartyKind(models.TextChoices):
    """Who employs: the contract party 用工主体 (domain §1.A6)."""

    STREET = "street", _("街镇")
    OFFICE = "office", _("社区工作者事务所")
    CENTRE = "centre", _("党群服务中心")
    OTHER = "other", _("其他")


class EducationKind(models.TextChoices):
    COURSE = "course", _("继续教育课程")
    DEGREE = "degree", _("取得社会工作专业学历学位")


class PartyForm(models.TextChoices):
    """Form of a community Party organisation; its size is judged by it (domain §1.B2)."""

    COMMITTEE = "committee", _("党委")
    GENERAL_BRANCH = "general_branch", _("党总支")
    BRANCH = "branch", _("党支部")


class GridRole(models.TextChoices):
    CHIEF = "chief", _("网格长")
    FULL_TIME = "full_time", _("专职网格员")
    PART_TIME = "part_time", _("兼职网格员")
    INSTRUCTOR = "instructor", _("网格指导员")


class WorkerClass(models.TextChoices):
    """Classes of positions, as the 2024 Opinion divides full-time community workers (domain §2.1)."""

    COMMITTEE = "committee", _("社区“两委”专职成员")
    STAFF = "staff", _("社区专职工作人员")


class ApplicationState(models.TextChoices):
    SUBMITTED = "submitted", _("待审批")
    APPROVED = "approved", _("已批准")
    REFUSED = "refused", _("未批准")
    WITHDRAWN = "withdrawn", _("已撤回")


class GradeReason(models.TextChoices):
    ENTRY = "entry", _("入职定级")
    YEARS = "years", _("年限晋级")
    EDUCATION = "education", _("学历晋级")
    CERTIFICATE = "certificate", _("职业资格晋级")
    TIER = "tier", _("岗位变动")
    ASSESSMENT = "assessment", _("考核调整")
    CORRECTION = "correction", _("更正")
    ROSTER = "roster", _("名册登记")


class CaseKind(models.TextChoices):
    CERTIFICATE_DEADLINE = "certificate_deadline", _("逾期未取得证书")
    ASSESSMENT_BOTTOM = "assessment_bottom", _("考核末位")
    NO_STAR = "no_star", _("无星单位负责人")


class CaseRoute(models.TextChoices):
    """Who may decide: an employer about a contract, or the electorate about an office (domain §2.11)."""

    EMPLOYER = "employer", _("用工单位程序")
    ELECTION = "election", _("选举、罢免程序")


class CaseState(models.TextChoices):
    NOTICE = "notice", _("待告知")
    HEARING = "hearing", _("待听取意见")
    SUPPORT = "support", _("待培训或调岗")
    DECISION = "decision", _("待作出决定")
    DOCUMENT = "document", _("待出具文书")
    CLOSED = "closed", _("已办结")


class CaseOutcome(models.TextChoices):
    CLEARED = "cleared", _("情形已消除")
    KEPT = "kept", _("继续留用")
    EXTENDED = "extended", _("延长期限")
    TRAINED = "trained", _("培训后留用")
    TRANSFERRED = "transferred", _("调整岗位")
    CONTRACT_ENDED = "contract_ended", _("依法解除或终止合同")
    REMOVED = "removed", _("按选举、党内程序免职")


class SchemeState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已归档")


class AssessmentGrade(models.TextChoices):
    EXCELLENT = "excellent", _("优秀")
    QUALIFIED = "qualified", _("合格")
    BASIC = "basic", _("基本合格")
    FAILED = "failed", _("不合格")


class RankGroup(models.TextChoices):
    STREET = "street", _("街镇")
    DISTRICT = "district", _("区")


class TrainingLevel(models.TextChoices):
    """Three levels of training (domain §1.F)."""

    CITY = "city", _("市级")
    DISTRICT = "district", _("区级")
    STREET = "street", _("街镇级")


class TrainingKind(models.TextChoices):
    DEMONSTRATION = "demonstration", _("示范培训")
    ROTATION = "rotation", _("全员轮训")
    INDUCTION = "induction", _("初任培训")
    POST = "post", _("岗位培训")
    SKILLS = "skills", _("专业技能培训")
    LECTURE = "lecture", _("部门专题讲座")
    OUT_OF_TOWN = "out_of_town", _("外出研学")


class TrainingResult(models.TextChoices):
    PASSED = "passed", _("合格")
    FAILED = "failed", _("不合格")


class RecruitmentKind(models.TextChoices):
    """Posts that a district offers community workers each year (domain §1.G)."""

    CIVIL_SERVICE = "civil_service", _("公务员")
    INSTITUTION = "institution", _("事业单位")


class RecruitmentGroup(models.TextChoices):
    HEADS = "heads", _("“一肩挑”负责人")
    WORKERS = "workers", _("其他社区工作者")


class AwardLevel(models.TextChoices):
    NATIONAL = "national", _("全国")
    PROVINCE = "province", _("省级")
    CITY = "city", _("市级")
    DISTRICT = "district", _("区级")


class NominationStage(models.TextChoices):
    NOMINATED = "nominated", _("已推荐")
    SELECTED = "selected", _("已遴选")
    RECOMMENDED = "recommended", _("已上报")
    AWARDED = "awarded", _("已授予")
    DECLINED = "declined", _("未入选")


class TransferState(models.TextChoices):
    """How far the move of a person between streets is (domain §1.E)."""

    PROPOSED = "proposed", _("待对方同意")
    AGREED = "agreed", _("双方同意")
    REFUSED = "refused", _("对方不同意")
    WITHDRAWN = "withdrawn", _("已撤回")

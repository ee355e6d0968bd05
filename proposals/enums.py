"""Choices of proposals, suggestions and their replies, with their labels (domain §2.2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Body(models.TextChoices):
    """Who meets: it settles the words, the addressee and the copies of a reply."""

    CPPCC = "cppcc", _("政协")
    NPC = "npc", _("人大")


class ProposerType(models.TextChoices):
    """Who brings a document forward. Of the people's congress there are only deputies and their delegations."""

    MEMBER = "member", _("委员个人")
    JOINT = "joint", _("联名")
    PARTY = "party", _("党派")
    ORGANISATION = "organisation", _("团体")
    SECTOR = "sector", _("界别")
    GROUP = "group", _("小组")
    COMMITTEE = "committee", _("专门委员会")
    DELEGATION = "delegation", _("代表团")


class ProposalState(models.TextChoices):
    """Where a document stands as a whole; while it is handled, each handling has its own stage."""

    RECEIVED = "received", pgettext_lazy("proposal", "待审查")
    FILED = "filed", _("待交办")
    REFUSED = "refused", _("不予立案")
    MERGED = "merged", _("已并案")
    HANDLING = "handling", _("办理中")
    CLOSED = "closed", _("已办结")
    ARCHIVED = "archived", _("已归档")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "已撤回")


class RefusalGround(models.TextChoices):
    """The official grounds for not filing a proposal (rules of the national committee, 2011, domain §2.2)."""

    SECRET = "secret", _("涉及国家秘密")
    BANNED = "banned", _("违反法律法规或有关规定")
    PERSONNEL = "personnel", _("中共党员对党内有关组织、人事安排等方面有意见的")
    PARTY_INTERNAL = "party_internal", _("民主党派成员反映本组织内部问题的")
    LITIGATION = "litigation", _("进入民事、刑事、行政诉讼或仲裁程序的")
    ACADEMIC = "academic", _("属于学术研讨的")
    PRIVATE = "private", _("为本人或亲属解决个人问题的")
    PROMOTION = "promotion", _("宣传、推介具体作品、产品的")
    ACCUSATION = "accusation", _("指名举报的")
    EMPTY = "empty", _("内容空泛、没有具体建议的")


class HandlingRole(models.TextChoices):
    """The part of a unit: the lead and each separate handler answer the proposer, a co-handler never does."""

    LEAD = "lead", _("主办")
    SEPARATE = "separate", _("分办")
    CO = "co", _("会办")


class Stage(models.TextChoices):
    """Where the work of one unit stands; `proposals.stages` holds the table of steps."""

    ASSIGNED = "assigned", _("待签收")
    RETURN_REQUESTED = "return_requested", _("申请退办")
    RETURNED = "returned", _("已退办")
    HANDLING = "handling", pgettext_lazy("stage", "起草答复")
    REHANDLING = "rehandling", _("重新办理")
    OFFICE_CHECK = "office_check", _("核稿")
    SUPERVISION_CHECK = "supervision_check", _("督查复核")
    SIGNATURE = "signature", _("待签发")
    SIGNED = "signed", _("待寄发")
    SENT = "sent", _("征询意见")
    CONSULTATION = "consultation", _("协商座谈")
    PUBLICATION = "publication", _("公开审查")
    ANSWERED = "answered", _("办结")
    ARCHIVED = "archived", _("已归档")
    OPINION = "opinion", _("待提会办意见")
    OPINION_GIVEN = "opinion_given", _("已提会办意见")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "已撤回")


class DueKind(models.TextChoices):
    """What falls due; each is counted by its own rule."""

    RETURN = "return", _("申请退办")
    OPINION = "opinion", _("会办意见")
    REPLY = "reply", _("答复")
    FEEDBACK = "feedback", _("征询意见反馈")
    REHANDLING = "rehandling", _("重新答复")
    PUBLICATION = "publication", _("公开审查")
    IMPLEMENTATION = "implementation", _("落实答复")


class ContactWhen(models.TextChoices):
    BEFORE = "before", _("办前")
    DURING = "during", _("办中")
    AFTER = "after", _("办后")


class ContactMode(models.TextChoices):
    VISIT = "visit", _("走访面商")
    MEETING = "meeting", _("座谈会")
    PHONE = "phone", _("电话")
    MAIL = "mail", _("书信")
    ONLINE = "online", _("网络")
    OTHER = "other", _("其他")


class ReplyKind(models.TextChoices):
    """What a letter is: the answer, its second round, the later report on what became of it, or a co-handler's opinion."""

    REPLY = "reply", _("答复")
    SECOND = "second", _("再次答复")
    IMPLEMENTATION = "implementation", _("落实答复")


class ResultClass(models.TextChoices):
    """How far a proposal is solved; what each letter means is a rule of the place."""

    A = "A", "A"
    B = "B", "B"
    C = "C", "C"
    D = "D", "D"


class Disclosure(models.TextChoices):
    """国办发〔2014〕46号: settled together with the reply; all but the first give a reason."""

    PUBLIC = "public", _("主动公开")
    ON_REQUEST = "on_request", _("依申请公开")
    WITHHELD = "withheld", _("不予公开")


class Satisfaction(models.TextChoices):
    SATISFIED = "satisfied", _("满意")
    BASIC = "basic", _("基本满意")
    DISSATISFIED = "dissatisfied", _("不满意")


class CommitmentState(models.TextChoices):
    OPEN = "open", _("推进中")
    KEPT = "kept", _("已落实")
    ROLLED = "rolled", _("转入下年度")
    CANCELLED = "cancelled", pgettext_lazy("commitment", "已取消")


class TaskState(models.TextChoices):
    """挂账销号: on the ledger, asked to be struck off, struck off; what is left of a year goes into the next one."""

    OPEN = "open", _("挂账")
    ASKED = "asked", _("申请销号")
    STRUCK = "struck", _("已销号")
    ROLLED = "rolled", _("已转入下年度")
    CANCELLED = "cancelled", pgettext_lazy("task", "已取消")


class TaskDomain(models.TextChoices):
    """Fields of the cooperation task list (domain §1.K)."""

    LAW = "law", _("法治建设")
    ELDERLY = "elderly", _("养老服务")
    RELIEF = "relief", _("社会救助")
    DISASTER = "disaster", _("防灾减灾")
    ORGANISATIONS = "organisations", _("社会组织")
    CHARITY = "charity", _("慈善事业")
    SOCIAL_WORK = "social_work", _("社会工作")
    VETERANS = "veterans", _("优抚安置")
    FUNERALS = "funerals", _("殡葬管理")
    DIVISIONS = "divisions", _("区划地名")
    COMMUNITY = "community", _("基层治理")
    OTHER = "other", _("其他")

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


class StaffingStatus(models.TextChoices):
    MET = "met", _("达标")
    SHORT = "short", _("缺员")
    NO_DATA = "no_data", _("无人口数据")
    NOT_IN_FORCE = "not_in_force", _("未生效")
    NOT_APPLICABLE = "not_applicable", _("不适用")

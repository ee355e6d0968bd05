"""The yearly cycle: who is rated, what each stage gave, events, visits, surveys, opinions, moves, objections (domain §2.6)."""

import uuid

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.fields import EncryptedTextField
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division
from ratings.enums import ObjectionState, OpinionStand, Stage, Star, UnitKind
from ratings.models.governance import user_key
from ratings.models.schemes import RatingScheme, SchemeItem


def _only_stars(field: str) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__in": Star.values})


@tracked()
class RatingCycle(models.Model):
    """The rating of all units of a territory in one year, from opening to filing.

    `stage` is SELF while units are scored (each at its own stage), then JOINT and on. Figures are frozen for
    `reference_on`. Each `*_due` is the last day of a stage; the notice stands from `notice_from` to `notice_until`, both
    included. `public_key` is the address of the public page, which exists from the notice on.
    """

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("评定范围"), related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    name = models.CharField(_("名称"), max_length=100)
    reference_on = models.DateField(_("取数时点"))
    stage = models.CharField(_("阶段"), max_length=12, choices=Stage.choices, default=Stage.SELF)
    opened_on = models.DateField(_("启动日期"))
    self_due = models.DateField(_("自评截止"))
    street_due = models.DateField(_("初评截止"))
    district_due = models.DateField(_("复核截止"))
    joint_due = models.DateField(_("联审截止"))
    calibration_due = models.DateField(_("综合评定截止"))
    decision_due = models.DateField(_("认定截止"))
    scored_at = models.DateTimeField(_("自动取数时间"), null=True, blank=True)
    notice_from = models.DateField(_("公示起始"), null=True, blank=True)
    notice_until = models.DateField(_("公示截止"), null=True, blank=True)
    show_scores = models.BooleanField(_("公示分数"), default=False)
    decision_number = models.CharField(_("认定文号"), max_length=60, blank=True)
    decided_on = models.DateField(_("认定日期"), null=True, blank=True)
    filing_number = models.CharField(_("备案号"), max_length=60, blank=True)
    filed_on = models.DateField(_("备案日期"), null=True, blank=True)
    public_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    opened_by = user_key(_("启动人"))
    calibrated_by = user_key(_("综合评定人"), null=True, blank=True)
    decided_by = user_key(_("认定人"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "year"], name="cycle_once"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("calibrated_by")), name="cycle_decider"
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=["decided", "filed"])
                | (Q(decided_by__isnull=False) & Q(decided_on__isnull=False) & ~Q(decision_number="")),
                name="cycle_decided",
            ),
            models.CheckConstraint(
                condition=~Q(stage="filed") | (Q(filed_on__isnull=False) & ~Q(filing_number="")), name="cycle_filed"
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=["notice", "decision", "decided", "filed"])
                | Q(notice_from__isnull=False, notice_until__gte=F("notice_from")),
                name="cycle_notice",
            ),
            models.CheckConstraint(
                condition=Q(
                    self_due__gte=F("opened_on"),
                    street_due__gte=F("self_due"),
                    district_due__gte=F("street_due"),
                    joint_due__gte=F("district_due"),
                    calibration_due__gte=F("joint_due"),
                    decision_due__gte=F("calibration_due"),
                ),
                name="cycle_deadlines",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class UnitRating(models.Model):
    """One unit in a cycle: at which stage, who acted, its total, and the grades it went through.

    `total` sums the points in force, None until all stages have scored. `banded` is the grade by score,
    `provisional` the one that the calibration begins with (a veto makes it NONE), `grade` what is published and decided.
    A unit left out of the year has `left_out_because`. `late` days are those of `portal.core.findings`.
    """

    cycle = models.ForeignKey(RatingCycle, models.PROTECT, related_name="units", db_index=False)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("单位"), related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    unit_kind = models.CharField(_("类别"), max_length=10, choices=UnitKind.choices)
    scheme = models.ForeignKey(RatingScheme, models.PROTECT, related_name="units", db_index=False)
    stage = models.CharField(_("阶段"), max_length=12, choices=Stage.choices, default=Stage.SELF)
    left_out_because = models.CharField(_("不参评理由"), max_length=200, blank=True)
    self_by = user_key(_("自评人"), null=True, blank=True)
    self_at = models.DateTimeField(_("自评时间"), null=True, blank=True)
    street_by = user_key(_("初评人"), null=True, blank=True)
    street_at = models.DateTimeField(_("初评时间"), null=True, blank=True)
    district_by = user_key(_("复核人"), null=True, blank=True)
    district_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    total = models.DecimalField(_("总分"), max_digits=6, decimal_places=2, null=True, blank=True)
    vetoed = models.BooleanField(_("一票否决"), default=False)
    banded = models.SmallIntegerField(_("按分数"), choices=Star.choices, null=True, blank=True)
    provisional = models.SmallIntegerField(_("初定星级"), choices=Star.choices, null=True, blank=True)
    grade = models.SmallIntegerField(_("星级"), choices=Star.choices, null=True, blank=True)
    previous = models.SmallIntegerField(_("上年星级"), choices=Star.choices, null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["cycle", "stage", "division"], name="unit_cycle_stage"),
            models.Index(fields=["division"], name="unit_division"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "year"], condition=Q(left_out_because=""), name="unit_rated_once_a_year"
            ),
            models.UniqueConstraint(fields=["cycle", "division"], name="unit_once"),
            models.CheckConstraint(
                condition=Q(street_by__isnull=True) | ~Q(street_by=F("self_by")), name="unit_street_checker"
            ),
            models.CheckConstraint(
                condition=Q(district_by__isnull=True) | (~Q(district_by=F("self_by")) & ~Q(district_by=F("street_by"))),
                name="unit_district_checker",
            ),
            models.CheckConstraint(
                condition=_only_stars("banded")
                & _only_stars("provisional")
                & _only_stars("grade")
                & _only_stars("previous"),
                name="unit_stars",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.year}"


@tracked()
class ItemScore(models.Model):
    """The points of a unit for one scored item, stage by stage; an automatic one has `auto_points` and no other.

    `figure` freezes what an automatic item was scored from: indicator, value, numerator, denominator, target, met, on,
    text, formula and rule. The points in force are those of the latest stage.
    """

    unit = models.ForeignKey(UnitRating, models.CASCADE, related_name="scores", db_index=False)
    item = models.ForeignKey(SchemeItem, models.PROTECT, related_name="+", db_index=False)
    auto_points = models.DecimalField(_("自动得分"), max_digits=5, decimal_places=2, null=True, blank=True)
    figure = models.JSONField(_("指标值"), encoder=DjangoJSONEncoder, null=True, blank=True)
    self_points = models.DecimalField(_("自评分"), max_digits=5, decimal_places=2, null=True, blank=True)
    self_note = models.CharField(_("自评说明"), max_length=300, blank=True)
    street_points = models.DecimalField(_("初评分"), max_digits=5, decimal_places=2, null=True, blank=True)
    street_note = models.CharField(_("初评说明"), max_length=300, blank=True)
    district_points = models.DecimalField(_("复核分"), max_digits=5, decimal_places=2, null=True, blank=True)
    district_note = models.CharField(_("复核说明"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "item"], name="item_score_once"),
            models.CheckConstraint(
                condition=Q(auto_points__isnull=True)
                | Q(self_points__isnull=True, street_points__isnull=True, district_points__isnull=True),
                name="item_score_automatic",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.item_id}"


@tracked()
class Evidence(models.Model):
    """A file handed in for an item; its content lies sealed under EVIDENCE_DIR, `sha256` is that of the clear bytes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(UnitRating, models.PROTECT, related_name="evidence")
    item = models.ForeignKey(SchemeItem, models.PROTECT, related_name="+", db_index=False)
    filename = models.CharField(_("文件名"), max_length=120)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64)
    added_by = user_key(_("上传人"))
    added_at = models.DateTimeField(auto_now_add=True)
    taken_back = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.filename


@tracked()
class Incident(models.Model):
    """A bonus, penalty or veto of a unit under an item of its scheme; it counts once another person has confirmed it."""

    unit = models.ForeignKey(UnitRating, models.PROTECT, related_name="incidents")
    item = models.ForeignKey(SchemeItem, models.PROTECT, related_name="+", db_index=False)
    happened_on = models.DateField(_("发生日期"))
    text = models.CharField(_("事由"), max_length=300)
    document = models.CharField(_("依据文件"), max_length=120, blank=True)
    entered_by = user_key(_("登记人"))
    confirmed_by = user_key(_("确认人"), null=True, blank=True)
    taken_back = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("entered_by")), name="incident_confirmer"
            )
        ]

    def __str__(self) -> str:
        return self.text


@tracked()
class SampleVisit(models.Model):
    """The district's visit to a unit during its check, with the survey of residents if one was held."""

    unit = models.ForeignKey(UnitRating, models.PROTECT, related_name="sample_visits")
    visited_on = models.DateField(_("走访日期"))
    findings = models.CharField(_("走访情况"), max_length=500)
    asked = models.PositiveSmallIntegerField(_("调查居民人数"), null=True, blank=True)
    satisfied = models.PositiveSmallIntegerField(_("满意人数"), null=True, blank=True)
    entered_by = user_key(_("登记人"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(asked__isnull=True, satisfied__isnull=True)
                | Q(asked__gt=0, satisfied__gte=0, satisfied__lte=F("asked")),
                name="sample_visit_survey",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.visited_on}"


@tracked()
class DepartmentOpinion(models.Model):
    """What a department says in the joint review: of one unit, or of the whole cycle where `unit` is empty."""

    cycle = models.ForeignKey(RatingCycle, models.PROTECT, related_name="opinions", db_index=False)
    unit = models.ForeignKey(UnitRating, models.PROTECT, related_name="opinions", null=True, blank=True)
    department = models.CharField(_("部门"), max_length=60)
    stand = models.CharField(_("意见"), max_length=8, choices=OpinionStand.choices)
    words = models.CharField(_("说明"), max_length=500, blank=True)
    given_on = models.DateField(_("日期"))
    entered_by = user_key(_("登记人"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "department", "unit"], nulls_distinct=False, name="opinion_once"),
            models.CheckConstraint(condition=Q(stand="agrees") | ~Q(words=""), name="opinion_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.get_stand_display()}"


@tracked()
class GradeMove(models.Model):
    """A grade changed in the calibration session or after an objection, with its reason."""

    unit = models.ForeignKey(UnitRating, models.PROTECT, related_name="moves")
    before = models.SmallIntegerField(_("原星级"), choices=Star.choices)
    after = models.SmallIntegerField(_("改为"), choices=Star.choices)
    reason = models.CharField(_("理由"), max_length=300)
    objection = models.ForeignKey("Objection", models.PROTECT, null=True, blank=True, related_name="moves")
    moved_by = user_key(_("提出人"))
    moved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_only_stars("before") & _only_stars("after"), name="move_stars"),
            models.CheckConstraint(condition=~Q(before=F("after")) & ~Q(reason=""), name="move_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


@tracked()
class Objection(models.Model):
    """An objection to a grade under public notice, from anybody; name and contact are sealed.

    `receipt` is the number the sender keeps; `due_on` the last day to answer it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(UnitRating, models.PROTECT, related_name="objections")
    receipt = models.CharField(_("回执编号"), max_length=20, unique=True)
    words = models.TextField(_("异议内容"), max_length=2000)
    sender = EncryptedTextField(_("姓名"), null=True, blank=True)
    contact = EncryptedTextField(_("联系方式"), null=True, blank=True)
    received_at = models.DateTimeField(_("收到时间"), auto_now_add=True)
    due_on = models.DateField(_("答复期限"))
    state = models.CharField(_("状态"), max_length=10, choices=ObjectionState.choices, default=ObjectionState.RECEIVED)
    answer = models.CharField(_("答复"), max_length=1000, blank=True)
    answered_by = user_key(_("答复人"), null=True, blank=True)
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="received") | (Q(answered_on__isnull=False) & ~Q(answer="")),
                name="objection_answered",
            )
        ]

    def __str__(self) -> str:
        return self.receipt

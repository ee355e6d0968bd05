"""What a community notes down day by day: visits, requests, needs, projects, shifts (domain §1.H)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division
from ratings.enums import (
    NeedChannel,
    ProjectState,
    RequestChannel,
    RequestKind,
    RequestState,
    ShiftWork,
    Verdict,
    VisitOutcome,
)
from ratings.models.places import Premises
from workforce.models import Grid, Person


def _community() -> models.ForeignKey:
    return models.ForeignKey(Division, models.PROTECT, verbose_name=_("社区"), related_name="+", db_index=False)


@tracked()
class Visit(models.Model):
    """A visit to a household or shop; only one that met somebody counts (domain §1.H1)."""

    division = _community()
    premises = models.ForeignKey(Premises, models.PROTECT, related_name="visits", db_index=False)
    visited_on = models.DateField(_("走访日期"))
    worker = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("走访人"), related_name="+", null=True, blank=True
    )
    outcome = models.CharField(_("结果"), max_length=8, choices=VisitOutcome.choices, default=VisitOutcome.MET)
    note = models.CharField(_("记录"), max_length=300, blank=True)
    taken_back = models.BooleanField(default=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["division", "visited_on"], name="visit_division"),
            models.Index(fields=["premises", "visited_on"], name="visit_premises"),
        ]

    def __str__(self) -> str:
        return f"{self.premises} {self.visited_on}"


@tracked()
class ServiceRequest(models.Model):
    """What a resident brought forward: heard, handled or passed on by a day, with the resident's verdict (domain §1.H10).

    `first_asked` is the worker first asked 首问负责, `told_once` that everything needed was said at once 一次告知,
    `joint` who helps 协办联办. `due_on` is the last day to answer 限时办结.
    """

    division = _community()
    kind = models.CharField(_("类别"), max_length=8, choices=RequestKind.choices)
    channel = models.CharField(_("来源"), max_length=8, choices=RequestChannel.choices)
    premises = models.ForeignKey(
        Premises,
        models.PROTECT,
        verbose_name=_("住户或商户"),
        related_name="requests",
        null=True,
        blank=True,
        db_index=False,
    )
    title = models.CharField(_("事项"), max_length=100)
    text = models.CharField(_("内容"), max_length=1000, blank=True)
    received_on = models.DateField(_("受理日期"))
    due_on = models.DateField(_("办理期限"))
    first_asked = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("首问负责人"), related_name="+", null=True, blank=True
    )
    told_once = models.BooleanField(_("已一次告知"), default=False)
    joint = models.CharField(_("协办单位"), max_length=100, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=RequestState.choices, default=RequestState.OPEN)
    passed_to = models.CharField(_("转办单位"), max_length=100, blank=True)
    passed_on = models.DateField(_("转办日期"), null=True, blank=True)
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    answer = models.CharField(_("办理结果"), max_length=1000, blank=True)
    verdict = models.CharField(_("居民评价"), max_length=12, choices=Verdict.choices, blank=True)
    verdict_on = models.DateField(_("评价日期"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["division", "received_on"], name="request_division"),
            models.Index(fields=["due_on"], name="request_waiting", condition=Q(state__in=["open", "passed"])),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("received_on")), name="request_due"),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_on__isnull=False), name="request_answered"
            ),
            models.CheckConstraint(condition=Q(verdict="") | Q(state="answered"), name="request_verdict"),
        ]

    def __str__(self) -> str:
        return self.title


@tracked()
class Need(models.Model):
    """A need of residents that the community found (domain §1.H5)."""

    division = _community()
    title = models.CharField(_("需求"), max_length=100)
    text = models.CharField(_("说明"), max_length=1000, blank=True)
    channel = models.CharField(_("来源"), max_length=12, choices=NeedChannel.choices)
    found_on = models.DateField(_("发现日期"))
    taken_back = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "found_on"], name="need_division")]

    def __str__(self) -> str:
        return self.title


@tracked()
class Project(models.Model):
    """A micro-governance project 微治理项目; it may serve several needs, and a need counts as converted once (domain §1.H5)."""

    division = _community()
    name = models.CharField(_("项目名称"), max_length=100)
    needs = models.ManyToManyField(Need, verbose_name=_("对应需求"), related_name="projects", through="ProjectNeed")
    lead = models.ForeignKey(Person, models.PROTECT, verbose_name=_("领办人"), related_name="+", null=True, blank=True)
    proposed_on = models.DateField(_("申报日期"))
    approved_on = models.DateField(_("立项日期"), null=True, blank=True)
    finished_on = models.DateField(_("完成日期"), null=True, blank=True)
    budget = models.PositiveIntegerField(_("经费（元）"), null=True, blank=True)
    result = models.CharField(_("成效"), max_length=500, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=ProjectState.choices, default=ProjectState.PROPOSED)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "proposed_on"], name="project_division")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "finished"]) | Q(approved_on__isnull=False), name="project_approved"
            ),
            models.CheckConstraint(
                condition=~Q(state="finished") | Q(finished_on__isnull=False), name="project_finished"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class ProjectNeed(models.Model):
    """That a project serves a need."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="links", db_index=False)
    need = models.ForeignKey(Need, models.CASCADE, related_name="links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "need"], name="project_need_once")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.need_id}"


@tracked()
class Shift(models.Model):
    """What a worker did on a day and for how many hours: duty rota, daily share in the grids, split of time (domain §1.H2 to H4)."""

    division = _community()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    on = models.DateField(_("日期"))
    work = models.CharField(_("工作"), max_length=8, choices=ShiftWork.choices)
    hours = models.DecimalField(_("小时"), max_digits=4, decimal_places=1)
    grid = models.ForeignKey(
        Grid, models.PROTECT, verbose_name=_("网格"), related_name="+", null=True, blank=True, db_index=False
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "on"], name="shift_division")]
        constraints = [
            models.UniqueConstraint(fields=["person", "on", "work", "division"], name="shift_once"),
            models.CheckConstraint(condition=Q(hours__gte=0, hours__lte=24), name="shift_hours"),
            models.CheckConstraint(condition=~Q(work="rest") | Q(hours=0), name="shift_rest"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_work_display()}"

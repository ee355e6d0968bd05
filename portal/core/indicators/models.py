import hashlib
import json
from datetime import UTC
from typing import Any

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.core.indicators.figures import Met, Origin
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division


class PublicationQuerySet(ScopedQuerySet):
    def brief(self) -> "PublicationQuerySet":
        """Without the rows behind, which only the comparison reads."""
        return self.defer("rows", "children")

    def valid(self) -> "PublicationQuerySet":
        """Those that nothing has corrected."""
        return self.filter(correction__isnull=True)


class Publication(models.Model):
    """A figure as it was told to others: frozen with its definition, rule, population and the rows behind it.

    Never changed (the database refuses it); a correction is a new publication that names the old one in `corrects`.
    `definition` holds the words of every language by its code and, under "method", what tells whether the way of
    counting has changed. `rows` are the packed rows of its numbers (`archive`); where they are too many, `children` has
    the numbers of the divisions one step below. `digest` is the SHA-256 over all of it.
    """

    indicator = models.CharField(_("指标"), max_length=60)
    # No constraints in the database: checking one locks rows, for which the role of the portal has no privilege here.
    division = models.ForeignKey(
        Division, models.PROTECT, verbose_name=_("区划"), related_name="+", db_index=False, db_constraint=False
    )
    place = models.CharField(_("区划名称"), max_length=60)
    on = models.DateField(_("统计日"))
    value = models.CharField(_("数值"), max_length=40)
    numerator = models.BigIntegerField(_("分子"))
    denominator = models.BigIntegerField(_("分母"), null=True)
    met = models.CharField(_("是否达标"), max_length=12, choices=Met.choices)
    definition = models.JSONField(_("定义"), encoder=DjangoJSONEncoder)
    rule = models.JSONField(_("规则"), encoder=DjangoJSONEncoder, null=True)
    population = models.JSONField(_("人口"), encoder=DjangoJSONEncoder, null=True)
    origin = models.CharField(_("数据来源"), max_length=8, choices=Origin.choices)
    title = models.CharField(_("用途或场合"), max_length=100)
    document = models.CharField(_("文号"), max_length=60, blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, db_constraint=False, related_name="correction", verbose_name=_("更正的是")
    )
    reason = models.CharField(_("更正理由"), max_length=200, blank=True)
    published_by = models.CharField(_("发布人"), max_length=60)
    published_at = models.DateTimeField(_("发布时间"))
    rows = models.BinaryField(null=True)
    children = models.JSONField(encoder=DjangoJSONEncoder, default=list)
    digest = models.CharField(_("校验值"), max_length=64)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "-published_at"], name="publication_division")]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "division", "on"], condition=Q(corrects__isnull=True), name="publication_once"
            ),
            models.CheckConstraint(condition=Q(corrects__isnull=True) | ~Q(reason=""), name="publication_reason"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.place}{self.words['label']} {self.on}"

    def get_absolute_url(self) -> str:
        return reverse("publication", args=[self.pk])

    @property
    def words(self) -> dict[str, Any]:
        """The frozen definition in the reader's language."""
        return self.definition.get(get_language() or "") or self.definition["zh-hans"]

    @property
    def method(self) -> dict[str, Any]:
        return self.definition["method"]

    def sealed(self) -> str:
        """The digest of what the row holds now: equal to `digest` as long as nobody has touched it."""
        told = {field.attname: getattr(self, field.attname) for field in self._meta.concrete_fields}
        for name in ("id", "digest", "rows"):
            told.pop(name)
        told["published_at"] = self.published_at.astimezone(UTC).isoformat()
        told["rows"] = hashlib.sha256(bytes(self.rows or b"")).hexdigest()
        text = json.dumps(told, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

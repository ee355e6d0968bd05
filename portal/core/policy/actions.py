"""Writes of rules. A rule is never overwritten: the one before ends the day the new one starts."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.core.audit.actions import action, name_of
from portal.core.policy.kinds import KINDS
from portal.core.policy.models import PolicyRule
from portal.core.territory.models import Division


@action
def set_rule(
    *,
    kind: str,
    division: Division | None,
    valid_from: date,
    value: dict,
    document: str,
    article: str = "",
    valid_to: date | None = None,
    by,
) -> PolicyRule:
    """Enters a rule over [valid_from, valid_to); the open rule of the same kind and place ends where it starts.

    Raises ValidationError when the value is not of the kind, or another rule already covers part of the period.
    """
    if kind not in KINDS:
        raise ValidationError({"kind": _("没有这种规则。")})
    value = KINDS[kind].clean(value)
    if valid_to is not None and valid_to <= valid_from:
        raise ValidationError({"valid_to": _("失效日期应晚于生效日期。")})
    same = PolicyRule.objects.select_for_update().filter(kind=kind, division=division)
    same.filter(valid_from__lt=valid_from, valid_to__isnull=True).update(valid_to=valid_from)
    try:
        with transaction.atomic():
            return PolicyRule.objects.create(
                kind=kind,
                division=division,
                valid_from=valid_from,
                valid_to=valid_to,
                value=value,
                document=document,
                article=article,
                entered_by=name_of(by),
            )
    except IntegrityError as error:
        raise ValidationError(
            {"valid_from": _("该范围在这段时间内已有同类规则。请先终止原规则，或另选生效日期。")}
        ) from error


@action
def end_rule(*, rule: PolicyRule, valid_to: date, by) -> PolicyRule:
    """Ends a rule on `valid_to` (first day without it). Raises ValidationError when it would end before it starts."""
    if valid_to <= rule.valid_from:
        raise ValidationError({"valid_to": _("失效日期应晚于生效日期。")})
    rule.valid_to = valid_to
    rule.save(update_fields=["valid_to"])
    return rule

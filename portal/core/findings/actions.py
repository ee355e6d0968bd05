"""What people do with a finding; that it goes away is the business of `reconcile` alone."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.audit.actions import action, name_of
from portal.core.findings.models import Finding, State


@action
def acknowledge(*, finding: Finding, note: str = "", by) -> Finding:
    """Signs for an open finding. Raises ValidationError when somebody did so before or the finding is gone."""
    signed = Finding.objects.filter(pk=finding.pk, state=State.OPEN).update(
        state=State.ACKNOWLEDGED, acknowledged_at=timezone.now(), acknowledged_by=name_of(by), note=note[:500]
    )
    finding.refresh_from_db()
    if not signed:
        if finding.state == State.RESOLVED:
            raise ValidationError(_("该预警已消除，无需签收。"))
        raise ValidationError(_("该预警已由 %(who)s 签收。") % {"who": finding.acknowledged_by})
    return finding

"""Writes of households and shops, what visits and requests are about (domain §1.H1)."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.territory.models import Division
from ratings.actions.tallies import refresh_tallies
from ratings.models import Premises
from workforce.actions import records
from workforce.models import Grid


def _same_label() -> str:
    return _("这个社区已有同样的门牌或店名。请改用能区分的写法，或先登记原来的迁出。")


@action
def add_premises(*, division: Division, by, **fields) -> Premises:
    """Enters a household or shop: kind, label, grid, valid_from. Raises ValidationError on a label in use."""
    made = records.enter(Premises, {"division": division, **fields}, overlap=_same_label(), field="label")
    refresh_tallies([division.pk])
    return made


@action
def add_many_premises(
    *, division: Division, kind: str, labels: Iterable[str], grid: Grid | None, valid_from: date, by
) -> int:
    """Enters many at once; a label that is in use from that day on, or is given twice, is passed over. Returns how many are new."""
    wanted = list(dict.fromkeys(labels))
    kept = Premises.objects.filter(division=division, kind=kind, label__in=wanted).exclude(valid_to__lte=valid_from)
    known = set(kept.values_list("label", flat=True))
    rows = [
        Premises(division=division, kind=kind, label=label, grid=grid, valid_from=valid_from)
        for label in wanted
        if label not in known
    ]
    before = Premises.objects.filter(division=division).count()
    Premises.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    refresh_tallies([division.pk])
    return Premises.objects.filter(division=division).count() - before


@action
def change_premises(*, premises: Premises, by, **fields) -> Premises:
    """Corrects a household or shop. Raises ValidationError on a label in use, or on a first day after a visit."""
    first = premises.visits.filter(taken_back=False).order_by("visited_on").first()
    if first is not None and first.visited_on < fields["valid_from"]:
        day = {"day": first.visited_on.isoformat()}
        raise ValidationError({"valid_from": _("%(day)s 已有走访记录，起始日期不能更晚。") % day})
    records.change(premises, fields, overlap=_same_label(), field="label")
    refresh_tallies([premises.division_id])
    return premises


@action
def end_premises(*, premises: Premises, last_day: date, by) -> Premises:
    """Registers a move or closure; `last_day` still counts. Raises ValidationError before the first day or a later visit."""
    if premises.visits.filter(taken_back=False, visited_on__gt=last_day).exists():
        raise ValidationError({"last_day": _("该日期之后还有走访记录。请改填更晚的日期，或先撤回那些走访。")})
    records.close(premises, last_day)
    refresh_tallies([premises.division_id])
    return premises


@action
def take_back_premises(*, premises: Premises, by) -> Premises:
    """Takes back one entered by mistake; raises ValidationError while visits or requests hang on it."""
    if premises.visits.filter(taken_back=False).exists() or premises.requests.exists():
        raise ValidationError(_("这一户已有走访或诉求记录，不能撤回。已迁出的，请登记迁出。"))
    records.withdraw(premises)
    refresh_tallies([premises.division_id])
    return premises

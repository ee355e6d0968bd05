"""Bonus shares that follow from stars: settled many at once, and their amounts entered and corrected (domain §1.C5)."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action, record
from portal.core.lib.clock import today
from ratings.enums import ConsequenceKind, ConsequenceState, ResultCause
from ratings.models import Consequence, StarGrade
from ratings.queries.consequences import consequences
from workforce.actions.star_bonuses import set_star_amount
from workforce.actions.versions import claim_row

MOST_AMOUNT = 1_000_000
Pair = tuple[int, int]


@action
def settle_bonuses(*, pairs: Sequence[Pair], state: str, done_on: date, note: str, by) -> int:
    """Settles the open bonus shares given by key and version; returns how many.

    Those of other territories, changed since they were read, settled before or decided after `done_on` stay as they are.
    Raises ValidationError for a day to come, no words, or a state that is no end.
    """
    if state not in (ConsequenceState.DONE, ConsequenceState.DROPPED):
        raise ValidationError({"state": _("请选择“已落实”或“不再适用”。")})
    if done_on > today():
        raise ValidationError({"done_on": _("日期不能晚于今天。")})
    if not note.strip():
        raise ValidationError({"note": _("请写明落实情况，如发放批次、文号；不再适用的写明原因。")})
    seen = dict(pairs)
    mine = consequences(by, Perm.MANAGE_RATINGS).filter(pk__in=seen, kind=ConsequenceKind.BONUS)
    open_ones = mine.filter(state=ConsequenceState.OPEN, result__decided_on__lte=done_on)
    rows = [row for row in open_ones.select_for_update(of=("self",)).order_by("pk") if row.version == seen[row.pk]]
    for row in rows:
        row.state, row.done_on, row.note, row.version = state, done_on, note.strip(), row.version + 1
    Consequence.objects.bulk_update(rows, ["state", "done_on", "note", "version"])
    return len(rows)


@action
def set_bonus_amount(
    *, consequence: Consequence, version: int, amount: int | None, reason: str = "", by
) -> Consequence:
    """Enters the amount of a bonus share as the place has set it, or corrects it with a reason; None takes it off.

    Raises `Stale`, or ValidationError: no bonus share, one that no longer applies, an amount out of bounds, no reason.
    """
    claim_row(consequence, version)
    consequence.refresh_from_db()
    if consequence.kind != ConsequenceKind.BONUS or consequence.state == ConsequenceState.DROPPED:
        raise ValidationError(_("只有仍然适用的星级绩效才登记金额。"))
    if amount is not None and not 0 <= amount <= MOST_AMOUNT:
        raise ValidationError({"amount": _("金额应为 0 到 %(most)s 元的整数。") % {"most": f"{MOST_AMOUNT:,}"}})
    before = consequence.amount
    if before is not None and not reason.strip():
        raise ValidationError({"reason": _("更正已登记的金额，请写明原因。")})
    set_star_amount(
        year=_paid_year(consequence.result), person_id=consequence.person_id, division_id=consequence.division_id,
        grade=consequence.result.grade, amount=amount,
    )  # fmt: skip
    consequence.amount = amount
    consequence.save(update_fields=["amount"])
    about = {"subject": consequence.pk, "division": consequence.division_id, "reason": reason.strip()}
    record("bonus_amount", by=by, **about)
    return consequence


def _paid_year(result: StarGrade) -> int:
    """The year whose bonus a star shares in: a removal that takes effect later lowers the months of that later year."""
    return max(result.year, result.effective_from.year) if result.cause == ResultCause.REMOVAL else result.year

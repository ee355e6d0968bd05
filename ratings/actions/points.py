"""Writes of points 积分: the rules of a territory, entries of households, their confirmation by somebody else (domain §1.I)."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action
from portal.core.lib.codes import within
from portal.core.lib.dated import in_force
from portal.core.territory.models import Division
from ratings.actions.seen import claim_seen
from ratings.actions.tallies import refresh_tallies
from ratings.enums import PointState, PremisesKind
from ratings.models import PointEntry, PointRule, Premises
from ratings.queries.points import balance_of
from workforce.actions import records


def _twice() -> str:
    return _("这里已有同名的积分事项，时间重叠。请先停用原来的事项，或改用其他名称。")


@action
def add_point_rule(*, division: Division, by, **fields) -> PointRule:
    """Sets what a behaviour gains or costs under a division: behaviour, points, redemption, valid_from, valid_to."""
    return records.enter(PointRule, {"division": division, **fields}, overlap=_twice(), field="behaviour")


@action
def change_point_rule(*, rule: PointRule, seen: str, by, **fields) -> PointRule:
    """Corrects a rule; entries keep the points they were made with. Raises `Stale` or ValidationError."""
    return records.change(claim_seen(rule, seen), fields, overlap=_twice(), field="behaviour")


@action
def end_point_rule(*, rule: PointRule, seen: str, last_day: date, by) -> PointRule:
    """Ends a rule after its last day. Raises `Stale` or ValidationError."""
    records.close(rule := claim_seen(rule, seen), last_day)
    return rule


@action
def take_back_point_rule(*, rule: PointRule, seen: str, by) -> PointRule:
    """Takes back a rule set by mistake, which nobody has used yet. Raises `Stale` or ValidationError."""
    rule = claim_seen(rule, seen)
    if rule.entries.exists():
        raise ValidationError(_("已有积分按这个事项登记，不能撤回。请登记停用日期。"))
    records.withdraw(rule)
    return rule


@action
def enter_points(*, premises: Premises, rule: PointRule, on: date, evidence: str = "", by) -> PointEntry:
    """Enters points of a household, to be confirmed by another person. A redemption beyond the balance is refused.

    Entries of a household wait for one another, so that two redemptions at once cannot both pass. ValidationError.
    """
    premises = Premises.objects.select_for_update().get(pk=premises.pk)
    _judge(premises, rule, on)
    if rule.redemption:
        balance = balance_of(premises)
        if balance.available + rule.points < 0:
            raise ValidationError(
                {
                    "rule": _("这户可用积分 %(available)s 分，兑换需要 %(needed)s 分，不够兑换。")
                    % {"available": balance.available, "needed": -rule.points}
                }
            )
    entry = PointEntry.objects.create(
        division_id=premises.division_id,
        premises=premises,
        rule=rule,
        points=rule.points,
        on=on,
        evidence=evidence,
        entered_by=by,
    )
    refresh_tallies([premises.division_id])
    return entry


def _judge(premises: Premises, rule: PointRule, on: date) -> None:
    if premises.kind != PremisesKind.HOUSEHOLD or not in_force(premises.valid_from, premises.valid_to, on):
        raise ValidationError({"premises": _("积分只登记给当天在册的住户。")})
    if not within(premises.division_id, rule.division_id) or not in_force(rule.valid_from, rule.valid_to, on):
        raise ValidationError({"rule": _("这个积分事项当天在本社区没有启用。")})


@action
def review_points(*, entries: Iterable[int], accept: bool, by) -> list[PointEntry]:
    """Confirms entries, or turns them down; never by who entered them. All or none.

    A confirmed entry may be turned down later, by somebody else than who entered it. Raises ValidationError.
    """
    wanted = list(entries)
    mine = PointEntry.objects.for_user(by, Perm.CHANGE_SERVICE)
    held = {one.pk: one.premises_id for one in mine.filter(pk__in=wanted).only("pk", "premises_id")}
    list(Premises.objects.select_for_update().filter(pk__in=set(held.values())).order_by("pk").values_list("pk"))
    rows = list(
        mine.select_for_update(of=("self",)).filter(pk__in=held).select_related("premises", "rule").order_by("pk")
    )
    if not rows or len(rows) != len(set(wanted)):
        raise ValidationError(_("请至少勾选一条待审核的积分；有的记录不在您的辖区，或刚被别人处理。请刷新后再办。"))
    for row in rows:
        _review(row, accept, by)
    refresh_tallies({row.division_id for row in rows})
    return rows


def _review(row: PointEntry, accept: bool, by) -> None:
    if row.entered_by_id == by.pk:
        raise ValidationError(
            _("“%(place)s”的积分是您本人登记的，登记和审核不能是同一人。请由其他同事审核。")
            % {"place": row.premises.label}
        )
    may = (PointState.ENTERED,) if accept else (PointState.ENTERED, PointState.CONFIRMED)
    if row.state not in may:
        raise ValidationError(_("“%(place)s”的这条积分已经审核过。请刷新页面。") % {"place": row.premises.label})
    if accept and row.rule.redemption and balance_of(row.premises).confirmed + row.points < 0:
        raise ValidationError(_("“%(place)s”的积分已不够这次兑换。请改为不通过。") % {"place": row.premises.label})
    row.state = PointState.CONFIRMED if accept else PointState.REJECTED
    row.reviewed_by = by
    row.save(update_fields=["state", "reviewed_by"])

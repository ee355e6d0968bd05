"""Writes of rules as the policy page makes them: nothing of others is overwritten unseen, and figures follow at once."""

import hashlib
from collections.abc import Iterable
from datetime import date
from functools import cache

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.indicators.books import books
from portal.core.indicators.counting import Book
from portal.core.indicators.rolling import recount_book
from portal.core.lib.clock import today
from portal.core.lib.dated import end_of
from portal.core.policy.actions import end_rule, set_rule
from portal.core.policy.kinds import KINDS
from portal.core.policy.models import PolicyRule
from portal.core.policy.presets import Loaded, Preset, load_presets
from portal.core.territory.models import Division
from workforce.actions.tallies import recount, refresh_tallies
from workforce.counters import BOOK
from workforce.models import Appointment


@cache
def counting(book: Book) -> frozenset[str]:
    """Keys of the kinds that the tallies of a book depend on; every other kind is read anew by each figure."""
    return frozenset(key for key, kind in KINDS.items() if book.reads(kind))


def seen_rules(kind: str, division: Division | None) -> str:
    """A short mark of the rules of one kind and place as they are now, to be handed back when a change is saved."""
    rules = PolicyRule.objects.filter(kind=kind, division=division).order_by("id").values_list("id", "valid_to")
    return hashlib.sha256(repr(list(rules)).encode()).hexdigest()[:16]


def _refuse_stale(kind: str, division: Division | None, seen: str) -> None:
    list(PolicyRule.objects.select_for_update().filter(kind=kind, division=division).values_list("id"))
    if seen_rules(kind, division) != seen:
        raise ValidationError(
            _("这里的同类规则刚被别人改过。请核对现在的规则后再保存，您填写的内容还在。"), code="stale"
        )


def _count_again(rules: Iterable[tuple[str, str]]) -> None:
    """Recounts where rules (kind, code) changed; of people with a post there, also where such a person may count instead."""
    changed = list(rules)
    codes = {code for kind, code in changed if kind in counting(BOOK)}
    if "" in codes:
        recount()
        return
    for book in books():
        if book is not BOOK and (below := {code for kind, code in changed if kind in counting(book)}):
            recount_book(book, below)
    places: set[str] = set()
    for code in codes:
        people = Appointment.objects.under(code).values("person")
        posts = Appointment.objects.filter(person__in=people).order_by()
        places.update(posts.values_list("division_id", flat=True).distinct())
    refresh_tallies(places)


@action
def enter_rule(
    *,
    kind: str,
    division: Division | None,
    valid_from: date,
    last_day: date | None,
    value: dict,
    document: str,
    article: str,
    seen: str,
    by,
) -> PolicyRule:
    """Enters a rule and recounts the heads it touches. Raises ValidationError (code `stale` where others were faster)."""
    _refuse_stale(kind, division, seen)
    rule = set_rule(
        kind=kind,
        division=division,
        valid_from=valid_from,
        valid_to=end_of(last_day),
        value=value,
        document=document,
        article=article,
        by=by,
    )
    _count_again([(kind, rule.division_id or "")])
    return rule


@transaction.atomic
def load_rules(presets: list[Preset], *, by) -> Loaded:
    """Enters rules that come as files and recounts the heads they touch; raises as `load_presets` does."""
    loaded = load_presets(presets, by=by)
    _count_again((rule.kind, rule.division_id or "") for rule in loaded.entered)
    return loaded


@action
def close_rule(*, rule: PolicyRule, last_day: date, seen: str, by) -> PolicyRule:
    """Lets a rule end earlier than it does now. Raises ValidationError when the day lies outside its period."""
    _refuse_stale(rule.kind, rule.division, seen)
    if last_day < rule.valid_from:
        raise ValidationError({"last_day": _("最后一天不能早于生效日期。")})
    if rule.valid_to is not None and end_of(last_day) >= rule.valid_to:
        raise ValidationError({"last_day": _("最后一天应早于现在登记的最后一天；要延长，请录入新的规则。")})
    end_rule(rule=rule, valid_to=end_of(last_day), by=by)
    _count_again([(rule.kind, rule.division_id or "")])
    return rule


@action
def withdraw_rule(*, rule: PolicyRule, seen: str, by) -> PolicyRule | None:
    """Takes back a rule that has not begun; the rule it would have followed goes on. Returns that rule.

    Raises ValidationError for a rule that has begun: figures may have been reported on it, so it can only be ended.
    """
    _refuse_stale(rule.kind, rule.division, seen)
    if rule.valid_from <= today():
        raise ValidationError(_("这条规则已经生效，不能撤回；可以终止它。"))
    before = PolicyRule.objects.filter(kind=rule.kind, division=rule.division, valid_to=rule.valid_from).first()
    until = rule.valid_to
    rule.delete()
    if before is not None:
        before.valid_to = until
        before.save(update_fields=["valid_to"])
    return before

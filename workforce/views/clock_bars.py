"""Clocks as bars: how much of a term has run, what is left on the day shown, why it ends then, and by which rule.

A bar is a dict for `components/clock_bar.html`: label, state and word of its badge, date, days left in words, done of total,
tone, `why` (sentences) and `source`.
"""

from datetime import date

from django.utils.translation import gettext as _

from portal.core.lib.dated import last_day
from portal.core.policy.queries import RuleInForce
from portal.core.web import formats
from workforce.models import Contract
from workforce.queries.certificate_clocks import DeadlineClock, RegistrationClock, entered_by

Bar = dict
SOON_MONTHS = 3


def _bar(label: str, on: date, start: date, due: date, *, soon: bool, why: list[str], source: str) -> Bar:
    """A term that runs from `start` to `due`, its last day."""
    overdue = on > due
    state = "overdue" if overdue else "due_soon" if soon else "running"
    return {
        "label": label,
        "state": state,
        "word": formats.days_left((due - on).days),
        "date": due,
        "done": max(0, min((on - start).days, (due - start).days)),
        "total": max(1, (due - start).days),
        "tone": "overdue" if overdue else "",
        "why": why,
        "source": source,
    }


def _still(label: str, state: str, word: str, why: list[str], source: str = "", day: date | None = None) -> Bar:
    """A clock that does not run: met, not in force, or nobody knows when it began."""
    return {"label": label, "state": state, "word": word, "date": day, "why": why, "source": source}


def _source(rule: RuleInForce) -> str:
    words = {"rule": rule.words, "source": rule.source}
    return _("%(rule)s（%(source)s）") % words if rule.source else rule.words


def deadline_bar(clock: DeadlineClock | None, on: date) -> Bar:
    """The two-year rule: from entry to the last day on which a certificate comes in time."""
    label = _("入职后取得证书")
    if clock is None:
        return _still(label, "not_in_force", "", [_("这里没有生效的取证期限规定。")])
    if clock.due is None:
        return _still(label, "no_data", "", [_("没有登记入职日期，无法计算期限。")], _source(clock.rule))
    why = _deadline_why(clock, on)
    if clock.certificate is not None:
        words = {"level": clock.certificate.get_level_display(), "day": formats.day(clock.certificate.obtained_on)}
        why.insert(0, _("%(day)s 取得%(level)s证书。") % words)
        state, word = ("done", _("已按期取得")) if clock.in_time else ("warning", _("逾期后取得"))
        return _still(label, state, word, why, _source(clock.rule), clock.due.due_on)
    days = [formats.day(day) for day in clock.sittings]
    if on <= clock.due.due_on:
        words = {"count": len(days), "days": _("、").join(days)}
        sitting = _("到期前还有 %(count)s 次考试来得及出成绩：%(days)s。") % words
        why.append(sitting if days else _("到期前已没有来得及出成绩的考试。"))
    soon = clock.stage is not None and clock.stage <= SOON_MONTHS
    source = _source(clock.rule)
    return _bar(label, on, clock.due.starts_on, clock.due.due_on, soon=soon, why=why, source=source)


def _deadline_why(clock: DeadlineClock, on: date) -> list[str]:
    due = clock.due
    why = [_("%(day)s 入职。") % {"day": formats.day(due.hired_on)}]
    if due.starts_on != due.hired_on:
        why.append(_("规定施行以前入职，从 %(day)s 起算。") % {"day": formats.day(due.starts_on)})
    recorded = entered_by(clock.stops)
    for stop in clock.stops:
        words = {
            "kind": stop.get_kind_display(),
            "first": formats.day(stop.valid_from),
            "last": formats.day(last_day(stop.valid_to)) or _("今"),
            "who": recorded.get(stop.pk) or _("名册导入"),
        }
        why.append(_("%(first)s 至%(last)s %(kind)s，暂停计算（%(who)s 登记）。") % words)
    if due.stopped_days:
        words = {"days": due.stopped_days, "unstopped": formats.day(due.unstopped)}
        why.append(_("共顺延 %(days)s 天；不暂停时应为 %(unstopped)s。") % words)
    if clock.extended_by is not None:
        words = {"until": formats.day(due.extended_to), "by_rule": formats.day(due.by_rule)}
        words |= {"day": formats.day(clock.extended_by.closed_on), "number": clock.extended_by.paper}
        why.append(_("%(day)s 个案决定延长至 %(until)s（文书：%(number)s）；不延长时应为 %(by_rule)s。") % words)
    if due.stopped:
        why.append(_("目前仍在暂停，期限逐日顺延。"))
    return why


def registration_bar(clock: RegistrationClock | None, on: date) -> Bar | None:
    """Registration of the best national certificate; None for who holds none."""
    if clock is None:
        return None
    held, latest = clock.certificate, clock.registration
    words = {"level": held.get_level_display(), "day": formats.day(held.obtained_on)}
    why = [_("%(day)s 取得%(level)s证书。") % words]
    if latest is None:
        label, start = _("首次登记"), held.obtained_on
        why.append(_("还没有登记；登记过期或未登记不影响证书本身有效。"))
    else:
        label, start = _("证书登记"), latest.registered_on
        words = {"first": formats.day(latest.registered_on), "opens": formats.day(clock.opens_on)}
        why.append(_("%(first)s 登记，可从 %(opens)s 起办理再登记。") % words)
        words = {"hours": formats.number(clock.hours.normalize()), "needed": clock.hours_needed}
        why.append(_("本登记周期继续教育已有 %(hours)s 学时，再登记需要 %(needed)s 学时。") % words)
    soon = clock.stage(on) is not None
    source = _("%(rule)s（%(source)s）") % {"rule": clock.rule.kind.label, "source": clock.rule.source}
    return _bar(label, on, start, clock.due_on, soon=soon, why=why, source=source)


def contract_bar(contract: Contract | None, notice: RuleInForce, on: date) -> Bar | None:
    """The contract in force, else the latest; None for who never had one."""
    if contract is None or contract.valid_from > on:
        return None
    label = contract.get_kind_display()
    why = [
        _("%(day)s 起，与%(party)s签订。")
        % {"day": formats.day(contract.valid_from), "party": contract.party or _("用工主体")}
    ]
    if contract.valid_to is None:
        return _still(label, "in_force", _("无固定期限"), why)
    end = last_day(contract.valid_to)
    if on > end:
        return {**_still(label, "ended", "", why, day=end)}
    soon = (end - on).days <= max(notice.value["days"])
    source = _source(notice) if soon else ""
    return _bar(label, on, contract.valid_from, end, soon=soon, why=why, source=source)

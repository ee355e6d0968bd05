"""Both committees in words: a sentence for a report, and the comparison with the term before in percentage points."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from portal.core.web import formats
from workforce.queries.committees import Committees, Line


def _share(part: int, whole: int) -> Decimal | None:
    """Per cent with one decimal, half up, from the counts themselves; None where there is nobody."""
    return (Decimal(part * 100) / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP) if whole else None


def _percent(part: int, whole: int) -> str:
    value = _share(part, whole)
    return str(formats.NO_DATA) if value is None else f"{value}%"


def committees_sentence(line: Line) -> str:
    """Members in distinct persons, cross-appointment, women, one-shoulder, vacancies, overdue elections."""
    now = line.now
    if not now.members.total:
        return _("没有登记在任的“两委”成员。")
    words = {
        "total": formats.number(now.members.total),
        "party": formats.number(now.party),
        "committee": formats.number(now.committee),
        "both": formats.number(now.both),
        "cross": _percent(now.both, now.members.total),
        "women": _percent(now.women, now.members.total),
        "formed": formats.number(now.formed),
        "shoulder": formats.number(now.one_shoulder),
        "rate": _percent(now.one_shoulder, now.formed),
        "ended": formats.number(line.due.ended),
        "secretary": formats.number(now.without_secretary),
        "chair": formats.number(now.without_chair),
    }
    parts = [
        _(
            "“两委”成员 %(total)s 人，其中党组织 %(party)s 人、居委会 %(committee)s 人，交叉任职 %(both)s 人（%(cross)s），女性 %(women)s"
        ),
        _("已产生居委会的 %(formed)s 个社区中，书记、主任“一肩挑” %(shoulder)s 个（%(rate)s）"),
    ]
    parts += [_("书记空缺 %(secretary)s 个")] if now.without_secretary else []
    parts += [_("主任空缺 %(chair)s 个")] if now.without_chair else []
    parts += [_("届满未换届 %(ended)s 个机构")] if line.due.ended else []
    return _("%(parts)s。") % {"parts": _("；").join(part % words for part in parts)}


def compared(now: Committees, before: Committees) -> list[dict]:
    """Shares now and at the end of the term before; their difference is in percentage points 个百分点 (domain §1.M)."""
    counts = (
        (_("交叉任职"), lambda one: (one.both, one.members.total)),
        (_("女性"), lambda one: (one.women, one.members.total)),
        (_("“一肩挑”"), lambda one: (one.one_shoulder, one.formed)),
    )
    return [
        {
            "label": label,
            "now": _percent(*of(now)),
            "before": _percent(*of(before)),
            "change": _points(_share(*of(now)), _share(*of(before))),
        }
        for label, of in counts
    ]


def _points(new: Decimal | None, old: Decimal | None) -> str:
    if new is None or old is None:
        return ""
    return _("%(points)s 个百分点") % {"points": formats.signed(new - old, 1)}

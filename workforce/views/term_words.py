"""Both committees in words: a sentence for a report, the comparison with the term before, and what that term is."""

from collections.abc import Callable

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.core.indicators.arithmetic import difference
from portal.core.indicators.figures import Figure
from portal.core.indicators.parts import DENOMINATOR, NUMERATOR
from portal.core.web import formats
from workforce.queries.lines import Line
from workforce.queries.term_before import TermBefore
from workforce.views.figure_cells import Address, leading

COMPARED = ("cross_appointment", "committee_women_share", "one_shoulder_rate")
_SHARES = {"cross": "cross_appointment", "women": "committee_women_share", "rate": "one_shoulder_rate"}
_COUNTS = {
    "total": ("committee_members", NUMERATOR),
    "party": ("party_members_seated", NUMERATOR),
    "committee": ("committee_members_seated", NUMERATOR),
    "both": ("cross_appointment", NUMERATOR),
    "formed": ("one_shoulder_rate", DENOMINATOR),
    "shoulder": ("one_shoulder_rate", NUMERATOR),
    "ended": ("terms_ended", NUMERATOR),
    "secretary": ("communities_without_secretary", NUMERATOR),
    "chair": ("communities_without_chair", NUMERATOR),
}


def committees_sentence(line: Line, rows: Address) -> SafeString:
    """Members in distinct persons, cross-appointment, women, one-shoulder, vacancies, overdue elections.

    Every number leads to its rows.
    """
    if not line.count("committee_members"):
        return mark_safe(conditional_escape(_("没有登记在任的“两委”成员。")))
    words = {name: leading(formats.number(line.count(*named)), rows(*named)) for name, named in _COUNTS.items()}
    words |= {name: leading(line.figures[key].text, rows(key, NUMERATOR)) for name, key in _SHARES.items()}
    parts = [
        _(
            "“两委”成员 %(total)s 人，其中党组织 %(party)s 人、居委会 %(committee)s 人，交叉任职 %(both)s 人（%(cross)s），女性 %(women)s"
        ),
        _("已产生居委会的 %(formed)s 个社区中，书记、主任“一肩挑” %(shoulder)s 个（%(rate)s）"),
    ]
    parts += [_("书记空缺 %(secretary)s 个")] if line.count("communities_without_secretary") else []
    parts += [_("主任空缺 %(chair)s 个")] if line.count("communities_without_chair") else []
    parts += [_("届满未换届 %(ended)s 个机构")] if line.count("terms_ended") else []
    return mark_safe(_("%(parts)s。") % {"parts": _("；").join(_filled(part, words) for part in parts)})


def _filled(sentence: str, words: dict[str, SafeString]) -> str:
    return str(conditional_escape(sentence)) % words


def compared(line: Line, before: TermBefore, rows: Address, rows_before: Callable[[str], str]) -> list[dict]:
    """Shares now and at the end of the term before; their difference is in percentage points 个百分点 (domain §1.M)."""
    labels = (_("交叉任职"), _("女性"), _("“一肩挑”"))
    return [
        {
            "label": label,
            "now": line.figures[key],
            "now_url": rows(key, NUMERATOR),
            "before": before.figures[key],
            "before_url": rows_before(key),
            "change": _moved(line.figures[key], before.figures[key]),
        }
        for label, key in zip(labels, COMPARED, strict=True)
    ]


def _moved(now: Figure, before: Figure) -> str:
    moved = difference(now.value, before.value)
    return "" if moved is None else _("%(points)s 个百分点") % {"points": formats.signed(moved)}

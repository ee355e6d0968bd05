"""What follows from a star, in words."""

from datetime import date

from django.utils.translation import gettext as _

from portal.core.web import formats
from ratings.enums import ConsequenceKind, ConsequenceState
from ratings.models import Consequence
from ratings.queries.consequences import MEASURES


def content(row: Consequence) -> str:
    """What the consequence consists of: months and coefficient of a bonus, years of a measure, the star of a chance."""
    if row.kind == ConsequenceKind.BONUS:
        words = {"months": row.months, "coefficient": f"{row.coefficient}%", "amount": formats.number(row.amount)}
        told = [_("在岗 %(months)s 个月") % words]
        told.append(_("来源未给出系数") if row.coefficient is None else _("系数 %(coefficient)s") % words)
        told.append(_("来源未给出金额") if row.amount is None else _("%(amount)s 元") % words)
        return " · ".join(told)
    if row.kind in MEASURES:
        return _("连续无星 %(years)s 年") % {"years": row.facts.get("years", 1)}
    return _("单位%(star)s，“一肩挑”负责人") % {"star": row.result.get_grade_display()}


def source(row: Consequence) -> str:
    """Document and article of the rule that it follows from."""
    return f"{row.facts.get('document') or ''} {row.facts.get('article') or ''}".strip()


def state(row: Consequence, on: date) -> dict:
    """Badge and word of the state; an open one tells the days that are left."""
    if row.state != ConsequenceState.OPEN:
        badge = "resolved" if row.state == ConsequenceState.DONE else "ended"
        return {"badge": badge, "word": row.get_state_display(), "left": ""}
    if row.due_on is None:
        return {"badge": "open", "word": row.get_state_display(), "left": ""}
    days = (row.due_on - on).days
    return {
        "badge": "overdue" if days < 0 else "due_soon" if days <= 30 else "open",
        "word": "" if days < 0 else row.get_state_display(),
        "left": formats.days_left(days),
    }


def line(row: Consequence, on: date, *, settles: bool) -> dict:
    """One row of a list. `settles` says that the reader may; `priced` then that an amount can be entered."""
    return {
        "row": row,
        "content": content(row),
        "source": source(row),
        "state": state(row, on),
        "settles": settles and row.state == ConsequenceState.OPEN,
        "priced": settles and row.kind == ConsequenceKind.BONUS and row.state != ConsequenceState.DROPPED,
    }
